"""How far the messages of staff are on their way: of each the newest try in the outbox."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, select

from bot.escalation.outgoing import State
from bot.store.models import Escalation, OutboxRow

NOT_ARRIVED = frozenset({State.FAILED, State.UNDELIVERED})


class Sending(Struct, frozen=True):
    """How far a message is. ``id`` is that of the outbox, ``error`` the carrier's code, ``changed`` unix seconds."""

    id: str
    state: State
    error: int | None
    changed: int
    escalation: str = ""
    template: str | None = None


def not_arrived(connection: Connection, which: ColumnElement[bool]) -> dict[str, int]:
    """When something last failed, by the escalation, of those whose newest try of a message failed. ``which`` are asked for."""
    ended = OutboxRow.state.in_([state.value for state in NOT_ARRIVED])
    some = select(OutboxRow.escalation).join(Escalation, Escalation.id == OutboxRow.escalation).where(which, ended)
    failed: dict[str, int] = {}
    # Few fail: of all the others nothing is read.
    for sending in newest_sendings(connection, tuple(connection.scalars(some.distinct()))).values():
        if sending.state in NOT_ARRIVED:
            failed[sending.escalation] = max(failed.get(sending.escalation, 0), sending.changed)
    return failed


def newest_sendings(connection: Connection, escalations: Sequence[str]) -> dict[int, Sending]:
    """The newest try of each message of these escalations, by the number of the message."""
    if not escalations:
        return {}
    tries = select(OutboxRow).with_only_columns(
        *(OutboxRow.id, OutboxRow.escalation, OutboxRow.message, OutboxRow.state, OutboxRow.error),
        *(OutboxRow.made, OutboxRow.changed, OutboxRow.template),
    )
    rows = connection.execute(tries.where(OutboxRow.escalation.in_(escalations))).all()
    # A try that was made in the second in which the one before it failed comes after it.
    rows = sorted(rows, key=lambda row: (row.made, row.changed, State(row.state) not in NOT_ARRIVED))
    return {
        row.message: Sending(row.id, State(row.state), row.error, row.changed, row.escalation, row.template)
        for row in rows
    }
