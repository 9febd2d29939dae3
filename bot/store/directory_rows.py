"""The rows of the directory in SQL: as they are read, whatever somebody wrote there by hand, and as changes write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, Text, bindparam, delete, insert, select, type_coerce, update

from bot.directory.hsds.changes import Change
from bot.directory.hsds.check import Raw
from bot.directory.hsds.package import Row
from bot.directory.hsds.tables import BY_NAME, TABLES
from bot.store.database import allow
from bot.store.directory_models import DIRECTORY, DirectoryFlag
from bot.store.directory_tables import SEAL

_SECONDS = 60
"""So long PostgreSQL may work at one statement of a whole directory; a message of a family waits for none of them."""
_CHUNK = 1_000
_MENDS = {"phone": ("number", "extension", "verified_on"), "service": ("assured_date",)}
"""By a change of which columns what families said of a record before is no longer true."""


def patient(connection: Connection) -> None:
    """Lets the statements of this transaction take their time."""
    allow(connection, _SECONDS)


def write(
    connection: Connection, changes: Iterable[Change], seals: Mapping[str, str | None]
) -> None:
    """Writes changes in a transaction that has begun to write; flags of what was mended go. Keys are looked at at its end.

    ``seals``: of each record, by directory_seals.record.
    """
    made = tuple(changes)
    patient(connection)
    for name in reversed([table.name for table in TABLES]):
        table = DIRECTORY[name]
        gone = ({"this": change.id} for change in made if change.table == name and change.new is None)
        chunked(connection, delete(table).where(table.c.id == bindparam("this")), gone)
    for name, table in DIRECTORY.items():
        mine = [(change, change.new) for change in made if change.table == name and change.new is not None]
        made_now = (_sealed(table, new, seals[f"{name} {change.id}"]) for change, new in mine if change.old is None)
        chunked(connection, insert(table), made_now)
        other = (
            {**_sealed(table, new, seals[f"{name} {change.id}"]), "this": change.id}
            for change, new in mine
            if change.old is not None
        )
        chunked(connection, update(table).where(table.c.id == bindparam("this")), other)
    mended = [{"this": each} for each in _mended(made)]
    chunked(connection, delete(DirectoryFlag).where(DirectoryFlag.record == bindparam("this")), mended)


def _mended(changes: Iterable[Change]) -> Iterator[str]:
    """Records of which what families said before is no longer true: another number, confirmed anew, or gone."""
    for change in changes:
        columns = set(_MENDS.get(change.table, ()))
        if columns and change.old and (change.new is None or columns & set(change.fields)):
            yield change.id


def rows_in(connection: Connection, name: str) -> Iterator[tuple[Raw, str]]:
    """The rows of a table as they are there, whatever SQLite let somebody write into them, each with its seal."""
    columns = [column.name for column in BY_NAME[name].columns]
    table = DIRECTORY[name]
    # As text, for a date that is none would end the reading without telling where it is.
    wanted = select(*(type_coerce(table.c[column], Text) for column in (*columns, SEAL)))
    for *row, seal in connection.execute(wanted):
        # What is no id may be anything: no more of it than an id is long comes into a log.
        yield Raw(name, f"{name} {_cell(row[0])[:36]}", dict(zip(columns, map(_cell, row), strict=True))), _cell(seal)


def as_read(name: str, row: Row) -> dict[str, str]:
    """The cells of a record as they will be read again once they have been written."""
    table = DIRECTORY[name]
    return {column: _cell(_value(table.c[column].type.python_type, cell)) for column, cell in row.items()}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    # Whole numbers without a point, as values.Number writes them.
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _sealed(table: Table, row: Row, seal: str | None) -> dict[str, Any]:
    return {**{name: _value(table.c[name].type.python_type, cell) for name, cell in row.items()}, SEAL: seal}


def _value(kind: type, cell: str) -> Any:
    if not cell:
        return None
    if kind is date:
        return date.fromisoformat(cell)
    return float(cell) if kind is float else cell


def chunked(connection: Connection, statement: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """Runs a statement once for each of these rows, many at a time."""
    chunk: list[Mapping[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            connection.execute(statement, chunk)
            chunk = []
    if chunk:
        connection.execute(statement, chunk)
