"""What staff read and write in one conversation: its thread, replies to the family, notes for each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection, Engine, func, select

from bot.escalation.escalation import Author, Escalated, Said
from bot.escalation.outgoing import State
from bot.escalation.viewer import Viewer
from bot.message import Channel
from bot.store.database import sql_errors
from bot.store.desk_door import DeskDoor, Inside, Keys
from bot.store.desk_errors import NewerMessage, OptedOut, TextRefused, WindowClosed
from bot.store.desk_rows import SAID, said
from bot.store.models import EscalationMessage, OutboxRow
from bot.store.opt_outs import OptOuts
from bot.store.sealed_numbers import SealedNumbers

LONGEST_TEXT = 1_500
"""Letters of a reply: what WhatsApp takes is 1,600 (bot/wording/limits.py), and nobody reads more on a phone."""
LONGEST_NOTE = 4_000
WINDOW = 24 * 3600 - 5 * 60
"""Seconds after the family's last message in which WhatsApp takes free text: a day, less the time that a message may be on its way."""


@dataclass(frozen=True, slots=True)
class Sending:
    """How far a message is on its way: the newest try. ``id`` is that of the outbox, ``error`` the carrier's code."""

    id: str
    state: State
    error: int | None
    changed: int


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation with all that was said, in its order, and the way of each message that was sent, by its number."""

    escalated: Escalated
    said: tuple[Said, ...] = field(default=(), repr=False)
    sendings: Mapping[int, Sending] = field(default_factory=dict)

    @property
    def seen_up_to(self) -> int:
        """The number of the newest message; what a reply is to come after."""
        return self.said[-1].number if self.said else 0


class Posting(Protocol):
    """What puts a message on its way, within the transaction that wrote it."""

    def put(self, connection: Connection, escalation: str, message: int, template: str | None = None) -> str:
        """Returns its id in the outbox."""


class DeskTalk:
    """The conversations of an installation. Safe for all threads of a process.

    Every method raises ``NotYours`` for what the viewer may not read, ``KeyGone`` once it is erased, and ``StoreDown``.
    """

    def __init__(
        self, engine: Engine, keys: Keys, outbox: Posting, opt_outs: OptOuts, clock: Callable[[], float]
    ) -> None:
        self._engine, self._outbox, self._opt_outs, self._clock = engine, outbox, opt_outs, clock
        self._door = DeskDoor(engine, keys, clock)
        self._numbers = SealedNumbers(engine, keys)

    def thread(self, viewer: Viewer, id: str) -> Thread:
        """All of it. That she saw it stands in the audit, once in half an hour."""
        found, key = self._door.look(viewer, id)
        wanted = select(*SAID).where(EscalationMessage.escalation == id).order_by(EscalationMessage.number)
        tries = select(OutboxRow.id, OutboxRow.message, OutboxRow.state, OutboxRow.error, OutboxRow.changed)
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
            sent = connection.execute(tries.where(OutboxRow.escalation == id).order_by(OutboxRow.made)).all()
        sendings = {row.message: Sending(row.id, State(row.state), row.error, row.changed) for row in sent}
        return Thread(found, tuple(said(row, key) for row in rows), sendings)

    def reply(self, viewer: Viewer, id: str, text: str, seen_up_to: int | None) -> int:
        """Writes to the family and returns the number of the message; takes the conversation where nobody has it.

        ``seen_up_to``: the newest message that she had before her. Raises ``TextRefused``, ``Resolved``, ``TakenBy``,
        ``WindowClosed``, ``OptedOut``, and ``NewerMessage`` where the family wrote meanwhile: then nothing was written.
        """
        text = _checked(text, LONGEST_TEXT)
        self._refuse_opted_out(viewer, id)
        with self._door.inside(viewer, id) as inside:
            inside.refuse_closed()
            inside.refuse_taken()
            refuse_late(inside.escalated, inside.now)
            if seen_up_to is not None:
                _refuse_newer(inside, seen_up_to)
            if inside.escalated.claimed_by is None:
                inside.claim()
            number = inside.write(Author.STAFF, text)
            self._outbox.put(inside.connection, id, number)
            inside.set(last_staff=inside.now, waiting_since=None, alarm=None)
            inside.note("desk.replied")
        return number

    def note(self, viewer: Viewer, id: str, text: str) -> int:
        """A note of staff, for staff: nothing sends it. Returns its number. Raises ``TextRefused``."""
        text = _checked(text, LONGEST_NOTE)
        with self._door.inside(viewer, id) as inside:
            number = inside.write(Author.NOTE, text)
            inside.note("desk.noted")
        return number

    def window_ends(self, escalated: Escalated) -> int | None:
        """Until when WhatsApp takes free text (unix seconds); None for SMS, which always does."""
        return window_ends(escalated)

    def _refuse_opted_out(self, viewer: Viewer, id: str) -> None:
        # Before the transaction: it asks Redis. What is sent is checked again when it is sent.
        self._door.look(viewer, id)
        if self._opt_outs.is_stopped(self._numbers.address(id)):
            raise OptedOut


def window_ends(escalated: Escalated) -> int | None:
    """Until when WhatsApp takes free text (unix seconds); None for SMS, which always does."""
    if escalated.channel != Channel.WHATSAPP:
        return None
    return (escalated.last_inbound or escalated.opened) + WINDOW


def refuse_late(escalated: Escalated, now: float) -> None:
    """Raises ``WindowClosed``."""
    ends = window_ends(escalated)
    if ends is not None and now >= ends:
        raise WindowClosed


def _refuse_newer(inside: Inside, seen_up_to: int) -> None:
    newest = inside.connection.scalar(
        select(func.max(EscalationMessage.number)).where(
            EscalationMessage.escalation == inside.escalated.id, EscalationMessage.author == Author.FAMILY.value
        )
    )
    if newest is not None and newest > seen_up_to:
        raise NewerMessage(newest)


def _checked(text: str, longest: int) -> str:
    text = text.strip()
    if not 0 < len(text) <= longest:
        raise TextRefused(longest)
    return text
