"""A tabular package of 20,000 services, always the same, and the fifty errors that may be planted in it.

Nobody in it exists: the names are made of parts, the numbers are of ranges that are not given to anyone (555-01xx).
"""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from bot.directory.hsds.package import made_id, our_terms
from bot.directory.hsds.tables import BY_NAME, SERVICES, names

SERVICES_IN_ALL = 20_000
SERVICES_EACH = 3
"""About how many services an organization has."""
_FIRST = (
    "Centro Casa Clínica Asociación Fundación Comité Red Unión Colectivo Alianza Ayuda Manos Voces Puente Semilla Camino Raíces"
    " Hogar Escuela Consejo"
).split()
_MIDDLE = (
    "Maya Romero Ixim Ixchel Jun Ajaw Kaqchikel Garífuna Peñascal Niñez Güegüense Quetzal Ceiba Milpa Nahuála Tz'utujil K'iche'"
    " Solidaridad Esperanza Dignidad Libertad Justicia Amanecer Lucero Compañeras Jornalero Obrera Migrante Vecinal Juventud"
    " Mujeres Madres Abuelas Familias"
).split()
_LAST = (
    "del Norte;del Sur;de los Ángeles;de la Bahía;Unida;en Acción;sin Fronteras;de Occidente;de la Costa;del Valle;para Todos;Nueva;"
    "San José;Santa Lucía;Señor de Esquipulas;2000;y Paz;de Barrio;Oriental;Metropolitana"
).split(";")
_TOWNS = (
    ("Chicago", "IL", "US", 41.85, -87.65, "+1312555", "America/Chicago"),
    ("Los Angeles", "CA", "US", 34.05, -118.24, "+1213555", "America/Los_Angeles"),
    ("Houston", "TX", "US", 29.76, -95.36, "+1713555", "America/Chicago"),
    ("Langley Park", "MD", "US", 38.99, -76.98, "+1301555", "America/New_York"),
    ("Quetzaltenango", "Quetzaltenango", "GT", 14.84, -91.52, "+5025550", "America/Guatemala"),
    ("Totonicapán", "Totonicapán", "GT", 14.91, -91.36, "+5025550", "America/Guatemala"),
    ("Tapachula", "Chiapas", "MX", 14.9, -92.26, "+52962555", "America/Mexico_City"),
    ("San Pedro Sula", "Cortés", "HN", 15.5, -88.03, "+5045550", "America/Tegucigalpa"),
    ("San Salvador", "San Salvador", "SV", 13.69, -89.19, "+5035550", "America/El_Salvador"),
)
_STREETS = ("Calle Niño", "Avenida José Martí", "W 26th St", "Camino Güero", "7a Avenida", "Bulevar Ñandú")
_WEEKS = (("MO,TU,WE,TH,FR", "09:00", "17:00"), ("TU,TH", "08:30", "12:00"), ("SA", "10:00", "14:00"))
_LANGUAGES = (("es", "Spanish"), ("en", "English"), ("quc", "K'iche'"), ("mam", "Mam"))

Cells = dict[str, str]
Tables = dict[str, list[Cells]]


def big_tables(services: int = SERVICES_IN_ALL) -> Tables:
    """The rows of every table, by name, in the order of their files."""
    chance = random.Random(6)
    tables: Tables = {name: [] for name in BY_NAME}
    tables["taxonomy_term"] = [dict(each) for each in our_terms()]
    number = 0
    while number < services:
        organization = len(tables["organization"])
        town = _TOWNS[organization % len(_TOWNS)]
        _add_organization(tables, chance, organization, town)
        for _ in range(min(chance.randint(1, 2 * SERVICES_EACH - 1), services - number)):
            _add_service(tables, chance, number, organization)
            number += 1
    return tables


def _add(tables: Tables, table: str, number: object, /, **cells: str) -> str:
    identifier = made_id("big", table, str(number))
    tables[table].append({"id": identifier, **cells})
    return identifier


_Town = tuple[str, str, str, float, float, str, str]


def _add_organization(tables: Tables, chance: random.Random, number: int, town: _Town) -> None:
    city, state, country, latitude, longitude, dial, zone = town
    name = f"{chance.choice(_FIRST)} {chance.choice(_MIDDLE)} {chance.choice(_LAST)}"
    organization = _add(
        tables,
        "organization",
        number,
        name=name,
        name_es=name if country == "GT" else "",
        description=f"Acompaña a familias en {city}; nadie queda afuera.",
        website=f"https://org{number}.example.org/{country.lower()}",
        email=f"info@org{number}.example.org",
        code=f"big_{number}",
        kind=chance.choice(("member", "partner", "partner")),
        member="unverified",
        member_evidence="made for a test",
        source=f"https://org{number}.example.org/about",
        source_date="2026",
        source_seen="yes",
    )
    location = _add(
        tables,
        "location",
        number,
        organization_id=organization,
        location_type="physical",
        name=f"Casa {number}",
        latitude=repr(round(latitude + chance.uniform(-0.3, 0.3), 4)),
        longitude=repr(round(longitude + chance.uniform(-0.3, 0.3), 4)),
        geo_precision="street",
        timezone=zone,
    )
    _add(
        tables,
        "address",
        number,
        location_id=location,
        address_1=f"{chance.randint(1, 9_999)} {chance.choice(_STREETS)}",
        city=city,
        state_province=state,
        country=country,
        address_type="physical",
    )
    _add_phone(tables, chance, number, organization, f"{dial}{chance.randint(0, 9_999):04}")


