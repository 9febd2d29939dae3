"""Public holidays, so that nobody is told that an office opens on one of them. Pure.

Only those of the US federal government are known here (5 U.S.C. 6103, and Executive Order 11582 for a holiday on a Sunday).
"""

from __future__ import annotations

import functools
from datetime import date, timedelta

_FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
# Month, weekday (Monday is 0), which of the month: King, Presidents, Labor, Columbus, Thanksgiving.
_BY_WEEKDAY = ((1, 0, 3), (2, 0, 3), (9, 0, 1), (10, 0, 2), (11, 3, 4))
_SATURDAY, _SUNDAY = 5, 6


def public_holidays(country: str, day: date) -> frozenset[date]:
    """The holidays of the country around that day: its year, the one before and the one after; empty where none are known."""
    if country != "US":
        return frozenset()
    return frozenset().union(*(_federal(day.year + step) for step in (-1, 0, 1)))


@functools.lru_cache(maxsize=16)
def _federal(year: int) -> frozenset[date]:
    """Each holiday, and the working day on which offices keep it when it falls on a weekend."""
    days = {date(year, month, day) for month, day in _FIXED}
    days |= {_nth(year, month, weekday, which) for month, weekday, which in _BY_WEEKDAY}
    days.add(_last_monday_of_may(year))
    days |= {day - timedelta(1) for day in days if day.weekday() == _SATURDAY}
    days |= {day + timedelta(1) for day in days if day.weekday() == _SUNDAY}
    return frozenset(days)


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (which - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(last.weekday())
