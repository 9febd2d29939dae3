"""What a ball promises: nothing in it is nearer or cheaper than it says. Without that the search would stop too early."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.directory.ball_tree import Ball, Point, ball_of, in_order, km_apart
from bot.directory.distance import distance_km
from bot.directory.entry import ANY, Entry, Weeks, entry_of
from bot.directory.hsds.tables import SERVICES
from bot.directory.question import Question
from bot.language import Language
from tests.bench.generated import services
from tests.directory.made import a_service, at, hours

KINDS = (ANY, *SERVICES)


def entries() -> list[Entry]:
    weeks: Weeks = {}
    return [entry for each in services(600) if (entry := entry_of(each, weeks))]


@cache
def whole() -> Ball:
    """Services of all countries, and so of all clocks, in one tree."""
    ball = ball_of(in_order(entries()))
    assert ball is not None
    return ball


def balls(ball: Ball) -> Iterator[Ball]:
    yield ball
    for part in ball.parts:
        yield from balls(part)


def inside(ball: Ball) -> list[tuple[Point, Entry]]:
    own = [(spot.point, entry) for spot in ball.spots for entry in spot.entries]
    return own + [each for part in ball.parts for each in inside(part)]


def test_everything_with_a_point_is_in_it_once() -> None:
    assert sorted(entry.service.id for _, entry in inside(whole())) == sorted(each.service.id for each in entries())


@settings(max_examples=30, deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_nothing_is_nearer_than_its_ball(latitude: float, longitude: float) -> None:
    here = Point.at(latitude, longitude)
    for ball in balls(whole()):
        least = km_apart(ball.middle, here.vector) - ball.radius_km
        for point, entry in inside(ball):
            km = point.km(here)
            assert least <= km
            assert km == distance_km(latitude, longitude, entry.service.latitude or 0, entry.service.longitude or 0)


@settings(max_examples=40, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    language=st.sampled_from(list(Language)),
    now=st.datetimes(datetime(2026, 11, 20), datetime(2026, 12, 26), timezones=st.just(UTC)),
)
def test_nothing_is_cheaper_than_its_ball(kind: str, language: Language, now: datetime) -> None:
    question = Question(kind, now, language, True, True, frozenset())
    for ball in balls(whole()):
        costs = [cost for _, entry in inside(ball) if (cost := question.cost(entry)) is not None]
        assert not costs or question.least(ball) <= min(costs)


WEEKS = [
    ("in the hour in which it closes", "Mo-Fr 09:30-17:20", "2026-11-24 17:10"),
    ("in the hour in which it opens", "Mo-Fr 09:30-17:20", "2026-11-24 09:40"),
    ("in the night after", "Fr 20:00-02:30", "2026-11-28 02:20"),
    ("in the night from Sunday to Monday", "Su 20:00-02:30", "2026-11-30 01:00"),
    ("on a holiday, by the hours of holidays", "Mo-Fr 09:00-12:00; PH 18:00-20:00", "2026-11-26 19:00"),
]


@pytest.mark.parametrize(("text", "local"), [row[1:] for row in WEEKS], ids=[row[0] for row in WEEKS])
def test_a_ball_with_an_open_door_says_so(text: str, local: str) -> None:
    entry = entry_of(a_service(kinds=("health",), schedule=hours(text), latitude=41.85, longitude=-87.65), {})
    assert entry is not None
    ball = ball_of([entry])
    assert ball is not None
    for moment, opened in ((at(local), True), (at(local) + timedelta(hours=9), False)):
        question = Question("health", moment, Language.ES, False, False, frozenset())
        assert question.cost(entry) == (0 if opened else 10) and question.least(ball) == question.cost(entry)


def test_a_ball_under_two_clocks_may_be_open_at_any_hour() -> None:
    doors = [
        entry_of(a_service(name, kinds=("health",), schedule=hours("Mo-Fr 09:00-10:00", zone)), {})
        for name, zone in (("a", "America/Chicago"), ("b", "America/Denver"))
    ]
    ball = ball_of([each for each in doors if each])
    assert ball is not None
    for zone in ("America/Chicago", "America/Denver"):
        question = Question("health", at("2026-11-24 09:30", zone), Language.ES, False, False, frozenset())
        assert question.least(ball) == 0
