"""The numbers of escalations, each sealed under the key of its escalation. To find a person is to unseal all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, select

from bot.store.database import sql_errors
from bot.store.errors import KeyGone, SealBroken, StoreError
from bot.store.key_store import KeyStore
from bot.store.models import Escalation
from bot.store.opened_late import OpenedLate
from bot.store.sealed import Key, seal, unseal

_CHUNK = 250
_PLACE = {"table": Escalation.__tablename__, "column": "number"}


@dataclass(frozen=True, slots=True)
class Sealed:
    """An escalation that is not erased: its id, its sealed number, and whether it is open."""

    id: str
    number: bytes = field(repr=False)
    open: bool


def sealed_number(key: Key, address: str) -> bytes:
    """The number of a person, sealed for the escalation whose key this is."""
    return seal(key, address.encode(), row=key.name, **_PLACE)


def unsealed_number(key: Key, sealed: bytes) -> str:
    """What ``sealed_number`` sealed. Raises ``SealBroken``."""
    return unseal(key, sealed, row=key.name, **_PLACE).decode()


class SealedNumbers:
    """The numbers of an installation. Every method may raise any ``StoreError`` of SQL and of the key store."""

    def __init__(self, engine: Engine, keys: KeyStore | OpenedLate) -> None:
        self._engine, self._keys = engine, keys

    def all(
        self, since: float = 0, connection: Connection | None = None, until: float | None = None
    ) -> tuple[Sealed, ...]:
        """Those that are not erased, the oldest first; with ``since`` and ``until`` those opened between."""
        wanted = select(Escalation.id, Escalation.number, Escalation.closed).where(
            Escalation.erased.is_(None), Escalation.number.is_not(None), Escalation.opened >= int(since)
        )
        if until is not None:
            wanted = wanted.where(Escalation.opened <= int(until))
        with sql_errors(), self._engine.connect() if connection is None else nullcontext(connection) as asked:
            rows = asked.execute(wanted.order_by(Escalation.opened, Escalation.id)).all()
        return tuple(Sealed(row.id, row.number, row.closed is None) for row in rows)

    def of(
        self,
        address: str,
        since: float = 0,
        closed_too: bool = False,
        connection: Connection | None = None,
        until: float | None = None,
    ) -> Iterator[str]:
        """The ids of this person's open escalations, or of all that are not erased; as ``all`` asks for them."""
        rows = [row for row in self.all(since, connection, until) if closed_too or row.open]
        for start in range(0, len(rows), _CHUNK):
            chunk = rows[start : start + _CHUNK]
            numbers = self.unsealed(chunk)
            yield from (row.id for row in chunk if numbers.get(row.id) == address)

    def address(self, id: str) -> str:
        """The number of this escalation. ``KeyGone`` after its erasure."""
        with sql_errors(), self._engine.connect() as connection:
            number = connection.scalar(select(Escalation.number).where(Escalation.id == id))
        if number is None:
            raise KeyGone
        return unsealed_number(self._keys.require(id), number)

    def address_or_none(self, id: str) -> str | None:
        """The same, or None where it cannot be had now."""
        try:
            return self.address(id)
        except StoreError:
            return None

    def is_open(self, id: str) -> bool:
        """Whether there is one of this id, neither closed nor erased."""
        mine = (Escalation.id == id, Escalation.closed.is_(None), Escalation.erased.is_(None))
        with sql_errors(), self._engine.connect() as connection:
            return connection.scalar(select(Escalation.id).where(*mine)) is not None

    def unsealed(self, rows: Sequence[Sealed]) -> dict[str, str]:
        """Their numbers by id; one that nobody can open any more is left out, so that the others do not suffer from it."""
        keys, numbers = self._keys.require_many([row.id for row in rows]), {}
        for row in rows:
            with suppress(SealBroken):
                if row.id in keys:
                    numbers[row.id] = unsealed_number(keys[row.id], row.number)
        return numbers
