"""The database of the key store: made so that what is deleted in it is gone from its files, and not only from its answers.

SQLite is what this is built for. Three things together make a deleted key's bytes vanish:

- ``secure_delete`` writes zeros over what is deleted, and ``journal_mode=DELETE`` keeps no log of former pages (a WAL would).
- SQLite moves rows between pages as a table grows, and leaves copies behind that ``secure_delete`` does not know of. So
  every value is longer than a page: it then lies in overflow pages of its own, which are never moved.
- The rollback journal holds the former pages until the commit deletes it, and a deleted file's blocks stay on the disk
  as they were. So the journal is kept open over the commit and overwritten afterwards.

PostgreSQL can do none of this: docs/keys.md says what follows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import quote

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    func,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.store.database import BUSY_MS, allow, engine_for, parse_url, sql_errors
from bot.store.errors import KeyMissing, KeyStoreMisplaced, KeyTooOpen, StoreDown
from bot.store.secret_files import fsync_folder, refuse_open

STORE: Final = "key store"
_PAGE_BYTES: Final = 4096
_SPACER: Final = bytes(_PAGE_BYTES)
_LOCK: Final = 7_883_683_002

_METADATA = MetaData()
KEYS = Table(
    "keys",
    _METADATA,
    Column("name", String(64), primary_key=True),
    Column("master", String(32), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)
"""The keys of escalations, each wrapped under the version of the master key that is named beside it."""
MASTERS = Table(
    "master_keys",
    _METADATA,
    Column("name", String(32), primary_key=True),
    Column("proof", LargeBinary, nullable=False),
)
"""For every version of the master key that was used here a sealed value, by which a wrong one is known."""
WRAPPED = func.substr(KEYS.c.wrapped, len(_SPACER) + 1, type_=LargeBinary())
"""The wrapped key of a row of ``KEYS``, without what ``spaced`` puts before it: that stays where it is."""


def spaced(wrapped: bytes) -> bytes:
    """A wrapped key as it lies in ``KEYS``: behind a page of zeros, so that SQLite never copies it."""
    return _SPACER + wrapped


class KeyDatabase:
    """A connection pool on the key store's database. Connects at its first statement."""

    def __init__(self, url: str, patience_ms: int = BUSY_MS) -> None:
        """``KeyStoreMisplaced`` for a URL that is neither a file of SQLite nor PostgreSQL.

        ``patience_ms`` is how long SQLite waits for others.
        """
        try:
            parsed = parse_url(url)
        except ArgumentError:
            _misplaced()
        backend = parsed.get_backend_name()
        self.file: Path | None = None
        """The file of SQLite; None with PostgreSQL."""
        if backend == "sqlite" and not (parsed.database or ":").startswith((":", "file:")):
            self.file = Path(str(parsed.database)).absolute()
            self.engine = _sqlite(parsed, self.file, patience_ms)
        elif backend == "postgresql":
            self.engine = engine_for(url)
        else:
            _misplaced()

    def make(self) -> bool:
        """Makes folder, file and tables where they are missing; whether there were none. Any number may race.

        Raises ``StoreDown``, ``KeyTooOpen`` when others may use what is there, and ``KeyStoreMisplaced`` in the
        database of the conversations.
        """
        if self.file:
            with _disk_errors():
                self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self.file.touch(mode=0o600)
            self.refuse_unsafe()
        with self.writing() as connection:
            if not self.file:
                allow(connection, 0)
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            if self.engine.dialect.has_table(connection, "alembic_version"):
                raise KeyStoreMisplaced(
                    "KEYSTORE_URL leads to the database of the conversations.",
                    "Give the key store a database of its own: keys and what they open lie apart.",
                )
            new = not self.engine.dialect.has_table(connection, KEYS.name)
            _METADATA.create_all(connection)
        return new

    def refuse_unsafe(self) -> None:
        """Raises ``KeyMissing`` when SQLite's file is not there, ``KeyTooOpen`` when others than its owner may use it."""
        if not self.file:
            return
        if not self.file.exists():
            raise KeyMissing(
                f"There is no key store {self.file}.",
                "Run `flask --app webhook db upgrade`. If it was there before, what was sealed under its keys is lost.",
            )
        folder = self.file.parent
        if folder.stat().st_mode & 0o077:
            # No chmod is named: it may be /tmp.
            raise KeyTooOpen(
                f"Others than its owner may use {folder}, where the key store lies.",
                "Give the key store a folder of its own that nobody else may enter (mode 700).",
            )
        refuse_open(self.file, "600")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for questions. Every error of SQL becomes ``StoreDown``."""
        with sql_errors(STORE), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction. When the block has been left without an error it is on the disk, folder and all."""
        journal: list[int] = []
        try:
            with sql_errors(STORE), self.engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
                if not self.file:
                    connection.execute(text("SET LOCAL synchronous_commit = on"))
                try:
                    yield connection
                finally:
                    journal += self._journal()
        finally:
            for descriptor in journal:
                with _disk_errors():
                    _wipe(descriptor)
        if self.file:
            with _disk_errors():
                fsync_folder(self.file.parent)

    def rewrite(self) -> None:
        """PostgreSQL: writes the table anew without what was deleted, if it can be had for a moment. Never raises."""
        if self.file:
            return
        with suppress(SQLAlchemyError), self.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(f"VACUUM FULL {KEYS.name}"))

    def close(self) -> None:
        """Closes the connections."""
        self.engine.dispose()

    def _journal(self) -> list[int]:
        """The rollback journal of the transaction that is open now, if it has one, kept open to be wiped."""
        if not self.file:
            return []
        try:
            return [os.open(f"{self.file}-journal", os.O_RDWR)]
        except OSError:
            return []


def _sqlite(parsed: URL, file: Path, patience_ms: int) -> Engine:
    # mode=rw: a store that was lost must not come back as an empty file that anybody may read.
    query = {**parsed.query, "mode": "rw", "uri": "true"}
    engine = create_engine(parsed.set(database=f"file:{quote(str(file))}", query=query), hide_parameters=True)
    event.listen(engine, "connect", lambda connection, _record: _set_up(connection, patience_ms))
    event.listen(
        engine,
        "begin",
        lambda connection: connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN")),
    )
    return engine


def _set_up(connection: Any, patience_ms: int) -> None:
    # Python's driver would begin by itself; we do.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
    cursor.execute(f"PRAGMA busy_timeout = {patience_ms}")
    cursor.execute("PRAGMA journal_mode = DELETE")
    cursor.execute("PRAGMA secure_delete = ON")
    # As FULL, and the folder is synced after the journal is gone. Never fsync the file through a descriptor of our own:
    # closing it would drop SQLite's locks on it.
    cursor.execute("PRAGMA synchronous = EXTRA")
    cursor.execute("PRAGMA temp_store = MEMORY")
    cursor.close()


def _wipe(descriptor: int) -> None:
    """Overwrites a journal that nobody can need any more, and closes it."""
    try:
        found = os.fstat(descriptor)
        # One that still has its name belongs to a commit that failed: SQLite needs it to undo that.
        if found.st_nlink == 0:
            at = 0
            while at < found.st_size:
                at += os.pwrite(descriptor, bytes(found.st_size - at), at)
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreDown(STORE, error) from None


def _misplaced() -> NoReturn:
    raise KeyStoreMisplaced(
        "KEYSTORE_URL names neither a file of SQLite nor PostgreSQL.",
        "Write sqlite:////var/lib/puente/keystore/keys.db or postgresql://..., or leave it empty.",
    )
