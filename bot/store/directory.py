"""The directory in SQL: read whole and checked, changed in one transaction or not at all, with its history.

SQL is the truth once people have changed it. ``version`` counts their changes; ``mark`` is another after every change, also
after one that took the database back to a backup, so a process that holds a directory can tell whether it is still the same.
Records that are not as they were written (bot/store/directory_seals.py) are never given out, nor anything beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from msgspec import Struct
from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.directory.hsds.changes import Change, changed
from bot.directory.hsds.check import Raw, check
from bot.directory.hsds.package import Package
from bot.directory.hsds.tables import TABLES
from bot.store import audit
from bot.store.database import sql_errors
from bot.store.directory_history import Entry, entries
from bot.store.directory_models import DirectoryHistory
from bot.store.directory_rows import chunked, patient, write
from bot.store.directory_seals import MARK, SET, all_rows, mark_fits, new_mark, seals_of
from bot.store.errors import DirectoryDamaged, DirectoryMoved, DirectoryRefused
from bot.store.in_turn import in_turn
from bot.store.keys import utc_day
from bot.store.models import Meta

NEVER = "0|"
"""Stands for the mark of tables that were never filled."""


class Act(Struct, frozen=True):
    """What somebody did, as the audit calls it, and about which entry (its code)."""

    name: str
    about: str = ""


IMPORTED = Act("directory.apply")


@dataclass(frozen=True, slots=True)
class Stored:
    """A directory as SQL had it at one moment."""

    package: Package
    version: int
    mark: str
    seals: Mapping[str, str | None] = field(default_factory=dict, repr=False, compare=False)
    """Of each record; nothing where it does not come from SQL."""


class DirectoryStore:
    """The directory of an installation. ``key`` is that of the seals, ``clock`` the bot's, in unix seconds. Safe for all threads."""

    def __init__(self, engine: Engine, key: bytes, clock: Callable[[], float]) -> None:
        self._engine, self._key, self._clock = engine, key, clock

    def version(self) -> int:
        """How often people have changed it; 0 while it is what the seed file says. Raises ``StoreDown``."""
        return version_of(self.mark() or NEVER)

    def seeded(self) -> bool:
        """Whether the tables have been filled at all. Raises ``StoreDown``."""
        return self.mark() is not None

    def mark(self) -> str | None:
        """By which this state is known again; None while the tables were never filled. Raises ``StoreDown``."""
        with sql_errors(), self._engine.connect() as connection:
            return _mark(connection)

    def read(self) -> tuple[Package, int]:
        """All of it at one moment, and its version. Raises ``DirectoryDamaged`` for rows that nobody may use, ``StoreDown``."""
        stored = self.stored()
        return stored.package, stored.version

    def stored(self) -> Stored:
        """As ``read``, with the mark."""
        with sql_errors(), self._engine.connect() as connection:
            if self._engine.dialect.name == "postgresql":
                # All tables are to be of one moment, as they are on SQLite.
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            patient(connection)
            mark = _mark(connection) or NEVER
            rows = all_rows(connection, self._key)
        # No day lies in the future here: a clock that went back must not close the whole directory.
        checked = check(rows.raws, date.max)
        if checked.problems:
            raise DirectoryDamaged(tuple(f"{each.where} {each.column}".strip() for each in checked.problems))
        if damaged := (*rows.unfit, *self._unfit_set(mark, rows.seals)):
            raise DirectoryDamaged(damaged)
        return Stored(checked.package, version_of(mark), mark, rows.seals)

    def _unfit_set(self, mark: str, seals: Mapping[str, str | None]) -> tuple[str, ...]:
        # Before it was filled there is nothing that could be sealed.
        never_filled = mark == NEVER and not seals
        return () if never_filled or mark_fits(self._key, mark, seals) else (SET,)

    def apply(
        self,
        changes: tuple[Change, ...],
        *,
        by: str,
        expected: int,
        act: Act = IMPORTED,
        beside: Callable[[Connection], None] | None = None,
    ) -> int:
        """Stores these changes of version ``expected``, all or none; returns the new version. ``by`` is who wants it.

        ``act``: how the audit calls it. ``beside`` writes something else in the same transaction.

        Raises ``DirectoryMoved`` when it is at another version, ``DirectoryRefused`` when the outcome would not hold together,
        ``DirectoryDamaged`` when what is there cannot be read, ``StoreDown``; ``ValueError`` for a name that the audit refuses.
        """
        audit.check_words(by, audit.LONGEST_ACTOR)
        if not by.strip():
            raise ValueError("somebody's name is wanted")
        # Looked at before the transaction: while it lasts nobody else can write.
        stored = self.stored()
        if stored.version != expected or not _fits(stored.package, changes):
            raise DirectoryMoved(stored.version)
        if not changes:
            return expected
        now = self._clock()
        _hold_together(changed(stored.package, changes), utc_day(now), stored.package)
        seals = seals_of(self._key, changes)
        mark = new_mark(self._key, expected + 1, {**stored.seals, **seals})
        with sql_errors():
            try:
                with self._engine.begin() as connection:
                    _take_turn(connection, stored.mark)
                    write(connection, changes, seals)
                    chunked(connection, insert(DirectoryHistory), entries(changes, by, int(now)))
                    connection.execute(update(Meta).where(Meta.key == MARK).values(value=mark))
                    if beside:
                        beside(connection)
                    audit.note(connection, now, by, act.name, _named(act.about, _told(changes, expected + 1)))
            except IntegrityError:
                # Only where a row was changed by hand in these very moments.
                raise DirectoryRefused(("the records do not refer to one another as they should",)) from None
        return expected + 1

    def history(self, resource_type: str, resource_id: str) -> tuple[Entry, ...]:
        """What was changed of this record, the newest first. Raises ``StoreDown``."""
        mine = (DirectoryHistory.resource_type == resource_type, DirectoryHistory.resource_id == resource_id)
        columns = [column for column in DirectoryHistory.__table__.columns if column.name != "number"]
        wanted = select(*columns).where(*mine).order_by(DirectoryHistory.number.desc())
        with sql_errors(), self._engine.connect() as connection:
            return tuple(Entry(*row) for row in connection.execute(wanted))


def version_of(mark: str) -> int:
    """The version that a mark is of. Raises ``DirectoryDamaged`` for what is none."""
    try:
        return int(mark.partition("|")[0])
    except ValueError:
        raise DirectoryDamaged((SET,)) from None


def _mark(connection: Connection) -> str | None:
    value: str | None = connection.scalar(select(Meta.value).where(Meta.key == MARK))
    return value


def _take_turn(connection: Connection, mark: str) -> None:
    found = in_turn(connection, MARK, NEVER)
    if found != mark:
        raise DirectoryMoved(version_of(found))


def _fits(package: Package, changes: tuple[Change, ...]) -> bool:
    return all(package.get(change.table, change.id) == change.old for change in changes)


def _hold_together(package: Package, today: date, sure: Package) -> None:
    raws = [
        Raw(table.name, f"{table.name} {each['id']}", each) for table in TABLES for each in package.rows(table.name)
    ]
    if problems := check(raws, today, sure).problems:
        raise DirectoryRefused(tuple(map(str, problems)))


def _named(about: str, told: str) -> str:
    """With the code of the entry, unless it is one that the audit takes for a person's (sixteen digits of an id)."""
    named = f"{about}, {told}" if about else told
    return named if audit.takes(named) else told


def _told(changes: tuple[Change, ...], version: int) -> str:
    added = sum(change.old is None for change in changes)
    removed = sum(change.new is None for change in changes)
    return f"version {version}: {added} added, {len(changes) - added - removed} changed, {removed} removed"
