"""The rows of a flat sheet that somebody sent, each beside what is known of it already. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.directory.formats.codes import code_of
from bot.directory.formats.columns import CODES, MAKE_A_PLACE, MAKE_A_SERVICE, OF_ROW, SHARED
from bot.directory.formats.sheet_rows import SheetRow, sheet_rows
from bot.directory.hsds import values
from bot.directory.hsds.check import Problem
from bot.directory.hsds.package import Package

Cells = dict[str, str]


@dataclass(slots=True)
class Line:
    """One row. ``codes``: of its organization, service and location. ``cells``: what it says, what the file does not have as it is known.

    ``known``: the cells as they are known, ``now``: the row as it is known, if it is.
    ``columns``: those of the file.
    """

    where: str
    code: str
    codes: dict[str, str]
    cells: Cells
    known: Cells
    now: SheetRow | None
    columns: frozenset[str]

    @property
    def has_service(self) -> bool:
        """Whether it is about a service, and not about an organization and its place alone."""
        return any(self.cells[name] for name in MAKE_A_SERVICE) or bool(self.now and "service" in self.now.ids)

    @property
    def has_place(self) -> bool:
        """Whether there is a door, or a town at least."""
        if any(self.cells[name] for name in MAKE_A_PLACE) or (self.now and "location" in self.now.ids):
            return True
        return bool(self.cells["state"]) and self.cells["service_area"] != "state"

    def changes(self, columns: Iterable[str]) -> bool:
        """Whether one of these cells says something new."""
        return self.now is None or any(self.cells[name] != self.known[name] for name in columns)


@dataclass(slots=True)
class Known:
    """The rows of the directory as it is, by their codes and by those of what they share."""

    package: Package
    rows: dict[str, SheetRow] = field(default_factory=dict)
    shared: dict[tuple[str, str], SheetRow] = field(default_factory=dict)

    @classmethod
    def of(cls, package: Package) -> Known:
        """All of a package."""
        known = cls(package)
        for row in sheet_rows(package):
            known.rows[row.code] = row
            for table in CODES:
                record = package.get(table, row.ids.get(table, ""))
                if record:
                    known.shared.setdefault((table, code_of(record)), row)
        return known


def lines(
    rows: Iterable[tuple[str, Mapping[str, str]]], columns: Sequence[str], known: Known
) -> tuple[list[Line], list[Problem]]:
    """The rows (where they stand, and their cells in these columns) with their codes, and what is wrong with those."""
    found: dict[str, Line] = {}
    problems: list[Problem] = []
    for where, cells in rows:
        wrong = _wrong_codes(where, cells)
        code = cells.get("code", "")
        if not wrong and code in found:
            told = f"The code {code} stands at {found[code].where} too."
            wrong = Problem(where, "code", told, "Give every row a code of its own.")
        if wrong:
            problems.append(wrong)
        else:
            found[code] = _line(where, code, cells, known)
    problems += _agreed(list(found.values()), [name for name in columns if name != "code"])
    return list(found.values()), problems


def _wrong_codes(where: str, cells: Mapping[str, str]) -> Problem | None:
    if not cells.get("code"):
        return Problem(where, "code", "It is empty.", "Give the row a code of its own, such as centro_romero.")
    for name in ("code", *CODES):
        try:
            if cells.get(name):
                values.code(cells[name])
        except values.ValueRefused as refused:
            return Problem(where, name, refused.problem, refused.mend)
    return None


def _line(where: str, code: str, cells: Mapping[str, str], known: Known) -> Line:
    now = known.rows.get(code)
    codes = {}
    for table in CODES:
        stored = known.package.get(table, now.ids.get(table, "")) if now else None
        codes[table] = cells.get(table) or (code_of(stored) if stored else code)
    before = _known_cells(codes, now, known)
    said = {name: cell for name, cell in cells.items() if name in before}
    return Line(where, code, codes, {**before, **said}, before, now, frozenset(cells))


def _known_cells(codes: Mapping[str, str], now: SheetRow | None, known: Known) -> Cells:
    """What is known of the row, of its organization, of its service and of its location."""
    before = dict.fromkeys(OF_ROW, "") | {name: "" for columns in SHARED.values() for name in columns}
    if now:
        before |= {name: now.cells[name] for name in before}
    for table, columns in SHARED.items():
        row = known.shared.get((table, codes[table]))
        if row and (now is None or now.cells is not row.cells):
            before |= {name: row.cells[name] for name in columns}
    return before


def _agreed(found: Sequence[Line], columns: Sequence[str]) -> list[Problem]:
    """Writes what one row says of its organization, service or location into all rows about it; who says something else is told."""
    problems = []
    for table, shared in SHARED.items():
        groups: dict[str, list[Line]] = {}
        for line in found:
            groups.setdefault(line.codes[table], []).append(line)
        for code, group in groups.items():
            if len(group) > 1:
                problems += _agree(group, [name for name in shared if name in columns], f"{table} {code}")
    return problems


def _agree(group: Sequence[Line], columns: Iterable[str], what: str) -> list[Problem]:
    problems: dict[str, Problem] = {}
    for name in columns:
        first = next((line for line in group if line.cells[name]), None)
        if first is None:
            continue
        for line in group:
            if line.cells[name] not in ("", first.cells[name]):
                told = f"{first.where} says something else of the {what}."
                problems.setdefault(line.where, Problem(line.where, name, told, "Write the same in both rows."))
            line.cells[name] = first.cells[name]
    return list(problems.values())
