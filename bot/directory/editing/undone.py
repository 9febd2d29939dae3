"""An entry as it was: what the history says, undone from the newest backwards. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Protocol

from bot.directory.formats.kept import OWNERS, Kept
from bot.directory.hsds.changes import Change
from bot.directory.hsds.package import Package, Row, row
from bot.directory.hsds.tables import BY_NAME
from bot.directory.importing.confirmation import CONFIRMATION

MAIN = ("organization", "service", "location", "service_at_location")


class Line(Protocol):
    """A line of the history (bot/store/directory_history.py)."""

    @property
    def resource_type(self) -> str: ...
    @property
    def resource_id(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def previous(self) -> str: ...


def part_of(package: Package, ids: Mapping[str, str]) -> Package:
    """The records of one entry alone, with the kinds of help, which belong to all."""
    kept = Kept(package)
    rows: dict[str, list[Row]] = {"taxonomy_term": list(package.rows("taxonomy_term"))}
    for table in MAIN:
        if table in ids and (record := package.get(table, ids[table])):
            rows[table] = [record]
    for table, owners in OWNERS.items():
        found = {each["id"]: each for owner in owners if owner in ids for each in kept.of(table, (owner, ids[owner]))}
        rows[table] = list(found.values())
    return Package.of(rows)


def before(package: Package, lines: Iterable[Line]) -> Package:
    """The records as they were before these lines, the newest first. A column or table that there is no more is left out."""
    tables = {name: dict(rows) for name, rows in package.tables.items()}
    for line in lines:
        table = tables.get(line.resource_type)
        if table is None:
            continue
        known = {column.name for column in BY_NAME[line.resource_type].columns}
        match line.action:
            case "create":
                table.pop(line.resource_id, None)
            case "delete":
                held = {name: cell for name, cell in json.loads(line.previous).items() if name in known}
                table[line.resource_id] = row(line.resource_type, **held)
            case _ if line.resource_id in table and line.field in known:
                changed = {**table[line.resource_id], line.field: line.previous}
                table[line.resource_id] = row(line.resource_type, **changed)
    return Package.of({name: rows.values() for name, rows in tables.items()})


def back_to(now: Package, then: Package) -> tuple[Change, ...]:
    """What leads from an entry as it is to what it was. A number that stayed keeps the confirmation that it has; one that comes back
    has to be confirmed anew, for somebody had a reason to change it."""
    found = []
    for table in now.tables:
        if table == "taxonomy_term":
            continue
        old_rows, new_rows = now.tables[table], then.tables[table]
        for identifier in sorted(old_rows.keys() | new_rows.keys()):
            old, new = old_rows.get(identifier), new_rows.get(identifier)
            if new is not None and table == "phone":
                new = _as_confirmed(new, old)
            if new is not None and table == "service":
                new = row("service", **{**new, **_assured(old)})
            if old != new:
                found.append(Change(table, identifier, old, new))
    return tuple(found)


def _as_confirmed(phone: Row, now: Row | None) -> Row:
    same = now is not None and (now["number"], now["extension"]) == (phone["number"], phone["extension"])
    return row("phone", **{**phone, **{name: now[name] if same and now else "" for name in CONFIRMATION}})


def _assured(now: Row | None) -> dict[str, str]:
    return {name: now[name] if now else "" for name in ("assured_date", "assured_by")}
