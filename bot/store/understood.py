"""What the model made of texts lately, so that one that comes again (a retry, a sentence many write) is not put to it again.

understood:<n>    a mark of the text under today's key, when it was, and what the model made of it: intents, languages. No text,
                  nobody's code

There are ``PLACES`` of them; where two texts fall on the same one, the later stays. Each ends with its time. A store that is
down, or that holds anything odd, only means that the model is asked. Each process also has its own, as many at most, so that a
text that many write now costs no round trip.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from msgspec import json
from redis import Redis

from bot.intents.intent import Intent, Understanding
from bot.language import Language
from bot.neighbours import Model
from bot.privacy import RETENTION, text_key
from bot.store.errors import StoreDown
from bot.store.keys import DayKeys
from bot.store.look_out import LookOut
from bot.store.redis_client import redis_errors

PLACES: Final = 1024
"""Each takes about 700 bytes at most."""
_FOR: Final = RETENTION["understood text"]
_MARK: Final = 32

Made = tuple[float, Understanding]
"""When (unix seconds), and what the model made of a text."""


class _Here:
    """What this process has asked or found, by the mark of the text. Safe for all its threads; what is over its time goes by itself."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._made: dict[str, Made] = {}
        self._lock = Lock()
        self._look_out = LookOut("understood", self._drop)

    def get(self, mark: str, now: float) -> Understanding | None:
        made = self._made.get(mark)
        return made[1] if made and _is_fresh(made, now) else None

    def keep(self, mark: str, made: Made) -> None:
        self._look_out.keep()
        with self._lock:
            self._made[mark] = made
            if len(self._made) > PLACES:
                del self._made[next(iter(self._made))]

    def _drop(self) -> None:
        now = self._clock()
        with self._lock:
            for mark in [mark for mark, made in self._made.items() if not _is_fresh(made, now)]:
                del self._made[mark]


def _is_fresh(made: Made, now: float) -> bool:
    return 0 <= now - made[0] < _FOR.total_seconds()


@dataclass(frozen=True, slots=True)
class Remembering:
    """The ``model``, and what it has said lately. ``of`` names the model and what it may answer: of another one nothing is known."""

    model: Model
    of: str
    redis: Redis
    day_keys: DayKeys
    clock: Callable[[], float]
    _here: _Here = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_here", _Here(self.clock))

    def parse(self, text: str, timeout: float | None = None) -> Understanding | None:
        """What the model makes of this text, or has made of it a moment ago; None when it does not answer in so many seconds."""
        ends = None if timeout is None else time.monotonic() + timeout
        mark, known = self._known(text)
        if known is not None:
            return known
        left = None if ends is None else ends - time.monotonic()
        understood = self.model.parse(text, left) if left is None or left > 0 else None
        if mark is not None and understood is not None:
            self._keep(mark, (int(self.clock()), understood))
        return understood

    def _known(self, text: str) -> tuple[str | None, Understanding | None]:
        """The mark of the text, None where nothing can be looked up; and what is known of it."""
        now = self.clock()
        try:
            mark = text_key(self.day_keys.pair(now)[0], f"{self.of}\0{text}")
            if (known := self._here.get(mark, now)) is not None:
                return mark, known
            with redis_errors():
                kept: Any = self.redis.get(_name(mark))
        except StoreDown:
            return None, None
        made = _read(kept, mark)
        if made is None or not _is_fresh(made, now):
            return mark, None
        self._here.keep(mark, made)
        return mark, made[1]

    def _keep(self, mark: str, made: Made) -> None:
        self._here.keep(mark, made)
        try:
            with redis_errors():
                self.redis.set(_name(mark), mark.encode() + _written(made), ex=_FOR)
        except StoreDown:
            return


def _name(mark: str) -> str:
    return f"understood:{int(mark[:8], 16) % PLACES}"


def _written(made: Made) -> bytes:
    at, of = made
    intents = [[each.name, each.confidence] for each in of.ranking]
    languages = [[language.value, share] for language, share in of.languages]
    return json.encode([at, intents, languages, of.foreign, of.mayan])


def _read(kept: bytes | None, mark: str) -> Made | None:
    """What stands there of the text with this mark; None for another text's, and for what nobody of ours has written."""
    if kept is None or kept[:_MARK] != mark.encode():
        return None
    try:
        at, intents, languages, foreign, mayan = json.decode(kept[_MARK:])
        ranking = tuple(Intent(str(name), float(share)) for name, share in intents)
        known = tuple((Language(each), float(share)) for each, share in languages)
        return float(at), Understanding(ranking, known, float(foreign), float(mayan))
    except (ValueError, TypeError, RecursionError):
        return None
