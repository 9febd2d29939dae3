"""Cells that a spreadsheet would take for a formula, through every file that the console hands out."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator

from openpyxl import load_workbook

from bot.console.desk import Desk
from bot.directory.hsds.changes import changes
from bot.directory.hsds.package import Package
from tests.attacks.strings import corpus
from tests.console.clients import Hand

BEGINS = ("=", "+", "-", "@", "\t", "\r")
"""By which a spreadsheet begins to calculate (OWASP, CSV Injection)."""


def plant(desk: Desk) -> int:
    """Puts strings of the family "cell" into texts of the directory, as a file of somebody would; how many it takes."""
    store = desk.directory.store
    package, version = store.read()
    texts = [attack.text for attack in corpus() if attack.family == "cell" and attack.text.isprintable()]
    rows = list(package.rows("organization"))[: len(texts)]
    named = {row["id"]: text for row, text in zip(rows, texts, strict=False)}
    tables = dict(package.tables)
    tables["organization"] = {
        id: {**row, "name": named.get(id, row["name"])} for id, row in package.tables["organization"].items()
    }
    changed = changes(package, Package(tables), keep_missing=False)
    store.apply(changed, by="test", expected=version)
    return len(named)


def exported(hand: Hand, language: str) -> Iterator[tuple[str, str]]:
    """File and cell of everything that the console gives as a table."""
    for form in ("csv", "xlsx", "package"):
        with hand.get(f"/directory/export/{form}") as answer:
            if answer.status_code == 200:
                yield from ((form, cell) for cell in _cells(form, answer.data))
    with hand.get(f"/speaker/sheet/{language}.csv") as answer:
        yield from (("speakers", cell) for cell in _cells("csv", answer.data))


def _cells(form: str, data: bytes) -> Iterator[str]:
    if form == "xlsx":
        for sheet in load_workbook(io.BytesIO(data)):
            for row in sheet.iter_rows():
                # Its type decides: a text is no formula, whatever it begins with.
                yield from (
                    "=" if cell.data_type == "f" else f" {cell.value}" for cell in row if cell.value is not None
                )
    elif form == "package":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                if name.endswith(".csv"):
                    yield from _cells("csv", packed.read(name))
    else:
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
            yield from row


def calculates(cell: str) -> bool:
    """Whether a spreadsheet would calculate it; a number of a phone or of a place is none."""
    bare = cell.replace(" ", "").replace("-", "").replace("+", "").replace(".", "")
    return cell.startswith(BEGINS) and not (bare.isdigit() and cell[0] in "+-") and cell not in ("-", "+")
