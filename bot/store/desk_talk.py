"""What staff read and write in one conversation: its thread, replies to the family, notes for each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import Engine, func, select

from bot.escalation.escalation import Author, Escalated, Said
from bot.escalation.grouping import stands_apart
from bot.escalation.happened import joined
from bot.escalation.speakers import OnCall, Speaker, on_call
from bot.escalation.viewer import Reason, Viewer
from bot.store import audit
from bot.store.audit_lately import lately
from bot.store.database import sql_errors
from bot.store.desk_door import DeskDoor, Inside, Keys
from bot.store.desk_errors import NewerMessage, NothingToRetry, OneByOne, OptedOut
from bot.store.desk_posting import DeskPosting, Posting, checked
from bot.store.desk_rows import SAID, said
from bot.store.desk_sendings import NOT_ARRIVED, Sending, newest_sendings
from bot.store.desk_templates import Template, filled, templates_for
from bot.store.desk_wrong import mark_wrong
from bot.store.errors import StoreError
from bot.store.in_turn import in_turn
from bot.store.models import EscalationMessage
from bot.store.opt_outs import OptOuts
from bot.store.sealed_numbers import SealedNumbers
from bot.store.staff_models import Interpreter

LONGEST_NOTE = 4_000
SEEN_SECONDS = 30 * 60
"""The audit names a reader of a conversation once in this time, however often her page asks."""
MOST_AT_ONCE = 30
_REMEMBERED = 10_000
_SPEAKER = (
    *(Interpreter.name, Interpreter.language, Interpreter.variety),
    *(Interpreter.contact, Interpreter.hours, Interpreter.zone),
)


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation with all that was said, in its order, and the way of each message that was sent, by its number."""

    escalated: Escalated
    said: tuple[Said, ...] = field(default=(), repr=False)
    sendings: Mapping[int, Sending] = field(default_factory=dict)

    @property
    def seen_up_to(self) -> int:
        """The number of the newest message: what a reply comes after."""
        return self.said[-1].number if self.said else 0

    @property
    def joined(self) -> frozenset[str]:
        """The ids of other conversations of this family."""
        return joined(self.said)


class Answered(Struct, frozen=True):
    """Which of many got the answer, and why each other did not: one of bot/store/desk_errors.py, or of errors.py."""

    went: tuple[str, ...] = ()
    refused: Mapping[str, StoreError] = {}


