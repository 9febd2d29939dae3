"""Short answers in all their dresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine import parse
from bot.intents.words import Words

NUMBERS = {
    "2": 2, " 2 ": 2, "2.": 2, "2)": 2, "(2)": 2, "#2": 2, "el 2": 2, "la 2": 2, "opcion 2": 2, "opción dos": 2, "la segunda": 2,
    "el segundo": 2, "dos": 2, "DOS": 2, "two": 2, "number two": 2, "the second one": None, "option 2 please": 2, "quiero la 3": 3,
    "el primero": 1, "la primera": 1, "uno": 1, "jun": 1, "keb'": 2, "kebʼ": 2, "ka'ib'": 2, "oxib": 3, "2️⃣": 2, "２": 2, "②": 2,
    "0": 0, "cero": 0, "9": 9, "10": None, "12": None, "2 3": None, "60629": None, "hola": None, "": None, "911": None,
    "dos hijos": None, "si": None, "🙏": None,
}  # fmt: skip

YES = [
    "si", "Sí", "SI", "sii", "yes", "Yes!", "ok", "dale", "claro", "je'", "jeʼ", "utz", "1", "el 1", "si por favor",
    "Sí pues", "pues sí", "vaya", "va pues", "cabal", "claro que sí", "está bueno", "sí, estoy de acuerdo", "I agree",
]  # fmt: skip
NO = ["no", "No.", "nop", "nel", "ja'i", "jaʼi", "2", "no gracias", "no pues", "ahorita no", "no acepto"]
NEITHER = [
    "",
    "tal vez",
    "maybe",
    "la migra",
    "3",
    "no se que hacer",
    "si viene la migra",
    "vaya con Dios",
    "si pues viene la migra",
    "no pues no se",
]


def number(text: str) -> int | None:
    return parse.number(Words.of(text))


def yes_or_no(text: str) -> bool | None:
    return parse.yes_or_no(Words.of(text))


@pytest.mark.parametrize(("text", "expected"), NUMBERS.items(), ids=[repr(text) for text in NUMBERS])
def test_number(text: str, expected: int | None) -> None:
    assert number(text) == expected


@pytest.mark.parametrize("text", YES)
def test_yes(text: str) -> None:
    assert yes_or_no(text) is True


@pytest.mark.parametrize("text", NO)
def test_no(text: str) -> None:
    assert yes_or_no(text) is False


@pytest.mark.parametrize("text", NEITHER)
def test_neither(text: str) -> None:
    assert yes_or_no(text) is None


@given(st.text())
def test_never_raises(text: str) -> None:
    assert number(text) in (None, *range(10))
    assert yes_or_no(text) in (None, True, False)
