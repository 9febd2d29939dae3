"""Dated truth: which facts run out, what guards against a wrong clock, and what is no fact."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.scripts.errors import FactError
from bot.scripts.fact import Fact, expired, read_facts

TODAY = date(2026, 11, 24)


def facts(*days: int) -> dict[str, Fact]:
    return {
        f"f{number}": Fact(f"f{number}", "x", "s", "recalled", None, TODAY + timedelta(days=day), "", False)
        for number, day in enumerate(days)
    }


EXPIRY = {
    "one of many runs out": (facts(-1, 9, 9, 9, 9), TODAY, {"f0"}),
    "the last day still holds": (facts(0, 9, 9, 9, 9), TODAY, set()),
    "a third in one day is no accident": (facts(-1, -1, 9, 9), TODAY, set()),
    "a third over weeks is": (facts(-20, -10, 9, 9), TODAY, {"f0", "f1"}),
    "a clock before the release": (facts(-1, 9, 9, 9, 9), TODAY - timedelta(days=1), set()),
    "a clock far after it": (facts(-1, 9, 9, 9, 9), TODAY + timedelta(days=401), set()),
}


@pytest.mark.parametrize("name", EXPIRY)
def test_expiry(name: str) -> None:
    known, today, gone = EXPIRY[name]
    assert expired(known, today, TODAY) == gone


WRONG_FACTS = {
    "no source": {"says": "x", "evidence": "seen", "valid_until": TODAY},
    "seen without the day": {"says": "x", "source": "s", "evidence": "seen", "valid_until": TODAY},
    "recalled with a day": {"says": "x", "source": "s", "evidence": "recalled", "checked": TODAY, "valid_until": TODAY},
    "no end": {"says": "x", "source": "s", "evidence": "recalled"},
    "an end that is none": {"says": "x", "source": "s", "evidence": "recalled", "valid_until": "soon"},
}


@pytest.mark.parametrize("name", WRONG_FACTS)
def test_a_fact_that_is_none(name: str) -> None:
    with pytest.raises(FactError, match="gravity"):
        read_facts({"gravity": WRONG_FACTS[name]}, "flows/facts.yml")
