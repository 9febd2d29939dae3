"""From the tables of a directory to what families are told of: every service at every place where it is given. Pure.

A row that says nothing sensible costs what depends on it and nothing else: hours that cannot be read are unknown hours, a service
without an organization is left out, all others stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, tzinfo

from msgspec import Struct

from bot.directory.hours import Hours
from bot.directory.hsds.package import Package, Row
from bot.directory.hsds.tables import AREAS, SERVICES, TAXONOMY
from bot.directory.service_at_location import Phone, ServiceAtLocation
from bot.directory.timetable import timetable, words, zone_of
from bot.frozen import replace

# Nobody can be spoken to there.
_NOT_FOR_TALK = ("fax", "textphone")
# What an organization is keeps some families away from each of its services.
_IMPLIED = {"government": "government", "consulate": "consulate"}
# From the nearest to the door to the farthest.
_PHONE_OWNERS = ("service_at_location", "service", "location", "organization")
_SCHEDULE_OWNERS = ("service_at_location", "service", "location")

Rows = Sequence[Row]
Ids = Mapping[str, str]


def assemble(package: Package) -> tuple[ServiceAtLocation, ...]:
    """Every service at each of its locations, or by itself where it has none. In the order of their ids."""
    tables = _Tables(package)
    return tuple(each for service in package.rows("service") for each in _service(tables, service))


class _Tables:
    """The tables by what they refer to, read once."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.places = package.by("service_at_location", "service_id")
        self.addresses = package.by("address", "location_id")
        self.homes = package.by("location", "organization_id")
        self.phones = {owner: package.by("phone", f"{owner}_id") for owner in _PHONE_OWNERS}
        self.schedules = {owner: package.by("schedule", f"{owner}_id") for owner in _SCHEDULE_OWNERS}
        self.languages = {owner: package.by("language", f"{owner}_id") for owner in ("service", "location")}
        self.areas = {owner: package.by("service_area", f"{owner}_id") for owner in ("service_at_location", "service")}
        self.exclusions = {owner: package.by("exclusion", f"{owner}_id") for owner in ("service", "organization")}
        self.closures = {
            owner: package.by("closure", f"{owner}_id") for owner in ("location", "service", "organization")
        }
        self.attributes = package.by("attribute", "link_id")
        ours = (term for term in package.rows("taxonomy_term") if term["taxonomy"] == TAXONOMY)
        self.kinds = {term["id"]: term["code"] for term in ours if term["code"] in SERVICES}
        # 20,000 services have a few hundred timetables between them.
        self.known_hours: dict[Hours, Hours] = {}

    def of(self, rows: Mapping[str, Mapping[str, list[Row]]], ids: Ids) -> Iterator[Row]:
        """The rows that belong to these, in the order in which ``rows`` names what they can belong to."""
        for owner, by_id in rows.items():
            yield from by_id.get(ids.get(owner, ""), ())

    def nearest(self, rows: Mapping[str, Mapping[str, list[Row]]], ids: Ids) -> Rows:
        """Those of the first owner that has any."""
        return next((found for owner, by_id in rows.items() if (found := by_id.get(ids.get(owner, "")))), [])


class _Where(Struct, frozen=True):
    """Where a service is given. ``ids`` names the service_at_location and the location, where there are any."""

    ids: Ids
    country: str
    state: str = ""
    city: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    precision: str = ""
    zone: tzinfo | None = None
    by_phone: bool = False


def _service(tables: _Tables, service: Row) -> Iterator[ServiceAtLocation]:
    organization = tables.package.get("organization", service["organization_id"])
    if organization is None:
        return
    for where in _wheres(tables, service):
        yield _assembled(tables, organization, service, where)


def _wheres(tables: _Tables, service: Row) -> Iterator[_Where]:
    """Its locations; where it has none, each country that it works for, else the one of its organization."""
    links = tables.places.get(service["id"], ())
    found = [where for link in links if (where := _at_location(tables, link))]
    if links:
        yield from found
        return
    home = _home(tables, service["organization_id"])
    ids = {"service": service["id"]}
    areas = tables.areas["service"].get(service["id"], ())
    for country in sorted({area["country"] for area in areas if area["country"]}):
        here = home if home and home.country == country else _Where(ids, country)
        yield _without_door(here, ids)
    if not areas and home:
        yield _without_door(home, ids)


def _home(tables: _Tables, organization: str) -> _Where | None:
    """Where the organization has its first location."""
    locations = tables.homes.get(organization, ())
    return next((where for location in locations if (where := _location(tables, location, {}))), None)


def _without_door(where: _Where, ids: Ids) -> _Where:
    return replace(where, ids=ids, address="", by_phone=True)


def _at_location(tables: _Tables, link: Row) -> _Where | None:
    location = tables.package.get("location", link["location_id"])
    ids = {"service_at_location": link["id"], "service": link["service_id"], "location": link["location_id"]}
    return _location(tables, location, ids) if location else None


