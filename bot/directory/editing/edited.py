"""The directory after somebody changed fields of one entry: by the rules of an import, as a sheet with one row. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.directory.editing.fields import PHONE_FIELDS, PLACE_FIELDS
from bot.directory.editing.located import located
from bot.directory.formats.built import built
from bot.directory.formats.columns import PHONE, SLOTS
from bot.directory.formats.lines import Known, lines
from bot.directory.formats.numbers import understood
from bot.directory.formats.read import Read
from bot.directory.hsds.package import Package
from bot.directory.importing.preview import Preview, preview
from bot.directory.places import Places

_WHERE = "the page"
_CONFIRMATION = ("_verified_on", "_verified_by", "_verified_how", "_verified_source")


def edited(package: Package, code: str, changes: Mapping[str, str], today: date, places: Places) -> Preview:
    """What these changes would make of the entry of that code, or of a new one where there is none."""
    known = Known.of(package)
    row = known.rows.get(code)
    now: Mapping[str, str] = row.cells if row else {}
    cells = dict(changes)
    if cells.keys() & set(PHONE_FIELDS):
        cells |= _phones({**now, **cells}, now)
    if cells.keys() & {*PLACE_FIELDS, "sensitive"}:
        cells |= located({**now, **cells}, now, places)
    found, wrong = lines([(_WHERE, {"code": code, **cells})], ["code", *cells], known)
    read = built(found, known)
    return preview(package, Read(read.raws, (*wrong, *read.problems), read.notes, read.gone), today, replace=False)


def _phones(cells: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """All columns of all phones: a number has the confirmation that it had, wherever it stands now; another number has none.

    Empty places close up, so that the first phone is the first.
    """
    country = cells.get("country", "").upper()
    confirmed = {_key(now, slot): slot for slot in SLOTS if now.get(slot)}
    kept: list[dict[str, str]] = []
    for slot in SLOTS:
        said = {part: cells.get(f"{slot}{part}", "") for part in PHONE}
        if not said[""]:
            continue
        said[""], extension = understood(said[""], country)
        said["_ext"] = said["_ext"] or extension
        before = confirmed.get((said[""], said["_ext"]), "")
        said |= {part: now.get(f"{before}{part}", "") if before else "" for part in _CONFIRMATION}
        kept.append(said)
    blank = dict.fromkeys(PHONE, "")
    kept += [blank] * (len(SLOTS) - len(kept))
    return {f"{slot}{part}": cell for slot, said in zip(SLOTS, kept, strict=True) for part, cell in said.items()}


def _key(cells: Mapping[str, str], slot: str) -> tuple[str, str]:
    return cells.get(slot, ""), cells.get(f"{slot}_ext", "")
