"""Who answers at the desk, and whether it is a bad day: SQL is the truth, Redis holds it for turns, each process remembers it a moment.

A family's message waits for SQL only where Redis does not know, and then once in some seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis import Redis
from sqlalchemy import Connection, Engine, func, select, update

from bot.escalation.board import BadDay, Board, median_wait
from bot.escalation.escalation import Author
from bot.escalation.viewer import Role, Viewer
from bot.store import audit
from bot.store.database import sql_errors
from bot.store.desk_organizations import active_organizations
from bot.store.errors import NotYours, StoreDown
from bot.store.in_turn import in_turn
from bot.store.models import Escalation, EscalationMessage, Meta
from bot.store.person import roles_of
from bot.store.redis_client import redis_errors
from bot.store.remembered import Remembered
from bot.store.staff_models import User

MIRROR = "{desk}"
"""The name of the mirror in Redis."""
ROW = "bad day"
"""The key of its row in ``meta``: since when, in unix seconds; empty when it is none."""
REMEMBERED_SECONDS = 4.0
TODAY_SECONDS = 12 * 3600
"""Whose waits count: those who were handed over in these hours. A quiet night before would make the wait of a bad day look short."""
_MIRROR_SECONDS = 48 * 3600


class DeskBoard:
    """The board of an installation. ``clock`` is the bot's, in unix seconds. Safe for all threads of a process."""

    def __init__(self, engine: Engine, redis: Redis, clock: Callable[[], float]) -> None:
        self._engine, self._redis, self._clock = engine, redis, clock
        self._held = Remembered(self._ask, Board(), REMEMBERED_SECONDS, clock)

    def now(self) -> Board:
        """The board, at most some seconds old. Never raises: with both stores down what was known last holds."""
        return self._held.now()

    def mirror(self) -> Board:
        """Writes it into Redis again, with the wait of today. For the worker, and after each change. Raises ``StoreDown``."""
        board = self._from_sql()
        with redis_errors():
            self._redis.set(MIRROR, board.to_json(), ex=_MIRROR_SECONDS)
        return board

    def switch_bad_day(self, viewer: Viewer, on: bool) -> bool:
        """Turns it on or off; False when it was so already. Only a coordinator may, else ``NotYours``. Raises ``StoreDown``.

        Every process knows within some seconds; without Redis only when it is back.
        """
        if not viewer.has(Role.COORDINATOR):
            raise NotYours
        now = int(self._clock())
        with sql_errors(), self._engine.begin() as connection:
            if bool(in_turn(connection, ROW)) == on:
                return False
            connection.execute(update(Meta).where(Meta.key == ROW).values(value=str(now) if on else ""))
            audit.note(connection, now, viewer.actor, "bad_day.on" if on else "bad_day.off")
        with suppress(StoreDown):
            self.mirror()
        self._held.forget()
        return True

    def wait(self) -> int | None:
        """The median of today's waits in seconds, also while it is no bad day; None while nobody was answered. Raises ``StoreDown``."""
        with sql_errors(), self._engine.connect() as connection:
            return _wait(connection, int(self._clock()))

    def _ask(self) -> Board | None:
        # A value that nobody can read is as one that is not there.
        with suppress(StoreDown, ValueError):
            with redis_errors():
                held: Any = self._redis.get(MIRROR)
            if held is not None:
                return Board.from_json(held.decode())
        with suppress(StoreDown):
            return self._from_sql()
        return None

    def _from_sql(self) -> Board:
        with sql_errors(), self._engine.connect() as connection:
            answering = _answering(connection)
            organizations = tuple(each for each in active_organizations(connection) if each.id in answering)
            since = connection.scalar(select(Meta.value).where(Meta.key == ROW))
            if not since:
                return Board(organizations)
            return Board(organizations, BadDay(int(since), _wait(connection, int(self._clock()))))


def _answering(connection: Connection) -> frozenset[str | None]:
    """The organizations of everybody who may read and answer."""
    rows = connection.execute(select(User.organization, User.roles_held).where(User.active.is_(True)))
    return frozenset(organization for organization, roles in rows if Role.RESPONDER in roles_of(roles))


def _wait(connection: Connection, now: int) -> int | None:
    """The median of today's waits, from the moment of asking to the first word of staff."""
    by_staff = EscalationMessage.author == Author.STAFF.value
    first = select(EscalationMessage.escalation, func.min(EscalationMessage.at).label("at")).where(by_staff)
    words = first.group_by(EscalationMessage.escalation).subquery()
    wanted = (
        select(Escalation.opened, Escalation.closed, words.c.at)
        .outerjoin(words, words.c.escalation == Escalation.id)
        .where(Escalation.opened > now - TODAY_SECONDS, Escalation.erased.is_(None))
    )
    rows = connection.execute(wanted).all()
    answered = [row.at - row.opened for row in rows if row.at is not None]
    waiting = [(row.closed or now) - row.opened for row in rows if row.at is None]
    return median_wait(answered, waiting)
