"""Keys of the key store that no row of SQL names: what is left when an opening or an erasing was cut off in the middle.

A key is made before its row, so a key without a row may be one of this very moment. It goes when it was found without one
twice, a day apart; no opening lasts that long. And it goes only if this database and this key store belong together, for to
a database that was set by mistake all keys are without rows: the key store holds a key that is named after the database.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import suppress

from redis import Redis
from sqlalchemy import Engine, select

from bot.privacy import RETENTION
from bot.store.database import sql_errors
from bot.store.errors import KeyStoreMisplaced, KeyTaken
from bot.store.in_turn import in_turn
from bot.store.key_store import KeyStore
from bot.store.models import Erasure, Escalation
from bot.store.opened_late import OpenedLate
from bot.store.redis_client import read_hash, redis_errors

_SEEN = "{purge}:unnamed"
"""Each key without a row, and when it was first found so, in unix seconds."""
_OF_DATABASE = "database-"


def destroy_unnamed(engine: Engine, redis: Redis, keys: KeyStore | OpenedLate, now: float) -> int:
    """Destroys them, and at once a key that an erased escalation should not have any more; returns how many.

    Raises every ``StoreError``; ``KeyStoreMisplaced`` when the key store belongs to another database.
    """
    # First the keys and then the rows: a key that is made in between is in neither.
    names = keys.names()
    ours = _ours(engine, keys, names)
    with sql_errors(), engine.connect() as connection:
        erased = set(connection.scalars(select(Escalation.id).where(Escalation.erased.is_not(None))))
        named = {ours, *connection.scalars(select(Escalation.id)), *connection.scalars(select(Erasure.id))}
    unnamed = set(names) - named
    with redis_errors():
        seen = {name: float(at) for name, at in read_hash(redis, _SEEN).items()}
    limit = now - RETENTION["key without a row"].total_seconds()
    over = {name for name in unnamed if seen.get(name, now) <= limit}
    dead = sorted(over | (set(names) & erased))
    gone = keys.destroy_all(dead) if dead else 0
    with redis_errors():
        if former := seen.keys() - (unnamed - over):
            redis.hdel(_SEEN, *former)
        for name in unnamed - over - seen.keys():
            redis.hset(_SEEN, name, str(int(now)))
    return gone


def _ours(engine: Engine, keys: KeyStore | OpenedLate, names: Iterable[str]) -> str:
    """The key that is named after this database, made when it is not there."""
    with sql_errors(), engine.begin() as connection:
        ours = in_turn(connection, "key store", _OF_DATABASE + secrets.token_hex(8))
    of_databases = {name for name in names if name.startswith(_OF_DATABASE)}
    if of_databases - {ours}:
        raise KeyStoreMisplaced(
            "The key store belongs to another database than DATABASE_URL: no key was destroyed.",
            "Set DATABASE_URL and KEYSTORE_URL to the two that belong together. If the database is lost for good, what was"
            " sealed is lost with it: delete the key store's folder to begin anew.",
        )
    if ours not in of_databases:
        with suppress(KeyTaken):
            keys.create(ours)
    return ours
