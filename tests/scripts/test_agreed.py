"""Words that nobody has read before they are stored: common ones stay, and whatever else is written goes."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.scrub import GAP
from bot.intents.folding import bare
from bot.scripts.agreed import MOST_GAPS, common_words
from bot.scripts.name_words import NAME_WORDS
from bot.store.phrases_learned import common

KNOWN = common()
ASKED = "quiero saber si mi hijo puede ir a la escuela"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (ASKED, ASKED),
        (ASKED.upper(), ASKED.upper()),
        ("¿Mi mamá necesita pasaporte?", "¿Mi mamá necesita pasaporte?"),
        ("my kids need food today", "my kids need food today"),
        ("kwaj jun abogado", "kwaj jun abogado"),
        ("mi vecina marta dice que ya no hay trabajo", "mi vecina *** dice que ya no hay trabajo"),
        ("mi vecina MARTA XOL dice que ya no hay trabajo", "mi vecina *** dice que ya no hay trabajo"),
        ("Marta dice que ya no hay trabajo", "*** dice que ya no hay trabajo"),
        ("mi hijo de 5 años no come", "mi hijo de *** años no come"),
        ("tengo dos hijos de cinco y siete años", "tengo dos hijos de cinco y siete años"),
        ("mi hijo no come qxzwkv", "mi hijo no come ***"),
        ("mi hijo no come, llame al ⑦⑦③-555-0100", "mi hijo no come, llame al ***"),
        ("mi hijo no come 𝐦𝐚𝐫𝐭𝐚", "mi hijo no come ***"),
        ("mi hijo no come, A123456789", "mi hijo no come, ***"),
        ("mi hijo no come @martita", "mi hijo no come ***"),
    ],
)
def test_common_words_stay(text: str, kept: str) -> None:
    assert common_words(text, KNOWN) == kept


@pytest.mark.parametrize(
    "text",
    [
        "mi tio julian, mi hijo brayan y mi tia ixmucane no tienen trabajo",
        "llame al siete siete tres, mi hijo no come",
        "mi numero es siete y siete y tres",
        "call me at five five five my son is gone",
        "hola",
        "me llamo ana lopez",
        "1",
        "",
        "*** *** ***",
        "la " * 400,
    ],
    ids=["three names", "a number in words", "joined", "in English", "one word", "a name", "digit", "nothing", "gaps", "long"],
)
def test_what_is_unsure_is_not_kept(text: str) -> None:
    assert common_words(text, KNOWN) is None


@given(st.text(max_size=200))
def test_only_known_words_are_left_of_anything(text: str) -> None:
    kept = common_words(text, KNOWN)
    for token in (kept or "").split():
        words = bare(token.replace("-", " ")).split()
        assert token == GAP or (words and set(words) <= KNOWN - NAME_WORDS)


@given(st.text(string.ascii_lowercase, min_size=4, max_size=12), st.integers(0, 10))
def test_a_word_that_is_not_known_never_stays(secret: str, at: int) -> None:
    words = ASKED.split()
    kept = common_words(" ".join([*words[:at], secret, *words[at:]]), KNOWN)
    assert kept is None or secret in KNOWN - NAME_WORDS or secret not in kept.split()


@given(st.lists(st.sampled_from(sorted(NAME_WORDS)), min_size=1, max_size=MOST_GAPS))
def test_a_name_that_is_a_word_too_goes(names: list[str]) -> None:
    kept = common_words(f"{ASKED} {' con '.join(names)}", KNOWN)
    assert kept is not None and not NAME_WORDS & set(kept.split())


def test_no_sentence_could_be_told_without_the_word_list() -> None:
    assert common_words(ASKED, frozenset()) is None
