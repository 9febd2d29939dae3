"""Who works on a request is let be, whoever waits lets others in, and nobody waits for somebody who hangs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from bot import one_at_a_time

LONG = 20.0


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    return lambda seconds: monkeypatch.setattr("bot.one_at_a_time.PATIENCE", seconds)


class Worker:
    """A thread that works on a request until it is told to go on or to end."""

    def __init__(self, leaves: bool = False, fails: bool = False) -> None:
        self.working, self.waiting, self.go, self.end = (threading.Event() for _ in range(4))
        self._leaves, self._fails = leaves, fails
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def _work(self) -> None:
        try:
            with one_at_a_time.taken():
                self.working.set()
                self.go.wait(LONG)
                if self._leaves:
                    with one_at_a_time.left():
                        self.waiting.set()
                        self.end.wait(LONG)
                if self._fails:
                    raise ValueError
        except ValueError:
            return

    def ended(self) -> bool:
        self.go.set()
        self.end.set()
        self.thread.join(LONG)
        return not self.thread.is_alive()


@pytest.fixture(autouse=True)
def free_at_the_end() -> Iterator[None]:
    yield
    assert one_at_a_time._place.acquire(timeout=LONG), "somebody has kept the place"
    one_at_a_time._place.release()


def test_the_next_one_works_when_the_first_is_done(patience: Callable[[float], None]) -> None:
    patience(LONG)
    first = Worker()
    assert first.working.wait(LONG)
    second = Worker()
    assert not second.working.wait(0.2)
    assert first.ended() and second.working.wait(LONG) and second.ended()


def test_who_waits_lets_others_in_and_takes_his_turn_again(patience: Callable[[float], None]) -> None:
    patience(LONG)
    first = Worker(leaves=True)
    first.go.set()
    assert first.waiting.wait(LONG)
    second = Worker()
    assert second.working.wait(LONG)
    first.end.set()
    first.thread.join(0.2)
    assert first.thread.is_alive(), "the second one works now"
    assert second.ended() and first.ended()


def test_nobody_waits_long_for_one_that_hangs(patience: Callable[[float], None]) -> None:
    patience(0.01)
    hanging = Worker()
    assert hanging.working.wait(LONG)
    others = [Worker() for _ in range(4)]
    assert all(other.working.wait(LONG) and other.ended() for other in others)
    assert hanging.thread.is_alive() and hanging.ended()


def test_an_error_gives_the_place_back(patience: Callable[[float], None]) -> None:
    patience(LONG)
    failing = Worker(fails=True, leaves=True)
    assert failing.ended()
    after = Worker()
    assert after.working.wait(LONG) and after.ended()


def test_outside_of_a_request_nothing_is_left_or_taken() -> None:
    with one_at_a_time.left():
        assert not one_at_a_time._place.locked()
    assert not one_at_a_time._place.locked()
