"""What a ball promises: nothing in it is nearer or cheaper than it says. Without that the search would stop too early."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from math import dist, inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.directory.ball_tree import Ball, Point, ball_of, in_order, joined, straight_km
from bot.directory.distance import distance_km
from bot.directory.entry import ANY, Entry, Weeks, entry_of
from bot.directory.hsds.tables import SERVICES
from bot.directory.question import Question
from bot.language import Language
from tests.bench.generated import services
from tests.directory.made import NOW, TODAY, a_service, at, hours, phone

KINDS = (ANY, *SERVICES)
COUNTRIES = ("US", "MX", "GT", "HN")


def entries() -> list[Entry]:
    weeks: Weeks = {}
    return [entry for each in services(600) if (entry := entry_of(each, weeks))]


@cache
def of_country(country: str) -> Ball:
    """Services of one country, those of the US by several clocks."""
    ball = ball_of(in_order(entry for entry in entries() if entry.service.country == country))
    assert ball is not None
    return ball


@cache
def whole() -> Ball:
    """Services of all countries in one tree, as the states of one country are joined."""
    ball = joined(of_country(country) for country in COUNTRIES)
    assert ball is not None
    return ball


def balls(ball: Ball) -> Iterator[Ball]:
    yield ball
    for part in ball.parts:
        yield from balls(part)


def inside(ball: Ball) -> list[tuple[Point, Entry]]:
    own = [(point, entry) for point, entry in ball.spots]
    return own + [each for part in ball.parts for each in inside(part)]


def test_everything_with_a_point_is_in_it_once() -> None:
    assert sorted(entry.service.id for _, entry in inside(whole())) == sorted(each.service.id for each in entries())


@settings(max_examples=30, deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_nothing_is_nearer_than_its_ball(latitude: float, longitude: float) -> None:
    here = Point.at(latitude, longitude)
    for ball in balls(whole()):
        least = dist(ball.middle, here.vector) - ball.radius_km
        for point, entry in inside(ball):
            km = point.km(here)
            assert least <= km
            assert km == distance_km(latitude, longitude, entry.service.latitude or 0, entry.service.longitude or 0)


@settings(max_examples=30, deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-1, 20_000))
def test_what_is_farther_than_that_is_in_a_ball_that_reaches_farther(
    latitude: float, longitude: float, over: float
) -> None:
    here = Point.at(latitude, longitude)
    for ball in balls(whole()):
        if any(point.km(here) > over + 1e-3 for point, _ in inside(ball)):
            assert dist(ball.middle, here.vector) + ball.radius_km > straight_km(over)


@settings(max_examples=60, deadline=None)
@given(
    country=st.sampled_from(COUNTRIES),
    kind=st.sampled_from(KINDS),
    language=st.sampled_from(list(Language)),
    now=st.datetimes(datetime(2026, 11, 20), datetime(2026, 12, 26), timezones=st.just(UTC)),
    unconfirmed=st.booleans(),
)
def test_nothing_is_cheaper_than_its_ball(
    country: str, kind: str, language: Language, now: datetime, unconfirmed: bool
) -> None:
    question = Question(kind, country, now, language, True, unconfirmed, frozenset())
    for ball in balls(of_country(country)):
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
        question = Question("health", "US", moment, Language.ES, False, False, frozenset())
        assert question.cost(entry) == (0 if opened else 10) and question.least(ball) == question.cost(entry)


def test_a_ball_under_two_clocks_may_be_open_at_any_hour() -> None:
    doors = [
        entry_of(a_service(name, kinds=("health",), schedule=hours("Mo-Fr 09:00-10:00", zone)), {})
        for name, zone in (("a", "America/Chicago"), ("b", "America/Denver"))
    ]
    ball = ball_of([each for each in doors if each])
    assert ball is not None
    for zone in ("America/Chicago", "America/Denver"):
        question = Question("health", "US", at("2026-11-24 09:30", zone), Language.ES, False, False, frozenset())
        assert question.least(ball) == 0


# What a timetable says of holidays; the hour; what a ball of it costs at least on Thanksgiving, a Thursday, and a week before.
# Closed costs 10 and not known 5; a ball does not tell whose hours are not known that day from who is closed for it.
HOLIDAYS = [
    ("closed on holidays", "Mo-Fr 09:00-17:00; PH off", "11:00", 5, 0),
    ("closed at that hour of any day", "Mo-Fr 09:00-17:00; PH off", "21:00", 10, 10),
    ("nothing said of them", "Mo-Fr 09:00-17:00", "11:00", 5, 0),
    ("other hours on them, within", "Mo-Fr 09:00-12:00; PH 18:00-20:00", "19:00", 0, 0),
    ("other hours on them, outside", "Mo-Fr 09:00-12:00; PH 18:00-20:00", "11:00", 5, 0),
    ("open since the evening before", "We 20:00-02:30; PH off", "01:00", 0, 0),
    ("always open", "24/7", "11:00", 0, 0),
]


@pytest.mark.parametrize(
    ("text", "hour", "then", "before"), [row[1:] for row in HOLIDAYS], ids=[row[0] for row in HOLIDAYS]
)
def test_a_ball_tells_what_is_open_on_a_holiday(text: str, hour: str, then: int, before: int) -> None:
    entry = entry_of(a_service(kinds=("health",), schedule=hours(text)), {})
    assert entry is not None
    ball = ball_of([entry])
    assert ball is not None
    for day, cost in (("2026-11-26", then), ("2026-11-19", before)):
        question = Question("health", "US", at(f"{day} {hour}"), Language.ES, False, False, frozenset())
        assert question.least(ball) == cost


def test_a_ball_of_which_nobody_is_confirmed_holds_nobody_for_a_family() -> None:
    old = entry_of(a_service(phones=(phone(verified_on=TODAY - timedelta(366)),)), {})
    assert old is not None
    ball = ball_of([old])
    assert ball is not None
    least = [
        Question("legal", "US", NOW, Language.ES, False, unconfirmed, frozenset()).least(ball)
        for unconfirmed in (False, True)
    ]
    # In development what nobody ever confirmed is offered, and a ball does not tell it from what is too old.
    assert least == [inf, 4]


def test_balls_of_one_city_mostly_hold_one_language_each() -> None:
    tongues = (("es",), ("en",), ("quc", "es"))
    some = [
        entry_of(a_service(str(number), languages=tongues[number % 3], latitude=41.85 + number / 1e4), {})
        for number in range(96)
    ]
    ball = ball_of(in_order(each for each in some if each))
    assert ball is not None
    everywhere = list(balls(ball))
    mixed = [each for each in everywhere if len({entry.language_km for _, entry in inside(each)}) > 1]
    # Side by side there are all three: every ball of mere neighbours would be mixed.
    assert len(everywhere) > 30 and len(mixed) * 5 < len(everywhere)
