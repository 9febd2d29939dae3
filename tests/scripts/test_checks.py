"""What keeps content from going out: each rule broken once, in a copy of the real release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot import content
from bot.engine.flow import Approval, Group, Script
from bot.engine.read import read_flow
from bot.language import Language
from bot.scripts.approval import approved_flows, words_of
from bot.scripts.checks import problems
from bot.scripts.errors import FactError
from bot.scripts.fact import Fact, expired, read_facts
from bot.scripts.lengths import lengths
from bot.scripts.release import Release
from bot.settings import REPOSITORY, from_environment
from bot.wording.catalog import Catalog, Entry
from bot.wording.kiche import load_words
from bot.wording.state import State

RELEASE = content.load()
INTENTS = content.load_intents(REPOSITORY / "nlu" / "intents.yml")
KICHE = load_words(REPOSITORY / "locales" / "quc" / "words.csv")


def with_flow(name: str, group: Group = Group.RIGHTS, **value: Any) -> Release:
    """The release with one more flow (or another of that name)."""
    made = read_flow({"name": name, "title": name, "intents": [], **value}, f"flows/{group}/{name}.yml", group)
    return replace(RELEASE, script=Script.of({**RELEASE.script.flows, name: made}))


def steps(**first: Any) -> dict[str, Any]:
    return {"first": {"say": "Stay silent.", "end": True, **first}}


def spanish(key: str, text: str) -> Release:
    entries = {**RELEASE.catalogs[Language.ES].entries, key: Entry(key, "x", text)}
    return replace(RELEASE, catalogs={**RELEASE.catalogs, Language.ES: Catalog.of(entries.values(), Language.ES)})


def kiche(key: str, text: str) -> Release:
    catalog = Catalog.of([*RELEASE.catalogs[Language.QUC].entries.values(), Entry(key, "x", text)], Language.QUC)
    return replace(RELEASE, catalogs={**RELEASE.catalogs, Language.QUC: catalog})


def changed_meaning(key: str) -> Release:
    old = RELEASE.catalogs[Language.ES].entries[key]
    entries = {**RELEASE.catalogs[Language.ES].entries, key: replace(old, state=State.STALE, meaning_changed=True)}
    return replace(RELEASE, catalogs={**RELEASE.catalogs, Language.ES: Catalog.of(entries.values(), Language.ES)})


def one_week(release: Release) -> Release:
    facts = {name: replace(fact, valid_until=date(2027, 3, 3)) for name, fact in list(release.facts.items())[:6]}
    return replace(release, facts={**release.facts, **facts})


def not_for_emergencies(release: Release, name: str) -> Release:
    line = replace(release.hotlines[name], for_emergencies=False)
    return replace(release, hotlines={**release.hotlines, name: line})


BROKEN: dict[str, tuple[Callable[[], Release], str]] = {
    "a flow that is not there": (
        lambda: with_flow("x", steps=steps(flow="nowhere", end=False)),
        "there is no flow 'nowhere'",
    ),
    "a step that nothing leads to": (
        lambda: with_flow("x", steps={**steps(), "lost": {"say": "x", "end": True}}),
        "nothing leads here",
    ),
    "an intent that is none": (lambda: with_flow("x", intents=["pizza"], steps=steps()), "'pizza' is not an intent"),
    "an intent answered twice": (
        lambda: with_flow("x", intents=["tps"], steps=steps()),
        "2 flows answer the intent 'tps'",
    ),
    "an intent answered by nobody": (
        lambda: replace(RELEASE, script=Script.of({n: f for n, f in RELEASE.script.flows.items() if n != "rumor"})),
        "no flow answers the intent 'rumor'",
    ),
    "a field that is none": (lambda: with_flow("x", steps=steps(say="Call $pizza.")), "$pizza is not a known field"),
    "a field that is none, in Spanish": (
        lambda: spanish("rumor.first.say", "Llame al $pizza."),
        "rumor.first.say (es): $pizza",
    ),
    "no Spanish": (lambda: with_flow("x", steps=steps()), "x.first.say (es): there is no Spanish"),
    "a Spanish that means something else by now": (
        lambda: changed_meaning("rumor.first.say"),
        "the English means something else",
    ),
    "a typed number": (lambda: with_flow("x", steps=steps(say="Call 1-800-203-7001.")), "a number is typed"),
    "an unconfirmed number in say": (lambda: with_flow("x", steps=steps(say="Call $orr.")), "$orr is not always there"),
    "the line of a place in say": (
        lambda: with_flow("x", steps=steps(say="Call $area_line.")),
        "$area_line is not always there",
    ),
    "a line that is not for emergencies, in danger": (
        lambda: not_for_emergencies(RELEASE, "crisis_988"),
        "child_alone.scared.say (es): $crisis_988 is not for emergencies",
    ),
    "a line that is not for emergencies, in a rumor": (
        lambda: not_for_emergencies(with_flow("rumor", intents=["rumor"], steps=steps(say="Call $eoir.")), "eoir"),
        "rumor.first.say (en): $eoir is not for emergencies",
    ),
    "a word of the carrier in a menu": (
        lambda: with_flow("x", steps={"first": {"say": "x", "choices": {1: {"label": "Stop", "flow": "menu"}}}}),
        "a word that the carrier takes",
    ),
    "a fact that is none": (lambda: with_flow("x", facts=["gravity"], steps=steps()), "there is no fact 'gravity'"),
    "six facts due in one week": (lambda: one_week(RELEASE), "fall due in week"),
    "a consulate in any flow": (
        lambda: with_flow("x", steps=steps(services="legal", government=True, none="Nobody.")),
        "government offices are only for",
    ),
    "a K'iche' word without a source": (
        lambda: kiche("rumor.first.say", "Kwaj xyzzy."),
        "'xyzzy' is not in locales/quc/words.csv",
    ),
}


def test_the_real_release_is_without_problems() -> None:
    assert problems(RELEASE, INTENTS, KICHE) == []


def test_a_line_that_is_not_for_emergencies_may_stand_in_other_answers() -> None:
    assert problems(not_for_emergencies(RELEASE, "cdm_us"), INTENTS, KICHE) == []


@pytest.mark.parametrize("name", BROKEN)
def test_broken(name: str) -> None:
    make, expected = BROKEN[name]
    found = problems(make(), INTENTS, KICHE)
    assert any(expected in problem for problem in found), found


def test_every_answer_costs_no_more_than_it_may() -> None:
    measured = list(lengths(RELEASE, from_environment({"ENVIRONMENT": "test"})))
    assert [f"{m.flow}.{m.step} {m.language}: {m.segments}" for m in measured if m.too_long] == []
    assert {m.language for m in measured} == set(Language)


def test_a_long_answer_is_noticed() -> None:
    long = with_flow("x", Group.URGENT, intents=["x"], steps=steps(say="Stay silent. " * 30))
    found = [m for m in lengths(long, from_environment({"ENVIRONMENT": "test"})) if m.flow == "x"]
    assert found and all(m.too_long for m in found if m.language is not Language.QUC)


def test_an_approval_holds_until_a_word_or_a_fact_changes() -> None:
    flow = RELEASE.script.flows["home_visit"]
    words = words_of(flow, RELEASE.catalogs, RELEASE.facts)
    signed = replace(flow, approved_by=Approval("A test", "none", "2026-01-01", words))
    release = replace(RELEASE, script=Script.of({**RELEASE.script.flows, "home_visit": signed}))
    assert approved_flows(release) == {"home_visit"}
    assert approved_flows(RELEASE) == frozenset(), "nothing is approved that nobody approved"
    english = Catalog.of([Entry("home_visit.first.say", flow.first.say.english, "Open the door.")], Language.EN)
    assert approved_flows(replace(release, catalogs={**RELEASE.catalogs, Language.EN: english})) == frozenset()
    changed_words = replace(release, catalogs=spanish("home_visit.first.say", "Otra cosa.").catalogs)
    assert approved_flows(changed_words) == frozenset()
    fact = replace(RELEASE.facts["judge_warrant"], says="Something else.")
    assert approved_flows(replace(release, facts={**RELEASE.facts, "judge_warrant": fact})) == frozenset()


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
