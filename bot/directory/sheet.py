"""A sheet: a file of rows under one header, as a spreadsheet program writes it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from bot.directory.errors import DirectoryFileError


class Row(Struct, frozen=True):
    """One row with its place in the file, so that what is wrong with it can be found. ``line`` counts from 1."""

    file: Path
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def wrong(self, problem: str, mend: str) -> DirectoryFileError:
        """The error that names this row."""
        return DirectoryFileError(self.file, self.line, problem, mend)

    def required(self, column: str) -> str:
        """The cell, which must not be empty."""
        if not self[column]:
            raise self.wrong(f"{column} is empty.", "Fill it in.")
        return self[column]

    def one_of(self, column: str, known: Sequence[str]) -> str:
        """The cell, which must be one of the known words."""
        if self[column] not in known:
            raise self.wrong(f"{column} is {self[column]!r}.", f"Use one of: {', '.join(known)}.")
        return self[column]

    def several_of(self, column: str, known: Sequence[str]) -> tuple[str, ...]:
        """The words of a cell, separated by ``;``, all of them known."""
        words = tuple(word for word in self[column].split(";") if word)
        for word in words:
            if word not in known:
                raise self.wrong(f"{column} has {word!r}.", f"Use any of: {', '.join(known)}.")
        return words

    def several_like(self, column: str, form: re.Pattern[str], meaning: str) -> tuple[str, ...]:
        """The words of a cell, separated by ``;``, all of that form."""
        words = tuple(word for word in self[column].split(";") if word)
        for word in words:
            if not form.fullmatch(word):
                raise self.wrong(f"{column} has {word[:40]!r}.", f"Write {meaning}; several with ; between them.")
        return words

    def number(self, column: str, low: float, high: float) -> float | None:
        """The cell as a number between two others, None when it is empty."""
        if not self[column]:
            return None
        try:
            value = float(self[column])
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise self.wrong(f"{column} is {self[column]!r}.", f"Write a number from {low:g} to {high:g}.")
        return value

    def day(self, column: str) -> date | None:
        """The cell as a day, None when it is empty."""
        try:
            return date.fromisoformat(self[column]) if self[column] else None
        except ValueError as error:
            raise self.wrong(f"{column} is {self[column]!r}.", "Write a day as 2026-01-31.") from error


def read_sheet(file: Path, columns: Sequence[str], *, separator: str = ",") -> Iterator[Row]:
    """The rows of a sheet, cells stripped. Raises DirectoryFileError where the form of the file is wrong."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.reader(opened, delimiter=separator, strict=True)
            lines = [(reader.line_num, cells) for cells in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DirectoryFileError(file, 0, f"It cannot be read ({error}).", "Put a whole file in its place.") from error
    if not lines or lines[0][1] != list(columns):
        raise DirectoryFileError(file, 1, "The header is not the expected one.", f"Write: {separator.join(columns)}")
    for number, cells in lines[1:]:
        if len(cells) != len(columns):
            problem = f"It has {len(cells)} cells, not {len(columns)}."
            raise DirectoryFileError(file, number, problem, "Give every column a cell.")
        yield Row(file, number, dict(zip(columns, map(str.strip, cells), strict=True)))
