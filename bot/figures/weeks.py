"""The weekly counts of some whole weeks, as they may be told. Pure.

The rule of all that is shown and exported: it is made of cells of five and more of weeks that are over, and of nothing else.
A cell under five was merged into "other" before it was stored; the one "other" of a week that may still be smaller is left
out here, from every sum too, so that no total differs whether it holds none or four. A larger "other" is told in coarse steps
(``coarse``). Counts that would be complements of each other are told as one (bot/figures/places.py), and no two tables count
the same things. tests/figures/test_nothing_small.py tries to compute a small cell from all that is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from msgspec import Struct

SMALL = 5
OTHER = "other"
COARSE = 6
"""The width of a step of "other"."""
WEEK = timedelta(weeks=1)

Row = tuple[date, tuple[str, ...], int]
"""The Monday of a week, the parts of a cell (bot/store/tally.py), and how many."""


class Weeks(Struct, frozen=True):
    """Whole weeks from ``first`` to ``last`` (Mondays), and their cells by kind."""

    first: date
    last: date
    cells: Mapping[str, tuple[Row, ...]] = {}
    damaged: frozenset[str] = frozenset()
    """Kinds of which nothing can be read."""

    @property
    def mondays(self) -> tuple[date, ...]:
        """Each of them, in order."""
        return tuple(self.first + WEEK * back for back in range((self.last - self.first) // WEEK + 1))

    def of(self, kind: str) -> tuple[Row, ...]:
        """The cells of one kind."""
        return self.cells.get(kind, ())


def told(rows: Mapping[str, Iterable[Row]], first: date, last: date) -> Weeks:
    """What may be told of these weeks. What nobody can have counted (a week that begins on a Friday) is left out too."""
    return Weeks(first, last, {kind: tuple(_some(kind, cells, first, last)) for kind, cells in rows.items()})


def _some(kind: str, rows: Iterable[Row], first: date, last: date) -> Iterable[Row]:
    for week, parts, n in rows:
        if first <= week <= last and not week.weekday() and n >= SMALL and all(parts):
            yield week, parts, coarse(n) if OTHER in parts else n


def coarse(n: int) -> int:
    """The least that an "other" of so many is told as: 5, 11, 17 ...

    It is made of cells of four and less. Were it told exactly, three missing cells that make twelve would be four each. The
    steps begin with odd numbers, so that the most that so many cells can make always shares its step with one less.
    """
    return n - (n - SMALL) % COARSE
