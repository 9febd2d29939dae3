"""The tables of a directory as objects inside each other, as HSDS 3.x nests them. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.directory.hsds.package import Package, Row
from bot.directory.hsds.tables import TABLES

Object = dict[str, object]

CHILDREN = {
    # The key under which a list of them stands, and the table.
    "organizations": "organization",
    "services": "service",
    "locations": "location",
    "addresses": "address",
    "service_at_locations": "service_at_location",
    "phones": "phone",
    "schedules": "schedule",
    "languages": "language",
    "service_areas": "service_area",
    "cost_options": "cost_option",
    "required_documents": "required_document",
    "taxonomy_terms": "taxonomy_term",
    "attributes": "attribute",
    "exclusions": "exclusion",
    "closures": "closure",
}
PARENTS: Mapping[str, Mapping[str, str]] = {
    # A single object inside another, and the column that holds its id.
    "service": {"organization": "organization_id"},
    "service_at_location": {"location": "location_id", "service": "service_id"},
    "attribute": {"taxonomy_term": "taxonomy_term_id"},
    "location": {"organization": "organization_id"},
}
# In whom a record stands, the first of its columns that is filled.
_WITHIN = {
    "service": ("organization_id",),
    "location": ("organization_id",),
    "address": ("location_id",),
    "service_at_location": ("service_id",),
    "phone": ("service_at_location_id", "location_id", "service_id", "organization_id"),
    "schedule": ("service_at_location_id", "location_id", "service_id"),
    "language": ("phone_id", "location_id", "service_id"),
    "service_area": ("service_at_location_id", "service_id"),
    "cost_option": ("service_id",),
    "required_document": ("service_id",),
    "exclusion": ("service_id", "organization_id"),
    "closure": ("location_id", "service_id", "organization_id"),
}
_NUMBERS = frozenset({"latitude", "longitude", "minimum_age", "maximum_age", "amount"})
_KEYS = {table: key for key, table in CHILDREN.items()}


def nested(package: Package) -> dict[str, list[Object]]:
    """Everything in a package: organizations with what is theirs, terms, and what belongs to nobody by its table."""
    objects = {(table.name, row["id"]): _object(row) for table in TABLES for row in package.rows(table.name)}
    content: dict[str, list[Object]] = {"contents": []}
    for table in TABLES:
        for row in package.rows(table.name):
            own = objects[table.name, row["id"]]
            owner = objects.get(_owner(table.name, row))
            if owner is not None:
                _list(owner, _KEYS[table.name]).append(own)
            else:
                content.setdefault("contents" if table.name == "organization" else _KEYS[table.name], []).append(own)
    return content


def _owner(table: str, row: Row) -> tuple[str, str]:
    if table == "attribute":
        return row["link_entity"], row["link_id"]
    column = next((name for name in _WITHIN.get(table, ()) if row[name]), "")
    return (column.removesuffix("_id"), row[column]) if column else ("", "")


def _list(owner: Object, key: str) -> list[Object]:
    found = owner.get(key)
    if not isinstance(found, list):
        found = owner[key] = []
    return found


def _object(row: Row) -> Object:
    """A record: null for what is not known, so that it says so to who reads it."""
    return {name: _value(name, cell) for name, cell in row.items()}


def _value(name: str, cell: str) -> object:
    if not cell:
        return None
    if name in _NUMBERS:
        return float(cell) if "." in cell or "e" in cell else int(cell)
    return cell
