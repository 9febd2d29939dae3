"""What falls due: facts by their own day, numbers 90 days after somebody called, and at once those that nobody ever called."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot import content
from bot.directory.hotline import Hotline
from bot.frozen import replace
from bot.scripts.due import due, table, what_to_check
from bot.scripts.fact import Fact

RELEASE = content.load()
TODAY = date(2026, 12, 1)


def fact(name: str, in_days: int, owner: str = "", read: bool = True) -> Fact:
    until = TODAY + timedelta(days=in_days)
    return Fact(
        name,
        "Nobody has to open.",
        "https://a.example",
        "seen" if read else "recalled",
        TODAY if read else None,
        until,
        owner,
        False,
    )


def line(name: str, called_days_ago: int | None, owner: str = "") -> Hotline:
    called = None if called_days_ago is None else TODAY - timedelta(days=called_days_ago)
    by = "Ana Example" if called else ""
    return replace(RELEASE.hotlines["orr"], id=name, verified_on=called, verified_by=by, owner=owner)


CASES = [
    # what; how many days after today a fact ends, or how many before it a number was called; due?
    ("a fact that ended long ago", fact("it", -400), True),
    ("a fact that ended yesterday", fact("it", -1), True),
    ("a fact that ends today", fact("it", 0), True),
    ("a fact that ends on the last day", fact("it", 30), True),
    ("a fact that ends a day later", fact("it", 31), False),
    ("a number called today", line("it", 0), False),
    ("a number called 90 days ago", line("it", 90), False),
    ("a number called 91 days ago", line("it", 91), True),
    ("a number that nobody ever called", line("it", None), True),
]


@pytest.mark.parametrize(("thing", "is_due"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_what_is_due(thing: Fact | Hotline, is_due: bool) -> None:
    facts = {"it": thing} if isinstance(thing, Fact) else {}
    lines = {"it": thing} if isinstance(thing, Hotline) else {}
    assert [each.name for each in due(facts, lines, TODAY, 30)] == (["it"] if is_due else [])


def test_the_earliest_comes_first_and_each_has_an_owner_or_nobody() -> None:
    facts = {
        each.name: each for each in (fact("soon", 5), fact("late", -3, "Rosa Example"), fact("unread", 9, read=False))
    }
    lines = {each.id: each for each in (line("never", None), line("old", 100, "Juan Example"))}
    found = due(facts, lines, TODAY, 30)
    assert [(each.name, each.owner) for each in found] == [
        ("old", "Juan Example"),
        ("late", "Rosa Example"),
        ("never", "nobody has taken it"),
        ("soon", "nobody has taken it"),
        ("unread", "nobody has taken it"),
    ]
    assert [each.never for each in found] == [False, False, True, False, False]
    assert found[3].check == "Read the source again: Nobody has to open."
    assert found[4].check == "Nobody has read a source: find one: Nobody has to open."


def test_as_a_person_reads_it() -> None:
    facts = {each.name: each for each in (fact("door_closed", 5), fact("silence", -3, "Rosa Example"))}
    lines = {"never": replace(line("never", None), languages=("en",), from_abroad=False, to_check="")}
    assert table(due(facts, lines, TODAY, 30), TODAY).split("\n") == [
        "2026-11-28 (late)  fact silence      Rosa Example",
        "                   Read the source again: Nobody has to open.",
        "                   https://a.example",
        "never verified     number never      nobody has taken it",
        "                   1-800-203-7001 (Find a child who came alone and is with ORR). Call and WhatsApp it.",
        f"                   {RELEASE.hotlines['orr'].source}",
        "2026-12-06         fact door_closed  nobody has taken it",
        "                   Read the source again: Nobody has to open.",
        "                   https://a.example",
    ]
    assert table([], TODAY) == ""


UNKNOWN = "Not known: hours, languages, calls from abroad."
CHECKS = [
    ("a number of which little is known", "whd", f"Call it. {UNKNOWN}"),
    ("a text line that was only recalled", "trafficking_text", f"Text it. Nobody has read it on a page. {UNKNOWN}"),
    ("its doubt", "orr_gt", f"Call it. How it is dialled: it stands here as it was printed. {UNKNOWN}"),
    ("a site", "doj_list", "Open it."),
    ("an emergency number is never tried", "gt_fire", "Find it on the page of who runs it; never call it to try it."),
]


@pytest.mark.parametrize(("name", "told"), [row[1:] for row in CHECKS], ids=[row[0] for row in CHECKS])
def test_how_a_line_is_verified(name: str, told: str) -> None:
    assert what_to_check(RELEASE.hotlines[name]) == told


def test_nobody_is_told_to_try_an_emergency_number() -> None:
    for each in RELEASE.hotlines.values():
        assert ("never call it" in what_to_check(each)) is (each.kind == "emergency"), each.id


def test_of_the_real_release_every_number_is_due_until_somebody_calls() -> None:
    names = {each.name for each in due({}, RELEASE.hotlines, TODAY, 0)}
    assert {line.id for line in RELEASE.hotlines.values() if line.verified_on is None} <= names
