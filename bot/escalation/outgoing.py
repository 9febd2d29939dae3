"""How far a message of staff has come on its way: states that only go forward, whatever order reports come in. Pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """``UNSURE``: it was given to the carrier and no answer came; it is looked up before it is sent again."""

    QUEUED = "queued"
    SENDING = "sending"
    UNSURE = "unsure"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNDELIVERED = "undelivered"
    CANCELED = "canceled"


ENDS = frozenset({State.FAILED, State.UNDELIVERED, State.CANCELED})
_RANK = {
    State.QUEUED: 0, State.SENDING: 1, State.UNSURE: 1, State.SENT: 2, State.DELIVERED: 3, State.READ: 4,
    State.UNDELIVERED: 5, State.FAILED: 5, State.CANCELED: 5,
}  # fmt: skip
_OF_CARRIER = {
    "accepted": State.SENDING, "scheduled": State.SENDING, "queued": State.SENDING, "sending": State.SENDING,
    "sent": State.SENT, "delivered": State.DELIVERED, "partially_delivered": State.DELIVERED, "read": State.READ,
    "undelivered": State.UNDELIVERED, "failed": State.FAILED, "canceled": State.CANCELED,
}  # fmt: skip


def of_carrier(status: str) -> State | None:
    """Twilio's word for it as ours; None for one that we do not know."""
    return _OF_CARRIER.get(status.strip().lower())


def later(before: State, reported: State) -> State:
    """What holds after a report: never back, and what has arrived is not undone by a late failure."""
    if before in ENDS or (before in (State.DELIVERED, State.READ) and reported in ENDS):
        return before
    return reported if _RANK[reported] > _RANK[before] else before
