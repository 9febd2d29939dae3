"""What the person at the terminal sees: numbered steps, plain words, and a sign of life while something takes long."""

from __future__ import annotations

import os
import sys
import time

SIGN_OF_LIFE = 15.0
"""Seconds between two lines that say that a long step is still at work."""


class Progress:
    """Numbers the steps of one launch and measures each of them."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._number = 0
        self._title = ""
        self._began = self._spoke = time.monotonic()

    def say(self, text: str = "") -> None:
        """One line. A reader or a terminal that went away is no reason to fail."""
        try:
            print(text, flush=True)
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def step(self, title: str) -> None:
        """Begins the next numbered step; what it has to say follows in `ready` or in `doing` and `done`."""
        self._number += 1
        self._title = title
        self._began = self._spoke = time.monotonic()

    def ready(self, detail: str = "ready") -> None:
        """The step had nothing to do."""
        self.say(f"[{self._number}/{self._total}] {self._title}: {detail}")

    def doing(self, what: str) -> None:
        """The step begins something that takes a while, said with about how long."""
        self._began = self._spoke = time.monotonic()
        self.say(f"[{self._number}/{self._total}] {self._title}: {what}")

    def tick(self) -> None:
        """Called often during a wait; speaks every `SIGN_OF_LIFE` seconds."""
        now = time.monotonic()
        if now - self._spoke >= SIGN_OF_LIFE:
            self._spoke = now
            self.say(f"      still at work, {now - self._began:.0f} s")

    def done(self) -> None:
        """The end of what `doing` began."""
        self.say(f"      done in {time.monotonic() - self._began:.0f} s")
