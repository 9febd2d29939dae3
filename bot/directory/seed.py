"""The directory as it is shipped: ``directory/organizations.csv``, our flat sheet. Pure."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.directory.errors import DirectoryError, DirectoryFileError
from bot.directory.formats.flat import read_flat
from bot.directory.hsds.check import check
from bot.directory.hsds.package import EMPTY, Package

FILE = "organizations.csv"


class SeedError(DirectoryError):
    """Rows of the shipped sheet that cannot be right: one line for each, with its row, its column and what to write."""


def load_seed(folder: Path, today: date) -> Package:
    """The tables of the shipped sheet. ``today`` is the day after which a date has not come yet.

    Raises DirectoryError (SeedError for rows, others for the file as a whole).
    """
    path = folder / FILE
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DirectoryFileError(path, 0, f"It cannot be read ({error}).", "Put a whole file in its place.") from error
    return seed_of(data, today)


def seed_of(data: bytes, today: date) -> Package:
    """The tables that such a sheet tells of. Raises DirectoryError."""
    read = read_flat(data, EMPTY, FILE)
    checked = check(read.raws, today)
    if problems := (*read.problems, *checked.problems):
        raise SeedError("\n".join(map(str, problems)))
    return checked.package
