"""The directory as an HSDS tabular package: one CSV file for each table, and datapackage.json that describes them. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from bot.cells import CellsUnreadable, decoded, harmless, meant, names, numbered_lines, separator
from bot.directory.errors import DirectoryFormatError
from bot.directory.formats.datapackage import DESCRIPTION, description
from bot.directory.formats.foreign import adapted
from bot.directory.formats.limits import MOST_COLUMNS, MOST_RECORDS
from bot.directory.formats.nameless import has_nameless, nameless
from bot.directory.formats.read import Read
from bot.directory.formats.unzipped import unzipped, zipped
from bot.directory.hsds.check import Problem, Raw
from bot.directory.hsds.package import Package
from bot.directory.hsds.tables import BY_NAME, NOT_KEPT, TABLES, Table
from bot.directory.hsds.tables import names as column_names

_BY_FILE = {stem: table for table in TABLES for stem in (table.name, table.file.removesuffix(".csv"))}
_ALWAYS = ("organization", "service", "location", "service_at_location")


def read_zip(data: bytes, current: Package, name: str) -> Read:
    """A package that came as one file. Raises DirectoryFormatError."""
    return read_tabular(unzipped(data, name), current, name)


def read_tabular(files: Mapping[str, bytes], current: Package, name: str) -> Read:
    """A package by the names of its files, at the top or in one folder. Raises DirectoryFormatError."""
    raws: list[Raw] = []
    problems: list[Problem] = []
    notes: list[str] = []
    for file, table in _tables(files, name, notes):
        for each in _rows(files[file], table, file.rpartition("/")[2], notes):
            if isinstance(each, Raw):
                raws.append(each)
            else:
                problems.append(each)
    read = adapted(raws, notes, current, name)
    return Read(read.raws, (*problems, *read.problems), read.notes)


def _tables(files: Mapping[str, bytes], name: str, notes: list[str]) -> Iterator[tuple[str, Table]]:
    found: dict[str, str] = {}
    for file in files:
        stem = file.rpartition("/")[2].casefold()
        if "__MACOSX/" in file or stem.startswith(".") or stem == DESCRIPTION:
            continue
        table = _BY_FILE.get(stem.removesuffix(".csv")) if stem.endswith(".csv") else None
        if table is None:
            notes.append(_not_kept(file, stem, files[file]))
        elif table.name in found:
            told = f"It holds {found[table.name]!r} and {file!r}, both for {table.name}."
            raise DirectoryFormatError(name, told, "Put one of the two in.")
        else:
            found[table.name] = file
    if not found:
        told = "It holds no table of HSDS."
        raise DirectoryFormatError(name, told, "Pack organizations.csv, services.csv and the others into it.")
    yield from ((found[table.name], table) for table in TABLES if table.name in found)


def _not_kept(file: str, stem: str, data: bytes) -> str:
    """A sentence about a file that is left out, with the number of its rows where it is a table."""
    plural = stem.removesuffix(".csv")
    singular = next((table for table in NOT_KEPT if plural in (table, f"{table}s", f"{table[:-1]}ies")), "")
    shown = "".join(sign if sign.isprintable() else "." for sign in file[:80])
    rows = max(0, data.count(b"\n") - 1)
    if singular == "contact":
        return f"{shown}: {rows} rows left out; names of persons are never kept"
    if singular or plural == "accessibility":
        return f"{shown}: {rows} rows left out; nothing that is said to families comes from this table"
    return f"{shown}: left out; it is no table of HSDS"


def _rows(data: bytes, table: Table, file: str, notes: list[str]) -> Iterator[Raw | Problem]:
    known = column_names(table.columns)
    try:
        text, narrow = decoded(data)
        lines = numbered_lines(text, separator(text, known))
        first = next(lines, None)
        columns = _header(first[1] if first else [], known, file)
        if narrow:
            notes.append(f"{file} was read in the encoding of Windows, which lacks letters; UTF-8 is safer")
        beyond: dict[str, int] = {}
        for count, (number, cells) in enumerate(lines):
            if count >= MOST_RECORDS:
                raise DirectoryFormatError(file, f"It has more than {MOST_RECORDS} rows.", "Send the package in parts.")
            where = f"{file}, row {number}"
            if has_nameless(cells, columns):
                yield nameless(where)
                continue
            made = {name: meant(cell).strip() for name, cell in zip(columns, cells, strict=False) if name}
            for name in made.keys() - set(known):
                beyond[name] = beyond.get(name, 0) + bool(made[name])
            yield Raw(table.name, where, made)
    except CellsUnreadable as error:
        raise DirectoryFormatError(file, "It cannot be read.", f"{error}.") from None
    if filled := [f"{name[:40]!r} ({count})" for name, count in sorted(beyond.items()) if count]:
        notes.append(f"{file}: columns that we do not keep: {', '.join(filled[:20])}")


def _header(cells: list[str], known: tuple[str, ...], file: str) -> list[str]:
    if len(cells) > MOST_COLUMNS:
        raise DirectoryFormatError(file, f"Its first row has {len(cells)} cells.", f"Write {MOST_COLUMNS} at most.")
    columns = names(cells, known)
    if "id" not in columns:
        raise DirectoryFormatError(file, "It has no column id.", "Every table of HSDS has one.")
    twice = next((column for column in columns if column and columns.count(column) > 1), "")
    if twice:
        raise DirectoryFormatError(file, f"The column {twice[:40]!r} is there twice.", "Take one of the two out.")
    return columns


def read_table(data: bytes, table: str, current: Package, name: str) -> Read:
    """One table of a package by itself. Raises DirectoryFormatError."""
    return read_tabular({BY_NAME[table].file: data}, current, name)


def write_tabular(package: Package) -> dict[str, bytes]:
    """The files of the package by their names: tables that have rows, the four that every package has, and the description."""
    there = [table for table in TABLES if package.tables[table.name] or table.name in _ALWAYS]
    files = {table.file: _written(package, table) for table in there}
    return {DESCRIPTION: description(there), **files}


def write_zip(package: Package) -> bytes:
    """The package as one file; the same bytes for the same directory."""
    return zipped(write_tabular(package))


def _written(package: Package, table: Table) -> bytes:
    columns = column_names(table.columns)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    # A phone number begins with a plus and is no formula; other programs want it as it is.
    plain = {"number", "latitude", "longitude"}
    writer.writerows(
        [row[name] if name in plain else harmless(row[name]) for name in columns] for row in package.rows(table.name)
    )
    return out.getvalue().encode()
