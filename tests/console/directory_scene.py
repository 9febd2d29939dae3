"""The shipped directory in a console, and who works at it, for the tests of its pages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.directory.hsds.changes import changes
from bot.directory.hsds.package import EMPTY, Package
from tests.console.browsing import Console
from tests.directory.seeded import read_seed

ROMERO = "centro_romero"
"""Legal help in Chicago with a phone and no hours."""


def furnish(console: Console) -> None:
    """Puts the shipped directory into the console's database, where none is yet."""
    store = console.desk.directory.store
    package, version = store.read()
    if not package.tables["organization"]:
        store.apply(changes(EMPTY, read_seed()[0], keep_missing=False), by="test", expected=version)


def today(console: Console) -> str:
    """The day of the bot's clock at Greenwich."""
    return datetime.fromtimestamp(console.desk.clock(), UTC).date().isoformat()


def package_of(console: Console) -> Package:
    """The directory as it stands."""
    return console.desk.directory.store.read()[0]


def cells(console: Console, code: str = ROMERO) -> dict[str, str]:
    """The row of an entry as it stands."""
    from bot.directory.formats.sheet_rows import sheet_rows

    return next(row.cells for row in sheet_rows(package_of(console)) if row.code == code)


@pytest.fixture(scope="module")
def furnished(console: Console) -> Console:
    """The console with the shipped directory."""
    furnish(console)
    return console


__all__ = ["ROMERO", "Path", "cells", "furnish", "furnished", "package_of", "today"]
