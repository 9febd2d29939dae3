"""Cells of CSV files as spreadsheet programs write them: their encodings, separators and formulas. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence

SEPARATORS = ",;\t"
SAVE_AS = "Save it again as 'CSV UTF-8 (comma delimited)'"
NOT_CSV = {b"PK\x03\x04": "a workbook (.xlsx or .ods)", b"\xd0\xcf\x11\xe0": "a workbook (.xls)", b"%PDF": "a PDF"}
# A spreadsheet takes a cell that begins like this for a formula. One apostrophe more before it, and it is text.
_FORMULA = re.compile(r"'*(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
_NEGATIVE = re.compile(r"-\d{1,12}(\.\d{1,12})?")
_SEP_LINE = re.compile(r"sep=.\r?\n", re.IGNORECASE)


class CellsUnreadable(Exception):
    """A file whose cells cannot be told apart; the message says why and what to do."""


def harmless(text: str) -> str:
    """The text as a cell that no spreadsheet calculates; ``meant`` takes it back. A negative number stays one."""
    return f"'{text}" if _FORMULA.match(text) and not _NEGATIVE.fullmatch(text) else text


def meant(cell: str) -> str:
    """The text of a cell that ``harmless`` may have made."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def written(lines: Iterable[Sequence[str]]) -> bytes:
    """The CSV file: UTF-8 with a byte order mark, without which Excel takes it for another encoding."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([harmless(cell) for cell in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def decoded(data: bytes) -> tuple[str, bool]:
    """The text, and whether it was saved in an encoding that lacks letters. Raises CellsUnreadable."""
    for start, what in NOT_CSV.items():
        if data.startswith(start):
            raise CellsUnreadable(f"This is {what}, not a CSV file. Open it in the spreadsheet program. {SAVE_AS}")
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            text = _SEP_LINE.sub("", text, count=1) if _SEP_LINE.match(text) else text
            return text, encoding == "cp1252"
    raise CellsUnreadable(f"The file is in an encoding that we do not know. {SAVE_AS}")


def names(cells: Sequence[str], known: Collection[str]) -> list[str]:
    """The names of a header, in our own letters where only capitals or blanks differ."""
    ours = {name.casefold(): name for name in known}
    plain = (" ".join(cell.strip('"').split()) for cell in cells)
    return [ours.get(name.casefold(), name) for name in plain]


def separator(text: str, known: Collection[str]) -> str:
    """What stands between the cells: that with which the first line has most of the known names."""
    first = text.lstrip("\r\n").partition("\n")[0].partition("\r")[0]
    return max(SEPARATORS, key=lambda sign: len(set(names(first.split(sign), known)) & set(known)))


def numbered_lines(text: str, sign: str) -> Iterator[tuple[int, list[str]]]:
    """The lines in which anything stands, numbered as a spreadsheet does. Raises CellsUnreadable."""
    try:
        for number, line in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True), 1):
            if any(cell.strip() for cell in line):
                yield number, line
    except csv.Error as error:
        raise CellsUnreadable(f"The rows cannot be told apart ({error}). {SAVE_AS}") from None
