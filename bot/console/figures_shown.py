"""A figure as pages, files and the board get it: a table, bars beside it, and words about them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from bot.console.spans import Words
from bot.figures.split import Share
from bot.figures.weeks import SMALL

STYLES = 4
"""So many kinds of pieces a bar can have, each with a colour and a pattern of its own (static/dashboard.css)."""


class Piece(Struct, frozen=True):
    """A part of a bar: where it begins and how wide it is, in percent of the room; ``style`` from 0."""

    x: float
    width: float
    style: int = 0


class Bar(Struct, frozen=True):
    """A bar with its label before and its figure behind it."""

    label: str
    said: str
    pieces: tuple[Piece, ...]


class Card(Struct, frozen=True):
    """One figure. ``title`` is what it found, ``caption`` what stands there; ``rows`` have a first cell that names them.

    ``warnings`` are said before everything else.
    """

    name: str
    title: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bars: tuple[Bar, ...] = ()
    legend: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def bars(lines: Sequence[tuple[str, str, Sequence[int]]]) -> tuple[Bar, ...]:
    """Label, figure in words, and the parts of each, drawn in proportion to the longest of all."""
    longest = max((sum(parts) for _, _, parts in lines), default=0)
    made = []
    for label, said, parts in lines:
        pieces, x = [], 0.0
        for style, part in enumerate(parts):
            width = round(100 * part / longest, 2) if longest else 0.0
            if width:
                pieces.append(Piece(round(x, 2), width, style % STYLES))
            x += width
        made.append(Bar(label, said, tuple(pieces)))
    return tuple(made)


def number(n: int, words: Words) -> str:
    """How many; of what is not told, that it is fewer than five, or none."""
    return str(n) if n >= SMALL else words("figures.few", "fewer than 5")


def share(found: Share | None, words: Words) -> str:
    """A share in percent, from ... to where it is not known more exactly."""
    if found is None:
        return words("figures.too-few", "too few to say")
    least, most = round(100 * found.least), round(100 * found.most)
    if most - least <= 1:
        return words("figures.percent", "%(n)s%%", n=round(50 * (found.least + found.most)))
    return words("figures.percent-between", "%(least)s to %(most)s%%", least=least, most=most)


def money(dollars: float, places: int = 2) -> str:
    """US dollars."""
    return f"${dollars:,.{places}f}"
