"""Who asked us to stop: SQL is the truth, Redis a mirror of it and the place where a wish waits while SQL is
down.

An opt-out stops what *we* begin. The carrier's own block on SMS is not ours to keep.
"""

from __future__ import annotations

import json
from contextlib import closing, suppress
from typing import Any

from redis import Redis
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.message import Channel
from bot.privacy import Peppers, opt_out_key
from bot.store.database import sql_errors
from bot.store.errors import StoreDown
from bot.store.models import OptOut
from bot.store.redis_client import Script, read_hash, redis_errors

# One cluster slot, so that the new mirror can take the place of the old one in one step.
_MIRROR, _NEXT, _PENDING = "{optouts}", "{optouts}:next", "{optouts}:pending"
_WHOLE = "whole"
"""Stands in the mirror once all of SQL has been written into it. No key looks like it."""
_CHUNK = 1_000

_FORGET_IF_SAME = Script("forget_if_same")


class OptOuts:
    """The opt-outs of an installation. Safe for all threads of a process."""

    def __init__(self, engine: Engine, redis: Redis, peppers: Peppers) -> None:
        self._engine = engine
        self._redis = redis
        self._peppers = peppers

    def stop(self, address: str, channel: Channel, now: float) -> None:
        """Notes that this person wants no more. Raises ``StoreDown`` only when both stores are down."""
        self._wish(address, {"stop": channel.value, "at": int(now)})

    def start(self, address: str, now: float) -> None:
        """Notes that this person is back. Raises ``StoreDown`` only when both stores are down."""
        self._wish(address, {"stop": None, "at": int(now)})

    def is_stopped(self, address: str) -> bool:
        """Whether we may not begin anything with this person. Raises ``StoreDown`` when nobody can tell.

        A wish that waits counts first. A yes of the mirror is enough; a no is checked against SQL, because
        the mirror misses what was written while Redis was away.
        """
        key = self._key(address)
        try:
            pending, whole, mirrored = self._ask_redis(key)
        except StoreDown:
            return self._ask_sql(key)
        if pending is not None:
            return json.loads(pending)["stop"] is not None
        if mirrored:
            return True
        try:
            return self._ask_sql(key)
        except StoreDown:
            if not whole:
                raise
            return False

    def mirror(self) -> int:
        """Writes all opt-outs from SQL into Redis again and returns how many. Raises ``StoreDown``.

        For the worker: every few minutes, and after a loss of Redis.
        """
        with sql_errors(), self._engine.connect() as connection, redis_errors():
            self._redis.delete(_NEXT)
            self._redis.sadd(_NEXT, _WHOLE)
            found = connection.execution_options(yield_per=_CHUNK).scalars(select(OptOut.contact_key))
            count = 0
            # On PostgreSQL an open result keeps a cursor there, also when Redis fails in the middle.
            with closing(found):
                for keys in found.partitions():
                    self._redis.sadd(_NEXT, *keys)
                    count += len(keys)
            self._redis.rename(_NEXT, _MIRROR)
        return count

    def flush_pending(self) -> int:
        """Writes the wishes that wait in Redis into SQL; returns how many. Raises ``StoreDown``."""
        with redis_errors():
            waiting = read_hash(self._redis, _PENDING)
        for key, wish in waiting.items():
            self._write_sql(key, json.loads(wish))
            with redis_errors():
                # Another wish of the same person may have come meanwhile; it waits for the next time.
                _FORGET_IF_SAME.run(self._redis, [_PENDING], [key, wish])
        return len(waiting)

    def _wish(self, address: str, wish: dict[str, Any]) -> None:
        key = self._key(address)
        try:
            self._write_sql(key, wish)
        except StoreDown:
            self._write_redis(key, wish, pending=True)
            return
        try:
            self._write_redis(key, wish, pending=False)
        except StoreDown:
            # SQL has it; the worker writes the mirror again.
            return

    def _write_sql(self, key: str, wish: dict[str, Any]) -> None:
        mine, channel, at = OptOut.contact_key == key, wish["stop"], wish["at"]
        with sql_errors(), suppress(IntegrityError), self._engine.begin() as connection:
            if channel is None:
                # A wish may have waited in Redis; a stop that came after it stands.
                connection.execute(delete(OptOut).where(mine, OptOut.since <= at))
            elif not connection.execute(update(OptOut).where(mine).values(since=at)).rowcount:
                # Another process may insert the same at the same moment: then it is there, and that is all we
                # want.
                connection.execute(insert(OptOut).values(contact_key=key, channel=channel, since=at))

    def _write_redis(self, key: str, wish: dict[str, Any], pending: bool) -> None:
        pipe = self._redis.pipeline(transaction=True)
        if wish["stop"] is None:
            pipe.srem(_MIRROR, key)
        else:
            pipe.sadd(_MIRROR, key)
        if pending:
            pipe.hset(_PENDING, key, json.dumps(wish))
        else:
            pipe.hdel(_PENDING, key)
        with redis_errors():
            pipe.execute()

    def _ask_redis(self, key: str) -> tuple[bytes | None, bool, bool]:
        pipe = self._redis.pipeline(transaction=False)
        pipe.hget(_PENDING, key)
        pipe.smismember(_MIRROR, [_WHOLE, key])
        with redis_errors():
            pending, (whole, mirrored) = pipe.execute()
        return pending, bool(whole), bool(mirrored)

    def _ask_sql(self, key: str) -> bool:
        with sql_errors(), self._engine.connect() as connection:
            return connection.scalar(select(OptOut.since).where(OptOut.contact_key == key)) is not None

    def _key(self, address: str) -> str:
        return opt_out_key(self._peppers.opt_out, address)
