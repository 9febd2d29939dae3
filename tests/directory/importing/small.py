"""A small directory for tests of the import: three organizations, with everything that can change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from bot.directory.formats.read import Read
from bot.directory.hsds.check import Raw
from bot.directory.hsds.package import Package, Row, made_id, our_terms, row

TODAY = date(2026, 11, 24)
ROMERO, MAYA, NORTE = (made_id("organization", name) for name in ("romero", "maya", "norte"))


def an_id(table: str, name: str) -> str:
    """The id of the record of that name."""
    return made_id(table, name)


def organization(name: str, /, **cells: str) -> Row:
    """An organization called so."""
    base = {
        "id": made_id("organization", name),
        "name": f"Centro {name.title()}",
        "description": "Help for families.",
        "code": name,
        "kind": "partner",
        "member": "unverified",
        "member_evidence": "none",
        "source": f"https://{name}.example.org",
        "source_date": "2026",
        "source_seen": "yes",
    }
    return row("organization", **{**base, **cells})


def rows_of(
    name: str, kind: str = "legal", city: str = "Chicago", number: str = "+17735085300"
) -> dict[str, list[Row]]:
    """An organization with one service at one place, its phone confirmed."""
    org, service, location = (made_id(table, name) for table in ("organization", "service", "location"))
    term = made_id("taxonomy_term", kind)

    def an(table: str, **cells: str) -> list[Row]:
        return [row(table, **{"id": made_id(table, name), **cells})]

    return {
        "organization": [organization(name)],
        "service": an("service", organization_id=org, name="Legal help", status="active", code=name),
        "location": an(
            "location",
            organization_id=org,
            location_type="physical",
            name=f"House of {name}",
            latitude="41.99",
            longitude="-87.66",
            timezone="America/Chicago",
            code=name,
        ),
        "address": an(
            "address",
            location_id=location,
            address_1=f"{len(name)} N Clark St",
            city=city,
            state_province="IL",
            country="US",
            address_type="physical",
        ),
        "service_at_location": an("service_at_location", service_id=service, location_id=location, code=name),
        "phone": an(
            "phone",
            organization_id=org,
            number=number,
            type="voice",
            verified_on="2026-10-01",
            verified_by="Ana Perez",
            verified_how="call",
            verified_source="https://example.org",
        ),
        "schedule": an(
            "schedule", service_id=service, freq="WEEKLY", byday="MO,TU", opens_at="09:00", closes_at="17:00"
        ),
        "language": an("language", service_id=service, code="es", name="Spanish"),
        "service_area": an("service_area", service_id=service, area="local", country="US"),
        "attribute": an("attribute", link_id=service, link_entity="service", taxonomy_term_id=term),
        "exclusion": an("exclusion", organization_id=org, kind="do not route", reason="nobody answers"),
        "closure": an("closure", service_id=service, starts="2026-12-24", ends="2027-01-02", reason="holidays"),
    }


def package(*parts: Mapping[str, Iterable[Row]]) -> Package:
    """These records, and the terms."""
    tables: dict[str, list[Row]] = {"taxonomy_term": list(our_terms())}
    for part in parts:
        for table, rows in part.items():
            tables.setdefault(table, []).extend(rows)
    return Package.of(tables)


DIRECTORY = package(
    rows_of("romero"),
    rows_of("maya", "health", "Evanston", "+18475550100"),
    rows_of("norte", "counseling", "Skokie", "+18475550199"),
)


def read_of(some: Package) -> Read:
    """A file that holds just this."""
    raws = (
        Raw(table, f"{table}.csv, row {number}", dict(each))
        for table, rows in some.tables.items()
        for number, each in enumerate(rows.values(), 2)
    )
    return Read(tuple(raws), (), ())


def with_cells(some: Package, table: str, of: str, /, **cells: str) -> Package:
    """The package with other cells in one record."""
    changed = dict(some.tables[table])
    identifier = made_id(table, of)
    changed[identifier] = row(table, **{**changed[identifier], **cells})
    return _with(some, table, changed)


def without(some: Package, table: str, name: str) -> Package:
    """The package without one record."""
    identifier = made_id(table, name)
    return _with(some, table, {key: each for key, each in some.tables[table].items() if key != identifier})


def _with(some: Package, table: str, rows: Mapping[str, Row]) -> Package:
    return Package.of({name: (rows if name == table else old).values() for name, old in some.tables.items()})
