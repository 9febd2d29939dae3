"""What families read of a fact, in the language of whoever is to say whether it still holds."""

from __future__ import annotations

from bot.content import release_of, sources_of
from bot.language import Language
from bot.scripts.fact_said import said_of
from bot.settings import REPOSITORY

RELEASE = release_of(sources_of(REPOSITORY))


def test_each_sentence_stands_once_in_that_language() -> None:
    spanish = said_of(RELEASE, "ice_home_entry_memo", Language.ES)
    assert spanish and all("ICE dice" in each for each in spanish) and len(set(spanish)) == len(spanish)
    assert len(said_of(RELEASE, "ice_home_entry_memo", Language.EN)) == len(spanish)


def test_where_a_language_has_none_the_english_stands() -> None:
    quc, english = RELEASE.catalogs[Language.QUC], said_of(RELEASE, "tps_sv", Language.EN)
    keys = [each.key for flow in RELEASE.script.flows.values() for each in flow.sentences if each.fact == "tps_sv"]
    assert keys and not any((entry := quc.entry(key)) and entry.text for key in keys)
    assert said_of(RELEASE, "tps_sv", Language.QUC) == english


def test_numbers_are_filled_in() -> None:
    every = [each for name in RELEASE.facts for each in said_of(RELEASE, name, Language.ES)]
    named = [name for name in RELEASE.hotlines if any(f"${name}" in each for each in every)]
    assert len(every) > 20 and named == []


def test_of_an_unknown_fact_nothing_is_read() -> None:
    assert said_of(RELEASE, "nothing_such", Language.ES) == ()
