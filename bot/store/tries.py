"""Wrong tries at the console's door: five for an account, then 15 minutes of waiting. Counted in Redis, by no internet address.

Whoever came in with this browser before has a count of her own: a stranger who knows her mail address cannot lock her out with
wrong passwords. Strangers are also counted all together, against one password tried on every account.
Without Redis each process counts by itself, and lets in fewer.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections.abc import Callable

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


class Tries:
    """Counts wrong tries. ``secret`` hides whose (console_key). Nothing here raises."""

    def __init__(self, redis: Redis, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._redis, self._secret, self._clock = redis, secret.encode(), clock
        self._here: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def must_wait(self, account: str, known: bool) -> bool:
        """Whether ``account`` (a mail, or what else names it) may not be tried now. ``known``: by a browser that was let in before."""
        names = [self._name(account, known)] if known else [self._name(account, known), STRANGERS]
        try:
            with redis_errors():
                counts = [int(self._redis.get(name) or 0) for name in names]
            return any(count >= most for count, most in zip(counts, (MOST, MOST_OF_STRANGERS), strict=False))
        except StoreError:
            here = [self._count_here(name) for name in names]
            most_here = (MOST_WITHOUT_REDIS, MOST_OF_STRANGERS_WITHOUT_REDIS)
            return any(count >= most for count, most in zip(here, most_here, strict=False))

    def wrong(self, account: str, known: bool) -> bool:
        """Notes a wrong try; True when it was the one after which she has to wait."""
        name = self._name(account, known)
        for each in (name,) if known else (name, STRANGERS):
            self._add_here(each)
        try:
            with redis_errors():
                count = self._add(name)
                if not known:
                    self._add(STRANGERS)
                return count == MOST
        except StoreError:
            return self._count_here(name) == MOST_WITHOUT_REDIS

    def right(self, account: str, known: bool) -> None:
        """She got in: her wrong tries before are forgotten."""
        name = self._name(account, known)
        with self._lock:
            self._here.pop(name, None)
        try:
            with redis_errors():
                self._redis.delete(name)
        except StoreError:
            pass

    def _add(self, name: str) -> int:
        pipe = self._redis.pipeline(transaction=False)
        pipe.incr(name)
        # From the last wrong try on, so that the wait is a whole one.
        pipe.expire(name, WAIT)
        return int(pipe.execute()[0])

    def _name(self, account: str, known: bool) -> str:
        code = hmac.new(self._secret, account.strip().casefold().encode(), hashlib.sha256).hexdigest()[:32]
        return f"{STRANGERS}:{code}:{'known' if known else 'new'}"

    def _add_here(self, name: str) -> None:
        now = self._clock()
        with self._lock:
            if len(self._here) > 10_000:
                self._here.clear()
            count, ends = self._here.get(name, (0, 0.0))
            self._here[name] = (count + 1 if ends > now else 1, now + WAIT)

    def _count_here(self, name: str) -> int:
        with self._lock:
            count, ends = self._here.get(name, (0, 0.0))
        return count if ends > self._clock() else 0
