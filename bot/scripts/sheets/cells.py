"""Sheets as files: CSV that Excel and LibreOffice open, and what comes back from them in their encodings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from bot.cells import SAVE_AS, CellsUnreadable, decoded, harmless, meant, names, numbered_lines, separator
from bot.cells import written as written_lines
from bot.scripts.errors import RowRefused, SheetError

__all__ = ["LARGEST", "Row", "Table", "harmless", "meant", "needed", "read", "undamaged", "undamaged_words", "written"]

LARGEST = 8_000_000  # bytes; all texts of all flows are a tenth of it


class Row(Struct, frozen=True):
    """One row: where it stands ("row 12", as the spreadsheet counts), its cells by column, and what is beyond the last."""

    place: str
    cells: Mapping[str, str]
    beyond: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def filled(self, columns: Iterable[str]) -> bool:
        """Whether anything stands in one of these columns."""
        return bool(self.beyond) or any(self[column] for column in columns)


class Table(Struct, frozen=True):
    """A sheet that was read. ``narrow``: it was saved in an encoding that lacks letters, so that some may be lost."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    narrow: bool = False


def written(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """The CSV file of these rows under a header; no cell of it is ever calculated."""
    lines = [list(columns), *([row.get(column, "") for column in columns] for row in rows)]
    return written_lines(lines)


def read(data: bytes, known: Sequence[str], name: str = "") -> Table:
    """The rows under a header with some of the ``known`` columns, whatever their order. Raises SheetError.

    ``name`` tells the sheet from others that are read with it.
    """
    if len(data) > LARGEST:
        raise SheetError("The file is far too large for a sheet of ours. Send the one that was filled in")
    try:
        text, narrow = decoded(data)
        numbered = list(numbered_lines(text, separator(text, known)))
    except CellsUnreadable as error:
        raise SheetError(str(error)) from None
    if not numbered:
        raise SheetError("The sheet is empty. Send the one that was filled in")
    columns = names(numbered[0][1], known)
    twice = [name for name in known if columns.count(name) > 1]
    if twice:
        raise SheetError(f"The column {twice[0]!r} is there twice. Take one of them out")
    of = f" of {name}" if name else ""
    rows = (_row(f"row {number}{of}", line, columns) for number, line in numbered[1:])
    return Table(tuple(columns), tuple(rows), narrow)


def needed(table: Table, columns: Iterable[str]) -> None:
    """Raises SheetError where one of these columns is missing."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        there = ", ".join(filter(None, table.columns))
        raise SheetError(f"The first row lacks {', '.join(missing)}; it has {there}. Write the names back as they were")


def undamaged(text: str) -> str:
    """The text, or RowRefused where it shows that letters were lost on the way."""
    if "\ufffd" in text:
        raise RowRefused(f"a letter was lost in {text!r}. {SAVE_AS}")
    try:
        doubled = text.encode("cp1252").decode("utf-8") != text
    except UnicodeError:
        doubled = False
    if doubled:
        raise RowRefused(f"accents became other signs in {text!r}. Open the sheet as UTF-8. {SAVE_AS}")
    return text


def undamaged_words(text: str, doubted: bool) -> str:
    """Like undamaged, of words in which no question mark stands inside another.

    ``doubted``: the encoding of the file lacks letters of the language, so that any question mark may have been one.
    """
    if re.search(r"\w\?" if doubted else r"\w\?\w", text):
        raise RowRefused(f"a question mark stands for a letter that was lost in {text!r}. {SAVE_AS}")
    return undamaged(text)


def _row(place: str, line: Sequence[str], columns: Sequence[str]) -> Row:
    cells = [meant(cell).strip() for cell in line]
    beyond = " ".join(cell for cell in cells[len(columns) :] if cell)
    return Row(place, dict(zip(columns, cells, strict=False)), beyond)
