"""What follows from a release alone is found out once, and never stands beside another release."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import content
from bot.frozen import replace
from bot.language import Language
from bot.scripts.fact import expired, figure_fields
from bot.session import Spot
from bot.wording.catalog import Catalog
from bot.wording.choose import text_for

RELEASE = content.load()

MENU = Spot("menu", "first")
SENTENCES = [sentence for flow in RELEASE.script.flows.values() for sentence in flow.sentences]


@pytest.mark.parametrize("language", Language)
def test_each_sentence_is_the_one_that_the_catalogs_say(language: Language) -> None:
    for _ in range(2):
        for each in SENTENCES:
            durable = None if language is Language.QUC else f"{each.key.rpartition('.')[0]}.durable"
            wanted = text_for(each.key, language, each.english, RELEASE.catalogs, durable)
            assert RELEASE.texts.chosen(each.key, language, each.english) == wanted


def test_other_words_are_chosen_anew_and_mark_a_step_otherwise() -> None:
    label = RELEASE.script.flows["menu"].first.choices[0].label
    spanish = RELEASE.catalogs[Language.ES]
    said = RELEASE.texts.chosen(label.key, Language.ES, label.english).text
    mark = RELEASE.marks.of(MENU)
    entries = {**spanish.entries, label.key: replace(spanish.entries[label.key], text=f"{said} ya")}
    other = replace(RELEASE, catalogs={**RELEASE.catalogs, Language.ES: Catalog.of(entries.values(), Language.ES)})
    assert other.texts.chosen(label.key, Language.ES, label.english).text == f"{said} ya"
    assert other.marks.of(MENU) != mark == RELEASE.marks.of(MENU)


def test_a_step_that_is_not_there_has_no_mark() -> None:
    assert RELEASE.marks.of(Spot("menu", "nowhere")) == RELEASE.marks.of(Spot("nowhere", "first")) == ""


def test_facts_run_out_from_one_day_to_the_next() -> None:
    first = min(fact.valid_until for fact in RELEASE.facts.values())
    release = replace(RELEASE, released=first - timedelta(10))
    for day in (first, first + timedelta(1), first, first + timedelta(1)):
        assert release.dated.gone(day) == expired(release.facts, day, release.released)
    assert not release.dated.gone(first)
    assert release.dated.gone(first + timedelta(1))


def test_figures_are_those_of_the_facts() -> None:
    assert dict(RELEASE.dated.figures) == figure_fields(RELEASE.facts)
