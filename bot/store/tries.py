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
    """Counts tries. ``secret`` hides whose (console_key). Nothing here raises."""

    def __init__(self, redis: Redis, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._redis, self._secret, self._clock = redis, secret.encode(), clock
        self._here: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def begin(self, account: str, known: bool) -> int:
        """Counts a try at ``account`` (a mail, or what else names it) before it is looked at, so that many at once are no way in.

        How many are left after it; below 0: it may not be looked at. ``known``: by a browser that was let in before.
        """
        name = self._name(account, known)
        limits = [(name, MOST, MOST_WITHOUT_REDIS)]
        if not known:
            limits.append((STRANGERS, MOST_OF_STRANGERS, MOST_OF_STRANGERS_WITHOUT_REDIS))
        left_here = min(most - self._add_here(each, most) for each, _, most in limits)
        try:
            with redis_errors():
                return min(most - self._add(each, most) for each, most, _ in limits)
        except StoreError:
            return left_here

    def right(self, account: str, known: bool) -> None:
        """She got in: her wrong tries before are forgotten, and this one was none."""
        name = self._name(account, known)
        with self._lock:
            self._here.pop(name, None)
            if not known and STRANGERS in self._here:
                count, ends = self._here[STRANGERS]
                self._here[STRANGERS] = (count - 1, ends)
        try:
            with redis_errors():
                pipe = self._redis.pipeline(transaction=False)
                pipe.delete(name)
                if not known:
                    pipe.decr(STRANGERS)
                pipe.execute()
        except StoreError:
            pass

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
