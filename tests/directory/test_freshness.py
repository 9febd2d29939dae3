"""What the age of a confirmation lets us say, at both sides of each edge."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.freshness import FRESH_DAYS, STALE_DAYS, Freshness, freshness

TODAY = date(2026, 11, 26)
AGES = [
    (0, Freshness.FRESH),
    (1, Freshness.FRESH),
    (90, Freshness.FRESH),
    (91, Freshness.CALL_FIRST),
    (365, Freshness.CALL_FIRST),
    (366, Freshness.TOO_OLD),
    (4000, Freshness.TOO_OLD),
    (-1, Freshness.FRESH),
    (-2, Freshness.NEVER_CONFIRMED),
]


@pytest.mark.parametrize(("days", "said"), AGES, ids=[f"{days} days ago" for days, _ in AGES])
def test_each_edge(days: int, said: Freshness) -> None:
    assert freshness(TODAY - timedelta(days=days), TODAY) is said


def test_what_nobody_confirmed_is_not_old_but_never_confirmed() -> None:
    assert freshness(None, TODAY) is Freshness.NEVER_CONFIRMED


def test_the_days_are_those_that_the_network_agreed_on() -> None:
    assert (FRESH_DAYS, STALE_DAYS) == (90, 365)


ORDER = [Freshness.FRESH, Freshness.CALL_FIRST, Freshness.TOO_OLD]


@given(st.dates(max_value=date(2100, 1, 1)), st.integers(0, 800), st.integers(0, 800))
def test_time_never_makes_a_confirmation_fresher(confirmed_on: date, sooner: int, later: int) -> None:
    first, second = sorted((sooner, later))
    before = freshness(confirmed_on, confirmed_on + timedelta(days=first))
    after = freshness(confirmed_on, confirmed_on + timedelta(days=second))
    assert ORDER.index(before) <= ORDER.index(after)
