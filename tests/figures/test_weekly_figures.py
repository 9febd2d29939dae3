"""What is made of the counts: shares between a least and a most, middles of waits, costs, places. Against numbers made by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.figures import waits
from bot.figures.costs import cost
from bot.figures.places import Asked, asked, by_state
from bot.figures.split import Share, Split, splits, worse
from bot.figures.topics import topics
from bot.figures.weeks import OTHER, Row, Weeks, told

MONDAY = date(2026, 11, 9)
NEXT = MONDAY + timedelta(weeks=1)
PARTS = ("answered", "asked_back", "not_understood", "person")


def weeks(kind: str, *rows: Row, last: date = MONDAY) -> Weeks:
    return told({kind: rows}, MONDAY, last)


def one(kind: str, *cells: tuple[str, str, int], language: str = "quc") -> Split:
    rows = [(MONDAY, (part, spoken), n) for part, spoken, n in cells]
    return next(each for each in splits(weeks(kind, *rows), kind) if each.language == language)


SHARES = {
    "all is told": ((("answered", "quc", 30), ("asked_back", "quc", 10), ("not_understood", "quc", 5), ("person", "quc", 5)), (0.6, 0.6)),
    "four may be missing": ((("answered", "quc", 36),), (36 / 40, 1.0)),
    "what is left is told": ((("answered", "quc", 30), (OTHER, "quc", 11)), (30 / 46, 30 / 41)),
    "answers are among what is left": ((("person", "quc", 30), (OTHER, "quc", 11)), (0.0, 16 / 46)),
    "answers may be among what is missing": ((("person", "quc", 36),), (0.0, 4 / 40)),
}  # fmt: skip


@pytest.mark.parametrize("name", SHARES)
def test_a_share_lies_between_a_least_and_a_most(name: str) -> None:
    cells, (least, most) = SHARES[name]
    found = one("turn", *cells).share(("answered",), PARTS)
    assert found is not None and (found.least, found.most) == pytest.approx((least, most))


def test_of_too_few_there_is_no_share() -> None:
    assert Split("quc").share(("answered",), PARTS) is None


def test_a_week_of_which_nothing_is_told_may_hold_four() -> None:
    found = splits(weeks("turn", (MONDAY, ("answered", "es"), 40), last=NEXT), "turn")[0]
    share = found.share(("answered",), PARTS)
    assert share is not None and share.least == pytest.approx(40 / 48) and share.most == 1.0


UNEQUAL = {
    "far apart": ((0.80, 0.82, 400), (0.40, 0.45, 60), [("quc", "es")]),
    "near each other": ((0.80, 0.82, 400), (0.75, 0.78, 60), []),
    "what is not told could explain it": ((0.80, 0.82, 400), (0.40, 0.85, 60), []),
    "so few may be chance": ((0.80, 0.82, 400), (0.60, 0.60, 20), []),
    "too few": ((0.80, 0.82, 400), (0.0, 0.0, 19), []),
    "alike": ((0.80, 0.80, 400), (0.80, 0.80, 400), []),
}


@pytest.mark.parametrize("name", UNEQUAL)
def test_a_language_is_called_worse_served_only_where_that_is_sure(name: str) -> None:
    es, quc, expected = UNEQUAL[name]
    assert worse([("es", Share(*es)), ("quc", Share(*quc)), ("en", None)]) == expected


def test_nothing_is_worse_than_nothing() -> None:
    assert worse([("es", Share(0.8, 0.8, 400)), ("quc", None)]) == []


def test_the_middle_of_waits_is_told_as_far_as_it_is_sure() -> None:
    sure = one("wait", ("0", "quc", 30), ("600", "quc", 50), ("3600", "quc", 10))
    assert waits.median(sure) == waits.Median("600", "600") and waits.longest(sure) == "3600"
    unsure = one("wait", ("0", "quc", 10), ("86400", "quc", 9))
    assert waits.median(unsure) == waits.Median("0", "86400")
    assert waits.median() is None and waits.longest(Split("quc")) is None


def test_the_waits_of_all_languages_together() -> None:
    es, quc = Split("es", one("wait", ("600", "quc", 90)).weeks), one("wait", ("86400", "quc", 10))
    assert waits.median(es, quc) == waits.Median("600", "600") and waits.longest(es, quc) == "86400"


def test_messages_of_a_length_that_is_not_told_are_taken_for_as_long_as_the_others() -> None:
    found = cost(one("sms", ("1", "quc", 10), ("3", "quc", 30), (OTHER, "quc", 5)))
    assert (found.messages, found.parts, found.untold) == (45, 100, 5)
    assert found.average == 2.5 and found.all_parts == 112.5
    assert cost(Split("quc")).average is None
    assert cost(one("sms", (OTHER, "quc", 5))).all_parts == 5


def test_topics_come_with_the_most_often_asked_first_and_what_is_put_together_last() -> None:
    rows = [
        (MONDAY, ("asylum", "es", "sms"), 5), (NEXT, ("asylum", "es", "sms"), 6), (NEXT, ("asylum", "quc", "sms"), 7),
        (MONDAY, ("home_visit", "es", "sms"), 40), (MONDAY, (OTHER, "es", "sms"), 99), (MONDAY, ("menu", "es", "sms"), 70),
    ]  # fmt: skip
    found = topics(weeks("topic", *rows, last=NEXT), lambda name: name != "menu")
    assert [(each.name, each.by_week) for each in found] == [
        ("home_visit", (40, 0)),
        ("asylum", (5, 13)),
        (OTHER, (95, 0)),
    ]
    assert found[1].total == 18


def test_places_by_state() -> None:
    rows = [(MONDAY, ("US-IL", "legal"), 9), (MONDAY, ("US-IL", "health"), 5), (MONDAY, (OTHER, "legal"), 30)]
    assert by_state(weeks("place", *rows)) == [("US-IL", 14), (OTHER, 29)]


def test_what_few_found_is_told_as_found_by_nobody() -> None:
    rows = {
        "place": [(MONDAY, ("US-IL", "legal"), 20), (MONDAY, ("US-TX", "legal"), 12), (MONDAY, ("US-MS", "legal"), 8)],
        "gap": [(MONDAY, ("US-IL", "legal"), 7), (MONDAY, ("US-TX", "legal"), 9)],
    }
    assert asked(told(rows, MONDAY, MONDAY)) == [
        Asked("US-IL", "legal", 20, 7),
        Asked("US-TX", "legal", 12, 12),
        Asked("US-MS", "legal", 8, 0),
    ]
