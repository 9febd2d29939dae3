"""Findings that stay with a reason: what accepted.yml may take away, and what it may not."""

from __future__ import annotations

from typing import Any

import pytest

from bot.scripts.accepted import AcceptedError, judged, read_accepted
from tests.scripts.small import Small


def small(**words: str) -> Small:
    """With a misread accent (a warning), a promise (an error) and a volatile fact in danger (left to judgement)."""
    made = Small()
    made.es["home.first.say"] = "Llame a los papás. Está a salvo."
    made.es["home.inner.say"] = "Llame a los papás."
    made.flow("danger").update(facts=["new_rule"])
    return made


def line(**value: Any) -> dict[str, Any]:
    return {"rule": "accent that changes the meaning", "reason": "Nobody reads potatoes there.", **value}


# The lines of the file; the rules and places that are left.
CASES: dict[str, tuple[list[dict[str, Any]], set[tuple[str, str]]]] = {
    "nothing is accepted": (
        [],
        {
            ("accent that changes the meaning", "home.first.say"),
            ("accent that changes the meaning", "home.inner.say"),
            ("promise we cannot keep", "home.first.say"),
            ("volatile fact in a first answer", "danger"),
        },
    ),
    "a warning at one place": (
        [line(where=["home.first.say"])],
        {
            ("accent that changes the meaning", "home.inner.say"),
            ("promise we cannot keep", "home.first.say"),
            ("volatile fact in a first answer", "danger"),
        },
    ),
    "a warning about these words, wherever they stand": (
        [line(said=["papás"])],
        {("promise we cannot keep", "home.first.say"), ("volatile fact in a first answer", "danger")},
    ),
    "an error stays an error": (
        [line(said=["papás"]), line(rule="promise we cannot keep", where=["home.first.say"])],
        {
            ("promise we cannot keep", "home.first.say"),
            ("volatile fact in a first answer", "danger"),
            ("accepted for nothing", "promise we cannot keep"),
        },
    ),
    "an error that is left to judgement, of that flow and that fact": (
        [line(said=["papás"]), line(rule="volatile fact in a first answer", where=["danger"], said=["new_rule"])],
        {("promise we cannot keep", "home.first.say")},
    ),
    "another fact of that flow": (
        [line(said=["papás"]), line(rule="volatile fact in a first answer", where=["danger"], said=["calm"])],
        {
            ("promise we cannot keep", "home.first.say"),
            ("volatile fact in a first answer", "danger"),
            ("accepted for nothing", "volatile fact in a first answer"),
        },
    ),
    "a place where nothing is wrong any more": (
        [line(where=["home.first.say", "home.inner.say", "greet.first.say"])],
        {
            ("promise we cannot keep", "home.first.say"),
            ("volatile fact in a first answer", "danger"),
            ("accepted for nothing", "accent that changes the meaning"),
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_accepted_and_what_is_left(name: str) -> None:
    lines, left = CASES[name]
    result = judged(small().found(), read_accepted(lines))
    assert {(finding.rule.name, finding.where) for finding in result.open} == left
    assert {finding for finding, _ in result.accepted}.isdisjoint(result.open)
    assert {finding.rule.severity for finding in result.errors} <= {"error"}


WRONG = {
    "not a list": ({"rule": "x"}, "not a list"),
    "a word of its own": ([line(where=["x"], kind="y")], "unknown words"),
    "everything": ([line()], "accept everything"),
    "a place that is no list": ([line(where="home.first.say")], "accept everything"),
    "no reason": ([line(where=["x"], reason=" ")], "reason is missing"),
    "no rule": ([line(where=["x"], rule=None)], "rule or reason is missing"),
    "the second of two": ([line(where=["x"]), "y"], "line 2"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_line_that_cannot_be_used(name: str) -> None:
    value, expected = WRONG[name]
    with pytest.raises(AcceptedError, match=expected):
        read_accepted(value)


def test_an_empty_file_accepts_nothing() -> None:
    assert read_accepted(None) == ()
