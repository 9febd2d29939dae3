"""Answers that nobody gets: withdrawn by any publisher at once, let go out again by two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, insert, select, update

from bot.escalation.viewer import Role, Viewer
from bot.scripts.withdrawn import NEVER
from bot.store.audit import note as noted
from bot.store.content_models import Withdrawal
from bot.store.database import sql_errors
from bot.store.errors import NotYours, ReleaseRefused
from bot.store.in_turn import in_turn

TURN = "withdrawals"
LONGEST_WHY = 200
_COLUMNS = (Withdrawal.number, Withdrawal.flow, Withdrawal.since, Withdrawal.by, Withdrawal.why, Withdrawal.restored_by)
_OPEN = Withdrawal.ended.is_(None)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An answer that is withdrawn. ``since`` in unix seconds, ``by`` the user who did it.

    ``restored_by``: the first who said that it may go out again; another one has to say so too.
    """

    number: int
    flow: str
    since: int
    by: int
    why: str
    restored_by: int | None


class Withdrawals:
    """The withdrawals. Every method raises ``StoreDown``; what changes something takes a publisher, else ``NotYours``."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def flows(self) -> frozenset[str]:
        """The flows that nobody gets now."""
        with sql_errors(), self._engine.connect() as connection:
            return frozenset(connection.scalars(select(Withdrawal.flow).where(_OPEN)))

    def all(self) -> tuple[Withdrawn, ...]:
        """What is withdrawn now, the newest first."""
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(select(*_COLUMNS).where(_OPEN).order_by(Withdrawal.number.desc()))
            return tuple(Withdrawn(*row) for row in rows)

    def withdraw(self, viewer: Viewer, flow: str, why: str) -> bool:
        """Nobody gets this answer any more, in any release; False where it was withdrawn already.

        Who withdraws it once more takes back what the first said about restoring. ``ReleaseRefused`` for a flow that the bot
        itself is made of.
        """
        _may(viewer)
        if flow in NEVER:
            raise ReleaseRefused((f"{flow} is what the bot itself is made of: mend it or undo its change",))
        now = int(self._clock())
        with sql_errors(), self._engine.begin() as connection:
            there = _open(connection, flow)
            if there is not None:
                connection.execute(_of(there).values(restored_by=None))
                return False
            said = {"flow": flow, "since": now, "by": viewer.user, "why": why.strip()[:LONGEST_WHY]}
            connection.execute(insert(Withdrawal).values(**said))
            noted(connection, now, viewer.actor, "withdrawn", flow)
        return True

    def restore(self, viewer: Viewer, flow: str) -> bool:
        """Says that it may go out again. True once two publishers have said so, and it does; one alone says so in vain."""
        _may(viewer)
        now = int(self._clock())
        with sql_errors(), self._engine.begin() as connection:
            there = _open(connection, flow)
            if there is None or there.restored_by == viewer.user:
                return False
            if there.restored_by is None:
                connection.execute(_of(there).values(restored_by=viewer.user))
                noted(connection, now, viewer.actor, "restore_asked", flow)
                return False
            connection.execute(_of(there).values(ended_by=viewer.user, ended=now))
            noted(connection, now, viewer.actor, "restored", flow)
        return True


def _may(viewer: Viewer) -> None:
    if not viewer.has(Role.PUBLISHER):
        raise NotYours


def _open(connection: Connection, flow: str) -> Withdrawn | None:
    in_turn(connection, TURN)
    row = connection.execute(select(*_COLUMNS).where(_OPEN, Withdrawal.flow == flow)).first()
    return Withdrawn(*row) if row else None


def _of(withdrawn: Withdrawn):  # type: ignore[no-untyped-def]
    return update(Withdrawal).where(Withdrawal.number == withdrawn.number)
