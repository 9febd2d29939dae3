"""A small table whose rows are sealed, each for itself and all together (bot/store/seals.py): of notices, of withdrawals.

The row of ``meta`` under its name holds the seal of all; whoever writes waits there for others. What did not fit before a change
does not fit after it either: only ``content reseal`` makes it so, for somebody has to look first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, select, update

from bot.store.in_turn import in_turn
from bot.store.models import Meta
from bot.store.seals import fits, row_seal, set_seal


class Judged(Struct, frozen=True):
    """All rows, by the number. ``unfit``: the numbers of those that are not as they were written.

    ``whole``: whether none was added, taken away or put back.
    """

    rows: Mapping[int, Mapping[str, Any]]
    unfit: frozenset[int]
    whole: bool

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return self.whole and not self.unfit


class SealedRows(Struct, frozen=True):
    """``model`` has a ``number`` and a ``seal``; ``name``: of the row of ``meta``, and of the kind."""

    model: Any
    name: str

    def judged(self, connection: Connection, key: bytes) -> Judged:
        """The rows as they are. In a transaction that sees one moment."""
        kept = connection.scalar(select(Meta.value).where(Meta.key == self.name))
        rows = {row["number"]: dict(row) for row in self._rows(connection)}
        unfit = {number for number, row in rows.items() if not fits(row["seal"], self._seal(key, row))}
        return Judged(rows, frozenset(unfit), fits(kept, self._seal_of_all(key, rows)))

    @contextmanager
    def writing(self, connection: Connection, key: bytes) -> Iterator[Judged]:
        """Within, rows may be added, changed with ``seal`` afterwards, and deleted. First statement of its transaction."""
        in_turn(connection, self.name)
        before = self.judged(connection, key)
        yield before
        if before.whole:
            self._seal_all(connection, key)

    def seal(self, connection: Connection, key: bytes, number: int) -> None:
        """Seals the row of that number as it stands."""
        table = self.model.__table__
        row = connection.execute(select(table).where(table.c.number == number)).mappings().one()
        connection.execute(update(table).where(table.c.number == number).values(seal=self._seal(key, dict(row))))

    def reseal(self, connection: Connection, key: bytes) -> int:
        """Seals everything as it stands, whatever it was; how many rows."""
        in_turn(connection, self.name)
        numbers = [row["number"] for row in self._rows(connection)]
        for number in numbers:
            self.seal(connection, key, number)
        self._seal_all(connection, key)
        return len(numbers)

    def _seal_all(self, connection: Connection, key: bytes) -> None:
        rows = {row["number"]: row for row in self._rows(connection)}
        value = self._seal_of_all(key, rows)
        connection.execute(update(Meta).where(Meta.key == self.name).values(value=value))

    def _rows(self, connection: Connection) -> list[Mapping[str, Any]]:
        table = self.model.__table__
        return [dict(row) for row in connection.execute(select(table).order_by(table.c.number)).mappings()]

    def _seal(self, key: bytes, row: Mapping[str, Any]) -> str:
        # By their names, and only what is there: a column that comes later breaks no seal.
        return row_seal(key, self.name, sorted((name, cell) for name, cell in row.items() if name != "seal" and cell is not None))

    def _seal_of_all(self, key: bytes, rows: Mapping[int, Mapping[str, Any]]) -> str:
        return set_seal(key, self.name, "", ((str(number), str(row["seal"])) for number, row in rows.items()))
