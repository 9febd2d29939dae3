"""How long one turn waits for its neighbours, all together: whoever is asked is asked only while the answer can come in time.

A part that is dead says so at once and costs nothing. One that hangs takes the whole time of whoever asks it, and a turn asks
several parts several times. So a neighbour that made this turn wait in vain is not asked by it again, and no call begins that
could end after the turn's last moment. Outside of a turn (the worker, the console, a look-out) nothing here limits anybody.
"""

from __future__ import annotations

import time
from contextvars import ContextVar
from types import TracebackType

from msgspec import Struct

DEADLINE = 4.0
"""Seconds for a turn. Who carries the messages waits 15 s; a person waits less."""
SLOW = 0.25
"""Seconds after which a failure is one of somebody who hangs: a refused connection takes a thousandth."""


class Spent(TimeoutError):
    """This turn has no time left for that neighbour."""


class _Turn(Struct):
    """When it has to be over (``time.monotonic``), and who has made it wait in vain."""

    ends: float
    hanging: set[str] = set()


_turn: ContextVar[_Turn | None] = ContextVar("turn", default=None)


class limited:
    """A turn of so many seconds, from now on; of ``DEADLINE`` unless told."""

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = DEADLINE if seconds is None else seconds

    def __enter__(self) -> None:
        self._before = _turn.set(_Turn(time.monotonic() + self._seconds))

    def __exit__(self, *_: object) -> None:
        _turn.reset(self._before)


def left() -> float | None:
    """Seconds that this turn may still take, never below 0; None outside of a turn."""
    turn = _turn.get()
    return None if turn is None else max(0.0, turn.ends - time.monotonic())


def most(seconds: float) -> float:
    """So many seconds, or what is left of the turn where that is less."""
    there = left()
    return seconds if there is None else min(seconds, there)


class asking:
    """Around one call, which may take ``longest`` seconds to fail, with one of ``failures``. Raises ``Spent`` where it must not be made.

    A class, for a turn goes through it several times: contextlib makes three calls more of a generator.
    """

    def __init__(self, neighbour: str, longest: float, *failures: type[Exception]) -> None:
        self._neighbour, self._longest = neighbour, longest
        self._failures: tuple[type[Exception], ...] = (Spent, *failures)

    def __enter__(self) -> None:
        self._turn = turn = _turn.get()
        if turn is None:
            return
        self._began = time.monotonic()
        if self._neighbour in turn.hanging or turn.ends - self._began < self._longest:
            raise Spent(self._neighbour)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._turn is None or error is None or not isinstance(error, self._failures):
            return
        if time.monotonic() - self._began >= SLOW:
            self._turn.hanging.add(self._neighbour)