def _add_phone(tables: Tables, chance: random.Random, number: int, organization: str, dialled: str) -> None:
    confirmed = chance.random() < 0.3
    _add(
        tables,
        "phone",
        number,
        organization_id=organization,
        number=dialled,
        type="voice",
        whatsapp=chance.choice(("yes", "no", "")),
        verified_on=f"2026-10-{chance.randint(1, 28):02}" if confirmed else "",
        verified_by="Señora Ñáñez" if confirmed else "",
        verified_how="call" if confirmed else "",
    )


def _add_service(tables: Tables, chance: random.Random, number: int, organization: int) -> None:
    kind = chance.choice(SERVICES)
    service = _add(
        tables,
        "service",
        number,
        organization_id=made_id("big", "organization", str(organization)),
        name=f"{kind.replace('_', ' ').capitalize()} · número {number}",
        name_es=f"Ayuda número {number} — «{chance.choice(_MIDDLE)}»",
        status="active" if chance.random() < 0.95 else "inactive",
        code=f"big_service_{number}",
    )
    location = made_id("big", "location", str(organization))
    _add(tables, "service_at_location", number, service_id=service, location_id=location)
    byday, opens, closes = chance.choice(_WEEKS)
    _add(tables, "schedule", number, service_id=service, byday=byday, opens_at=opens, closes_at=closes)
    code, name = chance.choice(_LANGUAGES)
    _add(tables, "language", number, service_id=service, code=code, name=name)
    _add(
        tables, "service_area", number, service_id=service, area="local", country=_TOWNS[organization % len(_TOWNS)][2]
    )
    term = made_id("taxonomy_term", kind)
    _add(tables, "attribute", number, link_id=service, link_entity="service", taxonomy_term_id=term)
    if number % 100 == 0:
        _add(tables, "exclusion", number, service_id=service, kind="women only", reason="casa de mujeres")
        _add(tables, "closure", number, service_id=service, starts="2026-12-24", ends="2027-01-02")
        _add(tables, "cost_option", number, service_id=service, amount="5", currency="USD")
        _add(tables, "required_document", number, service_id=service, document="comprobante de domicilio")


def zipped(tables: Mapping[str, list[Cells]]) -> bytes:
    """The tables as a tabular package: a zip of CSV files."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, rows in tables.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, names(BY_NAME[table].columns), restval="")
            writer.writeheader()
            writer.writerows(rows)
            archive.writestr(BY_NAME[table].file, text.getvalue())
    return held.getvalue()


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted error: in which table and column, what stands there, and what must be said of it."""

    name: str
    table: str
    column: str
    cells: Mapping[str, str]
    said: str
    added: bool = field(default=False)
    """A row of its own after the others, not one that is there."""


def _fault(name: str, table: str, column: str, said: str, /, **cells: str) -> Fault:
    return Fault(name, table, column, cells, said)


