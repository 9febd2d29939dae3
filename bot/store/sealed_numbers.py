"""The numbers of escalations, each sealed under the key of its escalation. To find a person is to unseal them one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, select

from bot.store.database import sql_errors
from bot.store.errors import KeyGone, SealBroken, StoreError, WrappedKeyDamaged
from bot.store.key_store import KeyStore
from bot.store.models import Escalation
from bot.store.opened_late import OpenedLate
from bot.store.sealed import Key, seal, unseal

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
        for row in self.all(since, connection, until):
            if (closed_too or row.open) and self.unsealed_or_none(row) == address:
                yield row.id

    def address(self, id: str) -> str:
        """The number of this escalation. ``KeyGone`` after its erasure."""
        with sql_errors(), self._engine.connect() as connection:
            number = connection.scalar(select(Escalation.number).where(Escalation.id == id))
        if number is None:
            raise KeyGone
        return self._unsealed(id, number)

    def address_or_none(self, id: str) -> str | None:
        """The same, or None where it cannot be had now."""
        try:
            return self.address(id)
        except StoreError:
            return None

    def unsealed_or_none(self, row: Sealed) -> str | None:
        """Its number; None for one that nobody can open any more, so that the others do not suffer from it."""
        try:
            return self._unsealed(row.id, row.number)
        except (KeyGone, SealBroken, WrappedKeyDamaged):
            return None

    def _unsealed(self, id: str, number: bytes) -> str:
        return unsealed_number(self._keys.require(id), number)
