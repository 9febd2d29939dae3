"""A look-out: a thread of each process that looks every two seconds whether something has changed, outside of any message.

So no message waits for SQL, however slow or dead it is; what was known last holds.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from bot.privacy import where_of

LOOK_SECONDS = 2.0
FIRST_LOOK = 1.0
"""So long the first messages of a process wait for its first look, all of them together and once; then they go on without it."""

log = structlog.get_logger()


@dataclass(slots=True)
class _Watch:
    """The look-out of one process. ``looked`` is set after the first look, however it went; ``fresh`` after every one.

    ``wanted``: somebody cannot wait for the next.
    """

    begun: float
    lock: threading.Lock = field(default_factory=threading.Lock)
    looked: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    wanted: threading.Event = field(default_factory=threading.Event)
    fresh: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None


class LookOut:
    """Calls ``look`` again and again, as long as somebody holds the object whose method that is.

    May be made before a server forks: nothing is looked at before ``keep`` is called. ``name`` begins its lines of the log.
    """

    def __init__(self, name: str, look: Callable[[], None]) -> None:
        self._name, self._look = name, weakref.WeakMethod(look)
        # By process: a fork has the locks of its parent as they were, and none of its threads.
        self._watches: dict[int, _Watch] = {}

    def keep(self) -> None:
        """Looks from now on, if it did not. Never raises; waits for a moment before the first answers of a process."""
        watch = self._watches.get(os.getpid())
        if watch is None:
            watch = self._watches.setdefault(os.getpid(), _Watch(time.monotonic()))
        if watch.thread is None or not watch.thread.is_alive():
            self._start(watch)
        if not watch.looked.is_set():
            watch.looked.wait(max(watch.begun + FIRST_LOOK - time.monotonic(), 0))

    def now(self, seconds: float) -> None:
        """Has the thread look at once, and waits for so long at most until it has: for whoever holds something newer than this process."""
        watch = self._watches.get(os.getpid())
        if watch is not None and watch.thread is not None:
            watch.fresh.clear()
            watch.wanted.set()
            watch.fresh.wait(seconds)

    @property
    def thread(self) -> threading.Thread | None:
        """The thread of this process, if it looks."""
        watch = self._watches.get(os.getpid())
        return watch.thread if watch else None

    def close(self) -> None:
        """Ends the looking of this process; the next ``keep`` begins it again."""
        watch = self._watches.pop(os.getpid(), None)
        if watch is not None and watch.thread is not None:
            watch.ended.set()
            watch.wanted.set()
            watch.thread.join()

    def _start(self, watch: _Watch) -> None:
        # Whoever is second goes on: the first does it.
        if not watch.lock.acquire(blocking=False):
            return
        try:
            if watch.thread is None or not watch.thread.is_alive():
                thread = threading.Thread(target=_again_and_again, args=(self._name, self._look, watch), daemon=True)
                thread.start()
                watch.thread = thread
        except RuntimeError as error:
            log.error(f"{self._name}.no_thread", error=type(error).__name__)
        finally:
            watch.lock.release()


def _again_and_again(name: str, method: weakref.WeakMethod[Callable[[], None]], watch: _Watch) -> None:
    while not watch.ended.is_set() and (look := method()) is not None:
        try:
            look()
        except Exception as error:
            log.error(f"{name}.look_failed", error=type(error).__name__, where=where_of(error))
        watch.looked.set()
        watch.fresh.set()
        del look
        watch.wanted.wait(LOOK_SECONDS)
        watch.wanted.clear()
