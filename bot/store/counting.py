"""Weekly counts that no turn takes along: waits for staff, SMS of staff, and what did not arrive.

They wait in Redis beside those of the turns (bot/store/tally.py) and go to SQL with them. Nobody's act fails for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from redis import Redis

from bot.counted import sms_count
from bot.escalation.refused import is_known, refusal
from bot.message import Channel
from bot.store.desk_figures import in_waits
from bot.store.errors import StoreDown
from bot.store.redis_client import redis_errors
from bot.store.tally import increments

STAFF = "staff"
"""In the place of the language of an SMS: who carries it to the carrier does not know in which it is written."""
OTHER_REASON = "unknown"
NOT_ARRIVED = ("failed", "undelivered")
"""What a carrier says of a message that nobody got."""

log = structlog.get_logger()


class Counting:
    """Adds to the counts of this week. No method raises; safe for all threads."""

    def __init__(self, redis: Redis, clock: Callable[[], float]) -> None:
        self._redis, self._clock = redis, clock

    def waited(self, seconds: float, language: str | None) -> None:
        """Staff answered a family that had waited so long."""
        self._add({f"wait:{in_waits(seconds)}|{language or 'other'}": 1})

    def sms(self, parts: int) -> None:
        """An SMS of staff went out: the parts that it was billed as."""
        self._add({sms_count(parts, STAFF): 1})

    def failed(self, code: int | None, channel: Channel) -> None:
        """A message did not arrive. Only what the error asks for is kept of its code."""
        why = refusal(code).next.value if code is not None and is_known(code) else OTHER_REASON
        self._add({f"failure:{why}|{channel.value}": 1})

    def _add(self, counts: Mapping[str, int]) -> None:
        pipe: Any = self._redis.pipeline(transaction=False)
        for command in increments(counts, self._clock()):
            pipe.execute_command(*command)
        try:
            with redis_errors():
                pipe.execute()
        except StoreDown as error:
            log.warning("memory.unavailable", error=type(error).__name__)
