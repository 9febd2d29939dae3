"""The day's money: how much of it is gone, when somebody must be told, and what this process spends while there is no memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

import structlog

from bot.flood import HEAVY_PART, Load
from bot.session import Beside

ALARMS = (50, 80, 100)
"""Percent of the day's money."""
_DAY = 86_400

log = structlog.get_logger()


class Ledger(Protocol):
    """What all processes share about this day's money."""

    def first_alarm(self, percent: int) -> bool: ...
    def count(self, what: str) -> int: ...


class NoLedger:
    """Trying costs nothing."""

    def first_alarm(self, percent: int) -> bool:
        """Nobody is told."""
        return False

    def count(self, what: str) -> int:
        """Nothing is counted."""
        return 0


class Spending:
    """The day's money as one process sees it. Safe for all its threads.

    ``cap`` is in segments a day (UTC), 0 for none. Without memory nobody knows what the others send, so each of ``processes``
    may send its part of the cap; what it sent is booked with the first turn after.
    """

    def __init__(
        self,
        cap: int,
        processes: int,
        ledger: Ledger,
        clock: Callable[[], float],
        unavailable: tuple[type[Exception], ...] = (),
    ) -> None:
        self._cap, self._part = cap, max(1, cap // max(1, processes)) if cap else 0
        self._ledger, self._clock, self._unavailable = ledger, clock, unavailable
        self._lock = threading.Lock()
        self._day, self._alone, self._owed, self._told = 0, 0, 0, set[int]()

    def share(self, spent: int) -> float:
        """The part of the day's money that is gone once ``spent`` segments are; 0 without a cap."""
        return spent / self._cap if self._cap else 0.0

    def load(self, beside: Beside) -> Load:
        """What the limits go by in a turn that began with this."""
        if not beside.counted:
            return Load(self.share_alone(), 0.0, beside.today, beside.shared)
        heavy = self.share(beside.heavy) / HEAVY_PART
        return Load(self.share(beside.spent), heavy, beside.today, beside.shared)

    def share_alone(self) -> float:
        """The part of this process's own money that went out today without memory."""
        with self._lock:
            self._today()
            return self._alone / self._part if self._part else 0.0

    def spent_alone(self, segments: int) -> None:
        """Notes segments that go out without memory."""
        with self._lock:
            self._today()
            self._alone += segments
            self._owed += segments

    def owed(self) -> int:
        """Segments of today that are not booked yet; whoever asks books them, and gives them back where that failed."""
        with self._lock:
            self._today()
            owed, self._owed = self._owed, 0
            return owed

    def give_back(self, owed: int) -> None:
        """What could not be booked."""
        with self._lock:
            self._owed += owed

    def booked(self, spent: int) -> None:
        """Raises the alarms that ``spent`` segments of today pass: each once a day, whoever of all processes is first."""
        share = self.share(spent) * 100
        with self._lock:
            self._today()
            due = [percent for percent in ALARMS if percent <= share and percent not in self._told]
            self._told.update(due)
        for percent in due:
            try:
                first = self._ledger.first_alarm(percent)
            except self._unavailable:
                first = True
            if first:
                log.warning("spend.alarm", code=percent)

    def silenced(self) -> None:
        """Counts one message that got no answer."""
        try:
            self._ledger.count("silenced")
        except self._unavailable:
            log.warning("memory.unavailable", error="count")

    def _today(self) -> None:
        day = int(self._clock() // _DAY)
        if day != self._day:
            self._day, self._alone, self._owed, self._told = day, 0, 0, set()
