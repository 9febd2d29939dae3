"""The seals of the directory: one for each record, over all its cells, and one over all of them, in the mark of the directory.

    mark = version | a new word for every change | seal of all records, of that version and word
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping

from msgspec import Struct
from sqlalchemy import Connection, bindparam, select, update

from bot.directory.hsds.changes import Change
from bot.directory.hsds.check import Raw
from bot.directory.hsds.tables import BY_NAME
from bot.store.directory_models import DIRECTORY
from bot.store.directory_rows import as_read, chunked, patient, rows_in
from bot.store.models import Meta
from bot.store.seals import fits, set_seal, text_seal

KIND = "directory"
MARK = "directory"
"""The row of ``meta`` with the mark. It is there once the tables have been filled."""
_COLUMNS = {name: tuple(column.name for column in table.columns) for name, table in BY_NAME.items()}
SET = f"{KIND}  set"
"""What does not fit where a record was added, taken away or put back as it once was."""


def seals_of(key: bytes, changes: Iterable[Change]) -> dict[str, str | None]:
    """By ``record`` the seal of each record as a change leaves it; None of one that goes."""
    return {
        record(change.table, change.id): None if change.new is None else _seal(key, change.table, as_read(change.table, change.new))
        for change in changes
    }


def record(table: str, id: str) -> str:
    """By which a record is called among seals."""
    return f"{table} {id}"


class Rows(Struct, frozen=True):
    """All records as they stand there: unchecked, their seals, and the places of those that are not as they were written."""

    raws: list[Raw]
    seals: dict[str, str | None]
    unfit: tuple[str, ...]


def all_rows(connection: Connection, key: bytes) -> Rows:
    """Reads every record, and whether it fits its seal."""
    raws: list[Raw] = []
    seals: dict[str, str | None] = {}
    unfit: list[str] = []
    for name in DIRECTORY:
        for raw, seal in rows_in(connection, name):
            raws.append(raw)
            seals[record(name, raw.cells["id"])] = seal
            if not fits(seal, _seal(key, name, raw.cells)):
                unfit.append(f"{raw.where} seal")
    return Rows(raws, seals, tuple(unfit))


def new_mark(key: bytes, version: int, seals: Mapping[str, str | None]) -> str:
    """The mark of a directory of this version, which has just come to be."""
    state = f"{version}|{secrets.token_hex(8)}"
    return f"{state}|{_of_all(key, state, seals)}"


def mark_fits(key: bytes, mark: str, seals: Mapping[str, str | None]) -> bool:
    """Whether these are all records of the directory of this mark."""
    state, _, seal = mark.rpartition("|")
    return fits(seal, _of_all(key, state, seals))


def seals_in(connection: Connection) -> dict[str, str | None]:
    """The seals of all records as they stand there, whether they fit or not."""
    found: dict[str, str | None] = {}
    for name, table in DIRECTORY.items():
        for row in connection.execute(select(table.c.id, table.c.seal)):
            found[record(name, str(row.id))] = str(row.seal)
    return found


def reseal(connection: Connection, key: bytes, version: int) -> int:
    """Seals every record as it stands; how many. In a transaction that holds the turn of the directory."""
    patient(connection)
    seals: dict[str, str | None] = {}
    for name, table in DIRECTORY.items():
        # An id is whatever stands there, so that a row that makes no sense is found again.
        made = [(raw.cells["id"], _seal(key, name, raw.cells)) for raw, _ in rows_in(connection, name)]
        seals |= {record(name, id): seal for id, seal in made}
        chunked(
            connection,
            update(table).where(table.c.id == bindparam("this")).values(seal=bindparam("its")),
            ({"this": id, "its": seal} for id, seal in made),
        )
    connection.execute(update(Meta).where(Meta.key == MARK).values(value=new_mark(key, version, seals)))
    return len(seals)


def _seal(key: bytes, table: str, cells: Mapping[str, str]) -> str:
    return text_seal(key, f"{KIND} {table}", [cells[name] for name in _COLUMNS[table]])


def _of_all(key: bytes, state: str, seals: Mapping[str, str | None]) -> str:
    return set_seal(key, KIND, state, ((each, seal) for each, seal in seals.items() if seal is not None))
