"""A shelter's phone that many people use is marked as shared: SQL is the truth, Redis a mirror that each turn asks.

A mark names nobody: it is a keyed hash, and it ends by itself (``RETENTION["shared phone"]``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing, suppress

from redis import Redis
from sqlalchemy import Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.privacy import RETENTION, Peppers, shared_phone_key
from bot.store.database import sql_errors
from bot.store.errors import StoreDown
from bot.store.models import SharedPhone
from bot.store.names import SHARED_PHONES
from bot.store.redis_client import redis_errors

_NEXT = f"{SHARED_PHONES}:next"
_CHUNK = 1_000


class SharedPhones:
    """The marked phones of an installation. Every method raises ``StoreDown``."""

    def __init__(self, engine: Engine, redis: Redis, peppers: Peppers, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._redis = redis
        self._peppers = peppers
        self._clock = clock

    def mark(self, addresses: Sequence[str]) -> int:
        """Marks these addresses of one phone, or prolongs their marks; returns until when, in unix seconds."""
        until = int(self._clock() + RETENTION["shared phone"].total_seconds())
        keys = self._keys(addresses)
        for key in keys:
            with sql_errors(), suppress(IntegrityError), self._engine.begin() as connection:
                mine = SharedPhone.contact_key == key
                if not connection.execute(update(SharedPhone).where(mine).values(until=until)).rowcount:
                    # Another may insert the same at the same moment: then it is there.
                    connection.execute(insert(SharedPhone).values(contact_key=key, until=until))
        self._mirrored(lambda: self._redis.sadd(SHARED_PHONES, *keys))
        return until

    def unmark(self, addresses: Sequence[str]) -> bool:
        """Takes the marks of these addresses back; False when there was none."""
        keys = self._keys(addresses)
        with sql_errors(), self._engine.begin() as connection:
            gone = connection.execute(delete(SharedPhone).where(SharedPhone.contact_key.in_(keys))).rowcount
        self._mirrored(lambda: self._redis.srem(SHARED_PHONES, *keys))
        return bool(gone)

    def count(self) -> int:
        """How many addresses are marked now."""
        with sql_errors(), self._engine.connect() as connection:
            return int(connection.scalar(select(func.count()).where(SharedPhone.until > self._clock())) or 0)

    def mirror(self) -> int:
        """Writes the marks that hold into Redis again and returns how many. For the worker."""
        with sql_errors(), self._engine.connect() as connection, redis_errors():
            self._redis.delete(_NEXT)
            held = select(SharedPhone.contact_key).where(SharedPhone.until > self._clock())
            found = connection.execution_options(yield_per=_CHUNK).scalars(held)
            count = 0
            # On PostgreSQL an open result keeps a cursor there, also when Redis fails in the middle.
            with closing(found):
                for keys in found.partitions():
                    self._redis.sadd(_NEXT, *keys)
                    count += len(keys)
            if count:
                self._redis.rename(_NEXT, SHARED_PHONES)
            else:
                self._redis.delete(SHARED_PHONES)
        return count

    def _keys(self, addresses: Sequence[str]) -> list[str]:
        return [shared_phone_key(self._peppers.opt_out, address) for address in addresses]

    def _mirrored(self, write: Callable[[], object]) -> None:
        with suppress(StoreDown), redis_errors():
            # SQL has it; the worker writes the mirror again within seconds.
            write()
