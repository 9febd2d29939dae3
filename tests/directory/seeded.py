"""The directory as it is shipped, as its tables, and changed a little for a test."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.directory.formats.flat import read_flat
from bot.directory.hsds.changes import Change, changed, changes
from bot.directory.hsds.check import Problem, check
from bot.directory.hsds.package import EMPTY, Package

FOLDER = Path(__file__).resolve().parents[2] / "directory"
TODAY = date(2026, 11, 26)


def read_seed() -> tuple[Package, tuple[Problem, ...]]:
    """organizations.csv, and what is wrong with it."""
    read = read_flat((FOLDER / "organizations.csv").read_bytes(), EMPTY)
    checked = check(read.raws, TODAY)
    return checked.package, (*read.problems, *checked.problems)


def returned(package: Package, data: bytes) -> tuple[Change, ...]:
    """What a returned sheet changes; it must have no problems."""
    read = read_flat(data, package)
    checked = check(read.raws, TODAY)
    assert not [*read.problems, *checked.problems]
    return changes(package, checked.package, keep_missing=True, gone=read.gone)


def with_cells(package: Package, **rows: dict[str, str]) -> Package:
    """The directory after these cells of these rows (by code) were imported."""
    names = ["code", *dict.fromkeys(name for cells in rows.values() for name in cells)]
    lines = [[code, *(cells.get(name, "") for name in names[1:])] for code, cells in rows.items()]
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in [names, *lines]]
    return changed(package, returned(package, "\n".join(quoted).encode()))
