"""What the facts of a release say on a day: which of them have run out, and what their figures are. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from bot.scripts.fact import Fact, expired, figure_fields


class Dated:
    """The facts of one release. The release owns it (bot/scripts/release.py); it keeps what holds on the day that was asked for last."""

    def __init__(self, facts: Mapping[str, Fact], released: date) -> None:
        self._facts, self._released = facts, released
        self._last: tuple[date, frozenset[str]] = date.min, frozenset()

    def gone(self, today: date) -> frozenset[str]:
        """The facts that are no longer said (bot/scripts/fact.py, expired)."""
        day, gone = self._last
        if day != today:
            gone = expired(self._facts, today, self._released)
            self._last = today, gone
        return gone

    @cached_property
    def figures(self) -> Mapping[str, str]:
        """The figures by the name of their field."""
        return figure_fields(self._facts)
