"""The flat sheet as an Excel workbook (.xlsx): all cells text, so that no plus, nought or day is eaten. Pure.

Reading takes nothing but the cells of one sheet: no formula is calculated, no macro, link or picture is looked at.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from bot.cells import harmless
from bot.directory.errors import DirectoryFormatError
from bot.directory.formats.columns import COLUMNS
from bot.directory.formats.explained import HEADER, explained
from bot.directory.formats.flat import flat_lines, read_lines
from bot.directory.formats.limits import LARGEST_SHEET, MOST_COLUMNS, MOST_ROWS
from bot.directory.formats.read import Read
from bot.directory.formats.unzipped import file_names, size_checked, unzipped, zipped
from bot.directory.hsds.package import Package

SHEET, COLUMNS_SHEET = "directory", "columns"
_PROPERTIES = "docProps/core.xml"
_OLD = b"\xd0\xcf\x11\xe0"
_TEXT = "@"
_LAST_ROW = 1_048_576
_STYLE = "_style"
_SAVE_AS = "Open it in the spreadsheet program and save it as .xlsx without a password, or as CSV UTF-8."
_NARROW, _WIDE, _WIDEST = 8, 12, 45


def write_workbook(package: Package) -> bytes:
    """The workbook: the sheet ``directory``, and ``columns`` that says what belongs where. The same bytes for the same directory.

    Raises DirectoryFormatError.
    """
    book = Workbook(write_only=True)
    _fill(book, SHEET, list(flat_lines(package)))
    _fill(book, COLUMNS_SHEET, [list(HEADER), *([name, *explained(name)] for name in COLUMNS)])
    out = io.BytesIO()
    book.save(out)
    return _without_its_hour(out.getvalue())


def _without_its_hour(data: bytes) -> bytes:
    """The workbook without the time at which it was made, in its properties and in the zip."""
    files = unzipped(data, "the workbook")
    files[_PROPERTIES] = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", files[_PROPERTIES])
    return zipped(files)


def _fill(book: Workbook, title: str, lines: Sequence[Sequence[str]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    for number, width in enumerate(_widths(lines), 1):
        sheet.column_dimensions[_letters(number)].width = width
    head, body = _model(sheet, bold=True), _model(sheet, bold=False, wrapped=title == COLUMNS_SHEET)
    for row, line in enumerate(lines):
        sheet.append([_cell(sheet, text, body if row else head) if text else None for text in line])


def _model(sheet: WriteOnlyWorksheet, *, bold: bool, wrapped: bool = False) -> Cell:
    cell = WriteOnlyCell(sheet)
    cell.number_format = _TEXT
    cell.alignment = Alignment(vertical="top", wrap_text=wrapped)
    cell.font = Font(bold=bold)
    return cell


def _cell(sheet: WriteOnlyWorksheet, text: str, model: Cell) -> Cell:
    # Excel shows an apostrophe that we write, so only texts that begin with one of their own get another.
    cell = WriteOnlyCell(sheet, harmless(text) if text.startswith("'") else text)
    # openpyxl takes what begins with = for a formula; a style is looked up anew at each attribute, so the model's is shared.
    cell.data_type = "s"
    setattr(cell, _STYLE, getattr(model, _STYLE))
    return cell


def _widths(lines: Sequence[Sequence[str]]) -> Iterator[int]:
    for column in zip(*lines, strict=True):
        longest = max(map(len, column[:200]))
        yield min(_WIDEST, max(_NARROW, longest + 2, min(len(column[0]) + 2, _WIDE)))


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_workbook(data: bytes, current: Package, name: str = "directory.xlsx") -> Read:
    """The rows of the sheet ``directory``, else of the first whose first row names our columns. Raises DirectoryFormatError."""
    size_checked(data, name)
    if data.startswith(_OLD):
        raise DirectoryFormatError(name, "It is an old workbook (.xls), or has a password.", _SAVE_AS)
    files = file_names(data, name, most=LARGEST_SHEET)
    notes = ["The macros of the workbook were left out"] if any("vbaProject" in each for each in files) else []
    if any(each.startswith("xl/externalLinks/") for each in files):
        notes.append("Links to other files were left out")
    try:
        with warnings.catch_warnings():
            # What openpyxl warns of (styles and validations that it does not know) is nothing that we read.
            warnings.simplefilter("ignore")
            lines, left = _lines(data, name)
    except DirectoryFormatError:
        raise
    except Exception as error:
        # A workbook is XML within a zip: whatever is wrong with it, the mend is one.
        told = f"It cannot be read as a workbook ({type(error).__name__})."
        raise DirectoryFormatError(name, told, _SAVE_AS) from None
    notes += [f"The sheet {title[:40]!r} was left out" for title in left]
    read = read_lines(lines, current, name)
    return Read(read.raws, read.problems, (*notes, *read.notes), read.gone)


def _lines(data: bytes, name: str) -> tuple[list[tuple[int, list[str]]], list[str]]:
    """The lines of our sheet, and the titles of the others in which something stands."""
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        firsts = {title: next(_numbered(sheet.values), (0, [])) for title, sheet in sheets.items()}
        ours = [title for title, (_, cells) in firsts.items() if "code" in [cell.strip().casefold() for cell in cells]]
        title = SHEET if SHEET in sheets else next((each for each in ours if each != COLUMNS_SHEET), "")
        if not title:
            raise DirectoryFormatError(
                name, "No sheet of it has the column code.", "Send the workbook as it was exported."
            )
        sheet = sheets[title]
        # The size that a sheet says of itself may be wrong, and rows would be lost.
        sheet.reset_dimensions()
        left = [each for each, first in firsts.items() if each not in (title, COLUMNS_SHEET) and first[0]]
        return list(islice(_numbered(sheet.values), MOST_ROWS + 2)), left
    finally:
        book.close()


def _numbered(rows: Iterable[Sequence[object]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(rows, 1):
        if number > _LAST_ROW:
            # A sheet may say that its next row is the ten billionth, and openpyxl gives all those between.
            raise ValueError("a row beyond the last that a workbook can have")
        cells = [_text(value) for value in row[: MOST_COLUMNS + 1]]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield number, cells


def _text(value: object) -> str:
    """A cell as it would be written by hand: 62.0 is 62, a day is 2026-01-31, true is yes."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case _:
            return str(value)
