"""The simulated flood, small: that families are answered and the money lasts, and that the figures can say no."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.flood.people import PUMPING
from tests.flood.simulate import Tally, simulate, told


@pytest.mark.slow
def test_families_are_answered_and_the_money_lasts(tmp_path: Path) -> None:
    tally = simulate(messages=2_000, numbers=20, cap=7, seed=1, folder=tmp_path)
    assert tally.missed() == [], told(tally, 0.0083)
    assert tally.share("abroad") == 0 and tally.came["abroad"] > 300
    assert all(tally.share(kind) < 0.5 for kind in PUMPING)
    assert tally.came["danger"] > 0


MISSED = {
    "a family in a hundred without an answer": ({"family": 98}, 1, "families answered"),
    "danger without an answer": ({"danger": 9}, 1, "danger answered"),
    "more money than there is": ({}, 30, "the cap is 100"),
}


@pytest.mark.parametrize("name", MISSED)
def test_a_goal_that_is_missed_is_told(name: str) -> None:
    answered, cost, expected = MISSED[name]
    came = Counter({"family": 100, "danger": 10, "menus": 10})
    tally = Tally(100, came, came | Counter(), Counter({kind: cost for kind in ("family", *PUMPING)}))
    tally.answered.update({kind: 0 for kind in answered})
    for kind, count in answered.items():
        tally.answered[kind] = count
    assert [goal for goal in tally.missed() if expected in goal] == tally.missed() != []
