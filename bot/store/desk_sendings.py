"""How far the messages of staff are on their way: of each the newest try in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot.escalation.outgoing import State
from bot.store.models import OutboxRow

NOT_ARRIVED = frozenset({State.FAILED, State.UNDELIVERED})


@dataclass(frozen=True, slots=True)
class Sending:
    """How far a message is. ``id`` is that of the outbox, ``error`` the carrier's code, ``changed`` unix seconds."""

    id: str
    state: State
    error: int | None
    changed: int
    escalation: str = ""
    template: str | None = None


def newest_sendings(connection: Connection, escalations: Sequence[str]) -> dict[int, Sending]:
    """The newest try of each message of these escalations, by the number of the message."""
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
