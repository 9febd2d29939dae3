"""Rows of the outbox as values, and which of them are on their way: what its two sides share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased

from bot.escalation.outgoing import State
from bot.store.models import OutboxRow

ANSWER = 60
"""Seconds in which a report about a try of unknown outcome may come, before the carrier is asked."""

ON_ITS_WAY = (State.QUEUED, State.SENDING, State.UNSURE)
"""With no name at the carrier: not sent yet, as far as anybody knows."""

COLUMNS = (
    OutboxRow.id,
    OutboxRow.escalation,
    OutboxRow.message,
    OutboxRow.state,
    OutboxRow.attempts,
    OutboxRow.error,
    OutboxRow.sid,
    OutboxRow.not_before,
    OutboxRow.template,
    OutboxRow.made,
    OutboxRow.since,
)


@dataclass(frozen=True, slots=True)
class Going:
    """A try to send a message. ``tries``: which one this is; ``since``: when it began (unix seconds)."""

    id: str
    escalation: str
    message: int
    tries: int
    made: int
    since: int
    template: str | None = None
    sid: str | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """How the carrier's reports name it (``o``): the message and the try, so that a late word of the last try is known."""
        return f"{self.id}.{self.tries}"


def in_order() -> ColumnElement[bool]:
    """That nothing is still to be sent to the same person that was written before. What failed once holds up nothing."""
    other = aliased(OutboxRow)
    before = exists().where(
        other.escalation == OutboxRow.escalation,
        other.message < OutboxRow.message,
        other.state.in_(names(ON_ITS_WAY)),
        other.sid.is_(None),
        other.error.is_(None),
    )
    return ~before


def going(row: Any) -> Going:
    """A row of ``COLUMNS``."""
    return Going(
        row.id, row.escalation, row.message, row.attempts, row.made, row.since or row.made, row.template, row.sid
    )


def names(states: Iterable[State]) -> tuple[str, ...]:
    """As they stand in SQL."""
    return tuple(state.value for state in states)
