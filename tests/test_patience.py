"""A turn waits for nobody in vain twice, and begins nothing that could end too late. The clock here is moved by hand."""

from __future__ import annotations

import contextlib

import pytest

from bot import patience

# What happens in a turn of four seconds: (seconds that the call takes, how it ends), and whether the last one is made.
DEAD, HANGS, FINE = "dead", "hangs", "fine"
TURNS: dict[str, tuple[list[tuple[str, float, str]], bool]] = {
    "nothing was asked before": ([], True),
    "it answered": ([("redis", 0.9, FINE)], True),
    "it is dead, which was known at once": ([("redis", 0.001, DEAD)] * 3, True),
    "it hung": ([("redis", 1.0, HANGS)], False),
    "another one hung": ([("sql", 1.0, HANGS)], True),
    "it answered slowly, again and again": ([("redis", 0.9, FINE)] * 3, False),
    "so much of the turn is over that it could not end in time": ([("sql", 2.6, FINE)], False),
    "just so much is left": ([("sql", 2.5, FINE)], True),
}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1_000.0]
    monkeypatch.setattr("bot.patience.time.monotonic", lambda: now[0])
    return now


def _ask(clock: list[float], neighbour: str, seconds: float, ends: str) -> None:
    with contextlib.suppress(ConnectionError), patience.asking(neighbour, 1.5, ConnectionError):
        clock[0] += seconds
        if ends != FINE:
            raise ConnectionError


@pytest.mark.parametrize("name", TURNS)
def test_who_is_asked_in_a_turn(clock: list[float], name: str) -> None:
    before, asked = TURNS[name]
    with patience.limited(4.0):
        for each in before:
            _ask(clock, *each)
        with contextlib.nullcontext() if asked else pytest.raises(patience.Spent):
            _ask(clock, "redis", 0.0, FINE)


def test_an_error_of_ours_says_nothing_of_the_neighbour(clock: list[float]) -> None:
    with patience.limited(4.0):
        with contextlib.suppress(KeyError), patience.asking("redis", 1.5, ConnectionError):
            clock[0] += 0.5
            raise KeyError
        _ask(clock, "redis", 0.0, FINE)


def test_outside_of_a_turn_nobody_is_limited(clock: list[float]) -> None:
    for _ in range(3):
        _ask(clock, "redis", 60.0, HANGS)
    assert patience.left() is None and patience.most(7.0) == 7.0


def test_the_next_turn_begins_anew(clock: list[float]) -> None:
    for _ in range(2):
        with patience.limited(4.0):
            assert patience.left() == 4.0
            _ask(clock, "redis", 3.9, HANGS)
            assert patience.most(7.0) == pytest.approx(0.1)
            clock[0] += 1.0
            assert patience.left() == 0.0
