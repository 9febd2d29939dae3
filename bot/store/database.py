"""One way to connect to SQL: SQLite by default, PostgreSQL for more than one host."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot import patience
from bot.store.errors import StoreDown
from bot.store.models import HEAD

CONNECT_SECONDS = 2
STATEMENT_MS = 1_000
"""How long PostgreSQL works at a statement."""
BUSY_MS = 1_500
"""How long SQLite waits for other writers. It lets none of them have a place in the queue: while many write, one may wait for long."""


def parse_url(url: str) -> URL:
    """A database's URL in SQLAlchemy's spelling. Raises what SQLAlchemy raises."""
    # Hosters write postgres://, which SQLAlchemy does not know.
    parsed = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed


def engine_for(url: str) -> Engine:
    """An engine for ``DATABASE_URL``. Connects at its first statement, so it never fails here."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, hide_parameters=True)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        return engine
    engine = create_engine(
        parsed,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=CONNECT_SECONDS,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "options": f"-c statement_timeout={STATEMENT_MS}",
            # A server that vanished from the network answers no statement and times none out.
            **{"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000},
        },
    )
    event.listen(engine, "do_connect", _connect_to_postgres)
    event.listen(engine, "checkin", _as_before)
    return engine


@contextmanager
def at_one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection to read with: every statement sees the database as it was at the first one."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def allow(connection: Connection, seconds: int) -> None:
    """Lets each statement of this transaction take so many seconds, 0 for any; SQLite has no such limit."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL statement_timeout = '{int(seconds)}s'"))
        held: Any = connection.connection.driver_connection
        # Somewhat more than the server gives itself.
        held.hangs = seconds * 1.5 if seconds else None


@contextmanager
def sql_errors(store: str = "sql") -> Iterator[None]:
    """Turns every error of SQL into ``StoreDown`` of that store, without its text: that may hold a URL or a value.

    In a turn whose time does not allow for it the store is not asked, which is ``StoreDown`` as well.
    """
    try:
        with patience.asking(store, BUSY_MS / 1000, SQLAlchemyError):
            yield
    except (SQLAlchemyError, patience.Spent) as error:
        raise StoreDown(store, error) from None


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest migration. Raises ``StoreDown`` when it cannot be asked.

    Needs no Alembic, so that the web tier can ask without loading it. In the time of a turn: who watches asks again and again.
    """
    with patience.limited(), sql_errors(), engine.connect() as connection:
        if not engine.dialect.has_table(connection, "alembic_version"):
            return False
        return bool(connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD)


def _connect_to_postgres(_dialect: Any, _record: Any, args: Any, kwargs: Any) -> Any:
    # Who keeps everything in SQLite need not have the client of PostgreSQL in memory.
    from bot.store.postgres import connect

    return connect(CONNECT_SECONDS, *args, **kwargs)


def _as_before(connection: Any, _record: Any) -> None:
    # None where it was lost.
    if connection is not None:
        vars(connection).pop("hangs", None)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # Python's driver would begin late and leave CREATE TABLE outside; we begin ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()
