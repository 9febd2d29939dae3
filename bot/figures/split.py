"""How a count of one language is split: what is known of each part, and how much at most is not told. Pure.

In a week what is left of a language after its large cells stands in its "other", or, where all of it is under five, in the
"other" of all languages, of which nobody can say whose it is. So a share is told between a least and a most.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date

from msgspec import Struct

from bot.figures.weeks import COARSE, OTHER, SMALL, Weeks

_Z = 1.96
"""Of 20 differences that are chance alone one is taken for more."""
_FEWEST = 20
"""Of fewer nothing is said of how one language fares beside another."""


class Share(Struct, frozen=True):
    """Between these two, of 1; ``of`` are at least so many."""

    least: float
    most: float
    of: int


class Split(Struct, frozen=True):
    """The counts of one language. ``weeks``: of each week the known parts; ``OTHER`` is what of it is not told apart."""

    language: str
    weeks: tuple[Counter[str], ...] = ()

    def n(self, *parts: str) -> int:
        """How many of these parts are known."""
        return sum(week[part] for week in self.weeks for part in parts)

    @property
    def total(self) -> int:
        """All that is known of this language, told apart or not."""
        return sum(week.total() for week in self.weeks)

    @property
    def untold(self) -> int:
        """Those of which only the language is known."""
        return self.n(OTHER)

    def share(self, yes: Collection[str], of: Collection[str]) -> Share | None:
        """How large the part of ``yes`` is among ``of``, which are all parts that there can be; None where too little is known."""
        if self.total < SMALL:
            return None
        least = most = all_of = all_at_most = all_at_least = 0
        for week in self.weeks:
            known = sum(week[part] for part in yes)
            missing = {part for part in of if not week[part]}
            rest = at_most(week) if missing else 0
            could = rest if missing & set(yes) else 0
            least, most = least + known, most + known + could
            everything = sum(week[part] for part in of)
            all_of += everything + week[OTHER]
            all_at_most += everything + rest
            all_at_least += everything + (rest if could else week[OTHER])
        return Share(least / all_at_most, most / max(all_at_least, 1), all_of)


def at_most(week: Counter[str]) -> int:
    """How many of a language in a week can be in no part that is told."""
    return week[OTHER] + COARSE - 1 if week[OTHER] else SMALL - 1


def splits(weeks: Weeks, kind: str) -> tuple[Split, ...]:
    """The languages of a table of parts and languages, those with most first; what is of no known language is left out."""
    found: dict[str, dict[date, Counter[str]]] = {}
    for week, (part, language), n in weeks.of(kind):
        if language != OTHER:
            found.setdefault(language, {}).setdefault(week, Counter())[part] += n
    made = (
        Split(language, tuple(by_week.get(week, Counter()) for week in weeks.mondays))
        for language, by_week in found.items()
    )
    return tuple(sorted(made, key=lambda each: (-each.total, each.language)))


def worse(shares: Iterable[tuple[str, Share | None]]) -> list[tuple[str, str]]:
    """Languages whose share is surely below that of another, each with the best one: more than chance and what is not told explain."""
    known = [(language, share) for language, share in shares if share is not None and share.of >= _FEWEST]
    if len(known) < 2:
        return []
    best, at_least = max(((name, _wilson(each.least, each.of, -_Z)) for name, each in known), key=lambda each: each[1])
    return [(name, best) for name, each in known if name != best and _wilson(each.most, each.of, _Z) < at_least]


def _wilson(share: float, of: int, z: float) -> float:
    """The end of the Wilson interval of a share of so many, the lower one for a negative ``z``."""
    share = min(max(share, 0.0), 1.0)
    middle = share + z * z / (2 * of)
    spread = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle + spread) / (1 + z * z / of)
