"""The lines of a menu, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from bot.engine.labels import NO_LABELS, Labels
from bot.intents.folding import bare
from bot.intents.words import Words

LINES = {1: ("see the papers", "ver los papeles"), 2: ("family plan", "plan de la familia"), 3: ("lawyer", "abogado")}
LABELS = Labels.of(LINES)
LETTERS = st.text("abcde ñ'", max_size=12)
MENUS = st.dictionaries(st.integers(1, 8), st.lists(LETTERS | st.sampled_from(["1", "2", "2 a"]), max_size=3))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abogado", 3),
        ("ABOGADO.", 3),
        ("3 abogado", 3),
        ("Ver los papeles", 1),
        ("lawyer", 3),
        ("abogada", None),
        ("2 abogado", None),
        ("ver", None),
        ("", None),
    ],
)
def test_a_line_letter_by_letter(text: str, expected: int | None) -> None:
    assert LABELS.exactly(Words.of(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abogao", 3),
        ("avogado", 3),
        ("plan de la famila", 2),
        ("ver lo papeles", 1),
        ("abg", None),
        ("escuela", None),
        ("la", None),
    ],
)
def test_a_line_nearly(text: str, expected: int | None) -> None:
    assert LABELS.nearly(Words.of(text)) == expected


def test_two_lines_as_near_are_no_answer() -> None:
    assert Labels.of({1: ("casa roja",), 2: ("casa rosa",)}).nearly(Words.of("casa roxa")) is None


def test_the_first_of_two_lines_that_are_called_alike() -> None:
    labels = Labels.of({1: ("abogado",), 2: ("abogado", "2 abogado")})
    assert labels.exactly(Words.of("Abogado")) == 1
    assert labels.exactly(Words.of("2 abogado")) == 2
    assert labels.is_line(2, Words.of("Abogado")) and not labels.is_line(3, Words.of("Abogado"))


def test_where_nothing_waits_nothing_is_a_line() -> None:
    assert NO_LABELS.exactly(Words.of("")) is None and NO_LABELS.nearly(Words.of("abogado")) is None


@given(MENUS, LETTERS | st.builds("{} {}".format, st.integers(0, 9), LETTERS))
def test_a_line_is_found_as_if_all_were_looked_at_one_by_one(menu: dict[int, list[str]], text: str) -> None:
    said = bare(text)
    expected = next(
        (
            digit
            for digit, lines in menu.items()
            if any(bare(line) in (said, said.removeprefix(f"{digit} ")) for line in lines)
        ),
        None,
    )
    assert Labels.of(menu).exactly(Words.of(text)) == expected


@given(MENUS, LETTERS)
def test_the_nearest_line_is_found_as_if_all_were_measured(menu: dict[int, list[str]], text: str) -> None:
    said = bare(text)
    alike = sorted(
        ((max((fuzz.ratio(said, bare(line)) for line in lines), default=0.0), digit) for digit, lines in menu.items()),
        reverse=True,
    )
    near = len(said) >= 4 and alike and alike[0][0] >= 85 and all(score <= alike[0][0] - 5 for score, _ in alike[1:])
    assert Labels.of(menu).nearly(Words.of(text)) == (alike[0][1] if near else None)
