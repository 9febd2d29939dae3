"""Points on the globe in ever smaller balls, so that the nearest are found without looking at all of them. Pure.

A ball has a middle and a radius; nothing in it is nearer than its middle less its radius, wherever on the globe that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache
from itertools import groupby
from math import acos, asin, cos, radians, sin, sqrt

from bot.directory.distance import EARTH_RADIUS_KM
from bot.directory.entry import ANY_HOUR, Entry

_LEAF = 8
# What rounding can make of a distance. Without it a ball could seem a hair farther away than what is in it.
_SLACK_KM = 1e-3

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Point:
    """A point as its distance from another is worked out: angles as distance_km needs them, and as a direction from the earth's middle."""

    north: float
    cos_north: float
    longitude: float
    vector: Vector

    @classmethod
    def at(cls, latitude: float, longitude: float) -> Point:
        """The point, in degrees."""
        north, east = radians(latitude), radians(longitude)
        return cls(north, cos(north), longitude, (cos(north) * cos(east), cos(north) * sin(east), sin(north)))

    def km(self, other: Point) -> float:
        """How far it is from another point: distance_km, with what never changes worked out before."""
        half_up = sin((self.north - other.north) / 2)
        half_across = sin(radians(self.longitude - other.longitude) / 2)
        chord = half_up * half_up + other.cos_north * self.cos_north * half_across * half_across
        return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))


@dataclass(frozen=True, slots=True)
class Spot:
    """A point with some of what is there: in a city of which only the middle is known it is hundreds."""

    point: Point
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Ball:
    """No entry in it costs less than ``language_km`` for her language, none was confirmed after ``confirmed`` or ranks before ``rank``.

    ``week``: the hours in which one of them may be open, by the clocks of ``zone``; ``unsure``: of some nobody knows.
    """

    middle: Vector
    radius_km: float
    rank: int
    language_km: tuple[int, ...]
    confirmed: int
    week: int
    zone: tzinfo | None
    unsure: bool
    spots: tuple[Spot, ...]
    parts: tuple[Ball, ...] = ()


def km_apart(one: Vector, other: Vector) -> float:
    """How far two points are apart, given as directions; less exact than ``Point.km`` where they are near, by a metre."""
    along = one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
    return EARTH_RADIUS_KM * acos(min(1.0, max(-1.0, along)))


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Those that have a point, so that neighbours on the globe are mostly neighbours in the list; same points side by side.

    At one point who speaks the same languages stands together, the latest confirmed first, then by name: a crowd falls into parts, of
    which most need not be looked at.
    """
    return sorted((entry for entry in entries if entry.point), key=place_in_order)


def place_in_order(entry: Entry) -> tuple[int, tuple[float, float], tuple[int, ...], int, str, str]:
    """By what in_order sorts. No two services have the same."""
    point = entry.point or (0.0, 0.0)
    return _along_the_curve(*point), point, entry.language_km, -entry.confirmed, entry.service.name, entry.service.id


def _along_the_curve(latitude: float, longitude: float) -> int:
    """Where the point lies on Morton's curve: the bits of latitude and longitude in turn."""
    return _spread(int((latitude + 90) / 180 * 0xFFFFF)) << 1 | _spread(int((longitude + 180) / 360 * 0xFFFFF))


def _spread(number: int) -> int:
    """Twenty bits with a gap behind each."""
    number = (number | number << 16) & 0x0000FFFF0000FFFF
    number = (number | number << 8) & 0x00FF00FF00FF00FF
    number = (number | number << 4) & 0x0F0F0F0F0F0F0F0F
    number = (number | number << 2) & 0x3333333333333333
    return (number | number << 1) & 0x5555555555555555


_point_at = lru_cache(maxsize=100_000)(Point.at)


def ball_of(ordered: Sequence[Entry]) -> Ball | None:
    """A ball of these, which are in_order; None for none."""
    spots = [
        Spot(_point_at(*point), part)
        for point, here in groupby(ordered, lambda each: each.point)
        if point
        for part in _parts(tuple(here))
    ]
    return _ball(spots) if spots else None


def joined(balls: Iterable[Ball]) -> Ball | None:
    """One ball of some, neighbours side by side; None for none."""
    ordered = sorted(balls, key=lambda ball: ball.rank)
    if len(ordered) < 2:
        return ordered[0] if ordered else None
    half = len(ordered) // 2
    one, other = joined(ordered[:half]), joined(ordered[half:])
    return _joined(one, other) if one and other else one or other


def _parts(entries: tuple[Entry, ...]) -> Iterable[tuple[Entry, ...]]:
    return (entries[start : start + _LEAF] for start in range(0, len(entries), _LEAF))


def _ball(spots: Sequence[Spot]) -> Ball:
    if len(spots) == 1 or sum(len(spot.entries) for spot in spots) <= _LEAF:
        return _leaf(spots)
    half = len(spots) // 2
    return _joined(_ball(spots[:half]), _ball(spots[half:]))


def _joined(one: Ball, other: Ball) -> Ball:
    middle = _middle([one.middle, other.middle])
    week, zone = _both_weeks(one.week, one.zone, other.week, other.zone)
    return Ball(
        middle,
        max(km_apart(middle, each.middle) + each.radius_km for each in (one, other)) + _SLACK_KM,
        min(one.rank, other.rank),
        tuple(map(min, one.language_km, other.language_km)),
        max(one.confirmed, other.confirmed),
        week,
        zone,
        one.unsure or other.unsure,
        (),
        (one, other),
    )


def _leaf(spots: Sequence[Spot]) -> Ball:
    middle = _middle([spot.point.vector for spot in spots])
    entries = [entry for spot in spots for entry in spot.entries]
    week, zone = 0, None
    for entry in entries:
        week, zone = _both_weeks(week, zone, entry.week, entry.zone)
    return Ball(
        middle,
        max(km_apart(middle, spot.point.vector) for spot in spots) + _SLACK_KM,
        min(entry.rank for entry in entries),
        tuple(map(min, zip(*(entry.language_km for entry in entries), strict=True))),
        max(entry.confirmed for entry in entries),
        week,
        zone,
        any(entry.zone is None for entry in entries),
        tuple(spots),
    )


def _middle(vectors: Sequence[Vector]) -> Vector:
    x, y, z = (sum(each) for each in zip(*vectors, strict=True))
    length = sqrt(x * x + y * y + z * z)
    # Two ends of the earth have no middle; any point will do, with a radius that reaches both.
    return (x / length, y / length, z / length) if length > 1e-9 else vectors[0]


def _both_weeks(week: int, zone: tzinfo | None, other: int, other_zone: tzinfo | None) -> tuple[int, tzinfo | None]:
    """The hours of both; by two kinds of clocks it may be any hour."""
    if zone is None or other_zone is None or zone is other_zone:
        return week | other, zone or other_zone
    return ANY_HOUR, zone
