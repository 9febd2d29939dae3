"""What the model made of texts lately, so that one that comes again (a retry, a sentence many write) is not put to it again.

understood:<n>    a mark of the text under today's key, and what the model made of it: intents, languages. No text, nobody's code

There are ``PLACES`` of them; where two texts fall on the same one, the later stays. Each ends with its time. A store that is
down, or that holds anything odd, only means that the model is asked.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from redis import Redis

from bot.intents.intent import Intent, Understanding
from bot.language import Language
from bot.neighbours import Model
from bot.privacy import RETENTION, text_key
from bot.store.errors import StoreDown
from bot.store.keys import DayKeys
from bot.store.redis_client import redis_errors

PLACES: Final = 1024
"""Each takes about 700 bytes at most."""
_FOR: Final = RETENTION["understood text"]
_MARK: Final = 32


@dataclass(frozen=True, slots=True)
class Remembering:
    """The ``model``, and what it has said lately. ``of`` names the model and what it may answer: of another one nothing is known."""

    model: Model
    of: str
    redis: Redis
    day_keys: DayKeys
    clock: Callable[[], float]

    def parse(self, text: str, timeout: float | None = None) -> Understanding | None:
        """What the model makes of this text, or has made of it a moment ago; None when it does not answer in so many seconds."""
        ends = None if timeout is None else time.monotonic() + timeout
        mark, known = self._known(text)
        if known is not None:
            return known
        left = None if ends is None else ends - time.monotonic()
        understood = self.model.parse(text, left) if left is None or left > 0 else None
        if mark is not None and understood is not None:
            self._keep(mark, understood)
        return understood

    def _known(self, text: str) -> tuple[str | None, Understanding | None]:
        """The mark of the text, None where nothing can be looked up; and what is known of it."""
        try:
            with redis_errors():
                mark = text_key(self.day_keys.pair(self.clock())[0], f"{self.of}\0{text}")
                kept: Any = self.redis.get(_name(mark))
        except StoreDown:
            return None, None
        return mark, _read(kept, mark)

    def _keep(self, mark: str, understood: Understanding) -> None:
        try:
            with redis_errors():
                self.redis.set(_name(mark), mark.encode() + _written(understood), ex=_FOR)
        except StoreDown:
            return


def _name(mark: str) -> str:
    return f"understood:{int(mark[:8], 16) % PLACES}"


def _written(of: Understanding) -> bytes:
    intents = [[each.name, each.confidence] for each in of.ranking]
    languages = [[language.value, share] for language, share in of.languages]
    return json.dumps([intents, languages, of.foreign, of.mayan], separators=(",", ":")).encode()


def _read(kept: bytes | None, mark: str) -> Understanding | None:
    """What stands there of the text with this mark; None for another text's, and for what nobody of ours has written."""
    if kept is None or kept[:_MARK] != mark.encode():
        return None
    try:
        intents, languages, foreign, mayan = json.loads(kept[_MARK:])
        ranking = tuple(Intent(str(name), float(share)) for name, share in intents)
        known = tuple((Language(each), float(share)) for each, share in languages)
        return Understanding(ranking, known, float(foreign), float(mayan))
    except (ValueError, TypeError, RecursionError):
        return None
