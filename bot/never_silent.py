"""The bot speaks up where a person who has a conversation does not: once in a wait, with when she is back and how to go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.engine.actions import Say
from bot.escalation.answering import is_away
from bot.escalation.board import Board
from bot.escalation.escalation import Escalated
from bot.language import Language
from bot.message import Channel
from bot.scripts.release import Release
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import Settings
from bot.store.desk_silences import DeskSilences
from bot.wording.desk import desk_fields
from bot.wording.fields import owner_of
from bot.wording.render import NOTICES


@dataclass(frozen=True, slots=True)
class NeverSilent:
    """``release`` is loaded when somebody waits for the first time: most workers never need it."""

    settings: Settings
    silences: DeskSilences
    board: Callable[[], Board]
    release: Callable[[], Release]
    clock: Callable[[], float]

    def work(self) -> int:
        """Speaks to all who wait too long; returns to how many. Raises every ``StoreError``."""
        board = self.board()
        waiting = self.silences.due(board, self.settings.desk_patience * 60.0)
        return sum(
            self.silences.say(each, text_to(each, board, self.release(), self.settings, self.clock()))
            for each in waiting
        )


def text_to(waiting: Escalated, board: Board, release: Release, settings: Settings, now: float) -> str:
    """What she reads, in her language and for her channel. ``now`` in unix seconds."""
    known = waiting.about.language
    language = Language(known) if known in list(Language) else Language(settings.default_language)
    session, moment = Session(language=language, place=waiting.about.place), datetime.fromtimestamp(now, UTC)
    fields = desk_fields(board.of(waiting.organization), board, owner_of(settings, language), language, moment)
    away = "desk_away" if is_away(waiting, board, now) else "desk_slow"
    said = [Say(NOTICES, away), Say(NOTICES, "desk_write_again")]
    reply = renderer(release, settings, session, Channel(waiting.channel), now, fields).reply(said)
    return "\n".join(reply.texts)
