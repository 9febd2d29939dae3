"""The board as turns read it: it comes back as it was written, and the wait counts those who still wait."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.board import BadDay, Board, median_wait
from bot.escalation.organization import DeskOrganization
from bot.language import Language

CASA = DeskOrganization("casa", "Casa", languages=("es",), states=("US-IL",))
LEJOS = DeskOrganization("lejos", "Lejos")
words = st.text(max_size=12)
listed = st.lists(words, max_size=3).map(tuple)
organizations = st.builds(
    DeskOrganization, id=words, name=words, hours=words, zone=words, languages=listed, states=listed, topics=listed,
    is_default=st.booleans(), active=st.booleans(), debrief=words, urgent_a_day=st.integers(0, 99),
)  # fmt: skip
bad_days = st.none() | st.builds(BadDay, since=st.integers(0, 2**40), wait=st.none() | st.integers(0, 10**6))


@given(st.builds(Board, organizations=st.lists(organizations, max_size=3).map(tuple), bad_day=bad_days))
def test_what_is_written_comes_back(board: Board) -> None:
    assert Board.from_json(board.to_json()) == board


@pytest.mark.parametrize(
    "written",
    ["", "{", "null", "[]", "{}", '"x"', '{"organizations": 1}', '{"organizations": ["x"]}',
     '{"organizations": [{"id": "a", "name": "A", "mood": "x"}]}', '{"organizations": [], "bad_day": {"until": 1}}'],
)  # fmt: skip
def test_what_is_none_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        Board.from_json(written)


def test_an_empty_board_promises_nobody() -> None:
    board = Board()
    assert not board.answers and board.of("casa") is None and board.for_(Language.ES, None, None) is None


def test_who_answers_and_who_is_offered() -> None:
    board = Board((CASA, LEJOS))
    assert board.answers and board.of("lejos") is LEJOS and board.of(None) is None and board.of("nadie") is None
    assert board.for_(Language.ES, "US;60629;Chicago;IL;41.78;-87.71;zip", None) is CASA


MINUTE = 60
WAITS = {
    "nobody was answered": ([], [600, 900], None),
    "nobody asked": ([], [], None),
    "one was answered": ([300], [], 300),
    "the middle one": ([60, 300, 9_000], [], 300),
    "of an even number the lower one of the middle": ([60, 300, 600, 900], [], 300),
    "three at once, and sixty wait for an hour": ([10, 20, 30], [3_600] * 60, 3_600),
    "who came just now says nothing": ([300, 600, 900], [1, 2, 3], 600),
    "half still wait longer": ([300, 600], [900, 900], 600),
    "more than half wait longer than anybody was let wait": ([300], [100, 900, 1_200], 1_200),
    "all at the same moment": ([600] * 4, [600] * 4, 600),
    "a clock that went back": ([-5], [], 0),
}


@pytest.mark.parametrize("name", WAITS)
def test_how_long_people_wait(name: str) -> None:
    answered, waiting, expected = WAITS[name]
    assert median_wait(answered, waiting) == expected


waits = st.lists(st.integers(0, 10_000), max_size=12)


@given(waits, waits)
def test_who_still_waits_never_makes_the_wait_look_shorter(answered: list[int], waiting: list[int]) -> None:
    alone, together = median_wait(answered, []), median_wait(answered, waiting)
    assert (alone is None) == (together is None)
    if alone is not None and together is not None:
        assert alone <= together <= max(answered + waiting)


@given(waits.filter(bool))
def test_when_all_were_answered_half_waited_no_longer(answered: list[int]) -> None:
    found = median_wait(answered, [])
    assert found is not None and sum(each <= found for each in answered) * 2 >= len(answered)
    assert sum(each >= found for each in answered) * 2 >= len(answered)
