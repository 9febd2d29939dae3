"""What web asks the worker to give to the carrier while a family waits: web itself has no way out (compose.yml, deploy/systemd).

    {menus}:asked          ids of errands, in their order
    {menus}:errand:<id>    what is to be given, sealed under the key of the day; gone when the worker takes it, or web gives up
    {menus}:done:<id>      "taken", or why it was not
    {menus}:ready          the worker is there

All of it lives for seconds, and nobody's message hangs on it: whoever gets no answer in time answers in another way.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from msgspec import Struct
from redis import Redis

from bot.store.errors import SealBroken, StoreDown
from bot.store.keys import DayKeys
from bot.store.redis_client import redis_errors
from bot.store.sealed import Key, seal, unseal

SECONDS: Final = 2.0
"""So long web waits for the worker."""
READY: Final = "{menus}:ready"
READY_SECONDS: Final = 15
_ASKED: Final = "{menus}:asked"
_ERRAND_SECONDS, _DONE_SECONDS = 5, 10
_WAIT = 0.4
"""Seconds of one wait for Redis: less than its client waits for any answer."""
_SHORTEST = 0.01
"""And at least: older servers take what is under a thousandth for a wait without an end."""
TAKEN: Final = "taken"


class NotDone(Exception):
    """The carrier has not taken it, or nobody knows. ``code``: its own code or a name of ours for why: safe to log."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"not taken: {code}")


@dataclass(frozen=True, slots=True)
class Errand:
    """A message to give to the carrier: a text, or with ``template`` what it holds of this id; it reports to ``report``, if anywhere."""

    address: str = field(repr=False)
    text: str = field(default="", repr=False)
    template: str = ""
    report: str = field(default="", repr=False)


class Taken(Struct, frozen=True):
    """An errand that the worker has in its hand, and the id under which its end is waited for."""

    id: str
    errand: Errand


class Errands:
    """The errands of an installation. ``clock`` is the bot's, in unix seconds. Safe for all threads."""

    def __init__(self, redis: Redis, day_keys: DayKeys, clock: Callable[[], float], seconds: float = SECONDS) -> None:
        self._redis, self._day_keys, self._clock, self._seconds = redis, day_keys, clock, seconds

    def ask(self, errand: Errand) -> None:
        """Has it given to the carrier. Raises ``NotDone``: then the carrier may still have it."""
        id = secrets.token_hex(8)
        try:
            with redis_errors():
                self._hand_over(id, errand)
                said = self._wait(id)
        except StoreDown as error:
            raise NotDone(error.evidence or "redis") from None
        finally:
            # Nothing of it stays, whatever became of it.
            with suppress(StoreDown), redis_errors():
                self._redis.delete(_errand(id))
        if said != TAKEN:
            raise NotDone(said)

    def take(self) -> Taken | None:
        """The next errand, waited for a moment; None where there is none. For the worker. Raises ``StoreDown``."""
        with redis_errors():
            self._redis.set(READY, "1", ex=READY_SECONDS)
            found: Any = self._redis.blpop([_ASKED], timeout=_WAIT)
            if found is None:
                return None
            id = found[1].decode()
            sealed: Any = self._redis.getdel(_errand(id))
        return None if sealed is None else self._opened(id, sealed)

    def answer(self, id: str, code: str = TAKEN) -> None:
        """It was taken, or why not. Raises ``StoreDown``."""
        with redis_errors():
            pipe: Any = self._redis.pipeline(transaction=True)
            pipe.rpush(_done(id), code)
            pipe.expire(_done(id), _DONE_SECONDS)
            pipe.execute()

    def _hand_over(self, id: str, errand: Errand) -> None:
        key = Key("day", self._day_keys.pair(self._clock())[0])
        pipe: Any = self._redis.pipeline(transaction=True)
        pipe.set(_errand(id), seal(key, json.dumps(asdict(errand)).encode(), table="errand", row=id), ex=_ERRAND_SECONDS)
        pipe.rpush(_ASKED, id)
        pipe.expire(_ASKED, _DONE_SECONDS)
        pipe.execute()

    def _wait(self, id: str) -> str:
        deadline = time.monotonic() + self._seconds
        while (left := deadline - time.monotonic()) > 0:
            found: Any = self._redis.blpop([_done(id)], timeout=max(_SHORTEST, min(_WAIT, left)))
            if found is not None:
                return str(found[1].decode())
        return "silent"

    def _opened(self, id: str, sealed: bytes) -> Taken | None:
        for secret in self._day_keys.pair(self._clock()):
            with suppress(SealBroken, ValueError):
                opened = unseal(Key("day", secret), sealed, table="errand", row=id)
                return Taken(id, Errand(**json.loads(opened)))
        return None


def _errand(id: str) -> str:
    return f"{{menus}}:errand:{id}"


def _done(id: str) -> str:
    return f"{{menus}}:done:{id}"
