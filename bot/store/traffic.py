"""How many messages were answered, how, and how fast, since Redis began: totals of everybody, for /metrics.

One hash in Redis. Each process adds to it after its answers are gone, every few seconds: no family waits for it, and what is
counted while Redis is down is added when it is back. Killed with -9, a process takes what it counted in these seconds along.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from threading import Lock
from typing import Any

from msgspec import Struct
from redis import Redis

from bot.store.errors import StoreDown
from bot.store.redis_client import read_hash, redis_errors

NAME = "traffic"
EVERY = 2.0
"""Seconds between two additions of a process."""
BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds of an answer, from the request to its words; what takes longer is in none of these."""
_NAMES_OF_BOUNDS = (*map(str, BOUNDS), "inf")

STEP = 5
"""The least that may be told of people: as in the weekly counts, nothing under five is shown, nor a single one more.

So no record of what was read here tells in which minute somebody wrote."""


class Told(Struct, frozen=True):
    """What may be told: whole steps of five.

    ``answers`` by how far the service was whole and channel, ``languages`` by that and language - the two are not crossed, for
    who speaks a rare language could be known by the channel. ``seconds``: how many took no longer, by bound; ``timed``: all.
    """

    answers: dict[tuple[str, str], int] = {}
    languages: dict[tuple[str, str], int] = {}
    seconds: dict[float, int] = {}
    timed: int = 0


class Traffic:
    """The counting of one process. Safe for all its threads, and may be made before a server forks."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._lock = Lock()
        self._owed: Counter[str] = Counter()
        self._added = float("-inf")

    def count(self, tier: str, channel: str, language: str, seconds: float) -> None:
        """Counts one answer. It is only noted here."""
        bound = _NAMES_OF_BOUNDS[bisect_left(BOUNDS, seconds)]
        with self._lock:
            for name in (f"answer|{tier}|{channel}", f"language|{tier}|{language}", f"seconds|{bound}"):
                self._owed[name] += 1

    def add(self) -> None:
        """Adds what is owed, if the last time is a while ago. Never raises."""
        with self._lock:
            now = time.monotonic()
            if not self._owed or now - self._added < EVERY:
                return
            owed, self._owed, self._added = self._owed, Counter(), now
        pipe: Any = self._redis.pipeline(transaction=False)
        for name, number in owed.items():
            pipe.hincrby(NAME, name, number)
        try:
            with redis_errors():
                pipe.execute()
        except StoreDown:
            with self._lock:
                self._owed += owed


def traffic(redis: Redis) -> Told:
    """What may be told of the answers since Redis began. Raises ``StoreDown``."""
    with redis_errors():
        held = read_hash(redis, NAME)
    told, exact = Told(), Counter[str]()
    for name, number in held.items():
        kind, *parts = name.split("|")
        if kind == "seconds":
            exact[parts[0]] += int(number)
        elif kind in ("answer", "language") and (shown := in_steps(int(number))):
            (told.answers if kind == "answer" else told.languages)[parts[0], parts[1]] = shown
    so_far = 0
    for bound in BOUNDS:
        so_far += exact[str(bound)]
        told.seconds[bound] = in_steps(so_far)
    return Told(told.answers, told.languages, told.seconds, in_steps(so_far + exact["inf"]))


def in_steps(number: int) -> int:
    """The number in whole steps of five, rounded down."""
    return number - number % STEP
