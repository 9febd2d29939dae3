"""Whole numbers that a browser sends: in addresses, queries and forms."""

from __future__ import annotations

from werkzeug.routing import IntegerConverter

MOST = 2**63 - 1
"""The largest whole number of SQL. What is larger is the number of nothing."""


def whole(text: str) -> int:
    """The number, from 0 to ``MOST``, as ``request.form.get(name, type=whole)`` wants it; ``ValueError`` for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MOST)) and int(text) <= MOST):
        raise ValueError("not a whole number that SQL knows")
    return int(text)


def number(text: str | None) -> int | None:
    """The same; None for anything else."""
    try:
        return whole(text or "")
    except ValueError:
        return None


class Whole(IntegerConverter):
    """``<int:id>`` in an address: what is larger than any row, or written in other digits, is no page."""

    regex = "[0-9]+"

    def __init__(self, map: object, **more: object) -> None:
        super().__init__(map, **{"max": MOST, **more})  # type: ignore[arg-type]
