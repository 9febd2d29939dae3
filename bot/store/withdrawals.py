"""Answers that nobody gets: withdrawn by any publisher at once, let go out again by two.

The rows are sealed: whoever may only write into the database lets nothing go out again.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from sqlalchemy import Connection, Engine, insert, select, update

from bot.escalation.viewer import Role, Viewer
from bot.scripts.withdrawn import NEVER
from bot.store.audit import note as noted
from bot.store.content_models import Withdrawal
from bot.store.database import at_one_moment, sql_errors
from bot.store.errors import NotYours, ReleaseRefused
from bot.store.sealed_rows import Judged, SealedRows
from bot.store.staff_models import AuditRow

SEALED = SealedRows(Withdrawal, "withdrawals")
LONGEST_WHY = 200
_COLUMNS = ("number", "flow", "since", "by", "why", "restored_by")
_TAKEN, _LET_OUT = "withdrawn", "restored"
"""Their names in the audit."""


class Withdrawn(Struct, frozen=True):
    """An answer that is withdrawn. ``since`` in unix seconds, ``by`` the user who did it.

    ``restored_by``: the first who said that it may go out again; another one has to say so too.
    """

    number: int
    flow: str
    since: int
    by: int
    why: str
    restored_by: int | None


class Held(Struct, frozen=True):
    """The flows that nobody gets. ``damaged``: rows are not as they were written, so that others may be withdrawn too.

    Then ``flows`` has all that may be: whatever row does not fit, and what the audit says.
    """

    flows: frozenset[str]
    damaged: bool


class Withdrawals:
    """The withdrawals. ``key`` is that of the seals. All raise ``StoreDown``; to change one takes a publisher, else ``NotYours``."""

    def __init__(self, engine: Engine, key: bytes, clock: Callable[[], float]) -> None:
        self._engine, self._key, self._clock = engine, key, clock

    def held(self) -> Held:
        """The flows that nobody gets now."""
        with sql_errors(), at_one_moment(self._engine) as connection:
            judged = SEALED.judged(connection, self._key)
            flows = frozenset(each.flow for each in _open(judged))
            return Held(flows, False) if judged.sound else Held(flows | _audited(connection), True)

    def all(self) -> tuple[Withdrawn, ...]:
        """What is withdrawn now, the newest first."""
        with sql_errors(), at_one_moment(self._engine) as connection:
            return tuple(reversed(_open(SEALED.judged(connection, self._key))))

    def withdraw(self, viewer: Viewer, flow: str, why: str) -> bool:
        """Nobody gets this answer any more, in any release; False where it was withdrawn already.

        Who withdraws it once more takes back what the first said about restoring. ``ReleaseRefused`` for a flow that the bot
        itself is made of.
        """
        _may(viewer)
        if flow in NEVER:
            raise ReleaseRefused((f"{flow} is what the bot itself is made of: mend it or undo its change",))
        now = int(self._clock())
        said = {"flow": flow, "since": now, "by": viewer.user, "why": why.strip()[:LONGEST_WHY]}
        with sql_errors(), self._engine.begin() as connection, SEALED.writing(connection, self._key) as judged:
            there = _of_flow(judged, flow)
            if there is not None and there.number not in judged.unfit:
                self._change(connection, there, restored_by=None)
                return False
            # Also where a row that does not fit says so: this one does.
            number = connection.execute(insert(Withdrawal).values(**said)).inserted_primary_key
            SEALED.seal(connection, self._key, int(number[0]) if number else 0)
            noted(connection, now, viewer.actor, _TAKEN, flow)
        return True

    def restore(self, viewer: Viewer, flow: str) -> bool:
        """Says that it may go out again. True once two publishers have said so, and it does; one alone says so in vain.

        ``ReleaseRefused`` where rows are not as they were written: who was the first to say so may be false.
        """
        _may(viewer)
        now = int(self._clock())
        with sql_errors(), self._engine.begin() as connection, SEALED.writing(connection, self._key) as judged:
            if not judged.sound:
                raise ReleaseRefused(("what is withdrawn was changed in the database: an admin has to look first",))
            there = _of_flow(judged, flow)
            if there is None or there.restored_by == viewer.user:
                return False
            if there.restored_by is None:
                self._change(connection, there, restored_by=viewer.user)
                noted(connection, now, viewer.actor, "restore_asked", flow)
                return False
            self._change(connection, there, ended_by=viewer.user, ended=now)
            noted(connection, now, viewer.actor, _LET_OUT, flow)
        return True

    def _change(self, connection: Connection, withdrawn: Withdrawn, **values: int | None) -> None:
        connection.execute(update(Withdrawal).where(Withdrawal.number == withdrawn.number).values(**values))
        SEALED.seal(connection, self._key, withdrawn.number)


def _may(viewer: Viewer) -> None:
    if not viewer.has(Role.PUBLISHER):
        raise NotYours


def _open(judged: Judged) -> list[Withdrawn]:
    """Those that hold: also one that is not as it was written, whatever it says of its end."""
    rows = (row for number, row in judged.rows.items() if row["ended"] is None or number in judged.unfit)
    return [Withdrawn(**{name: row[name] for name in _COLUMNS}) for row in rows]


def _of_flow(judged: Judged, flow: str) -> Withdrawn | None:
    """The withdrawal of this flow, one that fits before one that does not."""
    mine = [each for each in _open(judged) if each.flow == flow]
    return min(mine, key=lambda each: each.number in judged.unfit, default=None)


def _audited(connection: Connection) -> frozenset[str]:
    """The flows that are withdrawn by what the audit says: a row may be gone, or bear the name of another flow."""
    wanted = select(AuditRow.action, AuditRow.object).where(AuditRow.action.in_((_TAKEN, _LET_OUT)))
    newest = {row.object: row.action for row in connection.execute(wanted.order_by(AuditRow.seq))}
    return frozenset(flow for flow, action in newest.items() if action == _TAKEN)
