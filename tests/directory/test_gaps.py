"""What was asked for where nothing was near: sums, the nearest that is known, and what small counts cannot say."""

from __future__ import annotations

import pytest

from bot.directory.gaps import Gap, gaps, nearest, told
from bot.directory.gazetteer import read_gazetteer
from bot.directory.listed import listed
from bot.directory.state_points import state_points
from tests.directory.seeded import FOLDER, TODAY, read_seed

SEED, _ = read_seed()
ROWS = listed(SEED, {})
STATES = state_points(read_gazetteer(FOLDER / "places.tsv.gz"))


def test_weeks_are_summed_and_what_is_not_named_comes_last() -> None:
    found = gaps([("US-TX", "legal", 6), ("other", "other", 99), ("US-TX", "legal", 5), ("GT-Quiché", "health", 20)])
    assert found == [Gap("GT-Quiché", "health", 20), Gap("US-TX", "legal", 11), Gap("other", "other", 99)]


NEAREST = [
    # Held back for want of a number or address: nobody in Houston, so the next state that has somebody.
    ("US-TX", "legal", "paso"),
    ("US-IL", "legal", "paso"),
    ("US-WA", "after_school", "mano_a_mano"),
    ("GT-Quetzaltenango", "community", "entremundos"),
    ("US-NV", "interpreters", "cielo"),
]


@pytest.mark.parametrize(("state", "kind", "code"), NEAREST, ids=[f"{kind} in {state}" for state, kind, _ in NEAREST])
def test_the_nearest_that_helps_with_it_in_that_country(state: str, kind: str, code: str) -> None:
    near = nearest(Gap(state, kind, 5), ROWS, STATES)
    assert near is not None and near.listed.code == code


@pytest.mark.parametrize("gap", [Gap("other", "legal", 9), Gap("HN-Yoro", "legal", 9), Gap("US-XX", "legal", 9)])
def test_nobody_is_made_up(gap: Gap) -> None:
    assert nearest(gap, ROWS, STATES) is None


def test_it_is_told_with_how_far_and_how_sure() -> None:
    text = told(gaps([("US-IL", "legal", 12), ("HN-Yoro", "legal", 7), ("other", "legal", 5)]), ROWS, STATES, TODAY)
    first, second, third, *_ = text.split("\n")
    assert "12  US-IL: legal" in first and "about 34 miles, never confirmed" in first
    assert "we know of nobody" in second
    assert "states not named: legal" in third and "which, is not kept" in third
    assert "fewer than five families" in text
