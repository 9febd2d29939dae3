"""Backups of SQL, and bringing one back: what the network has made, and who wrote STOP; nothing else of a family.

By a list of tables. Conversations with staff, erasings and phrases of families are in no backup: their keys are not either, and
what somebody has erased must not come back with the next restoring. Nor are logins, invitations and texts that nobody saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Final

from sqlalchemy import Connection, Engine, Integer, Table, delete, func, insert, inspect, select, text

from bot.privacy import TABLES, Kind
from bot.store.backup_file import BackupWriter, Head, read_head, read_tables
from bot.store.database import engine_for, is_current, sql_errors
from bot.store.errors import BackupOfOther, DatabaseBehind, DatabaseNotEmpty
from bot.store.keys import load_keys
from bot.store.models import HEAD, Base, Meta
from bot.store.upgrade import KEYS, fingerprint, upgrade

_FAMILY = "it is about families: their keys are in no backup, and what was erased must not come back"
_LOGIN = "who had logged in, or was invited, does so again: neither is to come back after it was ended"
LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        **{name: _FAMILY for name in ("escalations", "escalation_messages", "outbox", "erasures", "phrases")},
        "shared_phones": "a code of a phone; a shelter marks it again",
        "console_sessions": _LOGIN,
        "invitations": _LOGIN,
        "autosaves": "nobody saved it",
        "tasks_taken": "it is over in a week",
        "alembic_version": "the head of the file says it",
    }
)
"""Tables that no backup holds, and why. What is about families is never in one but for ``OPT_OUTS``."""
OPT_OUTS: Final = "opt_outs"
"""Of families only this: that they do not want us to begin. Losing it would break a promise; it can resurrect nobody, for
the word BORRAR does not end an opt-out. It is a code, of use to nobody who does not have the key ``opt_out`` too."""

_CHUNK: Final = 500


def taken() -> tuple[Table, ...]:
    """The tables of a backup, those before that others refer to."""
    return tuple(table for table in Base.metadata.sorted_tables if _is_taken(table.name))


def _is_taken(name: str) -> bool:
    return name == OPT_OUTS or (name not in LEFT_OUT and TABLES.get(name, Kind.FAMILY) is not Kind.FAMILY)


def back_up(engine: Engine, out: IO[bytes], now: float) -> int:
    """Writes a backup of this moment; returns how many rows. Raises ``StoreDown``, ``DatabaseBehind`` and ``OSError``."""
    if not is_current(engine):
        raise DatabaseBehind
    writer = BackupWriter(out, Head(int(now), HEAD))
    with sql_errors(), _at_one_moment(engine) as connection:
        for table in taken():
            writer.table(table.name, [column.name for column in table.columns])
            found = connection.execution_options(yield_per=_CHUNK).execute(
                select(table).order_by(*table.primary_key.columns)
            )
            for row in found:
                writer.row(list(row))
    writer.close()
    return writer.rows


@contextmanager
def _at_one_moment(engine: Engine) -> Iterator[Connection]:
    """A transaction in which every table is as it was at its beginning. A second is too short for it on PostgreSQL."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        yield connection


def bring_back(url: str, data_dir: Path, file: Path) -> Head:
    """Makes the database at ``url`` anew out of a backup, under the keys that lie in ``data_dir``; what the backup was.

    Raises ``BackupDamaged``, ``BackupOfOther`` for one of other tables or other keys, ``DatabaseNotEmpty`` where anything
    stands already, a ``SetupError`` for the keys, and ``StoreDown``. Whatever it raises, the database holds no row of it.
    """
    head = read_head(file)
    if head.schema != HEAD:
        raise BackupOfOther(
            f"It is of version {head.schema} of the tables, and this code has {HEAD}: run the code of its time."
        )
    # First of all: with other keys no opt-out would be found again.
    if _meta(file).get(KEYS) != fingerprint(load_keys(data_dir)):
        raise BackupOfOther("It was written under other keys than those in DATA_DIR/keys: put those of its time there.")
    engine = engine_for(url)
    try:
        with sql_errors():
            _refuse_used(engine)
        upgrade(url, data_dir)
        with sql_errors(), engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(delete(Meta))
            _fill(connection, file)
    finally:
        engine.dispose()
    return head


def _meta(file: Path) -> dict[str, str]:
    for name, columns, rows in read_tables(file):
        found = [dict(zip(columns, row, strict=True)) for row in rows]
        if name == Meta.__tablename__:
            return {each["key"]: each["value"] for each in found}
    return {}


def _refuse_used(engine: Engine) -> None:
    """A backup is not laid over something: who has erased since would be there again, and numbers would meet."""
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
        # To look would make it, readable for all of the machine.
        return
    there = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            beginning = table.name in (Meta.__tablename__, "alembic_version")
            if table.name in there and not beginning and connection.execute(select(table).limit(1)).first():
                raise DatabaseNotEmpty


def _fill(connection: Connection, file: Path) -> None:
    tables = {table.name: table for table in taken()}
    for name, columns, rows in read_tables(file):
        if name not in tables or set(columns) != set(tables[name].columns.keys()):
            raise BackupOfOther(f"It has a table {name!r} that this code does not know.")
        values: Iterable[dict[str, Any]] = (dict(zip(columns, row, strict=True)) for row in rows)
        while chunk := list(islice(values, _CHUNK)):
            connection.execute(insert(tables[name]), chunk)
        if connection.dialect.name == "postgresql":
            _go_on_counting(connection, tables[name])


def _go_on_counting(connection: Connection, table: Table) -> None:
    """Rows that come with their number do not move PostgreSQL's counter of numbers."""
    (column, *others) = table.primary_key.columns
    if others or not isinstance(column.type, Integer) or column.autoincrement is False:
        return
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
    newest = connection.scalar(select(func.max(column)))
    if sequence is not None and newest is not None:
        connection.execute(select(func.setval(sequence, newest)))
