"""Wrong tries at the console's door: five for an account, then 15 minutes of waiting. Counted in Redis, by no internet address.

Whoever came in with this browser before has a count of her own: a stranger who knows her mail address cannot lock her out with
wrong passwords. Strangers are also counted all together, against one password tried on every account.
Without Redis each process counts by itself, and lets in fewer. A Redis that does not answer keeps nobody waiting: a try is told
within ``BEGIN_SECONDS`` whatever Redis does, and for the next ``REST_SECONDS`` it is not asked at all.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from redis import Redis

from bot.store.errors import StoreError
from bot.store.redis_client import redis_errors

MOST = 5
MOST_OF_STRANGERS = 100
WAIT = 15 * 60
MOST_WITHOUT_REDIS = 2
MOST_OF_STRANGERS_WITHOUT_REDIS = 10
"""Of one process; there are a few of them."""
STRANGERS = "console:tries"
BEGIN_SECONDS, RIGHT_SECONDS = 0.7, 0.2
"""So long a login waits for Redis, before the password is looked at and after it: less than a second altogether."""
REST_SECONDS = 5.0

T = TypeVar("T")


class Tries:
    """Counts tries. ``secret`` hides whose (console_key). Nothing here raises."""

    def __init__(self, redis: Redis, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._redis, self._secret, self._clock = redis, secret.encode(), clock
        self._here: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()
        # The client's own limits are for each step to each server: connecting, the handshake, each answer. This is for all of it.
        # One thread keeps the order, so that what is counted after a right password is counted after it was forgotten.
        self._asking = ThreadPoolExecutor(1, "tries")
        self._failed = float("-inf")

    def begin(self, account: str, known: bool) -> int:
        """Counts a try at ``account`` (a mail, or what else names it) before it is looked at, so that many at once are no way in.

        How many are left after it; below 0: it may not be looked at. ``known``: by a browser that was let in before.
        """
        name = self._name(account, known)
        limits = [(name, MOST, MOST_WITHOUT_REDIS)]
        if not known:
            limits.append((STRANGERS, MOST_OF_STRANGERS, MOST_OF_STRANGERS_WITHOUT_REDIS))
        left_here = min(most - self._add_here(each, most) for each, _, most in limits)
        left = self._ask(lambda: min(most - self._add(each, most) for each, most, _ in limits), BEGIN_SECONDS)
        return left_here if left is None else left

    def right(self, account: str, known: bool) -> None:
        """She got in: her wrong tries before are forgotten, and this one was none."""
        name = self._name(account, known)
        with self._lock:
            self._here.pop(name, None)
            if not known and STRANGERS in self._here:
                count, ends = self._here[STRANGERS]
                self._here[STRANGERS] = (count - 1, ends)
        self._ask(lambda: self._forget(name, known), RIGHT_SECONDS)

    def _ask(self, what: Callable[[], T], seconds: float) -> T | None:
        """What Redis says; None where it is down, rests, or does not say it in time. What it was asked may still come about."""
        if 0 <= self._clock() - self._failed < REST_SECONDS:
            return None
        asked: Future[T] = self._asking.submit(what)
        try:
            with redis_errors():
                return asked.result(seconds)
        except (StoreError, TimeoutError):
            # One that still waits for its turn would be counted when nobody waits for it any more.
            asked.cancel()
            self._failed = self._clock()
            return None

    def _forget(self, name: str, known: bool) -> None:
        pipe = self._redis.pipeline(transaction=False)
        pipe.delete(name)
        if not known:
            pipe.decr(STRANGERS)
        pipe.execute()

    def _add(self, name: str, most: int) -> int:
        pipe = self._redis.pipeline(transaction=False)
        pipe.set(name, 0, nx=True, ex=WAIT)
        pipe.incr(name)
        count = int(pipe.execute()[1])
        if count <= most:
            # From the last try that counts, so that the wait is a whole one; tries while she waits do not prolong it.
            self._redis.expire(name, WAIT)
        return count

    def _name(self, account: str, known: bool) -> str:
        code = hmac.new(self._secret, account.strip().casefold().encode(), hashlib.sha256).hexdigest()[:32]
        return f"{STRANGERS}:{code}:{'known' if known else 'new'}"

    def _add_here(self, name: str, most: int) -> int:
        now = self._clock()
        with self._lock:
            if len(self._here) > 10_000:
                self._here.clear()
            count, ends = self._here.get(name, (0, 0.0))
            count = count + 1 if ends > now else 1
            self._here[name] = (count, now + WAIT if count <= most else ends)
            return count