_NOWHERE = str(UUID(int=0xDEAD))
_SCHEDULE = made_id("big", "schedule", "5")
FAULTS = (
    _fault("no name", "organization", "name", "It is empty", name=""),
    _fault("a lost letter", "organization", "name", "A letter was lost", name="Asociaci\ufffdn"),
    _fault("a name that never ends", "organization", "name", "201 characters", name="n" * 201),
    _fault("a giant cell", "organization", "description", "characters", description="x" * 100_000),
    _fault("a line that turns around", "organization", "description", "U+202E", description="a\u202eb"),
    _fault("a colour of the terminal", "organization", "member_evidence", "U+001B", member_evidence="\x1b[31mred"),
    _fault("a script as website", "organization", "website", "https://", website="javascript:alert(1)"),
    _fault("a page inside the link", "organization", "website", "https://", website="data:text/html,<b>"),
    _fault("a quote in the link", "organization", "website", "https://", website='https://a.org/"onclick='),
    _fault("a script as source", "organization", "source", "https://", source="javascript://a.org/%0aalert(1)"),
    _fault("no mail address", "organization", "email", "info@example.org", email="ask for Ana"),
    _fault("an unknown kind", "organization", "kind", "Use one of: member", kind="friend"),
    _fault("a code in capitals", "organization", "code", "small letters", code="Centro Romero"),
    _fault("a code of another", "organization", "code", "The code stands at", code="big_5"),
    _fault(
        "a head that is not there", "organization", "parent_organization_id", "no org", parent_organization_id=_NOWHERE
    ),
    Fault("an id twice", "schedule", "id", {"id": _SCHEDULE}, "The id stands at", added=True),
    _fault("an organization that is not there", "service", "organization_id", "no org", organization_id=_NOWHERE),
    _fault("an unknown status", "service", "status", "Use one of: active", status="open"),
    _fault("ages out of order", "service", "minimum_age", "above maximum_age", minimum_age="18", maximum_age="6"),
    _fault("an age below nought", "service", "minimum_age", "from 0 to 120", minimum_age="-3"),
    _fault("an age that is no number", "service", "maximum_age", "from 0 to 120", maximum_age="nan"),
    _fault(
        "assured tomorrow", "service", "assured_date", "not come yet", assured_date="2099-01-01", assured_by="Ana Paz"
    ),
    _fault("assured by nobody", "service", "assured_date", "a day and a person", assured_date="2026-10-01"),
    _fault("assured by a sign", "service", "assured_by", "That is no name", assured_date="2026-10-01", assured_by="?"),
    _fault("a day of another country", "service", "assured_date", "2026-01-31", assured_date="31/10/2026"),
    _fault("a day that never was", "service", "last_modified", "2026-01-31", last_modified="2026-02-30"),
    _fault("a language in words", "service", "interpreters", "ISO 639", interpreters="es;K'iche'"),
    _fault("half a pair of coordinates", "location", "latitude", "Only one of latitude", longitude=""),
    _fault("a latitude past the pole", "location", "latitude", "from -90 to 90", latitude="91"),
    _fault("a zone that is none", "location", "timezone", "zone", timezone="Chicago"),
    _fault("an unknown type of place", "location", "location_type", "Use one of: physical", location_type="house"),
    _fault("a country that is none", "address", "country", "Use one of: US", country="USA"),
    _fault("an address of no place", "address", "location_id", "no location", location_id=_NOWHERE),
    _fault("a place without its service", "service_at_location", "service_id", "It is empty", service_id=""),
    _fault("a formula as number", "phone", "number", "+13125550100", number='=HYPERLINK("http://a";"x")'),
    _fault("a number without its country", "phone", "number", "+13125550100", number="555-0100"),
    _fault("a phone of nobody", "phone", "", "belongs to nothing", organization_id=""),
    _fault(
        "confirmed tomorrow",
        "phone",
        "verified_on",
        "not come yet",
        verified_on="2099-01-01",
        verified_by="Ana Paz",
        verified_how="call",
    ),
    _fault(
        "confirmed nobody knows how",
        "phone",
        "verified_how",
        "says how",
        verified_on="2026-10-01",
        verified_by="Ana Paz",
        verified_how="",
    ),
    _fault(
        "it closes when it opens", "schedule", "closes_at", "closes when it opens", opens_at="09:00", closes_at="09:00"
    ),
    _fault("an hour past midnight", "schedule", "closes_at", "as 09:00", closes_at="25:00"),
    _fault("it never closes", "schedule", "opens_at", "Only one of opens_at", closes_at=""),
    _fault("a day in words", "schedule", "byday", "MO,TU,WE", byday="Monday"),
    _fault(
        "it ends before it begins",
        "schedule",
        "valid_to",
        "before valid_from",
        valid_from="2026-06-01",
        valid_to="2026-05-01",
    ),
    _fault("a language without a code", "language", "code", "ISO 639", code="el de aquí"),
    _fault("an id that is none", "language", "id", "UUID", id="language 7"),
    _fault("a state without its name", "service_area", "state_province", "names its state", area="state"),
    _fault("help of no service", "attribute", "link_id", "no service", link_id=_NOWHERE),
    _fault("an exclusion without reason", "exclusion", "reason", "It is empty", reason=""),
    _fault("a closure that ends before", "closure", "ends", "before starts", ends="2026-12-01"),
)


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault and where it stands: the file of the package, the row as a spreadsheet counts it (the header is row 1)."""

    fault: Fault
    file: str
    row: int


def planted(tables: Tables) -> tuple[Tables, tuple[Planted, ...]]:
    """A copy of the tables with every fault in a row of its own, far from the first rows and spread over the file."""
    broken = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    places = []
    for number, fault in enumerate(FAULTS):
        rows = broken[fault.table]
        if fault.added:
            rows.append({**rows[11], **fault.cells})
            at = len(rows) - 1
        else:
            at = (17 + number * 61) % len(rows)
            rows[at].update(fault.cells)
        places.append(Planted(fault, BY_NAME[fault.table].file, at + 2))
    assert len({(place.file, place.row) for place in places}) == len(FAULTS), "two faults in one row"
    return broken, tuple(places)
