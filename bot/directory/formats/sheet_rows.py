"""A directory as the rows of the flat sheet, and what such a sheet cannot say of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.directory.formats.codes import code_of
from bot.directory.formats.columns import CODES
from bot.directory.formats.kept import OWNERS, Kept
from bot.directory.formats.told import HELD, told
from bot.directory.hsds.package import Package
from bot.directory.hsds.tables import TABLES


@dataclass(slots=True)
class SheetRow:
    """One row of the sheet. ``ids``: the records by table; ``lost``: what its cells cannot say, by table."""

    code: str
    ids: dict[str, str]
    cells: dict[str, str]
    lost: dict[str, str] = field(default_factory=dict)


def sheet_rows(package: Package) -> tuple[SheetRow, ...]:
    """The rows, organization by organization, in the order of their codes."""
    kept = Kept(package)
    used: set[str] = set()
    rows = []
    for ids in _seats(package):
        cells, lost = told(kept, ids)
        rows.append(SheetRow(_row_code(package, ids, used), ids, cells, lost))
    for row in rows:
        row.cells |= dict.fromkeys(CODES, "")
        for table in CODES:
            if table in row.ids and (record := package.get(table, row.ids[table])):
                code = code_of(record)
                row.cells[table] = "" if code == row.code else code
        row.cells["code"] = row.code
    return tuple(rows)


def _seats(package: Package) -> Iterator[dict[str, str]]:
    services, locations = package.by("service", "organization_id"), package.by("location", "organization_id")
    at_service, at_location = (package.by("service_at_location", f"{one}_id") for one in ("service", "location"))
    for organization in sorted(package.rows("organization"), key=code_of):
        ids = {"organization": organization["id"]}
        found: list[dict[str, str]] = []
        for service in sorted(services.get(ids["organization"], []), key=code_of):
            places = [
                {"service_at_location": each["id"], "location": each["location_id"]}
                for each in sorted(at_service.get(service["id"], []), key=code_of)
            ]
            found += [{"service": service["id"], **place} for place in places or [{}]]
        alone = (each for each in locations.get(ids["organization"], []) if each["id"] not in at_location)
        found += [{"location": each["id"]} for each in sorted(alone, key=code_of)]
        yield from ({**ids, **each} for each in found or [{}])


def _row_code(package: Package, ids: Mapping[str, str], used: set[str]) -> str:
    """The code of what the row is about, or its id where another row has that code already."""
    table = next(name for name in ("service_at_location", "service", "location", "organization") if name in ids)
    record = package.get(table, ids[table])
    code = code_of(record) if record else ""
    code = ids[table].replace("-", "") if code in used else code
    used.add(code)
    return code


def not_told(package: Package, rows: Iterable[SheetRow]) -> Iterator[str]:
    """Everything in a package that its rows do not say."""
    kept = Kept(package)
    reached: dict[str, set[str]] = {table.name: set() for table in TABLES}
    for row in rows:
        yield from (f"{row.code}: {words}" for words in row.lost.values())
        for table, identifier in row.ids.items():
            reached[table].add(identifier)
        for table in OWNERS:
            if owner := kept.owner(table, row.ids):
                reached[table].update(record["id"] for record in kept.of(table, owner))
    reached["taxonomy_term"].update(kept.terms)
    for each in TABLES:
        records = list(package.rows(each.name))
        left = [record["id"] for record in records if record["id"] not in reached[each.name]]
        if left:
            yield f"{len(left)} of {each.name} that no row of the sheet reaches, the first {left[0]}"
        for record in records:
            beyond = [name for name, cell in record.items() if cell and name not in HELD[each.name]]
            if beyond:
                yield f"{each.name} {record['id']}: {', '.join(beyond)}"
