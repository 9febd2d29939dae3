"""What a file would do to the directory, all of it, before anything is stored. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.directory.formats.read import Read
from bot.directory.hsds.changes import Change, changed, changes
from bot.directory.hsds.check import Problem, check
from bot.directory.hsds.package import Package
from bot.directory.importing.confirmation import beside_stored
from bot.directory.importing.consequences import Consequence, consequences
from bot.directory.importing.duplicates import Duplicate, duplicates
from bot.directory.importing.owners import Owners
from bot.directory.importing.refused import emptied, in_order, left_dangling, taken_codes, wrong_confirmations


@dataclass(frozen=True)
class Preview:
    """``new`` is the directory as it would stand. Where there are problems nothing may be stored, and the rows with one count as
    not changed. ``unchanged``: how many records of the file are stored as they are."""

    current: Package
    new: Package
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    duplicates: tuple[Duplicate, ...]
    consequences: tuple[Consequence, ...]
    unchanged: int
    replace: bool

    @property
    def storable(self) -> bool:
        """Whether there is something to store, and nothing wrong."""
        return bool(self.changes) and not self.problems

    @property
    def removals(self) -> tuple[Change, ...]:
        """The records that go."""
        return tuple(each for each in self.changes if each.new is None)

    @cached_property
    def by_organization(self) -> Mapping[str, tuple[Change, ...]]:
        """The changes by the id of their organization, by both where a record moves; "" for what belongs to none."""
        before, after = Owners(self.current, self.new), Owners(self.new, self.current)
        found: dict[str, list[Change]] = {}
        for change in self.changes:
            owners = {before.of(change.table, change.old)} if change.old else set()
            owners |= {after.of(change.table, change.new)} if change.new else set()
            for owner in owners:
                found.setdefault(owner, []).append(change)
        return {owner: tuple(some) for owner, some in found.items()}

    @cached_property
    def new_organizations(self) -> tuple[str, ...]:
        """Ids of those that were not there."""
        return self._organizations(self.new, self.current)

    @cached_property
    def gone_organizations(self) -> tuple[str, ...]:
        """Ids of those that go."""
        return self._organizations(self.current, self.new)

    @cached_property
    def changed_organizations(self) -> tuple[str, ...]:
        """Ids of those that stay, and of which something changes."""
        moved = {"", *self.new_organizations, *self.gone_organizations}
        return self._named(self.new, (each for each in self.by_organization if each not in moved))

    def _organizations(self, there: Package, missing: Package) -> tuple[str, ...]:
        ids = there.tables["organization"].keys() - missing.tables["organization"].keys()
        return self._named(there, ids)

    def _named(self, package: Package, ids: Iterable[str]) -> tuple[str, ...]:
        """In the order of their names."""
        rows = package.tables["organization"]
        return tuple(sorted(ids, key=lambda each: (rows[each]["name"] if each in rows else "", each)))


def preview(current: Package, read: Read, today: date, *, replace: bool) -> Preview:
    """Compares a file with the directory. ``replace``: what the file does not have goes; else it stays.

    ``today`` is the day after which a confirmation cannot have been.
    """
    raws = [beside_stored(raw, current.get(raw.table, raw.id)) for raw in read.raws]
    here = {(raw.table, raw.id) for raw in raws}
    leaving = _all(current) - here if replace else set(read.gone)
    staying = current if not leaving else _without(current, leaving)
    checked = check(raws, today, current, beside=staying)
    told = (
        *emptied(raws, current, replace),
        *left_dangling(raws, here, staying, current),
        *read.problems,
        *checked.problems,
    )
    problems = in_order(raws, told, wrong_confirmations(raws, current, leaving), taken_codes(raws, here, staying))
    wrong = {each.where for each in problems}
    incoming = _without(checked.package, {(raw.table, raw.id) for raw in raws if raw.where in wrong})
    made = changes(current, incoming, keep_missing=not replace or bool(problems), gone=() if problems else read.gone)
    new = changed(current, made)
    held = sum(len(rows) for rows in incoming.tables.values())
    return Preview(
        current,
        new,
        made,
        problems,
        read.notes,
        duplicates(current, new) if made else (),
        consequences(made, current, new),
        held - sum(each.new is not None for each in made),
        replace,
    )


def _all(package: Package) -> set[tuple[str, str]]:
    return {(table, each) for table, rows in package.tables.items() for each in rows}


def _without(package: Package, some: Collection[tuple[str, str]]) -> Package:
    if not some:
        return package
    return Package.of(
        {
            table: [row for key, row in rows.items() if (table, key) not in some]
            for table, rows in package.tables.items()
        }
    )
