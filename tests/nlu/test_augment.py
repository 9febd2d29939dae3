"""Misspelled copies: always the same ones, never the text itself, never far from it."""

from __future__ import annotations

import pytest
from components.augment import varied
from rapidfuzz.distance import DamerauLevenshtein

TEXT = "por favor necesito que me ayuden porque mi hermano está detenido"


def test_the_same_copies_every_time_and_others_for_another_seed() -> None:
    assert varied(TEXT, 3, 42) == varied(TEXT, 3, 42)
    assert varied(TEXT, 3, 42) != varied(TEXT, 3, 43)


@pytest.mark.parametrize("text", [TEXT, "la migra está en mi puerta", "please help my dad", "k'o ri migra waral"])
def test_copies_are_near_the_text_and_not_the_text(text: str) -> None:
    copies = varied(text, 5, 1)
    assert copies and text not in copies and len(set(copies)) == len(copies)
    for copy in copies:
        assert 0 < DamerauLevenshtein.distance(text, copy) <= 20


@pytest.mark.parametrize("text", ["", "a", "?", "👍"])
def test_what_is_too_short_has_no_copies(text: str) -> None:
    assert varied(text, 5, 1) == []


def test_none_are_made_when_none_are_wanted() -> None:
    assert varied(TEXT, 0, 42) == []
