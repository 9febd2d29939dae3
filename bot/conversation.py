"""THE JOURNEY of a message: answer(message). Load, understand, advance, perform, render, save.

It knows its neighbours only by what they do; bot/app.py picks the real ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.answer import Answer, counts_of, explain
from bot.carried import NothingFlagged
from bot.engine.actions import Action, Ask, Erase, Escalate, Flag, OptOutChange, Say, Silence
from bot.engine.advance import advance
from bot.engine.flood import limited
from bot.engine.hear import Ears, hear, wants_model, which_danger
from bot.engine.turn import Turn
from bot.flood import Load, Verdict, Weight, answered, rule
from bot.intents.clauses import meant, questions
from bot.intents.intent import Understanding
from bot.language import Language
from bot.message import InboundMessage, Reply
from bot.neighbours import Erasing, Flags, Model, OptOuts, Sessions
from bot.privacy import where_of
from bot.scripts.area_notice import AreaNotice
from bot.scripts.pause import Pause, goes_on, pause_reply
from bot.scripts.release import Release
from bot.scripts.reply import renderer, told
from bot.scripts.shown import after_list, record_of, with_names
from bot.session import Beside, Session, from_dict, to_dict
from bot.settings import Settings
from bot.spending import Spending
from bot.wording.gsm7 import segments
from bot.wording.price import price
from bot.wording.render import NOTICES, Performed

# Who carries the messages waits 15 s; a person waits less. Whatever is not ready by then is answered without memory.
DEADLINE = 4.0
LOCK_WAIT = 2.0
MODEL_WAIT = 0.8
# A phrase has named the danger: the model may only say which one, and must not keep the answer.
DANGER_WAIT = 0.3
_TRIES = 3
# When even the words in memory cannot be used. It depends on nothing.
LAST_RESORT = (
    "Puente: ahora no podemos contestar. Escriba de nuevo en unos minutos. Peligro: 911. / "
    "We cannot answer now. Write again in a few minutes. Danger: 911."
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Conversation:
    """Answers messages. One per process; holds no state of any person."""

    settings: Settings
    release: Callable[[], Release]
    sessions: Sessions
    opt_outs: OptOuts
    erasing: Erasing
    notices: Callable[[], tuple[AreaNotice, ...]]
    model: Model
    spending: Spending
    clock: Callable[[], float]
    unavailable: tuple[type[Exception], ...]
    flags: Flags = NothingFlagged()
    paused: Callable[[], Pause | None] = lambda: None

    def answer(self, message: InboundMessage) -> Answer:
        """The answer to this message, whatever is broken behind. Never raises."""
        deadline = time.monotonic() + LOCK_WAIT
        try:
            for _ in range(_TRIES):
                answer = self._attempt(message, deadline)
                if answer is not None:
                    return answer
            log.warning("turn.overtaken")
        except self.unavailable as error:
            log.warning("memory.unavailable", error=type(error).__name__)
        except Exception as error:
            log.error("turn.failed", error=type(error).__name__, where=where_of(error))
        try:
            return self._without_memory(message)
        except Exception as error:
            log.error("turn.failed", error=type(error).__name__, where=where_of(error))
            return Answer(Reply((LAST_RESORT,)), {"degraded": "everything"})

    def _attempt(self, message: InboundMessage, deadline: float) -> Answer | None:
        """One turn under the person's lock; None when a later turn overtook it and it must run again."""
        begun = self.sessions.begin(message.address, message.sid, deadline)
        if begun.reply is not None:
            return self._again(message, Answer.from_bytes(begun.reply))
        try:
            session, answer, counts = self._turn(message, from_dict(begun.session), begun.beside)
            stored = None if session is None else to_dict(session)
            return answer if self._finished(message, begun, stored, answer, counts) else None
        except BaseException:
            self._release(begun)
            raise

    def _again(self, message: InboundMessage, stored: Answer) -> Answer:
        """The answer to a message that was answered before. A pause holds for that too; silence stays silence."""
        notice = self._paused(self.release(), Session(), message, self.clock()) if stored.reply.texts else None
        return notice or stored

    def _finished(
        self, message: InboundMessage, begun: Any, session: dict[str, Any] | None, answer: Answer, counts: Any
    ) -> bool:
        """Keeps the turn and books what it costs. False when a later turn overtook it."""
        cost = price(answer.reply, message.channel)
        if not begun.beside.counted:
            # Nobody can be told now: it is booked with a later turn.
            done = bool(self.sessions.finish(begun, session, answer.to_bytes(), counts))
            self.spending.spent_alone(cost if done else 0)
            return done
        owed = self.spending.owed()
        done = False
        try:
            heavy = self.spending.load(begun.beside).is_heavy
            done = self.sessions.finish(begun, session, answer.to_bytes(), counts, cost + owed, heavy)
        finally:
            if not done:
                self.spending.give_back(owed)
        if done:
            self.spending.booked(begun.beside.spent + cost + owed)
        return done

    def _release(self, begun: Any) -> None:
        try:
            self.sessions.release(begun)
        except self.unavailable:
            log.warning("memory.unavailable", error="release")

    def _turn(
        self, message: InboundMessage, before: Session, beside: Beside
    ) -> tuple[Session | None, Answer, dict[str, int]]:
        release, now = self.release(), self.clock()
        if (notice := self._paused(release, before, message, now)) is not None:
            return *self._within_limits(release, before, message, self.spending.load(beside), notice, now), {}
        turn = self._understand(release, before, message)
        turn = replace(
            turn,
            escalated=beside.escalation is not None,
            with_staff=bool(beside.kept),
            blind=not beside.whole,
            erasing=beside.erasing,
            shared=beside.shared,
        )
        default = Language(self.settings.default_language)
        outcome = advance(release.script, before, turn, now, default)
        load = self.spending.load(beside)
        session, actions = limited(release.script, before, turn, message.text, outcome, load, now)
        if Silence() in actions and Silence() not in outcome[1]:
            self.spending.silenced()
        performed, erased = self._perform(message, release, session, actions, now, beside)
        reply = renderer(release, self.settings, session, turn.channel, now).reply(performed)
        answer = Answer(reply, explain(release, session, turn, actions, reply))
        kept = None if erased else after_list(session, performed, self.settings)
        return kept, answer, counts_of(session, turn, actions, performed)

    def _paused(self, release: Release, session: Session, message: InboundMessage, now: float) -> Answer | None:
        """The notice of a pause; None where there is none, and for the words that go on acting. The talk stays where it was."""
        pause = self.paused()
        if pause is None or goes_on(release.script, session, _heard(release, session, message)):
            return None
        reply = pause_reply(release, self.settings, message.channel, pause, now)
        said = {"flow": NOTICES, "step": "paused", "release": release.number, "degraded": "paused"}
        return Answer(reply, {**said, "segments": sum(segments(text) for text in reply.texts)})

    def _within_limits(
        self, release: Release, before: Session, message: InboundMessage, load: Load, notice: Answer, now: float
    ) -> tuple[Session, Answer]:
        """The notice of a pause, or silence: an answering machine would get it for ever. The talk stays where it was."""
        turn = _heard(release, before, message)
        danger = any(release.script.is_urgent(heard or "") for heard in (turn.urgent, turn.doubted))
        weight = Weight.SAFETY if danger else Weight.ORDINARY
        ruling = rule(before.meter, message.text, weight, load, now)
        if ruling.verdict is Verdict.SILENT:
            self.spending.silenced()
            return replace(before, meter=ruling.meter), replace(notice, reply=Reply())
        return replace(before, meter=answered(ruling.meter, now, before.meter.asked)), notice

    def _understand(self, release: Release, session: Session, message: InboundMessage) -> Turn:
        turn = _heard(release, session, message)
        if not wants_model(session, release.script, turn):
            return turn
        turn = self._understood(turn, message.text)
        return which_danger(release.script, turn, session.language or Language(self.settings.default_language))

    def _understood(self, turn: Turn, text: str) -> Turn:
        """What the model hears in the whole message, in what it does not take back, and in each of two questions."""
        deadline = time.monotonic() + (DANGER_WAIT if turn.urgent else MODEL_WAIT)

        def parse(part: str) -> Understanding | None:
            left = deadline - time.monotonic()
            return self.model.parse(part, left) if left > 0 else None

        whole = parse(text)
        if whole is None:
            return replace(turn, model_down=True)
        rest = meant(text)
        corrected = parse(rest) if rest != text else None
        asked = tuple(understood for part in questions(rest) or () if (understood := parse(part)) is not None)
        return replace(turn, understanding=whole, corrected=corrected, asked=asked)

    def _perform(
        self,
        message: InboundMessage,
        release: Release,
        session: Session,
        actions: tuple[Action, ...],
        now: float,
        beside: Beside,
    ) -> tuple[list[Performed], bool]:
        """Does what the turn wants done; what is to be said comes back. True when nothing about the person is to be kept."""
        performed: list[Performed] = []
        erased = False
        for action in actions:
            match action:
                case OptOutChange(stopped=stopped):
                    self._opt_out(message, stopped, now)
                case Erase():
                    erased = True
                    performed.append(Say(NOTICES, self.erasing.erase(message.address, beside)))
                case Flag(record=code):
                    self._flag(release, code, now)
                case Escalate():
                    # Until the desk exists nothing is stored and nobody is promised: the flow's own words give lines and organizations.
                    pass
                case _:
                    performed.append(told(release, self.settings, session, action, now, self.notices))
        return performed, erased

    def _opt_out(self, message: InboundMessage, stopped: bool, now: float) -> None:
        try:
            if stopped:
                self.opt_outs.stop(message.address, message.channel, now)
            else:
                self.opt_outs.start(message.address, now)
        except self.unavailable as error:
            log.error("opt_out.lost", error=type(error).__name__)

    def _flag(self, release: Release, code: str, now: float) -> None:
        """A store that fails must not keep the answer: somebody else will tell of the same number."""
        record = record_of(release, code)
        if record is None:
            return
        try:
            self.flags.raise_flag(record, now)
        except self.unavailable as error:
            log.warning("flag.lost", error=type(error).__name__)

    def _without_memory(self, message: InboundMessage) -> Answer:
        """The stateless answer: what the words themselves say, no menus that nobody could follow."""
        release, now = self.release(), self.clock()
        session = Session(known=True, updated=now)
        load = Load(self.spending.share_alone())
        if (notice := self._paused(release, session, message, now)) is not None:
            _, notice = self._within_limits(release, session, message, load, notice, now)
            self.spending.spent_alone(price(notice.reply, message.channel))
            return notice
        turn = self._understand(release, session, message)
        # Nobody could answer whether it is danger: it is taken for it.
        turn = replace(turn, number=None, urgent=turn.urgent or turn.doubted, doubted=None, blind=True)
        outcome = advance(release.script, session, turn, now, Language(self.settings.default_language))
        session, actions = limited(release.script, session, turn, message.text, outcome, load, now)
        performed, erased = self._perform(message, release, session, actions, now, Beside())
        said = [action for action in performed if not isinstance(action, Ask)]
        # That sentence says itself that something is down.
        silent = any(isinstance(action, Silence) or action == Say(NOTICES, "known_unsure") for action in said)
        if load.share < 1 and not erased and not silent:
            said.append(Say(NOTICES, "degraded"))
        reply = renderer(release, self.settings, session, turn.channel, now).reply(said)
        self.spending.spent_alone(price(reply, message.channel))
        return Answer(reply, {**explain(release, session, turn, actions, reply), "degraded": "memory"})


def _heard(release: Release, session: Session, message: InboundMessage) -> Turn:
    """What can be understood without a model."""
    phrases = release.phrases, release.list_phrases, release.relay_phrases
    ears = Ears(release.script, release.catalogs, release.places, *phrases)
    return with_names(release, session, hear(ears, session, message), message.text)
