"""One request at a time in each process of web, as long as it waits for nobody who takes long. Knows nothing of the bot.

Threads share one interpreter: requests that are worked on together are answered no sooner, and while they take it from one another
each costs more of the processor. On 2026-11-28, menus, 16 clients, gunicorn with eight threads and with one in turn: 964 answers a
second and 99 of 100 within 40 ms, 1,112 and 13 ms. But with one thread a request that waits for the model would keep all others. So
there are eight, and one of them works: 1,110 answers a second and 20 ms, in another run.
"""

from __future__ import annotations

import threading

PATIENCE = 0.02
"""Seconds that a request waits for its turn, some ten times what one takes. Then it goes on all the same: somebody hangs."""

_place = threading.Lock()
_mine = threading.local()


class taken:
    """Around the work for a request."""

    def __enter__(self) -> None:
        _mine.has = _place.acquire(timeout=PATIENCE)

    def __exit__(self, *error: object) -> None:
        _give_back()


class left:
    """Around a wait: others work meanwhile. Does nothing where no request is worked on."""

    def __enter__(self) -> None:
        self._had = _give_back()

    def __exit__(self, *error: object) -> None:
        if self._had:
            _mine.has = _place.acquire(timeout=PATIENCE)


def _give_back() -> bool:
    """Whether this thread had the place."""
    had = getattr(_mine, "has", False)
    _mine.has = False
    if had:
        _place.release()
    return had
