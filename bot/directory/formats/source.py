"""The front door: a file that somebody sent, whatever its form, as rows of the directory. What it is its content says. Pure."""

from __future__ import annotations

from bot.cells import CellsUnreadable, decoded, names, numbered_lines, separator
from bot.directory.errors import DirectoryFormatError
from bot.directory.formats.columns import COLUMNS, OLD_NAMES
from bot.directory.formats.flat import read_flat
from bot.directory.formats.json_tree import read_json
from bot.directory.formats.read import Read
from bot.directory.formats.tabular import read_table, read_zip
from bot.directory.formats.unzipped import file_names, size_checked
from bot.directory.hsds.package import Package
from bot.directory.hsds.tables import BY_NAME, TABLES
from bot.directory.hsds.tables import names as column_names

_FORMS = "Send a sheet (CSV or .xlsx), an HSDS package (.zip of CSV files), one of its tables, or HSDS as JSON."
_NOT_OURS = {
    b"%PDF": "a PDF",
    b"\x1f\x8b": "packed with gzip",
    b"7z\xbc\xaf": "packed with 7-Zip",
    b"Rar!": "packed with RAR",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"SQLite format 3": "a database",
}


def read_any(name: str, data: bytes, current: Package) -> Read:
    """Reads the file against the directory as it is. Raises DirectoryFormatError where it is nothing of ours."""
    size_checked(data, name)
    for start, what in _NOT_OURS.items():
        if data.startswith(start):
            raise DirectoryFormatError(name, f"It is {what}.", _FORMS)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _workbook(name, data, current)
    if data.startswith(b"PK"):
        return _packed(name, data, current)
    if _begins_like_json(data):
        return read_json(data, current, name)
    return _sheet(name, data, current)


def _workbook(name: str, data: bytes, current: Package) -> Read:
    # Here: no start waits for openpyxl, which is 180 modules.
    from bot.directory.formats.workbook import read_workbook

    return read_workbook(data, current, name)


def _packed(name: str, data: bytes, current: Package) -> Read:
    files = file_names(data, name)
    if any(each.startswith("xl/") for each in files):
        return _workbook(name, data, current)
    if "content.xml" in files:
        raise DirectoryFormatError(name, "It is a workbook of LibreOffice (.ods).", "Save it as .xlsx or as CSV UTF-8.")
    return read_zip(data, current, name)


def _begins_like_json(data: bytes) -> bool:
    start = data[:64].removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return start.replace(b"\0", b"").lstrip()[:1] in (b"{", b"[")


def _sheet(name: str, data: bytes, current: Package) -> Read:
    columns = set(_first_line(name, data))
    if "code" in columns and "id" not in columns or not columns.isdisjoint(OLD_NAMES.keys() - {"id"}):
        return read_flat(data, current, name)
    if "id" in columns:
        table = _table(name, columns)
        if table:
            return read_table(data, table, current, name)
    told = f"Its first row names no columns of ours: {', '.join(repr(each[:30]) for each in sorted(columns)[:8])}."
    raise DirectoryFormatError(name, told, _FORMS)


def _first_line(name: str, data: bytes) -> list[str]:
    known = {*COLUMNS, *(column for table in TABLES for column in column_names(table.columns))}
    try:
        text, _ = decoded(data)
        first = next(numbered_lines(text, separator(text, known)), None)
    except CellsUnreadable as error:
        raise DirectoryFormatError(name, "It cannot be read.", f"{error}.") from None
    if first is None:
        raise DirectoryFormatError(name, "It is empty.", _FORMS)
    return names(first[1], known)


def _table(name: str, columns: set[str]) -> str:
    """Which table of HSDS it is: by its name, else by its columns where they fit only one."""
    stem = name.replace("\\", "/").rpartition("/")[2].casefold().removesuffix(".csv")
    for table in TABLES:
        if stem in (table.name, table.file.removesuffix(".csv")):
            return table.name
    fits = [each for each in BY_NAME if columns <= set(column_names(BY_NAME[each].columns))]
    return fits[0] if len(fits) == 1 else ""
