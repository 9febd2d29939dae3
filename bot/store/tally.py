"""The names of the weekly counts in Redis: a hash for each kind and week, a field for each cell.

A count is written ``kind:part|part``: ``topic:rights.home_visit|es|sms``, ``place:TX|food``, ``gap:TX|food``,
``turn:answered|es``, ``sms:2|es``, ``wait:3600|es`` or ``failure:stop|sms``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from bot.store.keys import utc_day

PARTS = {
    "topic": ("topic", "language", "channel"),
    "place": ("state", "help"),
    "gap": ("state", "help"),
    "turn": ("outcome", "language"),
    "sms": ("parts", "language"),
    "wait": ("wait", "language"),
    "failure": ("why", "channel"),
}
"""The parts of a cell of each kind. Only places and gaps have a state, and they have nothing else: they are never crossed.

``gap``: nothing near. ``turn``: how a question ended, bot/counted.py. ``sms``: answers by the parts that each was billed as.
``wait``: answers of staff by how long the family had waited, ``failure``: messages that did not arrive, bot/store/counting.py."""

LONGEST_PART = 64

Increment = tuple[str | int, ...]
"""A command of Redis that adds its last part."""


def monday(now: float) -> date:
    """The first day of the ISO week (UTC) of a moment in unix seconds."""
    day = utc_day(now)
    return day - timedelta(days=day.weekday())


def hash_name(kind: str, week: date) -> str:
    """The hash of one kind of counts in the week that begins on this Monday."""
    return f"counts:{kind}:{week.isoformat()}"


def spent_name(now: float) -> str:
    """The counter of the segments that went out on this day (UTC) to everybody."""
    return _spent_on(utc_day(now))


@lru_cache(maxsize=16)
def _spent_on(day: date) -> str:
    return f"spent:{day.isoformat()}"


def heavy_name(now: float) -> str:
    """The counter of those of today's segments that went to people beyond their first messages of the day."""
    return f"{spent_name(now)}:heavy"


def spending(segments: int, now: float, heavy: bool = False) -> list[Increment]:
    """The Redis commands that add segments to what went out today."""
    names = [spent_name(now), *([heavy_name(now)] if heavy else [])]
    return [("INCRBY", name, segments) for name in names] if segments else []


def increments(counts: Mapping[str, int], now: float) -> list[Increment]:
    """The Redis commands that add these counts to this week. ``ValueError`` for a count that is none."""
    week = monday(now)
    return [(*_adding(count, week), amount) for count, amount in counts.items()]


@lru_cache(maxsize=1024)
def _adding(count: str, week: date) -> tuple[str, str, str]:
    """The command without its amount: of the same few counts again and again, in which nobody is told apart."""
    kind, _, cell = count.partition(":")
    parts = cell.split("|")
    if len(parts) != len(PARTS.get(kind, ())) or not all(0 < len(part) <= LONGEST_PART for part in parts):
        raise ValueError(f"{count!r} is not a count; it should look like 'topic:answer|es|sms' or 'place:TX|food'")
    return "HINCRBY", hash_name(kind, week), cell
