"""Where an erasing waits that is not finished: in Redis, sealed under a day key; while Redis is down in SQL, under a key of its own.

In Redis it leaves no trace on a disk, and is lost with Redis. What it was for is then gone too, or goes by its age.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from redis import Redis
from sqlalchemy import Engine, delete, insert, select

from bot.privacy import RETENTION, contact_key
from bot.store.database import sql_errors
from bot.store.errors import KeyGone, SealBroken, StoreDown, StoreError
from bot.store.key_store import KeyStore
from bot.store.keys import DayKeys, day_name
from bot.store.models import Erasure
from bot.store.names import WAITING
from bot.store.opened_late import OpenedLate
from bot.store.redis_client import Script, redis_errors
from bot.store.sealed import Key, seal, unseal

_BACKSTOP_MS = int(RETENTION["day key"] / timedelta(milliseconds=1))
_SWAP_IF_SAME = Script("swap_if_same")


@dataclass(frozen=True, slots=True)
class Request:
    """What is left to do for somebody who asked, at ``asked`` (unix seconds), to be erased.

    ``conversations`` and ``session`` say what of ours is left, ``copies`` how often the carrier's copy is to be deleted
    still; nothing is done before ``due``.
    """

    address: str = field(repr=False)
    asked: float
    conversations: bool = False
    session: bool = False
    copies: int = 0
    due: float = 0.0

    @property
    def ours(self) -> bool:
        """Whether something is left here."""
        return self.conversations or self.session


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request as it was read in Redis: it is only changed if nobody has changed it meanwhile."""

    request: Request
    name: str
    value: bytes = field(repr=False)


class RedisErasures:
    """The requests in Redis: one for a person and day, the last one counts. Every method raises ``StoreDown``."""

    def __init__(self, redis: Redis, day_keys: DayKeys, clock: Callable[[], float]) -> None:
        self._redis, self._day_keys, self._clock = redis, day_keys, clock

    def add(self, request: Request) -> None:
        """Notes a request."""
        for _ in range(3):
            day, secret = self._today()
            name = contact_key(secret, request.address)
            value = _sealed(request, day, secret, name)
            pipe: Any = self._redis.pipeline(transaction=True)
            pipe.hset(WAITING, name, value)
            pipe.pexpire(WAITING, _BACKSTOP_MS)
            with redis_errors():
                pipe.execute()
                held = self._redis.get(day)
            if held == secret:
                return
            # Redis came back empty: nobody could read what was sealed under the former key.
            self._day_keys.forget()
        raise StoreDown("redis", LookupError())

    def waiting(self) -> list[Waiting]:
        """All requests. One whose day key is gone is dropped: nobody can read it any more."""
        with redis_errors():
            held: dict[bytes, bytes] = self._redis.hgetall(WAITING)  # type: ignore[assignment]
        found = []
        for name, value in held.items():
            request = self._read(name.decode(), value)
            if request is None:
                self._swap(name.decode(), value, b"")
            else:
                found.append(Waiting(request, name.decode(), value))
        return found

    def replace(self, waiting: Waiting, request: Request) -> None:
        """What is left of a request, sealed under today's key; it is dropped when it is done."""
        if not (request.ours or request.copies):
            self._swap(waiting.name, waiting.value, b"")
            return
        self._day_keys.forget()
        day, secret = self._today()
        if request == waiting.request and waiting.value.startswith(day.encode()):
            return
        self._swap(waiting.name, waiting.value, _sealed(request, day, secret, waiting.name))

    def _today(self) -> tuple[str, bytes]:
        now = self._clock()
        # The day first: fetching the keys may move it on.
        secret = self._day_keys.pair(now)[0]
        return day_name(self._day_keys.day(now)), secret

    def _read(self, name: str, value: bytes) -> Request | None:
        day, _, sealed = value.partition(b"|")
        with redis_errors():
            # By its name, not by the clock of this host, which may be in another day.
            secret = self._redis.get(day)
        if not isinstance(secret, bytes):
            return None
        try:
            plain = unseal(Key(day.decode(), secret), sealed, table=WAITING, row=name)
        except SealBroken:
            return None
        return Request(**json.loads(plain))

    def _swap(self, name: str, old: bytes, new: bytes) -> None:
        with redis_errors():
            _SWAP_IF_SAME.run(self._redis, [WAITING], [name, old, new, _BACKSTOP_MS])


def _sealed(request: Request, day: str, secret: bytes, name: str) -> bytes:
    plain = json.dumps(asdict(request)).encode()
    return day.encode() + b"|" + seal(Key(day, secret), plain, table=WAITING, row=name)


class SqlErasures:
    """The requests in SQL. Every method may raise every ``StoreError``: of SQL, and of the key store."""

    def __init__(self, engine: Engine, keys: KeyStore | OpenedLate) -> None:
        self._engine, self._keys = engine, keys

    def add(self, address: str, asked: float) -> None:
        """Notes that this person is to be erased: conversations, session, and the carrier's copy."""
        id = secrets.token_urlsafe(16)
        key = self._keys.create(id)
        sealed = seal(key, address.encode(), table=Erasure.__tablename__, row=id, column="address")
        try:
            with sql_errors(), self._engine.begin() as connection:
                connection.execute(insert(Erasure).values(id=id, asked=int(asked), address=sealed))
        except StoreDown:
            with suppress(StoreError):
                self._keys.destroy(id)
            raise

    def ids(self) -> tuple[str, ...]:
        """The ids of all requests, the oldest first."""
        with sql_errors(), self._engine.connect() as connection:
            return tuple(connection.scalars(select(Erasure.id).order_by(Erasure.asked)))

    def read(self, id: str) -> tuple[str, float] | None:
        """Who is to be erased, and when it was asked; None when it is done, or its key is gone."""
        with sql_errors(), self._engine.connect() as connection:
            row = connection.execute(select(Erasure.asked, Erasure.address).where(Erasure.id == id)).first()
        if row is None:
            return None
        try:
            key = self._keys.require(id)
        except KeyGone:
            return None
        return unseal(key, row.address, table=Erasure.__tablename__, row=id, column="address").decode(), row.asked

    def drop(self, id: str) -> None:
        """Forgets a request: first its key, then its row."""
        self._keys.destroy(id)
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(delete(Erasure).where(Erasure.id == id))
