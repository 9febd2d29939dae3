"""Whole weeks of counts, and how a page says what stands there: what every card is made of. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.console.figures_words import OUTCOMES, short_week
from bot.console.spans import Words
from bot.directory.coverage import Cover
from bot.figures.weeks import Weeks

OUTCOME_NAMES = tuple(each.value for each in OUTCOMES)


@dataclass(frozen=True, slots=True)
class Scene:
    """Whole weeks, and how to say what stands there. ``topic`` and ``place`` give names, ``kinds`` those of help.

    ``is_topic``: whether a flow is one that families ask about. ``cover``: whom the directory has for a state and kind.
    """

    weeks: Weeks
    words: Words
    language: str
    topic: Callable[[str], str]
    is_topic: Callable[[str], bool]
    place: Callable[[str], str]
    kinds: Mapping[str, str]
    cover: Callable[[str, str], Cover] | None
    price: float

    @property
    def columns(self) -> tuple[str, ...]:
        """The weeks, as heads of columns."""
        return tuple(short_week(monday, self.language) for monday in self.weeks.mondays)


def outcomes(weeks: Weeks) -> Counter[str]:
    """How questions ended, in all; OTHER: it is not told how."""
    sums: Counter[str] = Counter()
    for _, (outcome, _language), n in weeks.of("turn"):
        sums[outcome] += n
    return sums
