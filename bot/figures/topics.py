"""Which topics families asked about, week by week. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date

from msgspec import Struct

from bot.figures.weeks import OTHER, Weeks


class Topic(Struct, frozen=True):
    """How often in each week, and in all. ``name`` is a flow, or OTHER: topics of which each was asked about too seldom."""

    name: str
    by_week: tuple[int, ...]

    @property
    def total(self) -> int:
        """In all weeks."""
        return sum(self.by_week)


def topics(weeks: Weeks, is_topic: Callable[[str], bool]) -> tuple[Topic, ...]:
    """The topics that ``is_topic`` takes (a greeting is none), the most often asked first, OTHER last."""
    found: dict[str, Counter[date]] = {}
    for week, (topic, *_), n in weeks.of("topic"):
        if topic == OTHER or is_topic(topic):
            found.setdefault(topic, Counter())[week] += n
    made = [Topic(name, tuple(counts[week] for week in weeks.mondays)) for name, counts in found.items()]
    return tuple(sorted(made, key=lambda each: (each.name == OTHER, -each.total, each.name)))
