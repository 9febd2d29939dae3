"""THE JOURNEY of a message: answer(message). Load, understand, advance, perform, render, save.

It knows its neighbours only by what they do; bot/app.py picks the real ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from msgspec import Struct

from bot import patience
from bot.answer import Answer, explain, flows_of
from bot.carried import NoDesk, NothingFlagged, NothingKept
from bot.counted import counts_of, is_counted
from bot.engine.actions import Ask, Say, Silence
from bot.engine.advance import advance
from bot.engine.flood import limited
from bot.engine.turn import Turn
from bot.engine.walk import Outcome
from bot.escalation.answering import Voice
from bot.escalation.board import Board
from bot.flood import Load, Verdict, Weight, answered, rule
from bot.frozen import replace
from bot.language import Language
from bot.listening import Listening, heard
from bot.message import InboundMessage, Reply
from bot.neighbours import Desk, Erasing, Flags, Keeping, Model, Opened, OptOuts, Sessions
from bot.performing import Asked, Performing
from bot.privacy import where_of
from bot.scripts.area_notice import AreaNotice
from bot.scripts.begun import noted, resumed, said_today
from bot.scripts.pause import Pause, goes_on, pause_reply
from bot.scripts.release import Release
from bot.scripts.reply import renderer, written
from bot.scripts.shown import after_list, after_offer
from bot.session import Beside, Session
from bot.settings import Settings
from bot.spending import Spending
from bot.with_staff import Ruled, WithStaff, with_line
from bot.wording.gsm7 import segments
from bot.wording.price import price
from bot.wording.render import NOTICES

# Of the turn's time (bot/patience.py): whoever waits for earlier messages of the same person still has some for the answer.
LOCK_WAIT = 2.0
_TRIES = 3
# When even the words in memory cannot be used. It depends on nothing.
LAST_RESORT = (
    "Puente: ahora no podemos contestar. Escriba de nuevo en unos minutos. Peligro: 911. / "
    "We cannot answer now. Write again in a few minutes. Danger: 911."
)

log = structlog.get_logger()


class Turned(Struct, frozen=True):
    """A turn before it is kept. ``noted`` is the conversation with staff whose thread the answer belongs to."""

    session: Session | None
    answer: Answer
    counts: dict[str, int] = {}
    noted: str | None = None
    opened: Opened | None = None


class Conversation(Struct, frozen=True):
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
    keeping: Keeping = NothingKept()
    paused: Callable[[], Pause | None] = lambda: None
    desk: Desk = NoDesk()
    board: Callable[[], Board] = Board
    former: Callable[[str], Release | None] = lambda name: None

    @property
    def _staff(self) -> WithStaff:
        return WithStaff(self.desk, self.board, self.settings, self.unavailable)

    @property
    def _performing(self) -> Performing:
        return Performing(
            self.settings, self.opt_outs, self.erasing, self.flags, self._staff, self.notices, self.unavailable, self.keeping
        )

    @property
    def _listening(self) -> Listening:
        return Listening(self.model, Language(self.settings.default_language))

    def answer(self, message: InboundMessage) -> Answer:
        """The answer to this message, whatever is broken behind, in the time of a turn whatever hangs. Never raises."""
        with patience.limited():
            return self._answer(message)

    def _answer(self, message: InboundMessage) -> Answer:
        try:
            answer = self._with_memory(message)
            if answer is not None:
                return answer
        except Exception as error:
            log.error("turn.failed", error=type(error).__name__, where=where_of(error))
        try:
            return self._without_memory(message)
        except Exception as error:
            log.error("turn.failed", error=type(error).__name__, where=where_of(error))
            return Answer(Reply((LAST_RESORT,)), {"degraded": "everything"})

    def _with_memory(self, message: InboundMessage) -> Answer | None:
        """None where Redis does not answer, or later turns overtook this one again and again."""
        deadline = time.monotonic() + LOCK_WAIT
        try:
            for _ in range(_TRIES):
                answer = self._attempt(message, deadline)
                if answer is not None:
                    return answer
            log.warning("turn.overtaken")
        except self.unavailable as error:
            log.warning("memory.unavailable", error=type(error).__name__)
        return None

    def _attempt(self, message: InboundMessage, deadline: float) -> Answer | None:
        """One turn under the person's lock; None when a later turn overtook it and it must run again."""
        begun = self.sessions.begin(message.address, message.sid, deadline)
        if begun.reply is not None:
            answered = Answer.from_bytes(begun.reply)
            return replace(answered, reply=Reply()) if begun.on_buttons else self._again(message, answered)
        turned = None
        try:
            turned = self._turn(message, begun.session or Session(), begun.beside)
            if self._finished(message, begun, turned.session, turned.answer, turned.counts):
                self._staff.answered(turned.noted, message, turned.answer.reply.texts)
                return turned.answer
        except BaseException:
            self._release(begun)
            self._staff.lost(turned.opened if turned else None)
            raise
        self._staff.lost(turned.opened)
        return None

    def as_text(self, message: InboundMessage, stored: bytes) -> Reply:
        """The stored reply to this message, whose buttons did not arrive, as it goes out now."""
        return replace(self._again(message, Answer.from_bytes(stored)).reply, menu=None)

    def _again(self, message: InboundMessage, stored: Answer) -> Answer:
        """The answer to a message that was answered before. A pause holds for that too; silence stays silence."""
        if not stored.reply.texts:
            return stored
        release = self.release()
        return self._paused(release, Session(), message, self.clock()) or self._corrected(release, message, stored)

    def _corrected(self, release: Release, message: InboundMessage, stored: Answer) -> Answer:
        """The stored answer, or what is said in the place of one that was withdrawn since."""
        flow = next((flow for flow in stored.flows if flow in release.withdrawn), None)
        if flow is None:
            return stored
        language = Language(stored.explain.get("language") or self.settings.default_language)
        step = release.script.flows[flow].first.name
        words = renderer(release, self.settings, Session(language=language), message.channel, self.clock())
        said = {**stored.explain, "flow": flow, "step": step, "release": release.number}
        reply = words.reply([Say(flow, step), Ask(flow, step)])
        return Answer(reply, {**said, "segments": sum(segments(text) for text in reply.texts)}, (flow,))

    def _finished(
        self, message: InboundMessage, begun: Any, session: Session | None, answer: Answer, counts: Any
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

    def _turn(self, message: InboundMessage, before: Session, beside: Beside) -> Turned:
        release, now, staff = self.release(), self.clock(), self._staff
        person = staff.person(message, beside)
        before = staff.known(person, before, now)
        if (notice := self._paused(release, before, message, now)) is not None:
            staff.heard_in_a_pause(person, release.script, message, heard(release, before, message))
            return Turned(*self._within_limits(release, before, message, self.spending.load(beside), notice, now))
        hearing, before = resumed(release, self.former, before)
        turn = staff.turn(person, self._listening.understand(hearing, before, message), beside)
        outcome = advance(hearing.script, before, turn, now, Language(self.settings.default_language))
        outcome = outcome if hearing is release else said_today(release, outcome, turn)
        ruled = staff.ruled(person, release.script, before, message, turn, outcome, now)
        if ruled.voice is Voice.PERSON:
            session = noted(release, before, ruled.outcome[0], ())
            return Turned(session, Answer(Reply(), explain(release, session, turn, (), Reply())))
        session, actions = self._limited(release, before, turn, message, ruled, self.spending.load(beside), now)
        asked = Asked(message, release, before, session, now, beside, person)
        performed, did = self._performing.perform(asked, actions)
        desk = staff.fields(person, release, session, now)
        reply = written(release, self.settings, session, turn.channel, now, performed, desk)
        session = after_offer(release.script, session, performed, reply)
        answer = Answer(reply, explain(release, session, turn, actions, reply), flows_of(performed))
        kept = noted(release, before, after_list(session, performed, self.settings), actions)
        thread = did.opened.id if did.opened else None if did.erased else ruled.noted
        sizes = {"opened": bool(did.opened and did.opened.new), "parts": answer.explain["segments"]}
        counts = self._counts(message, lambda: counts_of(before, session, turn, actions, performed, **sizes))
        return Turned(None if did.erased else kept, answer, counts, thread, did.opened)

    def _counts(self, message: InboundMessage, counted: Callable[[], dict[str, int]]) -> dict[str, int]:
        """What the weekly counts learn. An answer is not lost because it could not be counted."""
        if self.settings.production and not is_counted(message.address):
            return {}
        try:
            return counted()
        except Exception as error:
            log.error("answer.not_counted", error=type(error).__name__, where=where_of(error))
            return {}

    def _limited(
        self,
        release: Release,
        before: Session,
        turn: Turn,
        message: InboundMessage,
        ruled: Ruled,
        load: Load,
        now: float,
    ) -> Outcome:
        """The outcome as the limits leave it, behind the line about who is away."""
        session, actions = limited(release.script, before, turn, message.text, ruled.outcome, load, now)
        if Silence() in actions and Silence() not in ruled.outcome[1]:
            self.spending.silenced()
        return session, with_line(ruled, actions)

    def _paused(self, release: Release, session: Session, message: InboundMessage, now: float) -> Answer | None:
        """The notice of a pause; None where there is none, and for the words that go on acting. The talk stays where it was."""
        pause = self.paused()
        if pause is None or goes_on(release.script, session, heard(release, session, message)):
            return None
        reply = pause_reply(release, self.settings, message.channel, pause, now)
        said = {"flow": NOTICES, "step": "paused", "release": release.number, "degraded": "paused"}
        return Answer(reply, {**said, "segments": sum(segments(text) for text in reply.texts)})

    def _within_limits(
        self, release: Release, before: Session, message: InboundMessage, load: Load, notice: Answer, now: float
    ) -> tuple[Session, Answer]:
        """The notice of a pause, or silence: an answering machine would get it for ever. The talk stays where it was."""
        turn = heard(release, before, message)
        danger = any(release.script.is_urgent(heard or "") for heard in (turn.urgent, turn.doubted))
        weight = Weight.SAFETY if danger else Weight.ORDINARY
        ruling = rule(before.meter, message.text, weight, load, now)
        if ruling.verdict is Verdict.SILENT:
            self.spending.silenced()
            return replace(before, meter=ruling.meter), replace(notice, reply=Reply())
        return replace(before, meter=answered(ruling.meter, now, before.meter.asked)), notice

    def _without_memory(self, message: InboundMessage) -> Answer:
        """The stateless answer: what the words themselves say, no menus that nobody could follow."""
        release, now, staff = self.release(), self.clock(), self._staff
        person = staff.person(message, Beside())
        session = staff.known(person, Session(known=True, updated=now), now)
        load = Load(self.spending.share_alone())
        if (notice := self._paused(release, session, message, now)) is not None:
            staff.heard_in_a_pause(person, release.script, message, heard(release, session, message))
            _, notice = self._within_limits(release, session, message, load, notice, now)
            self.spending.spent_alone(price(notice.reply, message.channel))
            return notice
        turn = self._listening.understand(release, session, message)
        # Nobody could answer whether it is danger: it is taken for it. Nor could anybody answer a question of ours, and so
        # neither a person is offered nor is it asked whether all is to be erased.
        turn = replace(turn, number=None, urgent=turn.urgent or turn.doubted, doubted=None, blind=not person.open)
        outcome = advance(release.script, session, turn, now, Language(self.settings.default_language))
        ruled = staff.ruled(person, release.script, session, message, turn, outcome, now)
        if ruled.voice is Voice.PERSON:
            return Answer(Reply(), {**explain(release, session, turn, (), Reply()), "degraded": "memory"})
        before = session
        session, actions = limited(release.script, session, turn, message.text, ruled.outcome, load, now)
        actions = with_line(ruled, actions)
        asked = Asked(message, release, before, session, now, Beside(), person)
        performed, did = self._performing.perform(asked, actions)
        said = [action for action in performed if not isinstance(action, Ask)]
        # That sentence says itself that something is down.
        silent = any(isinstance(action, Silence) or action == Say(NOTICES, "known_unsure") for action in said)
        if load.share < 1 and not did.erased and not silent:
            said.append(Say(NOTICES, "degraded"))
        desk = staff.fields(person, release, session, now)
        reply = renderer(release, self.settings, session, turn.channel, now, desk).reply(said)
        self.spending.spent_alone(price(reply, message.channel))
        if not did.erased:
            staff.answered(ruled.noted, message, reply.texts)
        return Answer(reply, {**explain(release, session, turn, actions, reply), "degraded": "memory"})
