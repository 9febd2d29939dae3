"""The section of docs/reliability.md: a row for each way of running it, the newest run of each."""

from __future__ import annotations

from tests.canary.report import put
from tests.carrier.__main__ import TITLE, row, section
from tests.carrier.chaos import Plan, Result

BEFORE = "# What was measured\n\n## Another\n\n| 2026-11-25 | theirs |\n\n"
AFTER = "## One more\n\n| 2026-11-24 | theirs too |\n"


def page(*lines: str) -> str:
    found = f"{BEFORE}## {TITLE}\n\nOld words.\n\n{AFTER}"
    for line in lines:
        found = put(found, TITLE, section(found, line))
    return found


def rows(found: str) -> list[str]:
    return [line for line in found.splitlines() if line.startswith("| 2")]


def test_a_run_replaces_the_last_one_of_its_kind_alone() -> None:
    one, two = Result(Plan(200, 6), written=200), Result(Plan(200, 6, workers=2, database="postgresql"), written=200)
    first, second = row(one, "2026-11-26 13:00", "aaa"), row(two, "2026-11-26 14:00", "bbb")
    again = row(one, "2026-11-26 15:00", "ccc")
    found = page(first, second, again)
    assert rows(found) == ["| 2026-11-25 | theirs |", again, second, "| 2026-11-24 | theirs too |"]
    assert found.startswith(BEFORE) and found.endswith(AFTER)


def test_a_run_that_lost_something_says_so() -> None:
    good = Result(Plan(200, 6), killed_sending=6, written=200)
    assert "NOT PASSED" not in row(good, "2026-11-26 13:00", "aaa")
    for wrong in ({"lost": 1}, {"doubled": 1}, {"unsettled": 1}, {"killed_sending": 5}):
        assert "NOT PASSED" in row(
            Result(Plan(200, 6), **{"killed_sending": 6, "written": 200, **wrong}), "2026-11-26 13:00", "aaa"
        ), wrong


def test_a_run_that_did_not_come_to_the_end_says_how_far() -> None:
    half = Result(Plan(200, 6), killed_sending=3, written=100)
    assert "only 100 replies" in row(half, "2026-11-26 13:00", "aaa") and half.passed
    assert not Result(Plan(200, 6), killed_sending=2, written=100).passed
