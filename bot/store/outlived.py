"""What Redis holds over its time, by the stamp that it bears or the day in its name: it goes now and not when its TTL ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

from redis import Redis

from bot.privacy import RETENTION
from bot.store.keys import utc_day
from bot.store.redis_client import Script, redis_errors

_BATCH = 500
_DROP_OUTLIVED = Script("drop_outlived")
_STAMPED = {"{*}:session:*": "session", "{*}:replies:*": "stored reply"}
_DATED = {"day:*": "day key", "spent:*": "spent segments"}


def drop_outlived(redis: Redis, now: float) -> Counter[str]:
    """Drops it on all nodes of a cluster; returns how much went, by its name in ``RETENTION``. Raises ``StoreDown``.

    Each key is looked at and dropped in one step, so that a turn that goes on meanwhile loses nothing.
    """
    gone: Counter[str] = Counter()
    with redis_errors():
        # By its hash from then on: for every person in Redis the text would be read again.
        redis.script_load(_DROP_OUTLIVED.text)
        for pattern, kind in _STAMPED.items():
            limit = int((now - RETENTION[kind].total_seconds()) * 1000)
            for names in _batches(redis, pattern):
                gone[kind] += sum(_piped(redis, [("EVALSHA", _DROP_OUTLIVED.sha, 1, name, limit) for name in names]))
        for pattern, kind in _DATED.items():
            for names in _batches(redis, pattern):
                old = [("DEL", name) for name in names if _is_over(name, kind, now)]
                gone[kind] += sum(_piped(redis, old))
    return gone


def _batches(redis: Redis, pattern: str) -> Iterator[list[bytes]]:
    names = iter(redis.scan_iter(match=pattern, count=1_000))
    while batch := list(islice(names, _BATCH)):
        yield batch


def _piped(redis: Redis, commands: Sequence[tuple[Any, ...]]) -> list[int]:
    pipe: Any = redis.pipeline(transaction=False)
    for command in commands:
        pipe.execute_command(*command)
    answers: list[int] = pipe.execute()
    return answers


def _is_over(name: bytes, kind: str, now: float) -> bool:
    """Whether the day in the name began so long ago; ``spent:<day>`` and what is named after it."""
    try:
        day = date.fromisoformat(name.decode().split(":")[1])
    except ValueError:
        return False
    return utc_day(now) - day >= timedelta(days=RETENTION[kind] // timedelta(days=1))