class DeskTalk:
    """The conversations of an installation. Safe for all threads of a process.

    Every method raises ``NotYours`` for what the viewer may not read, ``KeyGone`` once it is erased, and ``StoreDown``.
    """

    def __init__(
        self,
        engine: Engine,
        keys: Keys,
        outbox: Posting,
        opt_outs: OptOuts,
        clock: Callable[[], float],
        waited: Callable[[float, str | None], None] = lambda seconds, language: None,
    ) -> None:
        """``waited`` is told how many seconds a family had waited for an answer, and in which language; it may not raise."""
        self._engine, self._clock, self._waited = engine, clock, waited
        self._door = DeskDoor(engine, keys, clock)
        self._posting = DeskPosting(engine, keys, outbox, opt_outs)
        self._numbers = SealedNumbers(engine, keys)
        self._seen: dict[tuple[int, str], float] = {}

    def thread(self, viewer: Viewer, id: str) -> Thread:
        """All of it. That she saw it stands in the audit first, once in half an hour."""
        found, key = self._door.look(viewer, id)
        self._note_seen(viewer, id)
        wanted = select(*SAID).where(EscalationMessage.escalation == id).order_by(EscalationMessage.number)
        with sql_errors(), self._engine.connect() as connection:
            rows, sendings = connection.execute(wanted).all(), newest_sendings(connection, [id])
        return Thread(found, tuple(said(row, key) for row in rows), sendings)

    def reply(self, viewer: Viewer, id: str, text: str, seen_up_to: int | None) -> int:
        """Writes to the family and returns the number of the message; takes the conversation where nobody has it.

        ``seen_up_to``: the newest message that she had before her. Raises ``TextRefused``, ``Resolved``, ``TakenBy``,
        ``WindowClosed``, ``OptedOut``, and ``NewerMessage`` where the family wrote meanwhile: then nothing was written.
        """
        text = checked(text)
        self._posting.refuse_opted_out(self._door, viewer, id)
        with self._door.inside(viewer, id) as inside:
            inside.refuse_closed()
            inside.refuse_taken()
            _refuse_newer(inside, seen_up_to)
            if inside.escalated.claimed_by is None:
                inside.claim()
            number = self._answer(inside, text)
        self._count(inside)
        return number

    def template(self, viewer: Viewer, id: str, sid: str, values: Mapping[str, str]) -> int:
        """Sends an approved template with its values ({"1": ...}), also inside the 24 hours; returns the number of the message.

        Raises ``TemplateRefused``, ``Resolved``, ``TakenBy``, ``OptedOut``, and ``TemplateNotApproved`` once the 24 hours are over.
        """
        self._posting.refuse_opted_out(self._door, viewer, id)
        with self._door.inside(viewer, id) as inside:
            inside.refuse_closed()
            inside.refuse_taken()
            text, kept = filled(inside.connection, inside.escalated, sid, values)
            if inside.escalated.claimed_by is None:
                inside.claim()
            number = self._answer(inside, text, {"template": sid, "values": kept}, sid)
        self._count(inside)
        return number

    def templates(self, viewer: Viewer, id: str) -> tuple[Template, ...]:
        """The templates that this person may get: those of her language, in Spanish for K'iche'. Only WhatsApp has any."""
        found, _ = self._door.look(viewer, id)
        with sql_errors(), self._engine.connect() as connection:
            return templates_for(connection, found)

    def on_call(self, viewer: Viewer, id: str) -> tuple[OnCall, ...]:
        """Who can be called that speaks what this person needs, else her own language; the best first, empty where nobody is known."""
        about = self._door.look(viewer, id)[0].about
        language = about.needs or about.language
        if language is None:
            return ()
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(
                select(*_SPEAKER).where(Interpreter.active.is_(True), Interpreter.language == language)
            ).all()
        speakers = [Speaker(*row) for row in rows]
        return on_call(speakers, language, about.variety, datetime.fromtimestamp(self._clock(), UTC))

    def is_stopped(self, viewer: Viewer, id: str) -> bool:
        """Whether the person asked us to stop, so that nothing can be sent."""
        try:
            self._posting.refuse_opted_out(self._door, viewer, id)
        except OptedOut:
            return True
        return False

    def answer_many(self, viewer: Viewer, seen: Mapping[str, int], text: str) -> Answered:
        """The same words to each of these, each as a message of its own; nobody is taken by it.

        ``seen``: of each conversation the newest message that she had before her. Those about danger, children, self-harm or
        trafficking get no such answer (``OneByOne``). Raises ``ValueError`` for more than thirty, and ``TextRefused``.
        """
        text = checked(text)
        if len(seen) > MOST_AT_ONCE:
            raise ValueError(f"at most {MOST_AT_ONCE} at once")
        refused: dict[str, StoreError] = {}
        for id, number in seen.items():
            try:
                self._answer_one_of_many(viewer, id, text, number)
            except StoreError as why:
                refused[id] = why
        return Answered(tuple(id for id in seen if id not in refused), refused)

    def note(self, viewer: Viewer, id: str, text: str) -> int:
        """A note of staff, for staff: nothing here can send it. Returns its number. Raises ``TextRefused``."""
        text = checked(text, LONGEST_NOTE)
        with self._door.inside(viewer, id) as inside:
            number = inside.write(Author.NOTE, text)
            inside.note("desk.noted")
        return number

    def retry(self, viewer: Viewer, id: str, message: int) -> None:
        """Puts a message that failed on its way again. Raises ``NothingToRetry``, and what ``reply`` raises."""
        self._posting.refuse_opted_out(self._door, viewer, id)
        with self._door.inside(viewer, id) as inside:
            inside.refuse_closed()
            inside.refuse_taken()
            sending = newest_sendings(inside.connection, [id]).get(message)
            if sending is None or sending.state not in NOT_ARRIVED:
                raise NothingToRetry
            self._posting.again(inside, message, sending.template)
            inside.note("desk.retried")

    def reveal(self, viewer: Viewer, id: str, reason: Reason) -> str:
        """The person's number. Who looked at it, and why, stands in the audit before it is told."""
        with self._door.inside(viewer, id) as inside:
            inside.note("desk.revealed", Reason(reason).value)
        return self._numbers.address(id)

    def wrong(self, viewer: Viewer, id: str, message: int, scrubbed: str, right: str) -> bool:
        """Keeps a message of the family that the bot took for something else; False where that was done before.

        ``scrubbed``: the words without names and numbers, as she confirmed them; ``right`` the topic that it was, empty for
        none. Raises ``TextRefused``.
        """
        scrubbed = checked(scrubbed)
        with self._door.inside(viewer, id) as inside:
            return mark_wrong(inside, message, scrubbed, right)

    def _answer(
        self, inside: Inside, text: str, beside: dict[str, object] | None = None, template: str | None = None
    ) -> int:
        number = self._posting.post(inside, text, beside, template)
        inside.set(last_staff=inside.now, waiting_since=None, alarm=None)
        inside.note("desk.replied")
        return number

    def _answer_one_of_many(self, viewer: Viewer, id: str, text: str, seen_up_to: int) -> None:
        self._posting.refuse_opted_out(self._door, viewer, id)
        with self._door.inside(viewer, id) as inside:
            inside.refuse_closed()
            inside.refuse_taken()
            if stands_apart(inside.escalated):
                raise OneByOne
            _refuse_newer(inside, seen_up_to)
            self._posting.post(inside, text, {"many": True})
            inside.set(last_staff=inside.now, waiting_since=None, alarm=None)
            inside.note("desk.answered_many")
        self._count(inside)

    def _count(self, answered: Inside) -> None:
        """Only once it is written, and only where the family waited: the second line of an answer is no second wait."""
        since = answered.escalated.waiting_since
        if since is not None:
            self._waited(answered.now - since, answered.escalated.about.language)

    def _note_seen(self, viewer: Viewer, id: str) -> None:
        now, who = self._clock(), (viewer.user, id)
        if now - self._seen.get(who, 0.0) < SEEN_SECONDS:
            return
        with sql_errors(), self._engine.begin() as connection:
            # Another process may have noted it, or be about to.
            in_turn(connection, "desk seen")
            seen = lately(connection, now - SEEN_SECONDS + 1, viewer.actor, "desk.seen")
            at = next((at for at, object in seen if object == id), None)
            if at is None:
                audit.note(connection, now, viewer.actor, "desk.seen", id)
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()
        self._seen[who] = now if at is None else at


def _refuse_newer(inside: Inside, seen_up_to: int | None) -> None:
    if seen_up_to is None:
        return
    newest = inside.connection.scalar(
        select(func.max(EscalationMessage.number)).where(
            EscalationMessage.escalation == inside.escalated.id, EscalationMessage.author == Author.FAMILY.value
        )
    )
    if newest is not None and newest > seen_up_to:
        raise NewerMessage(newest)
