"""A service as the search reads it: what never changes worked out once. Pure."""

from __future__ import annotations

from datetime import date, tzinfo

from msgspec import Struct

from bot.directory.hours import Hours, Schedule
from bot.directory.hsds.tables import SERVICES
from bot.directory.ranking import NEVER, NOTED, OFFICES, language_km
from bot.directory.service_at_location import ServiceAtLocation
from bot.language import Language

ANY = "any"
KINDS = {kind: 1 << number for number, kind in enumerate(SERVICES)} | {ANY: (1 << len(SERVICES)) - 1}
"""Each kind of help as a bit."""
LANGUAGES = tuple(Language)
_DAY, _WEEK = 24, 7 * 24
_MIDNIGHT = 24 * 60
ANY_HOUR = (1 << _WEEK) - 1

Weeks = dict[Hours, tuple[int, int]]
"""Timetables that were read before, with ``week`` and ``festive`` of Entry."""


class Entry(Struct, frozen=True):
    """``kinds`` is a bit for each kind of help. Days are ordinals; ``confirmed`` is 0 for never, ``verified`` those of its phones.

    ``week`` is a bit for each hour of the week, from Monday 0:00 on by the clocks of ``zone``, in which it may be open on any day,
    a holiday or not; ``festive`` those of them in which it may surely be open if that day is one: on a holiday of which its timetable
    says nothing nobody knows. ``zone`` is None where its hours are not known. ``rank``: its number in ball_tree.in_order of the country,
    by which those of the same cost stand.
    """

    service: ServiceAtLocation
    kinds: int
    office: bool
    noted: bool
    confirmed: int
    verified: tuple[int, ...]
    language_km: tuple[int, ...]
    week: int
    festive: int
    zone: tzinfo | None
    rank: int = -1

    @property
    def point(self) -> tuple[float, float] | None:
        """Degrees, where a point is known."""
        latitude, longitude = self.service.latitude, self.service.longitude
        return None if latitude is None or longitude is None else (latitude, longitude)

    @property
    def unsure(self) -> bool:
        """Whether its hours are not known."""
        return self.zone is None


def entry_of(service: ServiceAtLocation, weeks: Weeks) -> Entry | None:
    """None for what no family is ever sent to: not active, not to be routed to, or of no known help."""
    kinds = _bits_of(service.kinds)
    if service.status != "active" or NEVER in service.exclusions or not kinds:
        return None
    return Entry(
        service,
        kinds,
        not OFFICES.isdisjoint(service.exclusions),
        not NOTED.isdisjoint(service.exclusions),
        _ordinal(service.confirmed_on),
        tuple(_ordinal(phone.verified_on) for phone in service.phones),
        _LANGUAGE_KM.setdefault(costs := tuple(language_km(service, each) for each in LANGUAGES), costs),
        *_week(service.schedule, weeks),
        service.schedule.zone if service.schedule else None,
    )


def _week(hours: Hours | None, weeks: Weeks) -> tuple[int, int]:
    if hours is None:
        return 0, 0
    if hours not in weeks:
        # A season may open whenever it likes.
        weeks[hours] = _hours_of(hours) if isinstance(hours, Schedule) else (ANY_HOUR, ANY_HOUR)
    return weeks[hours]


def _hours_of(schedule: Schedule) -> tuple[int, int]:
    usual, festive = 0, 0
    for weekday, spans in enumerate(schedule.week):
        for start, end in spans:
            usual |= _hours_in(weekday, start, end)
            # What began in the evening before a holiday lasts into it.
            festive |= _hours_in(weekday, max(start, _MIDNIGHT), end)
        for start, end in schedule.holidays or ():
            festive |= _hours_in(weekday, start, end)
    return usual | festive, festive


def _hours_in(weekday: int, start: int, end: int) -> int:
    """The hours of a span, in minutes since the midnight of that weekday, as bits of the week."""
    bits = 0
    for hour in range(start // 60, (end + 59) // 60):
        bits |= 1 << (weekday * _DAY + hour) % _WEEK
    return bits


# There are a few dozen of them among any number of services.
_LANGUAGE_KM: dict[tuple[int, ...], tuple[int, ...]] = {}


def _bits_of(kinds: tuple[str, ...]) -> int:
    """The kinds of help as bits; those that nobody knows are none."""
    bits = 0
    for kind in kinds:
        bits |= KINDS.get(kind, 0)
    return bits


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0
