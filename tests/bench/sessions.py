"""What a session takes in Redis, and whether a turn takes longer beside a million of them: two Redis servers, one of them full.

``Conversation.answer`` in this process, real Redis over its socket, SQLite beside it. Wall time, for Redis is another process; the
two servers take turns, so that what the machine does meanwhile meets both.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from redis import Redis

from bot.app import Puente
from bot.message import Channel, InboundMessage
from bot.store.keys import DayKeys, load_keys
from bot.store.names import PersonNames, person_names
from tests.bench.part import Bar, Figure
from tests.bench.spread import in_turn, ratios, share_of, spread
from tests.bench.talking import Written, talks
from tests.servers import make_app_in, running

WANTED_BYTES = 600
AT_MOST = 1.10
"""What a turn may cost beside all of them, an empty Redis being 1."""
_A_BATCH = 5_000
Shape = tuple[Any, dict[Any, Any]]
"""A stored session, and stored replies by their messages."""
_LIFE_MS = 48 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Grown:
    """What was found, with its raw numbers."""

    figures: tuple[Figure, ...]
    bars: tuple[Bar, ...]
    raw: Mapping[str, object]


def grown(folder: Path, people: int, rounds: int, turns: int) -> Grown:
    """The size of sessions in the talks of ``turns`` messages; then these a round with nobody in Redis and with so many ``people``."""
    with ExitStack() as servers:
        puente = {}
        for name in ("empty", "full"):
            (folder / name).mkdir()
            servers.enter_context(running(folder / name))
            puente[name] = make_app_in(folder / name, {"DAILY_SPEND_CAP": "1000000"}).extensions["puente"]()
            puente[name].escalations.mirror()
        written = talks(puente["full"].release, turns)
        sizes = _sizes(puente["full"], folder / "full", written)
        shapes = _shapes(puente["full"], folder / "full", written)
        puente["full"].redis.flushall()
        puente["full"].escalations.mirror()
        before = _memory(puente["full"].redis)
        _fill(puente["full"], folder / "full", shapes, people)
        each = (_memory(puente["full"].redis) - before) / people
        speaking = {name: _Speaking(one, iter(range(10**6))) for name, one in puente.items()}
        for one in speaking.values():
            one.half(written)
        measured = in_turn(rounds, {name: partial(one.half, written) for name, one in speaking.items()})
        keys = puente["full"].redis.dbsize()
        for one in puente.values():
            one.content.close()
    return _told(sizes, measured, people, each, keys)


def _told(sizes: dict[str, list[int]], measured: dict[str, list[float]], people: int, each: float, keys: int) -> Grown:
    ratio, half = ratios(measured["full"], measured["empty"]), spread(measured["full"])
    largest = max(sizes["session"])
    figures = (
        Figure(
            f"the largest session in Redis, of {len(sizes['session']):,} after each message of talks of 12",
            f"{largest} bytes (half of them at most {share_of(sizes['session'], 0.5)})",
            f"{WANTED_BYTES} bytes",
            largest <= WANTED_BYTES,
        ),
        Figure("the replies of such a talk, kept a day for retries", f"the most {max(sizes['replies']):,} bytes"),
        Figure(f"memory of Redis for each of {people:,} people who wrote today", f"{each:,.0f} bytes ({keys:,} keys)"),
        Figure(
            f"a turn with {people:,} people in Redis, with nobody being 1",
            f"{ratio.told()}; half of the turns take {half.told(2, ' ms')}",
            f"at most {AT_MOST}",
            ratio.median <= AT_MOST,
        ),
    )
    bars = (Bar(f"a turn with {people:,} people in Redis, to nobody", ratio.median),)
    return Grown(figures, bars, {"bytes": sizes, "half_ms": measured, "bytes_a_person": each})


@dataclass(slots=True)
class _Speaking:
    """Ever new people who write the same talks."""

    puente: Puente
    numbers: Iterator[int]

    def half(self, written: Sequence[Written]) -> float:
        """Milliseconds that half of these turns take at most."""
        times, address = [], {}
        for one in written:
            number = next(self.numbers)
            if one.first:
                address = {channel: _address(channel, 5_000_000 + number) for channel in Channel}
            channel = one.message.channel
            message = InboundMessage(f"SM{number:032x}", address[channel], channel, one.message.text)
            before = perf_counter()
            answer = self.puente.conversation.answer(message)
            times.append((perf_counter() - before) * 1000)
            if answer.explain["degraded"]:
                raise SystemExit(f"a turn was answered without Redis or a model that it needs: {answer.explain}")
        return share_of(times, 0.5)


def _address(channel: Channel, number: int) -> str:
    return f"{'whatsapp:' if channel is Channel.WHATSAPP else ''}+1{2_000_000_000 + number}"


def _names(puente: Puente, folder: Path, address: str) -> PersonNames:
    now = puente.conversation.clock()
    return person_names(load_keys(folder), address, DayKeys(puente.redis).pair(now))


def _spoken(puente: Puente, folder: Path, written: Sequence[Written]) -> Iterator[PersonNames]:
    """The names of who wrote, after each message."""
    address = ""
    for number, one in enumerate(written):
        if one.first:
            address = _address(one.message.channel, number)
        puente.conversation.answer(InboundMessage(f"SM9{number:031x}", address, one.message.channel, one.message.text))
        yield _names(puente, folder, address)


def _sizes(puente: Puente, folder: Path, written: Sequence[Written]) -> dict[str, list[int]]:
    sizes: dict[str, list[int]] = {"session": [], "replies": []}
    for names in _spoken(puente, folder, written):
        for name, (today, _) in (("session", names.sessions), ("replies", names.replies)):
            sizes[name].append(int(puente.redis.memory_usage(today, samples=0) or 0))
    return sizes


def _shapes(puente: Puente, folder: Path, written: Sequence[Written]) -> list[Shape]:
    """Sessions and replies as they stand after each message of a talk, of the replies three: most people ask one thing."""
    shapes = []
    for names in _spoken(puente, folder, written):
        session, replies = puente.redis.get(names.sessions[0]), puente.redis.hgetall(names.replies[0])
        shapes.append((session, dict(list(replies.items())[:3])))
    return shapes


def _fill(puente: Puente, folder: Path, shapes: Sequence[Shape], people: int) -> None:
    dice, peppers = random.Random(3), load_keys(folder)
    pair = DayKeys(puente.redis).pair(puente.conversation.clock())
    for first in range(0, people, _A_BATCH):
        pipe = puente.redis.pipeline(transaction=False)
        for number in range(first, min(first + _A_BATCH, people)):
            names = person_names(peppers, _address(Channel.SMS, 1_000_000_000 + number), pair)
            session, replies = dice.choice(shapes)
            pipe.set(names.sessions[0], session, px=_LIFE_MS)
            pipe.hset(names.replies[0], mapping=replies)
            pipe.pexpire(names.replies[0], _LIFE_MS)
        pipe.execute()


def _memory(redis: Redis) -> int:
    return int(redis.info("memory")["used_memory"])
