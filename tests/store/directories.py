"""Directories for the tests of the store: a small one that fills every table, and generated ones of any size."""

from __future__ import annotations

from bot.directory.hsds.package import Package, Row, made_id, our_terms, row

OPEN, CLOSED = made_id("organization", "open"), made_id("organization", "closed")
SERVICE, SHUT = made_id("service", "open"), made_id("service", "closed")
PHONE = made_id("phone", "open")
LOCATION = made_id("location", "open")


def organization(identifier: str, code: str, **cells: str) -> Row:
    said = {
        "name": f"Centro {code}",
        "description": "Ayuda a familias.",
        "kind": "member",
        "member": "unverified",
        "member_evidence": "none seen",
        "source": "https://example.org/about",
        "source_date": "2026-11-01",
        "source_seen": "yes",
    }
    return row("organization", id=identifier, code=code, **{**said, **cells})


def two_organizations() -> Package:
    """One that is open, with a row in every table, and one whose only service is closed for good."""
    at = made_id("service_at_location", "open")
    mine = {"id": made_id("x"), "service_id": SERVICE}
    term = our_terms()[0]
    return Package.of(
        {
            "organization": [
                organization(OPEN, "open", name_es="Centro Abierto"),
                organization(CLOSED, "shut", parent_organization_id=OPEN),
            ],
            "service": [
                row("service", id=SERVICE, organization_id=OPEN, name="Ayuda legal", status="active", minimum_age="12"),
                row("service", id=SHUT, organization_id=CLOSED, name="Ayuda", status="defunct"),
            ],
            "location": [
                row(
                    "location",
                    id=LOCATION,
                    location_type="physical",
                    organization_id=OPEN,
                    latitude="41.9977",
                    longitude="-87.6607",
                    geo_precision="street",
                )
            ],
            "address": [
                row(
                    "address",
                    id=made_id("x"),
                    location_id=LOCATION,
                    country="US",
                    address_type="physical",
                    city="Chicago",
                )
            ],
            "service_at_location": [row("service_at_location", id=at, service_id=SERVICE, location_id=LOCATION)],
            "phone": [row("phone", id=PHONE, service_id=SERVICE, number="+17735550100", type="voice", whatsapp="no")],
            "schedule": [
                row("schedule", **mine, byday="MO,TU", opens_at="09:00", closes_at="17:00", valid_from="2026-01-01")
            ],
            "language": [row("language", **mine, code="quc", name="K'iche'")],
            "service_area": [row("service_area", **mine, area="state", country="US", state_province="IL")],
            "cost_option": [row("cost_option", **mine, amount="12.5", currency="USD")],
            "required_document": [row("required_document", **mine, document="identificación")],
            "taxonomy_term": our_terms(),
            "attribute": [
                row("attribute", id=made_id("x"), link_id=SERVICE, link_entity="service", taxonomy_term_id=term["id"])
            ],
            "exclusion": [row("exclusion", **mine, kind="women only", reason="it is a shelter")],
            "closure": [row("closure", **mine, starts="2026-12-24", ends="2027-01-02", reason="fiestas")],
        }
    )


def changed_row(package: Package, table: str, identifier: str, **cells: str) -> Package:
    """The same directory with other cells in one row."""
    tables = {name: dict(rows) for name, rows in package.tables.items()}
    tables[table][identifier] = row(table, **{**tables[table][identifier], **cells})
    return Package.of({name: rows.values() for name, rows in tables.items()})


def generated(services: int) -> Package:
    """So many services, each with an organization, a location, an address, a phone, hours and a language of its own."""
    made: dict[str, list[Row]] = {"taxonomy_term": list(our_terms())}
    for number in range(services):
        name = f"made_{number}"
        ids = {kind: made_id(kind, name) for kind in ("organization", "service", "location")}
        own = {"id": made_id("own", name), "service_id": ids["service"]}
        rows = {
            "organization": organization(ids["organization"], name),
            "service": row(
                "service", id=ids["service"], organization_id=ids["organization"], name=name, status="active"
            ),
            "location": row(
                "location",
                id=ids["location"],
                location_type="physical",
                organization_id=ids["organization"],
                latitude=repr(25 + number % 200 / 8).removesuffix(".0"),
                longitude=repr(-120 + number % 300 / 6).removesuffix(".0"),
            ),
            "address": row(
                "address",
                id=own["id"],
                location_id=ids["location"],
                country="US",
                address_type="physical",
                city="Chicago",
            ),
            "service_at_location": row("service_at_location", **own, location_id=ids["location"]),
            "phone": row("phone", **own, number=f"+1312{number:07d}", type="voice"),
            "schedule": row("schedule", **own, byday="MO,TU,WE", opens_at="09:00", closes_at="17:00"),
            "language": row("language", **own, code="es"),
            "attribute": row(
                "attribute",
                id=own["id"],
                link_id=ids["service"],
                link_entity="service",
                taxonomy_term_id=our_terms()[number % 10]["id"],
            ),
        }
        for table, each in rows.items():
            made.setdefault(table, []).append(each)
    return Package.of(made)
