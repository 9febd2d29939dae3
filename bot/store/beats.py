"""When each duty of the worker was done last: a sign of life for who watches, and the time of another process' clock.

One hash in Redis, a field for each duty and one for the worker itself. Of several workers the last one stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

from redis import Redis

from bot.store.errors import StoreDown
from bot.store.redis_client import read_hash, redis_errors

DONE = "worker:done"
WORKER = "worker"
"""The field of the last note itself. After a clock was put right it is right within seconds; that of a daily duty is not."""
NOTED_EVERY = 5.0
"""Seconds of the bot's clock between two notes: a duty of every second is not told of each time."""


class Beats:
    """What the worker tells of itself. Safe for its threads."""

    def __init__(self, redis: Redis, clock: Callable[[], float]) -> None:
        self._redis, self._clock = redis, clock
        self._lock = Lock()
        self._done: dict[str, int] = {}
        self._noted = float("-inf")

    def note(self, duties: Iterable[str]) -> None:
        """These were just done. Never raises: without Redis it is told later."""
        now = self._clock()
        with self._lock:
            self._done |= {name: int(now) for name in duties}
            # Also when the clock went back.
            if 0 <= now - self._noted < NOTED_EVERY:
                return
            due, self._done, self._noted = self._done, {}, now
        told: dict[Any, Any] = {**due, WORKER: int(now)}
        try:
            with redis_errors():
                self._redis.hset(DONE, mapping=told)
        except StoreDown:
            with self._lock:
                self._done = due | self._done


def beats(redis: Redis) -> dict[str, int]:
    """When each duty was done last, and under ``WORKER`` when any worker spoke, in unix seconds. Raises ``StoreDown``."""
    with redis_errors():
        held = read_hash(redis, DONE)
    return {name: int(at) for name, at in held.items() if at.isdecimal()}


def newest_beat(redis: Redis) -> int | None:
    """When a worker last spoke; None while none ever did. Raises ``StoreDown``."""
    return beats(redis).get(WORKER)
