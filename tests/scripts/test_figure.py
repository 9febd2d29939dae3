"""The figures of facts: what is one, where somebody typed it, what families read, and that a new one is read in every language."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from functools import cache

import pytest

from bot.content import release_of, sources_of
from bot.engine.actions import Say
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts.approval import fact_names, words_of
from bot.scripts.change_yaml import tree
from bot.scripts.checks.figures import figures_of
from bot.scripts.errors import FactError
from bot.scripts.fact import figure_fields, read_facts
from bot.scripts.fact_renewal import Rewritten, let_go, rewritten
from bot.scripts.fact_said import said_of
from bot.scripts.figure import Figure, read_figures, typed_in, with_field
from bot.scripts.figure_said import figures_said
from bot.scripts.longest import longest_voice
from bot.scripts.release import Release, flows_apart
from bot.scripts.reply import renderer
from bot.scripts.sheets import lawyer
from bot.session import Session
from bot.settings import from_environment
from bot.wording.catalog import Catalog
from bot.wording.fill import placeholders

SOURCES = sources_of()
SHIPPED = release_of(SOURCES)
FILE = "flows/facts.yml"
TEXT = SOURCES[FILE].decode()
COURT, DAYS = "court_address", "court_address_days"
TODAY = date(2026, 12, 1)
SETTINGS = from_environment({"ENVIRONMENT": "test"})

SAYS = "Report a move within 5 working days."
READ = {
    "a number with its unit": ({"days": 5}, SAYS),
    "a kind of its own before the unit": ({"latest_days": 5}, SAYS),
    "two of one sentence": ({"earliest_days": 150, "latest_days": 120}, "Renew 150 to 120 days before."),
    "one of a kind": ({"hours": 1}, "It takes 1 hour."),
    "none": ({}, SAYS),
}


@pytest.mark.parametrize("name", READ)
def test_figures_that_are_read(name: str) -> None:
    figures, says = READ[name]
    read = read_figures("f", says, figures)
    assert {each.name: each.value for each in read} == figures
    assert all(each.field == f"f_{each.name}" and each.unit in ("days", "hours") for each in read)


NO_FIGURES = {
    "a number that says does not hold": ({"days": 6}, SAYS, "says holds no such number of days"),
    "the number of another unit": ({"hours": 5}, SAYS, "says holds no such number of hours"),
    "a part of a larger number": ({"days": 5}, "Within 15 days.", "says holds no such number"),
    "a number in words": ({"days": 5}, "Within five working days.", "Write in digits"),
    "no unit": ({"deadline": 5}, SAYS, "does not end with a unit"),
    "capitals": ({"Days": 5}, SAYS, "does not end with a unit"),
    "a word": ({"days": "5"}, SAYS, "no whole number"),
    "a half": ({"days": 5.5}, "Within 5.5 days.", "no whole number"),
    "yes": ({"days": True}, "Within 1 day.", "no whole number"),
    "none of it": ({"days": 0}, "Within 0 days.", "no whole number"),
    "more than any deadline": ({"days": 10_000}, "Within 10000 days.", "no whole number"),
    "a list": ([5], SAYS, "such as {days: 5}"),
}


@pytest.mark.parametrize("name", NO_FIGURES)
def test_a_figure_that_is_none_names_its_fact_and_the_mend(name: str) -> None:
    figures, says, why = NO_FIGURES[name]
    body = {"says": says, "source": "s", "evidence": "recalled", "valid_until": TODAY, "figures": figures}
    with pytest.raises(FactError, match="facts.yml, fact gravity") as caught:
        read_facts({"gravity": body}, FILE)
    assert why in str(caught.value)


def test_two_facts_never_share_a_field() -> None:
    body = {"says": "5 days", "source": "s", "evidence": "recalled", "valid_until": TODAY}
    both = {"court": {**body, "figures": {"late_days": 5}}, "court_late": {**body, "figures": {"days": 5}}}
    with pytest.raises(FactError, match=r"\$court_late_days stands for a figure of court too"):
        read_facts(both, FILE)


FIVE, AND_HOURS = Figure("court", "days", 5), Figure("held", "hours", 48)
TYPED = {
    "in English": (FIVE, "Within 5 days after you move.", ["5 days"]),
    "of a kind": (FIVE, "Within 5 working days.", ["5 working days"]),
    "of business": (FIVE, "within 5 business days", ["5 business days"]),
    "with a hyphen": (FIVE, "the 5-day notice", ["5-day"]),
    "in Spanish": (FIVE, "en 5 días hábiles", ["5 días"]),
    "in Spanish without its accent": (FIVE, "EN 5 DIAS", ["5 DIAS"]),
    "in K'iche'": (FIVE, "pa 5 q'ij", ["5 q'ij"]),
    "in one word": (FIVE, "5días", ["5días"]),
    "as the first of two": (FIVE, "from 5 to 10 days", ["5 to 10 days"]),
    "as the second of two": (FIVE, "entre 3 y 5 días", ["5 días"]),
    "or more": (FIVE, "5 o más días", ["5 o más días"]),
    "with a space that does not break": (FIVE, "en 5\u00a0días", ["5 días"]),
    "twice": (FIVE, "5 days for one, 5 days for two", ["5 days", "5 days"]),
    "in hours": (AND_HOURS, "espere 48 horas", ["48 horas"]),
    "in letters for hours": (AND_HOURS, "espere 48 h", ["48 h"]),
}
NOT_TYPED = {
    "a digit of a menu": (FIVE, "Write 5 for a lawyer. 5 days off", ["5 days"]),
    "a line of a menu": (FIVE, "Escriba 5, o la opción 5.", []),
    "a form": (Figure("f", "days", 485), "Send the I-485 days before.", []),
    "a year": (Figure("f", "days", 2026), "In 2026 they changed the days.", []),
    "a phone number": (Figure("f", "days", 898), "Call 1-800-898-7180, days and nights.", []),
    "a day of the calendar": (FIVE, "El 5 de mayo, y 5/10/2026.", []),
    "a part of a number": (FIVE, "15 days, 5,000 days, 2.5 days", []),
    "another unit": (FIVE, "5 hours, 5 semanas", []),
    "another number": (FIVE, "6 days", []),
    "its own field": (FIVE, "within $court_days days, ${court_days} días", []),
    "the end of a field": (FIVE, "$zip_5 days", []),
    "a word that begins like a unit": (AND_HOURS, "48 homes, 48 horarios", []),
}


@pytest.mark.parametrize("name", TYPED | NOT_TYPED)
def test_a_figure_that_somebody_typed(name: str) -> None:
    figure, words, found = (TYPED | NOT_TYPED)[name]
    assert list(typed_in(figure, words)) == found


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("5 working days", "$court_days working days"),
        ("5-day", "$court_days-day"),
        ("5días", "${court_days}días"),
        ("5 to 10 days", "$court_days to 10 days"),
    ],
)
def test_the_field_for_a_figure_that_was_typed(typed: str, instead: str) -> None:
    assert with_field(FIVE, typed) == instead
    assert placeholders(instead) == {"court_days"}


@cache
def changed(days: int) -> Release:
    """The shipped content with another deadline for telling the court, as a publisher writes it."""
    fact = SHIPPED.facts[COURT]
    new = Rewritten(fact.says.replace("5 working", f"{days} working"), fact.source, "", True, {"days": days})
    return release_of({**SOURCES, FILE: rewritten(TEXT, COURT, new, TODAY, date(2027, 2, 1)).encode()})


def sentences(release: Release, language: Language) -> list[str]:
    """What families read of the answers that name the figure, in a language."""
    voice = renderer(release, SETTINGS, Session(language=language), Channel.SMS, noon(TODAY)).voice
    flow = release.script.flows["address_change"]
    return [voice.say(each) for each in flow.sentences if DAYS in placeholders(each.english)]


def noon(day: date) -> float:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()


UNITS = {Language.EN: "working days", Language.ES: "días hábiles", Language.QUC: "días hábiles"}


@pytest.mark.parametrize("language", Language)
def test_a_figure_that_changes_is_new_in_every_language_and_nothing_else_is(language: Language) -> None:
    before, after = sentences(SHIPPED, language), sentences(changed(7), language)
    assert len(before) == 3 and all(f"5 {UNITS[language]}" in each for each in before)
    assert after == [each.replace(f"5 {UNITS[language]}", f"7 {UNITS[language]}") for each in before]


def test_a_draft_in_kiche_says_it_too() -> None:
    key = "address_change.first.say"
    for days in (5, 7):
        release = SHIPPED if days == 5 else changed(days)
        entries = dict(release.catalogs[Language.QUC].entries)
        entries[key] = replace(entries[key], text="Pa $court_address_days dias.")
        catalogs = {**release.catalogs, Language.QUC: Catalog.of(entries.values(), Language.QUC)}
        made = renderer(
            replace(release, catalogs=catalogs), SETTINGS, Session(language=Language.QUC), Channel.SMS, noon(TODAY)
        )
        assert made.voice.draft(release.script.flows["address_change"].first.say) == f"Pa {days} dias."


@pytest.mark.parametrize("language", Language)
def test_the_whole_answer_that_is_sent_says_it(language: Language) -> None:
    made = renderer(changed(7), SETTINGS, Session(language=language), Channel.SMS, noon(TODAY))
    text = " ".join(made.reply([Say("address_change", "first")]).texts)
    assert f"EOIR-33, {'within' if language is Language.EN else 'en'} 7 " in text and "$" not in text


def test_a_figure_keeps_its_value_when_its_fact_has_run_out_and_the_sentence_of_the_fact_goes() -> None:
    day = date(2026, 11, 30)
    text = let_go(let_go(TEXT, SHIPPED.facts[COURT], day), SHIPPED.facts["daca_care"], date(2026, 11, 20))
    release = release_of({**SOURCES, FILE: text.encode()}, released=date(2026, 11, 26))
    assert sentences(release, Language.EN) == sentences(SHIPPED, Language.EN)
    voice = renderer(release, SETTINGS, Session(language=Language.EN), Channel.SMS, noon(TODAY)).voice
    (early,) = (each for each in release.script.flows["daca"].sentences if each.key == "daca.renew.also.early")
    assert voice.say(early) == ""
    shipped = renderer(SHIPPED, SETTINGS, Session(language=Language.EN), Channel.SMS, noon(TODAY)).voice
    assert shipped.say(early) == "Best: 150 to 120 days before it runs out."


@pytest.mark.parametrize(
    ("release", "voided"),
    [
        pytest.param(changed(7), True, id="another figure and sentence"),
        pytest.param(changed(5), False, id="the same"),
    ],
)
def test_a_changed_figure_ends_approvals_of_the_answers_that_say_it(release: Release, voided: bool) -> None:
    for flow in SHIPPED.script.flows.values():
        same = words_of(flow, release.catalogs, release.facts) == words_of(flow, SHIPPED.catalogs, SHIPPED.facts)
        assert same is not (voided and COURT in fact_names(flow))


def test_a_figure_alone_ends_approvals_where_the_sentence_of_the_fact_holds_both_numbers() -> None:
    fact = SHIPPED.facts["daca_care"]
    swapped = tuple(replace(each, value=270 - each.value) for each in fact.figures)
    facts = {**SHIPPED.facts, "daca_care": replace(fact, figures=swapped)}
    daca = SHIPPED.script.flows["daca"]
    assert words_of(daca, SHIPPED.catalogs, facts) != words_of(daca, SHIPPED.catalogs, SHIPPED.facts)


def test_undoing_a_changed_figure_tells_which_answers_change() -> None:
    assert flows_apart(SHIPPED, changed(7)) == flows_apart(changed(7), SHIPPED) == ("address_change",)
    assert flows_apart(SHIPPED, changed(5)) == ()


def test_the_answers_that_say_a_figure_and_those_where_it_is_typed() -> None:
    (court,) = figures_said(SHIPPED, SHIPPED.facts[COURT])
    assert (court.figure.value, court.flows, court.typed) == (5, ("address_change",), ())
    (uscis,) = figures_said(SHIPPED, SHIPPED.facts["uscis_address"])
    assert set(uscis.flows) == {"address_change", "daca", "green_card"}
    # A line of a menu takes no field, so that somebody has to write it anew.
    (refuge,) = figures_said(SHIPPED, SHIPPED.facts["mexico_refuge"])
    assert (refuge.flows, refuge.typed) == (("in_mexico",), ("in_mexico",))
    assert figures_said(SHIPPED, SHIPPED.facts["silence"]) == ()


def test_every_figure_of_the_facts_is_said_by_an_answer_that_leans_on_it() -> None:
    every = [each for fact in SHIPPED.facts.values() for each in figures_said(SHIPPED, fact)]
    assert len(every) == len(figure_fields(SHIPPED.facts)) > 10
    for said in every:
        assert said.flows, said.figure
        assert all(said.figure in figures_of(SHIPPED, SHIPPED.script.flows[flow]) for flow in said.flows)


def test_who_reads_a_fact_again_and_a_lawyer_see_the_number_that_families_read() -> None:
    assert said_of(SHIPPED, "permit_renewal", Language.ES)[0].endswith("hasta 180 días antes.")
    (block,) = lawyer.blocks(SHIPPED, ("daca",))
    (row,) = (each for each in lawyer.rows(block) if each[lawyer.PART] == "fact daca_care")
    assert row["en"].splitlines()[1:] == ["$daca_care_earliest_days = 150", "$daca_care_latest_days = 120"]


@pytest.mark.parametrize("language", Language)
def test_answers_are_measured_with_the_number(language: Language) -> None:
    voice = longest_voice(SHIPPED, language, Channel.SMS)
    said = Counter("$" in voice.say(each) for flow in SHIPPED.script.flows.values() for each in flow.sentences)
    assert said[True] == 0 and said[False] > 1000
    assert voice.fields[DAYS] == "5"


def test_writing_a_figure_anew_changes_the_lines_of_its_fact_alone() -> None:
    fact = SHIPPED.facts[COURT]
    new = Rewritten(fact.says.replace("5 working", "7 working"), fact.source, fact.source_date, True, {"days": 7})
    after = rewritten(TEXT, COURT, new, TODAY, fact.valid_until)
    lines = [now.strip() for was, now in zip(TEXT.splitlines(), after.splitlines(), strict=True) if was != now]
    assert [line.partition(":")[0] for line in lines] == ["says", "figures", "checked"]
    facts = read_facts(tree(after), FILE)
    assert {name for name in facts if facts[name] != SHIPPED.facts[name]} == {COURT}


def test_a_sentence_and_a_figure_that_do_not_agree_are_no_fact() -> None:
    fact = SHIPPED.facts[COURT]
    for says, figures in ((fact.says, {"days": 7}), (fact.says.replace("5 working", "7 working"), {})):
        with pytest.raises(FactError, match="says holds no such number of days"):
            rewritten(TEXT, COURT, Rewritten(says, fact.source, "", True, figures), TODAY, TODAY)
