"""What was changed of one entry, step by step, and the way back to each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct
from sqlalchemy import Connection, Engine, and_, or_, select

from bot.directory.editing.undone import MAIN, back_to, before, part_of
from bot.directory.formats.kept import OWNERS, Kept
from bot.directory.formats.told import told
from bot.directory.hsds.package import Package
from bot.escalation.viewer import Viewer
from bot.store.database import sql_errors
from bot.store.directory import Act
from bot.store.directory_draft import EDITS, LOOKS, entry_in, may
from bot.store.directory_editing import DirectoryEditing
from bot.store.directory_models import DirectoryHistory
from bot.store.directory_seen import EntrySeen
from bot.store.errors import DirectoryMoved, DirectoryRefused

_MOST = 2_000
"""Lines of the history of one entry that are looked at: years of it."""


class HistoryLine(Struct, frozen=True):
    """One line of the history, with its number."""

    number: int
    resource_type: str
    resource_id: str
    at: int
    action: str
    field: str
    previous: str
    by: str


class Step(Struct, frozen=True):
    """What somebody did at once. ``number`` is that of its newest line. ``changed``: fields of the sheet, before and after.

    ``at`` is unix seconds. ``added``: with it the entry came into the directory. A step of number 0 is how the entry began, where
    nobody added it here.
    """

    number: int
    at: int
    by: str
    changed: tuple[tuple[str, str, str], ...] = ()
    added: bool = False


class EntryHistory:
    """The history of entries. Raises ``StoreDown``, ``NotYours``, ``NoSuchEntry``."""

    def __init__(self, engine: Engine, editing: DirectoryEditing) -> None:
        self._engine, self._editing = engine, editing

    def steps(self, viewer: Viewer, code: str) -> tuple[Step, ...]:
        """The newest first; the last, without changes, is how the entry began, as far as the history goes back."""
        may(viewer, *LOOKS)
        seen = self._editing.seen(viewer)
        entry = entry_in(seen, code)
        now = part_of(seen.package, entry.row.ids)
        found = []
        for lines in _by_step(self._lines(entry, now)):
            then = before(now, lines)
            first = lines[0]
            added = not _is_there(entry, then)
            told = () if added else tuple(_difference(entry, then, now))
            found.append(Step(first.number, first.at, first.by, told, added))
            now = then
        return (*found, Step(0, 0, "")) if found and _is_there(entry, now) else tuple(found)

    def back(self, viewer: Viewer, code: str, number: int, newest: int) -> int:
        """Makes the entry what it was right after that step; returns the new version. ``newest``: the step that she saw as the last.

        Raises ``DirectoryMoved`` where somebody changed it since, so that nothing is undone that she has not seen, and
        ``DirectoryRefused`` for the time before it was there: an entry that was added by mistake is closed, not undone.
        """
        may(viewer, *EDITS)
        seen = self._editing.seen(viewer)
        entry = entry_in(seen, code)
        now = part_of(seen.package, entry.row.ids)
        lines = self._lines(entry, now)
        if not lines or lines[0].number != newest:
            raise DirectoryMoved(seen.version)
        then = before(now, [line for line in lines if line.number > number])
        if not _is_there(entry, then):
            raise DirectoryRefused(("it was not there yet",))
        return self._editing.write(viewer, seen, back_to(now, then), Act("directory.back", code))

    def _lines(self, entry: EntrySeen, now: Package) -> list[HistoryLine]:
        with sql_errors(), self._engine.connect() as connection:
            here = {(table, each["id"]) for table in now.tables if table != "taxonomy_term" for each in now.rows(table)}
            gone = set(_gone(connection, entry))
            return list(_lines_of(connection, here | gone))


def _is_there(entry: EntrySeen, package: Package) -> bool:
    return package.get("organization", entry.row.ids["organization"]) is not None


def _gone(connection: Connection, entry: EntrySeen) -> Iterator[tuple[str, str]]:
    """Records that went, and hung on one of this entry's: what they held is kept in their last line."""
    hung = [DirectoryHistory.previous.contains(f'"{id}"', autoescape=True) for id in entry.row.ids.values()]
    wanted = select(DirectoryHistory.resource_type, DirectoryHistory.resource_id).where(
        DirectoryHistory.action == "delete", DirectoryHistory.resource_type.in_(tuple(OWNERS)), or_(*hung)
    )
    yield from ((table, id) for table, id in connection.execute(wanted))


def _lines_of(connection: Connection, records: set[tuple[str, str]]) -> Iterable[HistoryLine]:
    columns = [getattr(DirectoryHistory, name) for name in HistoryLine.__struct_fields__]
    by_table: dict[str, list[str]] = {}
    for table, id in sorted(records):
        by_table.setdefault(table, []).append(id)
    mine = [
        and_(DirectoryHistory.resource_type == table, DirectoryHistory.resource_id.in_(ids))
        for table, ids in by_table.items()
    ]
    wanted = select(*columns).where(or_(*mine)).order_by(DirectoryHistory.number.desc()).limit(_MOST)
    return [HistoryLine(*row) for row in connection.execute(wanted)]


def _by_step(lines: Sequence[HistoryLine]) -> Iterator[list[HistoryLine]]:
    """What one person stored in one moment is one step."""
    for _, some in groupby(lines, key=lambda line: (line.at, line.by)):
        yield list(some)


def _difference(entry: EntrySeen, then: Package, now: Package) -> Iterator[tuple[str, str, str]]:
    was, becomes = _cells(entry, then), _cells(entry, now)
    for field in becomes:
        if was.get(field, "") != becomes[field]:
            yield field, was.get(field, ""), becomes[field]


def _cells(entry: EntrySeen, package: Package) -> dict[str, str]:
    ids = {table: id for table, id in entry.row.ids.items() if table not in MAIN or package.get(table, id)}
    if "organization" not in ids:
        return {}
    return told(Kept(package), ids)[0]