def _location(tables: _Tables, location: Row, ids: Ids) -> _Where | None:
    """A location with its address; None where nobody knows its country, because no border may be crossed."""
    addresses = tables.addresses.get(location["id"], ())
    # A letter box is no door.
    address = next((each for each in addresses if each["address_type"] == "physical"), next(iter(addresses), None))
    if address is None or not address["country"]:
        return None
    door = location["location_type"] == "physical" and address["address_type"] == "physical"
    # Of a shelter nobody is told the door, nor how many miles from hers it is.
    told = door and location["sensitive"] != "yes"
    point = _degrees(location)
    return _Where(
        ids=ids,
        country=address["country"],
        state=address["state_province"],
        city=address["city"],
        address=", ".join(filter(None, (address["address_1"], address["address_2"]))) if told else "",
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        precision=location["geo_precision"] if told or not door else "city",
        zone=zone_of(location["timezone"]),
        by_phone=not door,
    )


def _degrees(location: Row) -> tuple[float, float] | None:
    try:
        latitude, longitude = float(location["latitude"]), float(location["longitude"])
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _assembled(tables: _Tables, organization: Row, service: Row, where: _Where) -> ServiceAtLocation:
    ids = {**where.ids, "organization": organization["id"]}
    schedules = tables.nearest(tables.schedules, ids)
    area, states = _area(tables.nearest(tables.areas, ids), where)
    languages = (row["code"] for row in tables.of(tables.languages, ids) if row["code"])
    # A service without a location has clocks of its own.
    zone = (zone_of(service["timezone"]) if where.by_phone else None) or where.zone
    return ServiceAtLocation(
        id=ids.get("service_at_location", service["id"]),
        service_id=service["id"],
        organization_id=organization["id"],
        name=organization["name"],
        name_es=organization["name_es"] or organization["name"],
        name_quc=organization["name_quc"],
        kinds=_kinds(tables, ids),
        status=service["status"],
        country=where.country,
        address=where.address,
        city=where.city,
        state=where.state,
        latitude=where.latitude,
        longitude=where.longitude,
        precision=where.precision,
        by_phone=where.by_phone,
        zone=zone,
        phones=tuple(_phones(tables.of(tables.phones, ids))),
        schedule=timetable(schedules, zone, tables.known_hours),
        hours_es=words(schedules, "description_es"),
        hours_en=words(schedules, "description"),
        languages=tuple(dict.fromkeys(languages)),
        interpreters=tuple(filter(None, service["interpreters"].split(";"))),
        area=area,
        states=states,
        exclusions=_exclusions(tables.of(tables.exclusions, ids), organization),
        closed=tuple(_closures(tables.of(tables.closures, ids))),
        alert=service["alert"],
        assured_on=_day(service["assured_date"]),
    )


def _kinds(tables: _Tables, ids: Ids) -> tuple[str, ...]:
    """What help it is, in the order of SERVICES: said of the service, or of the service at this place."""
    owners = (ids["service"], ids.get("service_at_location", ""))
    links = (row for owner in owners if owner for row in tables.attributes.get(owner, ()))
    found = {tables.kinds[row["taxonomy_term_id"]] for row in links if row["taxonomy_term_id"] in tables.kinds}
    return tuple(kind for kind in SERVICES if kind in found)


def _phones(rows: Iterable[Row]) -> Iterator[Phone]:
    """Each number once, as its nearest row has it."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        key = (row["number"], row["extension"])
        if row["type"] in _NOT_FOR_TALK or not row["number"] or key in seen:
            continue
        seen.add(key)
        yield Phone(
            id=row["id"],
            number=row["number"],
            extension=row["extension"],
            type=row["type"] or "voice",
            whatsapp=row["whatsapp"] == "yes",
            verified_on=_day(row["verified_on"]),
        )


def _area(rows: Rows, where: _Where) -> tuple[str, tuple[str, ...]]:
    """The widest area for which it works in its own country, and the states where that is whole states."""
    mine = [row for row in rows if row["country"] == where.country and row["area"] in AREAS]
    area = max((row["area"] for row in mine), key=AREAS.index, default="local")
    named = (row["state_province"] or where.state for row in mine if row["area"] == "state")
    return area, tuple(sorted(set(filter(None, named)))) if area == "state" else ()


def _exclusions(rows: Iterable[Row], organization: Row) -> frozenset[str]:
    implied = _IMPLIED.get(organization["kind"])
    return frozenset([*(row["kind"] for row in rows), *([implied] if implied else [])])


def _closures(rows: Iterable[Row]) -> Iterator[tuple[date, date | None]]:
    for row in rows:
        # A closure without a day that can be read is one that has begun.
        yield _day(row["starts"]) or date.min, _day(row["ends"])


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell) if cell else None
    except ValueError:
        return None
