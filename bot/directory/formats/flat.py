"""The directory as one flat CSV sheet: one row is one service at one place, or by phone alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.cells import CellsUnreadable, decoded, meant, names, numbered_lines, separator, written
from bot.directory.errors import DirectoryFormatError
from bot.directory.formats.built import built
from bot.directory.formats.columns import COLUMNS, OLD_NAMES
from bot.directory.formats.limits import LARGEST_FILE, MOST_COLUMNS, MOST_ROWS
from bot.directory.formats.lines import Known, lines
from bot.directory.formats.nameless import has_nameless, nameless
from bot.directory.formats.read import Read
from bot.directory.formats.sheet_rows import not_told, sheet_rows
from bot.directory.formats.zone import zone_of
from bot.directory.hsds.check import Problem
from bot.directory.hsds.package import Package

NumberedLine = tuple[int, list[str]]


def read_flat(data: bytes, current: Package, name: str = "organizations.csv") -> Read:
    """The rows of a sheet, read against the directory as it is: what exists keeps its id, columns that are not there keep their values.

    Raises DirectoryFormatError where the file as a whole cannot be read.
    """
    if len(data) > LARGEST_FILE:
        told = f"It has {len(data) // 1_000_000} MB."
        raise DirectoryFormatError(name, told, f"Send {LARGEST_FILE // 1_000_000} MB at most.")
    try:
        text, narrow = decoded(data)
        read = read_lines(numbered_lines(text, separator(text, COLUMNS)), current, name)
    except CellsUnreadable as error:
        raise DirectoryFormatError(name, "It cannot be read.", f"{error}.") from None
    if not narrow:
        return read
    note = f"{name} was read in the encoding of Windows, which lacks letters; UTF-8 is safer."
    return Read(read.raws, read.problems, (note, *read.notes), read.gone)


def read_lines(sheet: Iterable[NumberedLine], current: Package, name: str) -> Read:
    """The same from lines that are cells already. Raises DirectoryFormatError."""
    numbered = iter(sheet)
    first = next(numbered, None)
    if first is None:
        raise DirectoryFormatError(name, "It is empty.", "Send the sheet that was filled in.")
    columns = _header(first[1], name)
    known = Known.of(current)
    rows: list[tuple[str, Mapping[str, str]]] = []
    problems: list[Problem] = []
    for number, cells in numbered:
        if len(rows) >= MOST_ROWS:
            told = f"It has more than {MOST_ROWS} rows."
            raise DirectoryFormatError(name, told, "Send it in parts, or send a package.")
        where = f"{name}, row {number}"
        if has_nameless(cells, columns):
            problems.append(nameless(where))
        else:
            rows.append((where, {key: meant(cell).strip() for key, cell in zip(columns, cells, strict=False) if key}))
    found, wrong = lines(rows, columns, known)
    read = built(found, known, zone_of)
    return Read(read.raws, (*problems, *wrong, *read.problems), read.notes, read.gone)


def _header(cells: list[str], name: str) -> list[str]:
    columns = names(cells[:MOST_COLUMNS], COLUMNS)
    if len(cells) > MOST_COLUMNS:
        raise DirectoryFormatError(name, f"Its first row has {len(cells)} cells.", "Send the sheet as it was exported.")
    unknown = [column for column in columns if column and column not in COLUMNS]
    if unknown:
        old = [f"{each} is {OLD_NAMES[each]} now" for each in unknown if each in OLD_NAMES]
        mend = "; ".join(old) + "." if old else f"The columns are: {', '.join(COLUMNS)}."
        told = f"It has columns that we do not know: {', '.join(repr(each[:40]) for each in unknown[:20])}."
        raise DirectoryFormatError(name, told, mend)
    twice = next((column for column in columns if column and columns.count(column) > 1), "")
    if twice:
        raise DirectoryFormatError(name, f"The column {twice} is there twice.", "Take one of the two out.")
    if "code" not in columns:
        raise DirectoryFormatError(name, "It has no column code.", "Every row needs its code, as in an export.")
    return columns


def write_flat(package: Package) -> bytes:
    """The directory as a CSV sheet; columns that are empty in every row are left out.

    Raises DirectoryFormatError for what no sheet holds.
    """
    return written(flat_lines(package))


def flat_lines(package: Package) -> Iterator[list[str]]:
    """The header and the rows. Raises DirectoryFormatError, before the first, for what no sheet holds."""
    rows = sheet_rows(package)
    lost = list(not_told(package, rows))
    if lost:
        more = f" and {len(lost) - 5} more" if len(lost) > 5 else ""
        told = f"A sheet cannot say everything: {' | '.join(lost[:5])}{more}."
        raise DirectoryFormatError("the sheet", told, "Export the package (zip) instead, which can.")
    columns = ["code", *(name for name in COLUMNS[1:] if any(row.cells[name] for row in rows))]
    return iter([columns, *([row.cells[name] for name in columns] for row in rows)])
