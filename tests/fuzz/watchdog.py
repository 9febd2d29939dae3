"""Who takes longer than a second: a thread that looks at the processor time of another one, whatever else the machine does."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator

LIMIT = 1.0
"""Seconds of processor time after which a case hangs."""
DEAD = 30.0
"""After so many it is taken to hang for ever: the process ends, so that a run goes on with the next part."""
LOOK = 0.1


class Watchdog:
    """Watches the thread that made it."""

    def __init__(self, limit: float = LIMIT, dead: Callable[[str], None] | None = None) -> None:
        self.limit, self.dead = limit, dead
        self.thread = threading.get_ident()
        self.clock = time.pthread_getcpuclockid(self.thread)
        self.began: float | None = None
        self.hung: str | None = None
        self.over = threading.Event()
        self.watching = threading.Thread(target=self._watch, daemon=True)
        self.watching.start()

    @contextlib.contextmanager
    def case(self) -> Iterator[None]:
        """One case; whether it hung is in ``taken`` afterwards."""
        self.began = time.clock_gettime(self.clock)
        try:
            yield
        finally:
            # Between two looks of the thread too.
            spent = time.clock_gettime(self.clock) - self.began
            self.began = None
            if spent >= self.limit and self.hung is None:
                self.hung = f"hung for {spent:.1f} s of processor time"

    def taken(self) -> list[str]:
        """What hung since the last time this was asked."""
        hung, self.hung = self.hung, None
        return [hung] if hung else []

    def close(self) -> None:
        self.over.set()
        self.watching.join()

    def _watch(self) -> None:
        while not self.over.wait(LOOK):
            began = self.began
            if began is None:
                continue
            spent = time.clock_gettime(self.clock) - began
            if spent >= self.limit and self.hung is None:
                frame = sys._current_frames().get(self.thread)
                where = traceback.format_stack(frame)[-1].split("\n")[0].strip() if frame else "?"
                self.hung = f"hung for over {self.limit} s of processor time in {where}"
            if spent >= DEAD and self.dead:
                self.dead(self.hung or "")
                os._exit(9)
