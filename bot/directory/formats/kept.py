"""The records of a directory by what they belong to, as the rows of a sheet ask for them. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.directory.hsds.package import Package, Row
from bot.directory.hsds.tables import TAXONOMY

Owner = tuple[str, str]
"""A table, and the id of a record in it."""

OWNERS: Mapping[str, tuple[str, ...]] = {
    # To whom a row's records of a table may belong: the first that has any is it, else the first that the row has.
    "phone": ("service_at_location", "service", "location", "organization"),
    "schedule": ("service_at_location", "service", "location"),
    "language": ("service", "location"),
    "service_area": ("service",),
    "required_document": ("service",),
    "attribute": ("service",),
    "exclusion": ("service", "organization"),
    "closure": ("location", "service", "organization"),
    "address": ("location",),
}


class Kept:
    """A package by what its records belong to."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._by = {
            (table, owner): package.by(table, "link_id" if table == "attribute" else f"{owner}_id")
            for table, owners in OWNERS.items()
            for owner in owners
        }
        terms = [row for row in package.rows("taxonomy_term") if row["taxonomy"] == TAXONOMY and row["code"]]
        self.terms = {row["id"]: row["code"] for row in terms}
        self.term_ids = {row["code"]: row["id"] for row in reversed(terms)}

    def of(self, table: str, owner: Owner) -> list[Row]:
        """The records of a table that belong to that owner."""
        return self._by.get((table, owner[0]), {}).get(owner[1], [])

    def owner(self, table: str, ids: Mapping[str, str]) -> Owner | None:
        """To whom the records of that table belong in a row with these ids; None where nothing in it can have them."""
        able = [(name, ids[name]) for name in OWNERS[table] if ids.get(name)]
        return next((each for each in able if self.of(table, each)), able[0] if able else None)

    def mixed(self, table: str, ids: Mapping[str, str]) -> bool:
        """Whether records of that table belong to several things in one row, so that it cannot say which to which."""
        found = [{row["id"] for row in self.of(table, (name, ids[name]))} for name in OWNERS[table] if ids.get(name)]
        some = [each for each in found if each]
        return len(some) > 1 and not set().union(*some[1:]) <= some[0]
