"""The tables of the directory in SQL, made from those of HSDS (bot/directory/hsds/tables.py): ``phone`` is ``hsds_phone``.

What nobody knows is NULL. A record may refer to one that the same transaction writes later: keys are looked at at its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CheckConstraint, Column, Date, Float, ForeignKey, Index, MetaData, String, Table, Text
from sqlalchemy.types import TypeEngine

from bot.directory.hsds import tables as hsds
from bot.directory.hsds import values
from bot.store.seals import SEAL_LETTERS

PREFIX = "hsds_"
SEAL = "seal"
"""The column with the seal of a record (bot/store/directory_seals.py). HSDS has none of that name."""
_UUID = 36


def directory_tables(metadata: MetaData) -> Mapping[str, Table]:
    """Adds the tables of the directory to ``metadata``; they come back by their name in HSDS, referred-to ones first."""
    return {table.name: _table(table, metadata) for table in hsds.TABLES}


def _table(table: hsds.Table, metadata: MetaData) -> Table:
    name = PREFIX + table.name
    columns = [_column(name, column) for column in table.columns]
    # NULL only between the migration that made it and the end of the same upgrade.
    columns.append(Column(SEAL, String(SEAL_LETTERS)))
    checks = [
        CheckConstraint(f"{column.name} IN ({', '.join(map(_quoted, column.value.known))})", name=column.name)
        for column in table.columns
        if isinstance(column.value, values.OneOf)
    ]
    # Without them every row that goes would be looked for in all tables that could refer to it.
    indexes = [Index(f"ix_{name}_{column.name}", column.name) for column in table.columns if column.refers]
    return Table(name, metadata, *columns, *checks, *indexes)


def _column(name: str, column: hsds.Column) -> Column[Any]:
    if column.name == "id":
        return Column("id", String(_UUID), primary_key=True)
    refers: tuple[ForeignKey, ...] = ()
    if column.refers:
        # PostgreSQL cuts names at 63 letters: shorter ones than the convention makes.
        key = f"fk_{name}_{column.name}"
        refers = (ForeignKey(f"{PREFIX}{column.refers}.id", name=key, deferrable=True, initially="DEFERRED"),)
    return Column(column.name, _type(column), *refers, nullable=not column.required)


def _type(column: hsds.Column) -> TypeEngine[Any]:
    if column.value is values.day:
        return Date()
    if isinstance(column.value, values.Number):
        return Float()
    return String(_UUID) if column.value is values.identifier else Text()


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
