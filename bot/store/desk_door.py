"""The door of the desk: every method that serves the console comes through here and is refused here, whatever a page checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, false, or_, select, update

from bot.escalation.escalation import Author, Escalated
from bot.escalation.happened import Happened
from bot.escalation.viewer import SHARED_POOL, Role, Viewer
from bot.store import audit
from bot.store.database import sql_errors
from bot.store.desk_errors import Resolved, TakenBy
from bot.store.desk_rows import COLUMNS, escalated, write
from bot.store.errors import KeyGone, NotYours
from bot.store.key_store import KeyStore
from bot.store.models import Escalation
from bot.store.opened_late import OpenedLate
from bot.store.sealed import Key
from bot.store.staff_models import User

Keys = KeyStore | OpenedLate


@dataclass(frozen=True, slots=True)
class Inside:
    """An escalation whose row this transaction holds, with its key: nobody changes or erases it meanwhile."""

    connection: Connection = field(repr=False)
    viewer: Viewer
    escalated: Escalated
    key: Key = field(repr=False)
    now: int

    def set(self, **values: object) -> None:
        """Changes columns of its row."""
        self.connection.execute(update(Escalation).where(Escalation.id == self.escalated.id).values(**values))

    def write(self, author: Author, text: str, beside: dict[str, Any] | None = None) -> int:
        """Adds a message by the viewer; returns its number."""
        return write(self.connection, self.key, author, self.now, text, self.viewer.user, beside)

    def happened(self, what: Happened, **values: object) -> None:
        """Adds what happened to the thread, with the viewer's name."""
        self.write(Author.SYSTEM, what.value, {"name": self.viewer.name, **values})

    def note(self, action: str, words: str = "") -> None:
        """Adds to the audit what the viewer did with it."""
        audit.note(self.connection, self.now, self.viewer.actor, action, f"{self.escalated.id} {words}".strip())

    def claim(self) -> None:
        """Makes it hers, where nobody has it."""
        self.set(claimed_by=self.viewer.user, claimed_at=self.now, alarm=None)
        self.happened(Happened.CLAIMED)
        self.note("desk.claimed", self.escalated.urgency.value)

    def refuse_closed(self) -> None:
        """Raises ``Resolved``."""
        if self.escalated.closed is not None:
            raise Resolved

    def refuse_taken(self) -> None:
        """Raises ``TakenBy`` where somebody else has it."""
        if self.escalated.claimed_by not in (None, self.viewer.user):
            raise TakenBy(name_of(self.connection, self.escalated.claimed_by), self.escalated.claimed_at or 0)


class DeskDoor:
    """Reading and writing one escalation for a viewer. Safe for all threads of a process."""

    def __init__(self, engine: Engine, keys: Keys, clock: Callable[[], float]) -> None:
        self.engine, self.keys, self.clock = engine, keys, clock

    def look(self, viewer: Viewer, id: str) -> tuple[Escalated, Key]:
        """The escalation and its key, to be read. Raises ``NotYours``, ``KeyGone`` once it is erased, and every ``StoreError``."""
        refuse_others(viewer, Role.RESPONDER)
        with sql_errors(), self.engine.connect() as connection:
            row = connection.execute(select(*COLUMNS).where(Escalation.id == id, reached(viewer))).first()
        return self._opened(row)

    @contextmanager
    def inside(self, viewer: Viewer, id: str) -> Iterator[Inside]:
        """A transaction that holds its row from the first statement on. Raises as ``look`` does."""
        refuse_others(viewer, Role.RESPONDER)
        with sql_errors(), self.engine.begin() as connection:
            yield self.enter(connection, viewer, id)

    def enter(self, connection: Connection, viewer: Viewer, id: str) -> Inside:
        """The same within a transaction of the caller, who asked for the role."""
        held = update(Escalation).where(Escalation.id == id, reached(viewer)).values(channel=Escalation.channel)
        found, key = self._opened(connection.execute(held.returning(*COLUMNS)).first())
        return Inside(connection, viewer, found, key, int(self.clock()))

    def _opened(self, row: Any) -> tuple[Escalated, Key]:
        if row is None:
            raise NotYours
        if row.erased is not None:
            raise KeyGone
        key = self.keys.require(row.id)
        return escalated(row, key), key


def refuse_others(viewer: Viewer, *roles: Role) -> None:
    """Raises ``NotYours`` for whoever has none of these roles."""
    if not viewer.has(*roles):
        raise NotYours


def reached(viewer: Viewer) -> ColumnElement[bool]:
    """As ``Viewer.reaches``, for SQL."""
    organizations = {viewer.organization, *viewer.sees} - {None, SHARED_POOL}
    named = Escalation.organization.in_(organizations) if organizations else false()
    return or_(named, Escalation.organization.is_(None)) if SHARED_POOL in viewer.sees else named


def name_of(connection: Connection, user: int | None) -> str:
    """The name of a user; empty for one that is not there any more."""
    return str(connection.scalar(select(User.name).where(User.id == user)) or "")
