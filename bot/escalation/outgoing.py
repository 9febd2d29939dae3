"""How far a message of staff has come on its way: states that only go forward, whatever order reports come in. Pure."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from bot.escalation.refused import Next, refusal
from bot.frozen import replace

TOO_LONG = 48 * 3600
"""Seconds after which a message that has not gone out does not go out any more, and staff are told."""

LONGEST_PAUSE = 300
_LATER = 30 * 60
_SOON = 60


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
ARRIVED = frozenset({State.DELIVERED, State.READ})
# Each has a rank of its own, so that reports in any order come to the same end; and none is above having arrived.
_RANK = {
    State.QUEUED: 0, State.UNSURE: 1, State.SENDING: 2, State.SENT: 3, State.CANCELED: 4, State.FAILED: 5,
    State.UNDELIVERED: 6, State.DELIVERED: 7, State.READ: 8,
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
    """What holds after a report: never back, and what has arrived has arrived, whatever failure is told of before or after."""
    return max(before, reported, key=_RANK.__getitem__)


def pause(tries: int, chance: float) -> float:
    """Seconds until the next try after so many: 1, 2, 4 up to 300, and up to a quarter more by ``chance`` (0 to 1)."""
    return min(LONGEST_PAUSE, 2.0 ** min(max(tries - 1, 0), 10)) * (1 + chance / 4)


class Progress(Struct, frozen=True):
    """How far a message has come. ``tries`` so far, ``error`` why the last one failed; ``sid`` is the carrier's name for it."""

    state: State
    tries: int = 0
    error: int | None = None
    sid: str | None = None
    not_before: int = 0


class Report(Struct, frozen=True):
    """What the carrier says about one of its tries."""

    tries: int
    state: State
    error: int | None = None
    sid: str | None = None


def after(before: Progress, report: Report, now: float, chance: float = 0.0) -> Progress:
    """How far it has come with this report, early, late or twice.

    Of a try that was given up only its arrival counts. A failure that may pass puts it back, to be tried again.
    """
    if _is_over(before, report.tries):
        if report.state not in ARRIVED:
            return before
        return replace(before, state=later(before.state, report.state), error=None)
    if report.state in ENDS and before.state not in ENDS | ARRIVED:
        wait = _retry(before, report.error, chance)
        if wait is not None:
            when = int(now + wait + 1)
            return replace(before, state=State.QUEUED, error=report.error, sid=None, not_before=when)
    state = later(before.state, report.state)
    error = None if state in ARRIVED else (report.error if report.state in ENDS else None) or before.error
    return replace(before, state=state, error=error, sid=report.sid or before.sid)


def _is_over(before: Progress, tries: int) -> bool:
    """Whether that try had failed for good, so that another one waits or is on its way."""
    return tries < before.tries or (before.state is State.QUEUED and before.error is not None)


def _retry(before: Progress, error: int | None, chance: float) -> float | None:
    """Seconds until a message that failed is tried again; None where it is not."""
    match refusal(error).next:
        case Next.RETRY:
            return pause(before.tries, chance)
        case Next.ONCE_SOON if before.error is None:
            return _SOON
        case Next.ONCE_LATER if before.error is None:
            return _LATER
        case _:
            return None
