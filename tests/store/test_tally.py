"""How counts are named in Redis."""

from __future__ import annotations

from datetime import date

import pytest

from bot.store.tally import PARTS, increments, monday

MONDAY = 1_795_392_000.0
DAY = 86_400


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (MONDAY, date(2026, 11, 23)),
        (MONDAY + 7 * DAY - 0.001, date(2026, 11, 23)),
        (MONDAY + 7 * DAY, date(2026, 11, 30)),
        (MONDAY - 1, date(2026, 11, 16)),
    ],
    ids=["first moment", "last moment", "next week", "week before"],
)
def test_a_week_begins_on_monday_utc(now: float, expected: date) -> None:
    assert monday(now) == expected


def test_a_count_goes_to_its_kind_and_week() -> None:
    assert increments({"topic:rights.home_visit|es|sms": 1, "place:TX|food": 2, "gap:TX|food": 1}, MONDAY) == [
        ("HINCRBY", "counts:topic:2026-11-23", "rights.home_visit|es|sms", 1),
        ("HINCRBY", "counts:place:2026-11-23", "TX|food", 2),
        ("HINCRBY", "counts:gap:2026-11-23", "TX|food", 1),
    ]


@pytest.mark.parametrize(
    "count",
    [
        "topic:home|es",
        "topic:home|es|sms|TX",
        "place:TX|food|es",
        "gap:TX|food|es",
        "person:ana|es|sms",
        "topic",
        "",
        "topic:|es|sms",
        f"topic:{'t' * 65}|es|sms",
    ],
    ids=[
        "too few",
        "crossed",
        "crossed too",
        "a gap crossed",
        "unknown kind",
        "no cell",
        "empty",
        "empty part",
        "longer than its column",
    ],
)
def test_what_is_no_count_is_refused(count: str) -> None:
    with pytest.raises(ValueError, match="not a count"):
        increments({count: 1}, MONDAY)


def test_a_state_stands_beside_nothing_but_the_kind_of_help() -> None:
    assert {kind for kind, parts in PARTS.items() if "state" in parts} == {"place", "gap"}
    assert {PARTS[kind] for kind in ("place", "gap")} == {("state", "help")}
    assert all("topic" not in parts for kind, parts in PARTS.items() if kind != "topic")
