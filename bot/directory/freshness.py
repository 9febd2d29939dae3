"""How long a confirmation by somebody of the network is believed. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum

FRESH_DAYS = 90
"""Until then it is told plainly."""
STALE_DAYS = 365
"""Until then it is told with "call first"; after that it is not offered."""
# Who confirms in one zone may be a day ahead of a server in another.
_AHEAD = timedelta(days=1)


class Freshness(Enum):
    """What the age of a confirmation lets us say."""

    FRESH = "fresh"
    CALL_FIRST = "call first"
    TOO_OLD = "too old"
    NEVER_CONFIRMED = "never confirmed"


def freshness(confirmed_on: date | None, today: date) -> Freshness:
    """The state of what was confirmed on a day, None for never. A day that has not come yet confirms nothing."""
    if confirmed_on is None or confirmed_on > today + _AHEAD:
        return Freshness.NEVER_CONFIRMED
    age = (today - confirmed_on).days
    if age <= FRESH_DAYS:
        return Freshness.FRESH
    return Freshness.CALL_FIRST if age <= STALE_DAYS else Freshness.TOO_OLD
