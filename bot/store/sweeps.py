"""What deleting at the carrier leaves behind here: the last sweep in figures, and which messages it would not delete yet.

In Redis. A message is known by a name under a day key, never by the carrier's own id, which leads to the number.
"""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct, json
from redis import Redis

from bot.privacy import RETENTION, refused_key
from bot.store.keys import DayKeys
from bot.store.redis_client import redis_errors

AGAIN = timedelta(days=1)
"""A refused message is asked for again after this long."""

_LAST = "copies:last"
_REFUSED = "copies:refused"
_BACKSTOP = RETENTION["day key"] * 2


class Sweep(Struct, frozen=True):
    """One sweep. ``at`` is unix seconds.

    ``left`` is how many messages over the limit were seen and are still there, ``oldest`` when the oldest of them was
    sent (unix seconds), ``refused`` how many the carrier refused this time, ``more`` whether there was more than one
    sweep may do, ``pause`` the seconds until it goes on. ``error`` says why something was not done: a code of the
    carrier, or the class of what went wrong.
    """

    at: float
    deleted: int = 0
    refused: int = 0
    left: int = 0
    oldest: float | None = None
    more: bool = False
    pause: float = 0.0
    error: str | None = None


def note_sweep(redis: Redis, sweep: Sweep) -> None:
    """Keeps the figures of a sweep in place of the one before. Raises ``StoreDown``."""
    with redis_errors():
        redis.set(_LAST, json.encode(sweep), ex=_BACKSTOP)


def last_sweep(redis: Redis) -> Sweep | None:
    """The last sweep; None when there was none since Redis began. Raises ``StoreDown``."""
    with redis_errors():
        kept = redis.get(_LAST)
    return Sweep(**json.decode(kept)) if isinstance(kept, bytes) else None


class Refusals:
    """The messages that the carrier refused to delete less than a day ago."""

    def __init__(self, redis: Redis, day_keys: DayKeys) -> None:
        self._redis, self._day_keys = redis, day_keys

    def names(self, now: float) -> frozenset[str]:
        """The names of those that are not asked for yet again. Raises ``StoreDown``."""
        since = now - AGAIN.total_seconds()
        with redis_errors():
            self._redis.zremrangebyscore(_REFUSED, "-inf", since)
            held = self._redis.zrange(_REFUSED, 0, -1)
        return frozenset(name.decode() for name in held if isinstance(name, bytes))

    def add(self, sid: str, now: float) -> None:
        """Notes a refusal. Raises ``StoreDown``."""
        name = refused_key(self._day_keys.pair(now)[0], sid)
        with redis_errors():
            self._redis.zadd(_REFUSED, {name: now})
            self._redis.expire(_REFUSED, _BACKSTOP)

    def is_among(self, names: frozenset[str], sid: str, now: float) -> bool:
        """Whether this message is one of ``names``. Raises ``StoreDown``."""
        # Named under the key of the day on which it was refused.
        return any(refused_key(key, sid) in names for key in self._day_keys.pair(now))
