"""Sheets as files: CSV that Excel and LibreOffice open, and what comes back from them in their encodings. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.scripts.errors import RowRefused, SheetError

LARGEST = 8_000_000  # bytes; all texts of all flows are a tenth of it
_SEPARATORS = ",;\t"
_SAVE_AS = "Save it again as 'CSV UTF-8 (comma delimited)'"
_NOT_CSV = {b"PK\x03\x04": "a workbook (.xlsx or .ods)", b"\xd0\xcf\x11\xe0": "a workbook (.xls)", b"%PDF": "a PDF"}
# A spreadsheet takes a cell that begins like this for a formula. One apostrophe more before it, and it is text.
_FORMULA = re.compile(r"'*(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
_SEP_LINE = re.compile(r"sep=.\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands ("row 12", as the spreadsheet counts), its cells by column, and what is beyond the last."""

    place: str
    cells: Mapping[str, str]
    beyond: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def filled(self, columns: Iterable[str]) -> bool:
        """Whether anything stands in one of these columns."""
        return bool(self.beyond) or any(self[column] for column in columns)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet that was read. ``narrow``: it was saved in an encoding that lacks letters, so that some may be lost."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    narrow: bool = False


def written(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """The CSV file: UTF-8 with a byte order mark, without which Excel takes it for another encoding."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(row.get(column, "")) for column in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """The text as a cell that no spreadsheet calculates; ``meant`` takes it back."""
    return f"'{text}" if _FORMULA.match(text) else text


def meant(cell: str) -> str:
    """The text of a cell that ``harmless`` may have made."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def read(data: bytes, known: Sequence[str], name: str = "") -> Table:
    """The rows under a header with some of the ``known`` columns, whatever their order. Raises SheetError.

    ``name`` tells the sheet from others that are read with it.
    """
    text, narrow = _decoded(data)
    text = _SEP_LINE.sub("", text, count=1) if _SEP_LINE.match(text) else text
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=lambda sign: len(set(_names(first.split(sign), known)) & set(known)))
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise SheetError(f"The rows cannot be told apart ({error}). {_SAVE_AS}") from None
    numbered = [(number, line) for number, line in enumerate(lines, 1) if any(cell.strip() for cell in line)]
    if not numbered:
        raise SheetError("The sheet is empty. Send the one that was filled in")
    columns = _names(numbered[0][1], known)
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
        raise RowRefused(f"a letter was lost in {text!r}. {_SAVE_AS}")
    try:
        doubled = text.encode("cp1252").decode("utf-8") != text
    except UnicodeError:
        doubled = False
    if doubled:
        raise RowRefused(f"accents became other signs in {text!r}. Open the sheet as UTF-8. {_SAVE_AS}")
    return text


def undamaged_words(text: str, doubted: bool) -> str:
    """Like undamaged, of words in which no question mark stands inside another.

    ``doubted``: the encoding of the file lacks letters of the language, so that any question mark may have been one.
    """
    if re.search(r"\w\?" if doubted else r"\w\?\w", text):
        raise RowRefused(f"a question mark stands for a letter that was lost in {text!r}. {_SAVE_AS}")
    return undamaged(text)


def _decoded(data: bytes) -> tuple[str, bool]:
    if len(data) > LARGEST:
        raise SheetError("The file is far too large for a sheet of ours. Send the one that was filled in")
    for start, what in _NOT_CSV.items():
        if data.startswith(start):
            raise SheetError(f"This is {what}, not a CSV file. Open it in the spreadsheet program. {_SAVE_AS}")
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding == "cp1252"
    raise SheetError(f"The file is in an encoding that we do not know. {_SAVE_AS}")


def _names(cells: Iterable[str], known: Iterable[str]) -> list[str]:
    """The names of a header, in our own letters where only capitals or blanks differ."""
    ours = {name.casefold(): name for name in known}
    plain = (" ".join(cell.strip('"').split()) for cell in cells)
    return [ours.get(name.casefold(), name) for name in plain]


def _row(place: str, line: Sequence[str], columns: Sequence[str]) -> Row:
    cells = [meant(cell).strip() for cell in line]
    beyond = " ".join(cell for cell in cells[len(columns) :] if cell)
    return Row(place, dict(zip(columns, cells, strict=False)), beyond)
