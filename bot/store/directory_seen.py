"""The directory as the console shows it, entry by entry, read from SQL only when it is another one than before."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

from msgspec import Struct

from bot.directory.assemble import assemble
from bot.directory.formats.kept import Kept
from bot.directory.formats.sheet_rows import SheetRow, sheet_rows
from bot.directory.hsds.package import Package
from bot.directory.listed import Listed, listed, records_of
from bot.directory.service_at_location import ServiceAtLocation
from bot.frozen import replace
from bot.store.directory import DirectoryStore, Stored
from bot.store.directory_flags import Flag


class EntrySeen(Struct, frozen=True):
    """One entry: its row of the flat sheet, what it claims, and what families are told of it. ``records``: ids of what it is made of."""

    row: SheetRow
    listed: Listed
    services: tuple[ServiceAtLocation, ...]
    records: tuple[str, ...]

    @property
    def code(self) -> str:
        """Under which it stands in addresses."""
        return self.row.code


class DirectorySeen(Struct, frozen=True):
    """All entries at one version, by their codes in the order of their names."""

    package: Package
    version: int
    mark: str
    entries: Mapping[str, EntrySeen]

    def flagged(self, flags: Iterable[Flag]) -> dict[str, int]:
        """By code, how often families said that a number or a service of the entry does not work."""
        by_record: dict[str, int] = {}
        for flag in flags:
            by_record[flag.record] = by_record.get(flag.record, 0) + flag.n
        if not by_record:
            return {}
        found = {code: sum(by_record.get(each, 0) for each in entry.records) for code, entry in self.entries.items()}
        return {code: n for code, n in found.items() if n}

    def beside(self, entry: EntrySeen) -> tuple[EntrySeen, ...]:
        """The other entries of its organization."""
        mine = entry.row.ids["organization"]
        return tuple(
            each for each in self.entries.values() if each.code != entry.code and each.row.ids["organization"] == mine
        )


def seen_of(stored: Stored) -> DirectorySeen:
    """What a directory says, entry by entry."""
    package = stored.package
    kept, rows = Kept(package), sheet_rows(package)
    by_row: dict[str, list[ServiceAtLocation]] = {}
    for service in assemble(package):
        by_row.setdefault(service.id, []).append(service)
    found = {
        row.code: EntrySeen(row, each, _services(row, by_row), tuple(records_of(row, kept)))
        for row, each in zip(rows, listed(package, {}), strict=True)
    }
    ordered = sorted(found.items(), key=lambda pair: (pair[1].listed.name.casefold(), pair[0]))
    return DirectorySeen(package, stored.version, stored.mark, dict(ordered))


def _services(row: SheetRow, found: Mapping[str, list[ServiceAtLocation]]) -> tuple[ServiceAtLocation, ...]:
    """A service without a place may work for several countries: it is as many."""
    key = row.ids.get("service_at_location") or ("" if "location" in row.ids else row.ids.get("service", ""))
    return tuple(found.get(key, ()))


class DirectoryReader:
    """Reads the directory; as long as nobody changes it, once for all pages of a process. Safe for all threads."""

    def __init__(self, store: DirectoryStore) -> None:
        self._store, self._lock = store, threading.Lock()
        self._held: DirectorySeen | None = None

    def seen(self) -> DirectorySeen:
        """The directory as SQL has it now. Raises ``StoreDown``, ``DirectoryDamaged``."""
        mark = self._store.mark() or "0|"
        held = self._held
        if held is not None and held.mark == mark:
            return held
        with self._lock:
            if self._held is None or self._held.mark != mark:
                self._held = seen_of(self._store.stored())
            return self._held


def with_flags(entry: EntrySeen, flags: int) -> EntrySeen:
    """The same entry with how often families said that it does not work."""
    return replace(entry, listed=replace(entry.listed, flags=flags))
