"""What turns ask for and need not be of this second: asked of the stores once in some seconds, for all threads of a process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """The last answer of ``ask``, which returns None where no store could be asked: then what was known holds.

    ``seconds`` of ``clock`` it is believed. ``newer`` chooses between what was found and what was known; without it what was
    found holds. The first thread that asks waits for the answer; later ones go by what is known while one of them asks.
    """

    def __init__(
        self,
        ask: Callable[[], T | None],
        first: T,
        seconds: float,
        clock: Callable[[], float],
        newer: Callable[[T, T], T] = lambda found, known: found,
    ) -> None:
        self._ask, self._seconds, self._clock, self._newer = ask, seconds, clock, newer
        self._lock = threading.Lock()
        self._known = first
        self._asked = float("-inf")

    def now(self) -> T:
        """What holds, at most so many seconds old. Raises only what ``ask`` raises."""
        now = self._clock()
        # Also when the clock went back.
        if 0 <= now - self._asked < self._seconds:
            return self._known
        with self._lock:
            due, first = not 0 <= now - self._asked < self._seconds, self._asked == float("-inf")
            try:
                if first:
                    self._take(self._ask())
            finally:
                # Not before there is something to go by: others do not wait for the lock then.
                if due:
                    self._asked = now
        # Outside the lock: while a store is slow the other threads go by what is known.
        if due and not first:
            found = self._ask()
            with self._lock:
                self._take(found)
        return self._known

    def set(self, value: T) -> None:
        """This process has changed it itself."""
        with self._lock:
            self._known, self._asked = value, self._clock()

    def forget(self) -> None:
        """It is asked again at once."""
        with self._lock:
            self._asked = float("-inf")

    def _take(self, found: T | None) -> None:
        if found is not None:
            self._known = self._newer(found, self._known)
