"""Spellings that mean the same are one text to the model; spellings that do not are two."""

from __future__ import annotations

import unicodedata

import pytest
from components.text import MOST_CHARACTERS, masked, normalise, skeleton, sound, tokens
from hypothesis import given
from hypothesis import strategies as st

SAME = {
    "apostrophes of K'iche'": [f"k{mark}o" for mark in "'’‘ʼʻ`´ꞌꞋ′‛＇"],
    "capitals and accents": ["¿Qué Hago?", "¿que hago?", "¿QUÉ HAGO?"],
    "combining accents": ["policía", unicodedata.normalize("NFD", "policía")],
    "the old lax vowels": ["sib'alaj", "sib'aläj"],
    "letters held down": ["holaaa", "holaaaaaaaaa"],
    "blanks and lines": ["la migra aqui", "  la\n\tmigra   aqui\r\n", "la\u00a0migra\u2003aqui"],
    "invisible marks": ["migra", "mi\u200bgra", "\ufeffmi\u00adgra\u200d", "\u202emigra"],
    "fullwidth letters": ["migra", "ｍｉｇｒａ"],
    "piled accents": ["migra", "m\u0300\u0301\u0302i\u0336gra"],
}


@pytest.mark.parametrize("spellings", SAME.values(), ids=SAME.keys())
def test_one_text(spellings: list[str]) -> None:
    assert len({normalise(text) for text in spellings}) == 1


DIFFERENT = {
    "year and anus": ("año", "ano"),
    "I and of": ("yo", "y o"),
    "with and without apostrophe": ("tz'i'", "tzi"),
    "yes and if with a mark": ("si", "si?"),
}


@pytest.mark.parametrize("spellings", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_two_texts(spellings: tuple[str, str]) -> None:
    assert normalise(spellings[0]) != normalise(spellings[1])


# The pairs of the alphabet of today, without apostrophes, and in the spellings of old books and of missionaries.
SKELETONS = {
    "ko jun nukotoj": ["Kʼo jun nukʼotoj", "c'o jun nuc'otoj", "ko jun nucotoj", "K7o jun nuk7otoj"],
    "man kinchob taj": ["Man kinchʼobʼ taj", "man quinchob taj"],
    "kwaj": ["kwaj", "cuaj"],
    "maltyox": ["Maltyox", "maltiox", "maltiosh"],
    "kiche": ["K'iche'", "K'ichee'", "Quiché", "kiche"],
    "kimbe": ["kinb'e", "kimb'e", "quinbe"],
    "waral": ["waral", "huaral", "varal"],
    "wuj": ["wuj", "vuj"],
    "tzij": ["tzij", "tsij", "tzih"],
    "kiero": ["quiero", "kiero"],
}


@pytest.mark.parametrize(
    ("expected", "spelling"),
    [(expected, spelling) for expected, spellings in SKELETONS.items() for spelling in spellings],
)
def test_skeleton(expected: str, spelling: str) -> None:
    assert skeleton(normalise(spelling)) == expected


@given(st.text(max_size=2000))
def test_any_text_is_bounded_and_stays_as_it_is_the_second_time(text: str) -> None:
    once = normalise(text)
    assert len(once) <= MOST_CHARACTERS
    assert normalise(once) == once
    assert once == once.strip()
    assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Mn") for letter in once)
    assert len(skeleton(once)) <= len(once)


@pytest.mark.parametrize(
    "text", ["a" * 10**6, "ﷺ" * 10**5, "´" * 10**5, "\u0301" * 10**5], ids=["long", "ligature", "acute", "accents"]
)
def test_a_huge_text_is_cut(text: str) -> None:
    assert len(normalise(text)) <= MOST_CHARACTERS


SOUNDS = {
    "llevaron": ["llevaron", "yevaron", "llebaron", "yebaron"],
    "hijo": ["hijo", "ijo", "híjo"],
    "abogado": ["abogado", "avogado", "abogao", "avogao"],
    "necesito": ["necesito", "nesesito", "nececito", "NESECITO"],
    "quiero": ["quiero", "kiero", "qiero"],
    "empleo": ["empleo", "enpleo"],
    "hay": ["hay", "ay", "hai"],
    "voy": ["voy", "boy", "boi"],
}


@pytest.mark.parametrize("spellings", SOUNDS.values(), ids=SOUNDS.keys())
def test_one_sound(spellings: list[str]) -> None:
    assert len({tuple(sound(normalise(text))) for text in spellings}) == 1


def test_numbers_of_places_and_people_become_shapes() -> None:
    text = "vivo en 60629, tengo 12 años, llamen al 911 o al 2025550100"
    assert masked(text) == "vivo en 00000, tengo 12 años, llamen al 911 o al 000000"


def test_pictures_are_words() -> None:
    assert tokens(normalise("ayuda🚨🚨 👍🏽!")) == ["ayuda", "🚨", "🚨", "👍"]


@given(st.text())
def test_sound_takes_any_text(text: str) -> None:
    assert all(word.strip() for word in sound(normalise(text)))
