"""The day's money in Redis: segments, alarms that were raised, messages that got no answer. Nothing about anybody.

spent:<day>              segments that went out, written by each turn's finish and for each message of staff
spent:<day>:heavy        those of them beyond each person's first messages of the day
spent:<day>:alarm:<n>    the alarm of n percent was raised
spent:<day>:silenced     messages over the limits
spent:<day>:refused      messages from other countries, short codes and names
spent:<day>:abroad       of danger from other countries: the first of them are answered
spent:<day>:agreed       questions that families agreed to keep, bot/store/agreed_phrases.py
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from redis import Redis

from bot.privacy import RETENTION
from bot.spending import ALARMS
from bot.store.redis_client import redis_errors
from bot.store.tally import spent_name

_KEPT = RETENTION["spent segments"]


class Spent(Struct, frozen=True):
    """One day (UTC): segments that went out, alarms raised (percent), messages silenced and refused, of danger from abroad."""

    segments: int
    alarms: tuple[int, ...]
    silenced: int
    refused: int
    abroad: int


class DaySpending:
    """The shared ledger of all processes. Every method raises ``StoreDown``."""

    def __init__(self, redis: Redis, clock: Callable[[], float]) -> None:
        self._redis = redis
        self._clock = clock

    def first_alarm(self, percent: int) -> bool:
        """Whether nobody has raised this alarm today before."""
        with redis_errors():
            return bool(self._redis.set(f"{spent_name(self._clock())}:alarm:{percent}", 1, nx=True, ex=_KEPT))

    def count(self, what: str) -> int:
        """Counts one message that was ``silenced``, ``refused``, of danger from ``abroad`` or ``agreed`` to; returns how many today."""
        name = f"{spent_name(self._clock())}:{what}"
        pipe = self._redis.pipeline(transaction=False)
        pipe.incr(name)
        pipe.expire(name, _KEPT)
        with redis_errors():
            return int(pipe.execute()[0])

    def spend(self, segments: int) -> int:
        """Counts segments that went out beside the turns of the bot; returns how many went out today."""
        name = spent_name(self._clock())
        pipe = self._redis.pipeline(transaction=False)
        pipe.incrby(name, segments)
        pipe.expire(name, _KEPT)
        with redis_errors():
            return int(pipe.execute()[0])

    def day(self, back: int = 0) -> Spent:
        """What is known of the day so many days ago."""
        name = spent_name(self._clock() - back * 86_400)
        pipe = self._redis.pipeline(transaction=False)
        for part in ("", ":silenced", ":refused", ":abroad", *(f":alarm:{percent}" for percent in ALARMS)):
            pipe.get(name + part)
        with redis_errors():
            segments, silenced, refused, abroad, *alarms = pipe.execute()
        raised = tuple(percent for percent, value in zip(ALARMS, alarms, strict=True) if value)
        return Spent(int(segments or 0), raised, int(silenced or 0), int(refused or 0), int(abroad or 0))
