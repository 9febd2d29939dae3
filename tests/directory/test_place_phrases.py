"""The table of phrases that families write, and the page that shows it."""

from __future__ import annotations

import pytest

from bot.directory.places import Places
from tests.directory.places_page import ASKED, PAGE, SENTENCE, STATE, Phrase, page, phrases, understood

PHRASES = phrases()


@pytest.mark.parametrize("phrase", PHRASES, ids=[phrase.name for phrase in PHRASES])
def test_a_phrase_is_taken_for_what_it_means(places: Places, phrase: Phrase) -> None:
    assert phrase.situation in (ASKED, SENTENCE, STATE)
    assert understood(places, phrase) == phrase.expected, phrase.why


def test_the_page_shows_the_table() -> None:
    assert PAGE.read_text("utf-8") == page(PHRASES), "Write it again: python -m tests.directory.places_page"


def test_the_table_is_long_enough_and_asks_what_is_no_place() -> None:
    assert len({phrase.name for phrase in PHRASES}) == len(PHRASES) >= 80
    assert sum(not phrase.expected for phrase in PHRASES) >= 15
