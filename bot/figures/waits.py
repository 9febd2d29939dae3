"""How long families waited for staff: in steps, as they are counted. Pure."""

from __future__ import annotations

from msgspec import Struct

from bot.figures.split import Split, at_most
from bot.figures.weeks import SMALL

STEPS = ("0", "600", "1800", "3600", "14400", "86400")
"""Seconds that were over, as bot/store/desk_figures.py tells them: under ten minutes, ten to thirty ... more than a day."""
WITHIN_AN_HOUR = STEPS[:3]


class Median(Struct, frozen=True):
    """The step in which the middle wait lies: between these two, which are one where that is sure."""

    soonest: str
    latest: str


def median(*languages: Split) -> Median | None:
    """Half of who writes in these languages waited no longer; None where too little is known."""
    known = [sum(each.n(step) for each in languages) for step in STEPS]
    if sum(each.total for each in languages) < SMALL:
        return None
    # The part of each week that is not told may all have been short, or all long.
    rest = sum(at_most(week) for each in languages for week in each.weeks)
    half = (sum(known) + rest) / 2
    return Median(_reached([known[0] + rest, *known[1:]], half), _reached([*known[:-1], known[-1] + rest], half))


def longest(*languages: Split) -> str | None:
    """The longest step in which five and more of a week waited; None where no step is told."""
    return next((step for step in reversed(STEPS) if any(each.n(step) for each in languages)), None)


def _reached(counts: list[int], half: float) -> str:
    so_far = 0
    for step, n in zip(STEPS, counts, strict=True):
        so_far += n
        if so_far >= half:
            return step
    return STEPS[-1]
