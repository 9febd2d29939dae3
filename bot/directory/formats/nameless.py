"""Cells of a table that stand under no name, because a comma too many shifted them or a header was deleted. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.directory.hsds.check import Problem


def has_nameless(cells: Sequence[str], columns: Sequence[str]) -> bool:
    """Whether anything in the row stands beyond the last column, or under an empty header."""
    return any(cell.strip() for cell in cells[len(columns) :]) or any(
        cell.strip() for cell, name in zip(cells, columns, strict=False) if not name
    )


def nameless(where: str) -> Problem:
    """What is told of such a row. It is not read at all: its other cells may have shifted too."""
    mend = "Put text with commas or line breaks in it into quotes, or take the cells out."
    return Problem(where, "", "It has more cells than the first row has names.", mend)
