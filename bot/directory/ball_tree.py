"""Points on the globe in ever smaller balls, so that the nearest are found without looking at all of them. Pure.

A ball has a middle and a radius; nothing in it is nearer than its middle less its radius, wherever on the globe that is. It is halved
where what is in it differs most, be that the place, a language or the age of a confirmation: ranking.py weighs all of them in kilometres.
Where thousands stand in one city, balls of mere neighbours would each hold somebody who speaks her language, and all be opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from functools import lru_cache, reduce
from math import asin, cos, dist, radians, sin, sqrt
from operator import or_
from typing import NamedTuple

from msgspec import Struct

from bot.directory.distance import EARTH_RADIUS_KM
from bot.directory.entry import ANY_HOUR, Entry
from bot.directory.freshness import FRESH_DAYS, STALE_DAYS
from bot.directory.ranking import CALL_FIRST_KM

# Fewer cost memory, more cost time: what a smallest ball holds has to be looked at one by one.
_LEAF = 4
# What rounding can make of a distance. Without it a ball could seem a hair farther away than what is in it.
_SLACK_KM = 1e-6
# So many days of age weigh as much as a kilometre: FRESH_DAYS of them cost CALL_FIRST_KM.
_DAYS_OF_A_KM = FRESH_DAYS / CALL_FIRST_KM

Vector = tuple[float, float, float]


class Point(Struct, frozen=True):
    """A point as its distance from another is worked out: angles as distance_km needs them, and kilometres from the earth's middle."""

    north: float
    cos_north: float
    longitude: float
    vector: Vector

    @classmethod
    def at(cls, latitude: float, longitude: float) -> Point:
        """The point, in degrees."""
        north, east = radians(latitude), radians(longitude)
        outward = EARTH_RADIUS_KM * cos(north)
        vector = outward * cos(east), outward * sin(east), EARTH_RADIUS_KM * sin(north)
        return cls(north, cos(north), longitude, vector)

    def km(self, other: Point) -> float:
        """How far it is from another point: distance_km, with what never changes worked out before."""
        half_up = sin((self.north - other.north) / 2)
        half_across = sin(radians(self.longitude - other.longitude) / 2)
        chord = half_up * half_up + other.cos_north * self.cos_north * half_across * half_across
        return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))


class Spot(NamedTuple):
    """A service where it stands."""

    point: Point
    entry: Entry


class Ball(Struct, frozen=True):
    """No entry in it costs less than ``language_km`` for her language, none was confirmed after ``confirmed`` or ranks before ``rank``.

    ``week`` and ``festive``: the hours in which one of them may be open, as Entry has them, by the clocks of ``zone``; ``unsure``: of
    some nobody knows. ``middle`` and ``radius_km`` are measured through the earth, which is never longer than over the ground.
    """

    middle: Vector
    radius_km: float
    rank: int
    language_km: tuple[int, ...]
    confirmed: int
    week: int
    festive: int
    zone: tzinfo | None
    unsure: bool
    spots: tuple[Spot, ...] = ()
    parts: tuple[Ball, ...] = ()


def straight_km(km: float) -> float:
    """How far two points are apart through the earth that are so far apart over the ground."""
    return 2 * EARTH_RADIUS_KM * sin(km / (2 * EARTH_RADIUS_KM))


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Those that have a point, so that neighbours on the globe are mostly neighbours in the list; same points side by side.

    At one point who speaks the same languages stands together, the latest confirmed first, then by name. Balls are halved in this
    order where nothing else tells their halves apart, so that of a crowd of one cost only the first have to be looked at.
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


class _Weighed(NamedTuple):
    """``km``: where it stands, its languages and its confirmation, in kilometres."""

    km: tuple[float, ...]
    spot: Spot


def ball_of(ordered: Sequence[Entry]) -> Ball | None:
    """A ball of these, which are in_order; None for none."""
    newest = max((entry.confirmed for entry in ordered), default=0)
    weighed = [_weighed(entry, entry.point, newest) for entry in ordered if entry.point]
    return _ball(weighed) if weighed else None


def joined(balls: Iterable[Ball]) -> Ball | None:
    """One ball of some, neighbours side by side; None for none."""
    left = sorted(balls, key=lambda ball: ball.rank)
    while len(left) > 1:
        left = [_joined(left[start : start + 4]) for start in range(0, len(left), 4)]
    return left[0] if left else None


def _weighed(entry: Entry, point: tuple[float, float], newest: int) -> _Weighed:
    spot = Spot(_point_at(*point), entry)
    age = min(newest - entry.confirmed, STALE_DAYS) / _DAYS_OF_A_KM
    return _Weighed((*spot.point.vector, *entry.language_km, age), spot)


def _ball(weighed: Sequence[_Weighed]) -> Ball:
    vectors = [spot.point.vector for _, spot in weighed]
    middle = _middle(vectors)
    radius_km = max(dist(middle, each) for each in vectors) + _SLACK_KM
    if len(weighed) <= _LEAF:
        spots = tuple(spot for _, spot in weighed)
        return _around(middle, radius_km, [spot.entry for spot in spots], spots=spots)
    # Four at once: every second size of balls would be opened only to find the next.
    parts = tuple(_ball(quarter) for half in _halves(weighed) for quarter in _halves(half))
    return _around(middle, radius_km, parts, parts=parts)


def _halves(weighed: Sequence[_Weighed]) -> Sequence[Sequence[_Weighed]]:
    """Two, in what they differ most; what is small enough stays whole."""
    if len(weighed) <= _LEAF:
        return (weighed,)
    spreads = [max(each) - min(each) for each in zip(*(km for km, _ in weighed), strict=True)]
    widest = spreads.index(max(spreads))
    ordered = sorted(weighed, key=lambda each: each.km[widest])
    half = len(ordered) // 2
    return ordered[:half], ordered[half:]


def _joined(balls: Sequence[Ball]) -> Ball:
    middle = _middle([ball.middle for ball in balls])
    radius_km = max(dist(middle, ball.middle) + ball.radius_km for ball in balls) + _SLACK_KM
    return _around(middle, radius_km, balls, parts=tuple(balls))


def _around(
    middle: Vector,
    radius_km: float,
    held: Sequence[Ball] | Sequence[Entry],
    *,
    spots: tuple[Spot, ...] = (),
    parts: tuple[Ball, ...] = (),
) -> Ball:
    """A ball that tells of what it holds."""
    zones = {each.zone for each in held if each.zone is not None}
    # By two kinds of clocks it may be any hour, whichever of them is asked.
    several = ANY_HOUR if len(zones) > 1 else 0
    return Ball(
        middle,
        radius_km,
        min(each.rank for each in held),
        tuple(map(min, zip(*(each.language_km for each in held), strict=True))),
        max(each.confirmed for each in held),
        reduce(or_, (each.week for each in held), several),
        reduce(or_, (each.festive for each in held), several),
        next(iter(zones), None),
        any(each.unsure for each in held),
        spots,
        parts,
    )


def _middle(vectors: Sequence[Vector]) -> Vector:
    """The middle of the box that holds them."""
    x, y, z = ((min(each) + max(each)) / 2 for each in zip(*vectors, strict=True))
    return x, y, z
