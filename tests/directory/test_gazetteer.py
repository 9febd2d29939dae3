"""Which places lie around a point."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.directory.distance import KM_PER_DEGREE_OF_LATITUDE, distance_km
from bot.directory.gazetteer import COLUMNS, Gazetteer
from bot.directory.place import Level
from tests.fuzz.talk import release

KNOWN = release().places._gazetteer


def one_by_one(known: Gazetteer, latitude: float, longitude: float, km: float) -> Iterator[tuple[float, int]]:
    """The same, every place as far north measured."""
    reach = km / KM_PER_DEGREE_OF_LATITUDE
    rows = range(bisect_left(known.latitude, latitude - reach), bisect_right(known.latitude, latitude + reach))
    for row in rows:
        away = distance_km(latitude, longitude, known.latitude[row], known.longitude[row])
        if away <= km and known.level[row] in (Level.ZIP, Level.TOWN):
            yield away, row


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 400))
@example(41.8, -87.7, 80.0)
@example(14.83, -91.52, 80.0)
@example(61.2, -149.9, 80.0)
@example(51.9, 179.9, 400.0)
@example(51.9, -179.9, 400.0)
@example(90.0, 0.0, 80.0)
@example(-89.9, 12.0, 400.0)
def test_what_lies_around_a_point_is_what_is_near_when_everything_is_measured(
    latitude: float, longitude: float, km: float
) -> None:
    assert list(KNOWN.within(latitude, longitude, km)) == list(one_by_one(KNOWN, latitude, longitude, km))


@given(st.integers(0, len(KNOWN) - 1), st.sampled_from([0.0, 0.5, 30.0, 80.0]))
def test_around_a_place(row: int, km: float) -> None:
    point = KNOWN.latitude[row], KNOWN.longitude[row]
    assert list(KNOWN.within(*point, km)) == list(one_by_one(KNOWN, *point, km))


def towns(*places: tuple[str, float, float]) -> Gazetteer:
    """Towns of Alaska: name, latitude, longitude."""
    names, latitudes, longitudes = zip(*places, strict=True)
    of_each = ("town", "US", "AK", names, latitudes, longitudes, "10", "")
    cells = [each if isinstance(each, tuple) else (each,) * len(places) for each in of_each]
    cells += [names, range(len(names)), (), ()]
    return Gazetteer("".join("\t".join(map(str, (name, *each))) + "\n" for name, each in zip(COLUMNS, cells, strict=True)))


@pytest.mark.parametrize("longitude", [179.9, -179.9, 180.0, -180.0])
def test_across_the_line_where_the_day_changes(longitude: float) -> None:
    known = towns(("west", 52.0, 179.9), ("far", 52.0, -120.0), ("east", 52.0, -179.9))
    assert {known.name[row] for _, row in known.within(52.0, longitude, 80.0)} == {"west", "east"}


@pytest.mark.parametrize("edge", [-1e-3, 1e-3])
def test_at_the_edge_of_the_circle(edge: float) -> None:
    away = distance_km(60.0, 10.0, 60.0, 11.0)
    known = towns(("there", 60.0, 11.0))
    assert len(list(known.within(60.0, 10.0, away + edge))) == (edge > 0)
