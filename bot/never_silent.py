"""The bot speaks up where a person who has a conversation does not: once in a wait, with when she is back and how to go on."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from bot.engine.actions import Say
from bot.escalation.answering import Missed
from bot.escalation.board import Board
from bot.escalation.escalation import Escalated
from bot.scripts.pause import Pause
from bot.scripts.release import Release
from bot.settings import Settings
from bot.store.desk_silences import DeskSilences
from bot.to_family import text_to
from bot.with_staff import absence
from bot.wording.render import NOTICES


class NeverSilent(Struct, frozen=True):
    """``release`` is loaded when somebody waits for the first time: most workers never need it. ``paused``: whether answers are."""

    settings: Settings
    silences: DeskSilences
    board: Callable[[], Board]
    release: Callable[[], Release]
    paused: Callable[[], Pause | None]
    clock: Callable[[], float]

    def work(self) -> int:
        """Speaks to all who wait too long; returns to how many. Raises every ``StoreError``."""
        # It would say that the bot answers meanwhile.
        if self.paused() is not None:
            return 0
        board = self.board()
        waiting = self.silences.due(board, self.settings.desk_patience * 60.0)
        return sum(self.silences.say(each, self._text(each, why, board)) for each, why in waiting)

    def _text(self, waiting: Escalated, why: Missed, board: Board) -> str:
        """That the person is not there, and how to go on."""
        says = absence(why), Say(NOTICES, "desk_write_again")
        return text_to(waiting, says, self.release(), board, self.settings, self.clock())
