"""Until when a fact is believed that somebody read today, and the file that says so: nothing else of it changes."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from bot.content import release_of, sources_of
from bot.engine.flow import Group
from bot.frozen import replace
from bot.scripts.approval import fact_names, words_of
from bot.scripts.change_yaml import tree
from bot.scripts.fact import Fact, read_facts
from bot.scripts.fact_renewal import (
    LASTING_DAYS,
    VOLATILE_DAYS,
    NoSource,
    Rewritten,
    let_go,
    let_go_on,
    proposed,
    renewed,
    rewritten,
)
from bot.settings import REPOSITORY

TODAY = date(2026, 12, 1)
TEXT = sources_of(REPOSITORY)["flows/facts.yml"].decode()
FACTS = read_facts(tree(TEXT), "facts.yml")


def fact(name: str, until: date, volatile: bool = False) -> Fact:
    return Fact(name, "It is so.", "https://example.org", "seen", date(2026, 11, 1), until, "", volatile)


@pytest.mark.parametrize(("volatile", "days"), [(True, VOLATILE_DAYS), (False, LASTING_DAYS)])
def test_a_rule_that_courts_change_is_believed_for_a_shorter_time(volatile: bool, days: int) -> None:
    mine = fact("mine", TODAY, volatile)
    assert proposed(mine, {"mine": mine}, TODAY) == TODAY + timedelta(days=days)


@pytest.mark.parametrize(("there", "weeks"), [(4, 0), (5, 1), (6, 1)])
def test_a_week_that_is_full_is_left_for_the_one_before(there: int, weeks: int) -> None:
    mine, best = fact("mine", TODAY), TODAY + timedelta(days=LASTING_DAYS)
    facts = {"mine": mine} | {f"other{n}": fact(f"other{n}", best) for n in range(there)}
    assert proposed(mine, facts, TODAY) == best - timedelta(weeks=weeks)


def test_all_facts_renewed_on_one_day_never_fall_due_together() -> None:
    facts = dict(FACTS)
    for name, each in FACTS.items():
        until = proposed(each, facts, TODAY)
        assert TODAY < until
        facts[name] = Fact(**{**{f: getattr(each, f) for f in each.__struct_fields__}, "valid_until": until})
    assert max(Counter(each.valid_until.isocalendar()[:2] for each in facts.values()).values()) <= 5


def lines_changed(after: str) -> list[tuple[str, str]]:
    return [(old, new) for old, new in zip(TEXT.splitlines(), after.splitlines(), strict=True) if old != new]


def test_renewing_changes_two_lines_of_the_file() -> None:
    after = renewed(TEXT, FACTS["door_closed"], TODAY, date(2027, 8, 1))
    assert [new.strip() for _, new in lines_changed(after)] == ["checked: 2026-12-01", "valid_until: 2027-08-01"]


def test_what_nobody_had_read_is_seen_from_then_on() -> None:
    recalled = next(each for each in FACTS.values() if not each.checked and each.source.startswith("https://"))
    now = read_facts(tree(renewed(TEXT, recalled, TODAY, date(2027, 3, 1))), "facts.yml")[recalled.name]
    assert (now.evidence, now.checked, now.valid_until) == ("seen", TODAY, date(2027, 3, 1))


def test_nobody_can_have_read_what_has_no_page() -> None:
    with pytest.raises(NoSource):
        renewed(TEXT, FACTS["registration_rule"], TODAY, date(2027, 3, 1))


def test_letting_go_ends_it_yesterday_and_changes_one_line() -> None:
    day = let_go_on(FACTS["door_closed"], FACTS, TODAY)
    assert day == date(2026, 11, 30)
    after = let_go(TEXT, FACTS["door_closed"], day)
    assert [new.strip() for _, new in lines_changed(after)] == ["valid_until: 2026-11-30"]


def test_letting_go_of_many_in_a_week_never_makes_a_week_that_is_refused() -> None:
    others = {f"other{n}": fact(f"other{n}", date(2026, 11, 30)) for n in range(5)}
    mine = fact("mine", TODAY)
    assert let_go_on(mine, {**others, "mine": mine}, TODAY) == date(2026, 11, 23)


def test_a_renewal_leaves_what_was_approved() -> None:
    shipped = release_of(sources_of(REPOSITORY), REPOSITORY)
    facts = read_facts(tree(renewed(TEXT, FACTS["door_closed"], TODAY, date(2027, 8, 1))), "facts.yml")
    flows = [each for each in shipped.script.flows.values() if each.group is Group.RIGHTS]
    for flow in flows:
        assert words_of(flow, shipped.catalogs, facts) == words_of(flow, shipped.catalogs, shipped.facts)


def anew(name: str, **more: object) -> str:
    """The file in which this fact says something else, with all else as the page shows it."""
    new = Rewritten(FACTS[name].says, FACTS[name].source, "", FACTS[name].volatile)
    return rewritten(TEXT, name, replace(new, **more), TODAY, date(2027, 8, 1))


def test_writing_anew_changes_the_lines_of_that_fact_alone() -> None:
    after = anew("door_closed", says='Nobody has to open: say "no" # always.', source="https://example.org/a?b=c#d")
    assert [new.strip().partition(":")[0] for _, new in lines_changed(after)] == [
        "says", "source", "checked", "valid_until",
    ]  # fmt: skip
    now = read_facts(tree(after), "facts.yml")
    assert now["door_closed"].says == 'Nobody has to open: say "no" # always.'
    assert {name for name in now if now[name] != FACTS[name]} == {"door_closed"}


@pytest.mark.parametrize(
    ("more", "voided"),
    [({"source": "https://example.org/other"}, False), ({"volatile": True}, False), ({"says": "Otherwise."}, True)],
    ids=["another source", "now changing", "another sentence"],
)
def test_only_another_sentence_voids_what_was_approved(more: dict[str, object], voided: bool) -> None:
    shipped = release_of(sources_of(REPOSITORY), REPOSITORY)
    facts = read_facts(tree(anew("door_closed", **more)), "facts.yml")
    leans = [each for each in shipped.script.flows.values() if "door_closed" in fact_names(each)]
    assert leans
    for flow in leans:
        same = words_of(flow, shipped.catalogs, facts) == words_of(flow, shipped.catalogs, shipped.facts)
        assert same is not voided
