"""Flat sheets for the tests: rows as dictionaries, read and checked in one go."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date

from bot.directory.formats.flat import read_flat
from bot.directory.formats.read import Read
from bot.directory.hsds.changes import Change, changes
from bot.directory.hsds.check import Checked, check
from bot.directory.hsds.package import EMPTY, Package

TODAY = date(2026, 11, 26)
CENTRE = {
    "code": "centro_romero",
    "org_name": "Centro Romero",
    "kind": "member",
    "description": "Legal help and classes.",
    "aa_member": "yes",
    "aa_evidence": "signed a release",
    "source_url": "https://www.centroromero.org",
    "source_date": "2024",
    "source_seen": "yes",
    "service_terms": "legal;education",
    "status": "active",
    "address": "6216 N Clark St",
    "city": "Chicago",
    "state": "IL",
    "country": "US",
    "postal_code": "60660",
    "lat": "41.9909",
    "lon": "-87.6629",
    "geo_precision": "zip",
    "timezone": "America/Chicago",
    "phone": "+17735085300",
    "phone_type": "voice",
    "hours": "Mo-Fr 09:00-17:00; PH off",
    "languages": "es;en",
    "service_area": "local",
}


def sheet(*rows: Mapping[str, str], columns: Iterable[str] = ()) -> bytes:
    """A CSV file with these rows; its columns are those that any of them has."""
    names = list(columns) or list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return out.getvalue().encode()


def told(data: bytes, current: Package = EMPTY) -> tuple[Read, Checked, list[str]]:
    """The sheet read and checked, and everything that is wrong with it."""
    read = read_flat(data, current, "sheet.csv")
    checked = check(read.raws, TODAY)
    return read, checked, [str(each) for each in (*read.problems, *checked.problems)]


def package(*rows: Mapping[str, str], current: Package = EMPTY) -> Package:
    """The directory that a sheet makes, in which nothing is wrong."""
    _, checked, problems = told(sheet(*rows), current)
    assert problems == []
    return checked.package


def changed_by(data: bytes, current: Package) -> tuple[Change, ...]:
    """What a sheet changes in a directory."""
    read, checked, problems = told(data, current)
    assert problems == []
    return changes(current, checked.package, keep_missing=True, gone=read.gone)
