"""The rows of a schedule as opening hours. What cannot be read is unknown hours, never hours that look open. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo

from bot.directory.errors import ScheduleError
from bot.directory.hours import Hours, Span, parse_zone
from bot.directory.hsds.package import Row
from bot.directory.seasons import Rule, hours

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = 24 * 60


def words(schedules: Sequence[Row], column: str) -> str:
    """The hours as somebody wrote them: the first row that has any."""
    return next((row[column] for row in schedules if row[column]), "")


def zone_of(name: str) -> tzinfo | None:
    """The clocks of that name, None for none and for one that this machine does not know."""
    try:
        return parse_zone(name) if name else None
    except ScheduleError:
        return None


def timetable(schedules: Sequence[Row], zone: tzinfo | None, known: dict[Hours, Hours]) -> Hours | None:
    """The hours of these rows; None where one cannot be read or nobody knows by which clocks they are told.

    ``known``: those read before, so that a few hundred timetables serve thousands of services.
    """
    try:
        found = hours([rule for row in schedules if (rule := _rule(row))], zone) if zone else None
    except ValueError:
        return None
    return known.setdefault(found, found) if found else None


def _rule(row: Row) -> Rule | None:
    """A row as a rule; None for one that only holds words. Raises ValueError for what cannot be read."""
    opens, closes, holidays = row["opens_at"], row["closes_at"], row["public_holidays"]
    if not (row["byday"] or opens or closes or holidays):
        return None
    days = frozenset(_WEEKDAYS.index(day) for day in row["byday"].split(",") if day)
    span = _span(opens, closes) if opens and closes else None
    if not days and (span is None) == (holidays == "yes"):
        raise ValueError("hours without days, or days without hours")
    return Rule(days, span, _day(row["valid_from"]), _day(row["valid_to"]), holidays)


def _span(opens: str, closes: str) -> Span:
    start, end = _minutes(opens), _minutes(closes)
    if start == end:
        raise ValueError("it closes when it opens")
    return start, end if end > start else end + _DAY


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None
