"""Where help was looked for, and where nothing near was found: states alone. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import date

from msgspec import Struct

from bot.figures.weeks import OTHER, SMALL, Weeks


class Asked(Struct, frozen=True):
    """How often a kind of help was looked for in a state, and how often nothing near was there: 0 where that is not told.

    ``nothing`` is all of ``n`` of a week where fewer than five found something: else those few could be computed.
    """

    state: str
    help: str
    n: int
    nothing: int


def by_state(weeks: Weeks) -> list[tuple[str, int]]:
    """How often help was looked for in each state, the most often first, OTHER last."""
    sums: Counter[str] = Counter()
    for _, (state, _help), n in weeks.of("place"):
        sums[state] += n
    return sorted(sums.items(), key=lambda each: (each[0] == OTHER, -each[1], each[0]))


def asked(weeks: Weeks) -> list[Asked]:
    """Each kind of help in each state that is told, the most often asked first."""
    wanted, found_nothing = _cells(weeks, "place"), _cells(weeks, "gap")
    sums: dict[tuple[str, str], list[int]] = {}
    for (week, state, help), n in wanted.items():
        nothing = found_nothing.get((week, state, help), 0)
        both = sums.setdefault((state, help), [0, 0])
        both[0] += n
        both[1] += n if nothing and n - nothing < SMALL else nothing
    made = [Asked(*where, *both) for where, both in sums.items()]
    return sorted(made, key=lambda each: (-each.n, each.state, each.help))


def _cells(weeks: Weeks, kind: str) -> dict[tuple[date, str, str], int]:
    return {(week, *parts): n for week, parts, n in weeks.of(kind) if OTHER not in parts}  # type: ignore[misc]
