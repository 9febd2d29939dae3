"""Which menus Twilio holds as buttons, by the names of bot/channels/menu_content.py: the worker writes it into Redis, web reads it.

Empty Redis means numbered text until the worker has written again. What Redis holds is sealed, as all is from which families are
answered.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from redis import Redis

from bot.store.errands import READY
from bot.store.errors import StoreDown
from bot.store.redis_client import redis_errors
from bot.store.remembered import Remembered
from bot.store.seals import fits, row_seal

REMEMBERED_SECONDS = 5.0
REST = 600
"""Seconds without buttons after some did not arrive."""
_MIRROR, _RESTING = "{menus}", "{menus}:rest"
_MIRROR_SECONDS = 48 * 3600
_NONE: Mapping[str, str] = MappingProxyType({})


class _Held(Struct, frozen=True):
    """What was read, and what it says."""

    raw: bytes = b""
    sids: Mapping[str, str] = {}
    can_go: bool = False
    """They do not rest, and the worker is there to give them to Twilio."""


class MenuContents:
    """The contents of an installation. ``key`` is that of the seals, ``clock`` the bot's, in unix seconds. Safe for all threads."""

    def __init__(self, redis: Redis, key: bytes, clock: Callable[[], float]) -> None:
        self._redis, self._key = redis, key
        self._last = _Held()
        self._held: Remembered[_Held] = Remembered(self._ask, self._last, REMEMBERED_SECONDS, clock)

    def now(self) -> Mapping[str, str]:
        """The ids at Twilio by name, at most some seconds old; none while buttons rest or there is no worker. Never raises."""
        held = self._held.now()
        return held.sids if held.can_go else _NONE

    def mirror(self, sids: Mapping[str, str]) -> None:
        """Says which there are. For the worker. Raises ``StoreDown``."""
        said = json.dumps(dict(sorted(sids.items())))
        with redis_errors():
            self._redis.set(_MIRROR, f"{self._seal(said)} {said}", ex=_MIRROR_SECONDS)

    def rest(self) -> None:
        """Some did not arrive: everybody gets numbered text for ``REST`` seconds. Raises ``StoreDown``."""
        with redis_errors():
            self._redis.set(_RESTING, "1", ex=REST)
        self._held.forget()

    def _ask(self) -> _Held | None:
        found: Any = None
        with suppress(StoreDown), redis_errors():
            found = self._redis.mget(_MIRROR, _RESTING, READY)
        if found is None:
            return None
        raw, can_go = found[0] or b"", found[1] is None and found[2] is not None
        # Hundreds of names, the same for days: they are read when they have changed.
        same = raw == self._last.raw
        self._last = _Held(raw, self._last.sids if same else self._read(raw), can_go)
        return self._last

    def _read(self, raw: bytes) -> Mapping[str, str]:
        seal, _, said = raw.decode("utf-8", "replace").partition(" ")
        return MappingProxyType(json.loads(said)) if fits(seal, self._seal(said)) else _NONE

    def _seal(self, said: str) -> str:
        return row_seal(self._key, "menus in Redis", (said,))
