"""Does what a turn wants done: erases, stops, flags a number, opens a conversation with staff. What is to be said comes back."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from msgspec import Struct

from bot.carried import NothingKept
from bot.engine.actions import Action, Erase, Escalate, Flag, KeepWords, OptOutChange, Say
from bot.frozen import replace
from bot.language import Language
from bot.message import InboundMessage
from bot.neighbours import Erasing, Flags, Keeping, Opened, OptOuts
from bot.scripts.agreed import Agreed
from bot.scripts.area_notice import AreaNotice
from bot.scripts.release import Release
from bot.scripts.reply import told
from bot.scripts.shown import record_of
from bot.session import Beside, Session
from bot.settings import Settings
from bot.with_staff import Person, WithStaff
from bot.wording.performed import Performed
from bot.wording.render import NOTICES

log = structlog.get_logger()

NOTED = (Say(NOTICES, "stopped"), Say(NOTICES, "started_again"))
"""What is said of a wish that was noted."""
NOT_NOTED = Say(NOTICES, "pass_failed")


class Did(Struct, frozen=True):
    """What a turn did beside speaking: ``erased`` says that nothing about the person is to be kept."""

    erased: bool = False
    opened: Opened | None = None


class Asked(Struct, frozen=True):
    """Who asked for it: the message, the sessions ``before`` and after it, and what is known beside them."""

    message: InboundMessage
    release: Release
    before: Session
    session: Session
    now: float
    beside: Beside
    person: Person


class Performing(Struct, frozen=True):
    """The neighbours that a turn acts on. One that fails must not keep the answer."""

    settings: Settings
    opt_outs: OptOuts
    erasing: Erasing
    flags: Flags
    staff: WithStaff
    notices: Callable[[], tuple[AreaNotice, ...]]
    unavailable: tuple[type[Exception], ...]
    keeping: Keeping = NothingKept()

    def perform(self, asked: Asked, actions: tuple[Action, ...]) -> tuple[list[Performed], Did]:
        """Does these, in their order."""
        performed: list[Performed] = []
        did, noted = Did(), True
        for action in actions:
            match action:
                case OptOutChange(stopped=stopped):
                    noted = self._opt_out(asked.message, stopped, asked.now)
                case Erase():
                    did = replace(did, erased=True)
                    performed.append(Say(NOTICES, self.erasing.erase(asked.message.address, asked.beside)))
                case Flag(record=code):
                    self._flag(asked.release, code, asked.now)
                case KeepWords(heard=heard):
                    performed.append(Say(NOTICES, self._keep(asked, heard)))
                case Escalate():
                    opening = asked.message, asked.before, asked.session, asked.now
                    said, opened = self.staff.open(asked.person, asked.release, *opening)
                    did = replace(did, opened=opened)
                    performed.append(said)
                case _:
                    here = asked.release, self.settings, asked.session
                    performed.append(told(*here, action, asked.now, self.notices))
        # What nobody keeps is not said to be done. Where nothing is said the carrier has done it.
        return performed if noted else [NOT_NOTED if each in NOTED else each for each in performed], did

    def _opt_out(self, message: InboundMessage, stopped: bool, now: float) -> bool:
        """Whether somebody keeps it."""
        try:
            if stopped:
                self.opt_outs.stop(message.address, message.channel, now)
            else:
                self.opt_outs.start(message.address, now)
        except self.unavailable as error:
            log.error("opt_out.lost", error=type(error).__name__)
            return False
        return True

    def _keep(self, asked: Asked, heard: str) -> Agreed:
        """What became of the words. Where nobody could store them, that is said: she can write on all the same."""
        language = asked.session.language or Language(self.settings.default_language)
        try:
            return self.keeping.keep(language.value, asked.message.text, heard)
        except self.unavailable as error:
            log.error("phrases.not_kept", error=type(error).__name__)
            return Agreed.NOT

    def _flag(self, release: Release, code: str, now: float) -> None:
        """A store that fails must not keep the answer: somebody else will tell of the same number."""
        record = record_of(release, code)
        if record is None:
            return
        try:
            self.flags.raise_flag(record, now)
        except self.unavailable as error:
            log.warning("flag.lost", error=type(error).__name__)
