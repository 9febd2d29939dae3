"""Who stands behind a row, and since when: the cells that only a person fills in. Pure."""

from __future__ import annotations

import re
from datetime import date

from bot.scripts.errors import RowRefused

LONGEST_NAME = 60
YES = frozenset({"yes", "y", "sí", "si", "s"})
NO = frozenset({"no", "n"})
_NO_NAME = YES | NO | {"ok", "okay", "none", "nobody", "nadie", "n/a"}
_NOT_IN_A_NAME = re.compile(r"[$?!¿¡:;=<>@]|\d")
_DAY_MEND = "write the day as 2026-01-31"
_PARTS = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})")


def person(cell: str, others: frozenset[str]) -> str:
    """The name in a cell, on one line. ``others``: what stands in other columns and is no name.

    Raises RowRefused for what is no name, such as a sentence that slipped into the column.
    """
    name = " ".join(cell.split())
    letters = re.findall(r"[^\W\d_]", name)
    strange = _NOT_IN_A_NAME.search(name) or name.casefold() in _NO_NAME or name in others
    if len(letters) < 2 or len(name) > LONGEST_NAME or strange:
        raise RowRefused(f"{name!r} does not look like a person's name. Have the columns been swapped?")
    return name


def day(cell: str, today: date) -> date:
    """The day in a cell, or ``today`` where it is empty. Raises RowRefused for one that could be two, or is to come."""
    if not cell:
        return today
    match = _PARTS.fullmatch(cell.removesuffix(" 00:00:00").removesuffix(" 0:00:00").strip())
    if match is None:
        raise RowRefused(f"{cell!r} is no day: {_DAY_MEND}, or leave the cell empty")
    found = _days(*match.groups())
    if len(found) != 1:
        problem = "could be two days" if found else "is no day"
        raise RowRefused(f"{cell!r} {problem}: {_DAY_MEND}")
    (when,) = found
    if when > today:
        raise RowRefused(f"{when} is still to come: {_DAY_MEND}, the day on which the text was read")
    return when


def _days(first: str, second: str, third: str) -> set[date]:
    """Every day that three numbers may mean: year first, else month first (US) or day first."""
    if len(first) == 4:
        orders = [(first, second, third)]
    else:
        year = third if len(third) == 4 else f"20{third:0>2}"
        orders = [(year, first, second), (year, second, first)]
    found = set()
    for year, month, number in orders:
        try:
            found.add(date(int(year), int(month), int(number)))
        except ValueError:
            continue
    return found
