"""Two people at one entry: who changed which field, and where both did. Pure.

A form carries a mark of every field as it was when the form was made. What somebody did not touch is not hers to change, so two
who correct different fields never meet; where both changed one field to different things, nothing is stored and both are shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from msgspec import Struct

Cells = Mapping[str, str]


class Clash(Struct, frozen=True):
    """``field`` was changed by somebody else too: ``theirs`` is what stands there now."""

    field: str
    mine: str
    theirs: str


class Merged(Struct, frozen=True):
    """``changes``: the fields that she changed, and that may be stored."""

    changes: dict[str, str]
    clashes: tuple[Clash, ...]


def mark(cell: str) -> str:
    """A few letters by which the same text is known again."""
    return hashlib.blake2s(cell.encode(), digest_size=6).hexdigest()


def marks_of(cells: Cells) -> str:
    """The marks of these fields, as a form carries them."""
    return json.dumps({field: mark(cell) for field, cell in cells.items()}, separators=(",", ":"))


def read_marks(text: str) -> dict[str, str]:
    """The marks that a form brought; none where they are damaged, so that every field counts as changed by somebody else."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {str(field): str(each) for field, each in found.items()} if isinstance(found, dict) else {}


def merged(marks: Mapping[str, str], mine: Cells, now: Cells) -> Merged:
    """What she changed since the marks were made, beside what stands there now."""
    changes: dict[str, str] = {}
    clashes = []
    for field, cell in mine.items():
        stands = now.get(field, "")
        if cell == stands or mark(cell) == marks.get(field):
            continue
        if marks.get(field) == mark(stands):
            changes[field] = cell
        else:
            clashes.append(Clash(field, cell, stands))
    return Merged(changes, tuple(clashes))
