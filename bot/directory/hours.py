"""Weekly opening hours of a telephone line or an office: how they are written, and whether a moment lies in them. Pure.

The written form is the part of OpenStreetMap's ``opening_hours`` that such hours need
(https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification): ``24/7``, ``Mo-Fr 09:00-17:00; Sa 10:00-14:00``,
``Mo,We 09:00-12:00,14:00-18:00``, ``Fr 20:00-02:00`` (until the next morning), ``PH off`` (public holidays).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.directory.errors import ScheduleError

Span = tuple[int, int]
NO_DAYS: frozenset[date] = frozenset()

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_HOLIDAYS = "PH"
_DAY = 24 * 60
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_ZONE = re.compile(r"[A-Za-z_]+(/[A-Za-z_-]+)+")
_EXAMPLE = "Write 24/7, or such as Mo-Fr 09:00-17:00; Sa 10:00-14:00; PH off."
# Far enough for a line that opens once a week and loses some of those days to holidays.
_LOOK_AHEAD = 35


class Hours(Protocol):
    """Opening hours in whatever form: a week that is always the same (Schedule), or one for each season (seasons.py)."""

    @property
    def zone(self) -> tzinfo:
        """The clocks that they are told by."""

    def on(self, day: date, holiday: bool) -> tuple[tuple[Span, ...], bool]:
        """The spans that begin on that day, and whether they are sure. ``holiday``: whether it is a public one."""


class Schedule(Struct, frozen=True):
    """``week``: the spans of Monday to Sunday, in minutes since midnight by the clocks of ``zone``.

    An end over 1440 lies in the next morning. ``holidays`` are the spans of a public holiday, None where nothing is said of them.
    """

    week: tuple[tuple[Span, ...], ...]
    zone: tzinfo
    holidays: tuple[Span, ...] | None = None

    def on(self, day: date, holiday: bool) -> tuple[tuple[Span, ...], bool]:
        """The spans that begin on that day; on a holiday of which nothing is said those of its weekday, which are not sure."""
        if holiday and self.holidays is not None:
            return self.holidays, True
        return self.week[day.weekday()], not holiday


class Open(Struct, frozen=True):
    """It is open at that moment."""


class Opens(Struct, frozen=True):
    """It is closed and opens next ``at``, a time by the clocks of its own zone."""

    at: datetime


class Unknown(Struct, frozen=True):
    """Nobody knows its hours, or not those of that day."""


State = Open | Opens | Unknown


def state(schedule: Hours | None, now: datetime, holidays: Container[date] = NO_DAYS) -> State:
    """Whether it is open ``now``. ``holidays``: the days that are public holidays where it stands, as far as they are known.

    On a holiday of which the schedule says nothing, hours that the weekday would have are unknown, and nothing is promised for
    them. A time that the clocks skip or show twice is taken as RFC 5545 (3.3.5) does: by the offset before the change, the first
    of the two. Raises ValueError for a ``now`` without an offset.
    """
    if now.utcoffset() is None:
        raise ValueError("now has no offset from UTC; pass datetime.now(UTC) or the like")
    if schedule is None:
        return Unknown()
    unsure = False
    for start, end, sure in _periods(schedule, now.astimezone(schedule.zone).date(), holidays):
        if start > now:
            if sure:
                return Unknown() if unsure else Opens(start.astimezone(schedule.zone))
        elif now < end:
            if sure:
                return Open()
            unsure = True
    return Unknown()


def open_by_the_clock(schedule: Hours, day: date, minute: int, holidays: Container[date] = NO_DAYS) -> bool | None:
    """Whether it is open at that minute of the day, None where nobody knows.

    It answers as ``state`` does, quicker, but for the one night of the year in which clocks are changed: enough to sort by.
    """
    unsure = False
    for begun, minutes in ((day, minute), (day - timedelta(1), minute + _DAY)):
        spans, sure = schedule.on(begun, begun in holidays)
        for start, end in spans:
            if start <= minutes < end:
                if sure:
                    return True
                unsure = True
    return None if unsure else False


def _periods(schedule: Hours, today: date, holidays: Container[date]) -> Iterator[tuple[datetime, datetime, bool]]:
    """Start, end and whether they are sure, in the order of their starts, from yesterday (whose night may last into today) on.

    In UTC, because Python compares two times of one zone by their clocks, which goes wrong in the hour that comes twice.
    """
    for day in (today + timedelta(days) for days in range(-1, _LOOK_AHEAD)):
        spans, sure = schedule.on(day, day in holidays)
        # Where the clocks skip an hour, what was written for it may come after what was written for the next one, or be nothing.
        moments = sorted((_moment(schedule.zone, day, start), _moment(schedule.zone, day, end)) for start, end in spans)
        yield from ((start, end, sure) for start, end in moments if start < end)


def _moment(zone: tzinfo, day: date, minutes: int) -> datetime:
    by_the_clock = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return by_the_clock.replace(tzinfo=zone).astimezone(UTC)


def parse_schedule(text: str, zone: str) -> Schedule | None:
    """The hours that a cell holds, with the IANA name of their zone; None for an empty cell. Raises ScheduleError."""
    text = text.strip()
    if text == "24/7":
        always = ((0, _DAY),)
        return Schedule((always,) * 7, parse_zone(zone) if zone else UTC, always)
    if not text:
        return None
    spans: dict[str, tuple[Span, ...]] = {}
    for rule in text.split(";"):
        days, hours = _rule(rule)
        for day in days:
            # OpenStreetMap lets a later rule replace an earlier one. Here only "off" may: it is the one that nobody writes by mistake.
            if hours and day in spans:
                raise ScheduleError(f"{day} stands twice.", "Put its times into one rule: Mo 09:00-12:00,14:00-17:00.")
            spans[day] = hours
    if not any(spans.get(day) for day in _DAYS):
        raise ScheduleError("It never opens.", "Leave the hours empty when they are not known.")
    return Schedule(tuple(spans.get(day, ()) for day in _DAYS), parse_zone(zone), spans.get(_HOLIDAYS))


def parse_zone(name: str) -> ZoneInfo:
    """The zone of that IANA name. Raises ScheduleError."""
    try:
        if _ZONE.fullmatch(name):
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        pass
    raise ScheduleError(
        f"{name!r} is not a time zone of this machine.",
        "Write the IANA name, such as America/Chicago (if it is one: install the system's tzdata).",
    )


def _rule(rule: str) -> tuple[list[str], tuple[Span, ...]]:
    """One rule as its days and spans; without days it is for the whole week."""
    words = re.sub(r"\s*,\s*", ",", rule).split()
    if not 1 <= len(words) <= 2:
        raise ScheduleError(f"{rule.strip()[:40]!r} cannot be read.", _EXAMPLE)
    days = _days(words[0]) if len(words) == 2 else list(_DAYS)
    return days, _spans(words[-1])


def _days(text: str) -> list[str]:
    days: list[str] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if part == _HOLIDAYS or (first in _DAYS and not dash):
            days.append(part)
        elif first in _DAYS and last in _DAYS:
            start = _DAYS.index(first)
            length = (_DAYS.index(last) - start) % 7 + 1
            days += [_DAYS[(start + step) % 7] for step in range(length)]
        else:
            raise ScheduleError(f"{part[:40]!r} is no day.", _EXAMPLE)
    return days


def _spans(text: str) -> tuple[Span, ...]:
    if text == "off":
        return ()
    spans = sorted(_span(part) for part in text.split(","))
    if any(following[0] < earlier[1] for earlier, following in zip(spans, spans[1:], strict=False)):
        raise ScheduleError(f"Times overlap in {text[:40]!r}.", "Write each stretch of the day once.")
    return tuple(spans)


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    hours = [int(part) for part in found.groups()] if found else []
    start, end = (hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]) if found else (0, 0)
    if start == end or end > _DAY:
        raise ScheduleError(f"{text[:40]!r} is no stretch of time.", "Write 09:00-17:00; a whole day is 00:00-24:00.")
    return start, end if end > start else end + _DAY
