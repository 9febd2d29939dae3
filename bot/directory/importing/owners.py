"""Whose a record is: the organization to which a phone, a language or an hour belongs in the end. Pure."""

from __future__ import annotations

from functools import cached_property

from bot.directory.hsds.package import Package, Row

# The column, and the table in which it looks. The first that is filled counts.
_UP = {
    "service": (("organization_id", "organization"),),
    "location": (("organization_id", "organization"),),
    "address": (("location_id", "location"),),
    "service_at_location": (("service_id", "service"), ("location_id", "location")),
    "phone": (
        ("organization_id", "organization"),
        ("service_id", "service"),
        ("service_at_location_id", "service_at_location"),
        ("location_id", "location"),
    ),
    "schedule": (
        ("service_id", "service"),
        ("service_at_location_id", "service_at_location"),
        ("location_id", "location"),
    ),
    "language": (("service_id", "service"), ("location_id", "location"), ("phone_id", "phone")),
    "service_area": (("service_id", "service"), ("service_at_location_id", "service_at_location")),
    "cost_option": (("service_id", "service"),),
    "required_document": (("service_id", "service"),),
    "exclusion": (("organization_id", "organization"), ("service_id", "service")),
    "closure": (("organization_id", "organization"), ("service_id", "service"), ("location_id", "location")),
}


class Owners:
    """Looks first in one package, then in the next: what an import takes away still has its organization in the old one."""

    def __init__(self, *packages: Package) -> None:
        self._packages = packages
        self._found: dict[tuple[str, str], str] = {}
        self._below: dict[str, dict[tuple[str, str], list[Row]]] = {}

    def row(self, table: str, identifier: str) -> Row | None:
        """The record of that id in the first package that has it."""
        return next((found for each in self._packages if (found := each.get(table, identifier))), None)

    def of(self, table: str, each: Row) -> str:
        """The id of the organization; empty for what belongs to none (a term of a taxonomy)."""
        if table == "organization":
            return each["id"]
        above = self.above(table, each)
        return self._of(*above) if above else ""

    def above(self, table: str, each: Row) -> tuple[str, str] | None:
        """Table and id of what the record hangs on; None where it hangs on nothing."""
        if table == "attribute":
            return each["link_entity"], each["link_id"]
        for column, above in _UP.get(table, ()):
            if each[column]:
                return above, each[column]
        if table == "location" and each["id"] in self._services_at:
            return "service", self._services_at[each["id"]]
        return None

    def hanging(self, table: str, above: tuple[str, str]) -> tuple[Row, ...]:
        """The records of a table that hang on this one, in the first package."""
        if table not in self._below:
            below: dict[tuple[str, str], list[Row]] = {}
            for each in self._packages[0].rows(table):
                below.setdefault(self.above(table, each) or ("", ""), []).append(each)
            self._below[table] = below
        return tuple(self._below[table].get(above, ()))

    def _of(self, table: str, identifier: str) -> str:
        if (table, identifier) not in self._found:
            each = self.row(table, identifier)
            self._found[table, identifier] = self.of(table, each) if each else ""
        return self._found[table, identifier]

    @cached_property
    def _services_at(self) -> dict[str, str]:
        """A service for each location that has one."""
        return {
            each["location_id"]: each["service_id"]
            for package in reversed(self._packages)
            for each in package.rows("service_at_location")
        }
