"""What would change from one directory to another, table by table. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from bot.directory.hsds.package import Package, Row
from bot.directory.hsds.tables import TABLES


class Change(Struct, frozen=True):
    """One record: ``old`` is None where it is new, ``new`` where it goes."""

    table: str
    id: str
    old: Row | None
    new: Row | None

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns that change."""
        old, new = self.old or {}, self.new or {}
        return tuple(name for name in (*(new or old),) if old.get(name, "") != new.get(name, ""))


Gone = Collection[tuple[str, str]]
"""Table and id of records that a file takes away by an emptied cell."""


def changes(old: Package, new: Package, *, keep_missing: bool, gone: Gone = ()) -> tuple[Change, ...]:
    """Every record in which the two differ. ``keep_missing``: what is only in ``old`` stays instead of going, but for ``gone``."""
    return tuple(_changes(old, new, keep_missing, frozenset(gone)))


def _changes(old: Package, new: Package, keep_missing: bool, gone: frozenset[tuple[str, str]]) -> Iterator[Change]:
    for table in TABLES:
        before, after = old.tables[table.name], new.tables[table.name]
        for identifier in sorted(before.keys() | after.keys()):
            one, other = before.get(identifier), after.get(identifier)
            if one == other or (other is None and keep_missing and (table.name, identifier) not in gone):
                continue
            yield Change(table.name, identifier, one, other)


def changed(old: Package, made: tuple[Change, ...]) -> Package:
    """The directory after these changes."""
    tables = {name: dict(rows) for name, rows in old.tables.items()}
    for change in made:
        if change.new is None:
            tables[change.table].pop(change.id, None)
        else:
            tables[change.table][change.id] = change.new
    return Package.of({name: rows.values() for name, rows in tables.items()})
