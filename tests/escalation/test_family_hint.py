"""Hints that two conversations may be of one family: the same number, or names that nobody else wrote."""

from __future__ import annotations

import pytest

from bot.escalation.family_hint import APART_SECONDS, MOST, Hint, Sign, Told, bare, hints

CHICAGO, CICERO, DALLAS = (
    "US;;Chicago;IL;41.88;-87.63;town",
    "US;;Cicero;IL;41.8;-87.7;town",
    "US;;Dallas;TX;32.8;-96.8;town",
)
WORDS = ("se llevaron a Casimiro Tzoc",)


def told(id: str, *texts: str, number: str = "", place: str | None = CHICAGO, at: int = 1_000_000) -> Told:
    return Told(id, number or f"+1{id}", place, at, texts)


@pytest.mark.parametrize(
    ("one", "other", "hinted"),
    [
        (told("a", *WORDS), told("b", "no sé de CASIMIRO, el de los Tzoc"), True),
        (told("a", "vive con González y Xóchitl"), told("b", "Gonzalez, Xochitl"), True),
        (told("a", *WORDS), told("b", *WORDS, place=CICERO), True),
        (told("a", "Casimiro"), told("b", "Casimiro"), False),
        (told("a", *WORDS), told("b", *WORDS, place=DALLAS), False),
        (told("a", *WORDS), told("b", *WORDS, place=None), False),
        (told("a", *WORDS), told("b", *WORDS, at=1_000_000 + APART_SECONDS), True),
        (told("a", *WORDS), told("b", *WORDS, at=1_000_001 + APART_SECONDS), False),
        (told("a", "necesito una clinica para mi hija"), told("b", "busco clínica, mi hija necesita ayuda"), False),
        (told("a", "Luz Paz"), told("b", "Luz Paz"), False),
    ],
    ids=[
        *("two names", "accents", "another town of the state", "one name", "another state", "nobody knows where"),
        *("48 hours", "over 48 hours", "words of many families", "short words"),
    ],
)
def test_rare_words_hint(one: Told, other: Told, hinted: bool) -> None:
    expected = {frozenset(("a", "b"))} if hinted else set()
    assert {frozenset(hint.ids) for hint in hints([one, other])} == expected


def test_a_word_that_a_third_writes_too_is_not_rare() -> None:
    third = told("c", "Casimiro", place=DALLAS)
    assert hints([told("a", *WORDS), told("b", *WORDS), third]) == ()


def test_the_same_number_hints_wherever_and_whenever() -> None:
    one = told("a", number="+15005550006", place=CHICAGO)
    other = told("b", number="+15005550006", place=DALLAS, at=9_000_000)
    (hint,) = hints([one, other])
    assert hint.sign is Sign.NUMBER and set(hint.ids) == {"a", "b"}
    assert hints([told("a", number=" "), told("b", number="")]) == ()


def test_only_the_newest_are_compared() -> None:
    many = [told(f"n{n}", at=2_000_000 + n) for n in range(MOST - 1)]
    pair = [told("a", number="+1", at=1), told("b", number="+1", at=2)]
    assert hints([*pair, *many]) == ()
    assert hints([*pair, *many[1:]]) == (Hint(("b", "a"), Sign.NUMBER),)


@pytest.mark.parametrize(
    ("address", "number"),
    [("+15005550006", "+15005550006"), ("whatsapp:+15005550006", "+15005550006"), ("whatsapp:US.1349", "US.1349")],
    ids=["SMS", "WhatsApp", "WhatsApp without a number"],
)
def test_a_number_without_its_channel(address: str, number: str) -> None:
    assert bare(address) == number


def test_nothing_of_it_shows_in_a_log() -> None:
    assert "Casimiro" not in repr(told("a", *WORDS, number="+15005550006"))
    assert "5550006" not in repr(told("a", *WORDS, number="+15005550006"))
