"""Other spellings of a sentence: the same ones for the same seed, near the sentence, and of its own language."""

from __future__ import annotations

import random

import pytest
from components.augment import SHORT_FORMS, mixed, variants
from components.text import normalise, skeleton
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

LONG = "necesito que me digan porque se llevaron a mi hijo y donde esta ahora por favor"


def some(text: str, language: str, seed: int = 1, times: int = 40) -> list[str]:
    return list(variants(text, language, times, random.Random(seed)))


def test_the_seed_decides() -> None:
    assert some(LONG, "es", 1) == some(LONG, "es", 1) != some(LONG, "es", 2)


def test_people_shorten_what_they_write_often() -> None:
    written = {word for text in some(LONG, "es") for word in text.split()}
    assert {"q", "xq", "ijo", "yevaron"} <= written


@pytest.mark.parametrize("language", ["es", "en", "quc"])
def test_no_variant_is_the_sentence_itself_or_another_one(language: str) -> None:
    for other in some(LONG, language):
        assert other != LONG and fuzz.ratio(other, LONG) > 60


def test_kiche_is_written_in_other_alphabets_and_stays_the_same_word() -> None:
    text = "kʼo jun kʼaʼkʼ tzij chuchiʼ ri ja"
    others = set(some(text, "quc"))
    assert any("c'" in other for other in others) and any("7" in other for other in others)
    kept = sum(skeleton(normalise(other)) == skeleton(normalise(text)) for other in others)
    assert kept > 0, "most spellings are one to the skeleton"


def test_short_forms_are_not_the_word_itself() -> None:
    for forms in SHORT_FORMS.values():
        assert all(word not in others for word, others in forms.items())


@given(st.text(max_size=80), st.sampled_from(["es", "en", "quc", "other", ""]))
def test_any_text_has_variants_or_none(text: str, language: str) -> None:
    for other in variants(text, language, 2, random.Random(3)):
        assert len(other) <= 4 * len(text) + 4


def test_a_mixture_has_words_of_both() -> None:
    texts = [text for seed in range(20) if (text := mixed(LONG, random.Random(seed)))]
    assert texts and all(
        {"ri", "man", "jas", "rajawaxik", "wal", "jawi", "xkikam", "chanim"} & set(t.split()) for t in texts
    )
    assert all("favor" in text for text in texts)


def test_what_has_no_such_words_is_no_mixture() -> None:
    assert mixed("abogado barato Houston", random.Random(1)) is None
