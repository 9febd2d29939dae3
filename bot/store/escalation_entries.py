"""The escalations of people as a turn finds them in Redis: written when one is opened, and all of them again by the worker.

SQL is the truth. The mark ``WHOLE`` says how old the worker's last writing is, so that a turn can tell "this person has
none" from "Redis came back empty": an entry may be missing only if it was opened after that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from msgspec import Struct
from redis import Redis

from bot.privacy import RETENTION, Peppers
from bot.store.errors import StoreDown
from bot.store.keys import DayKeys, day_name
from bot.store.names import WHOLE, kept_entry, mark_of, open_entry
from bot.store.redis_client import Script, redis_errors

BELIEVED_SECONDS = 120.0
"""The worker writes every 15 s; after eight that failed its word is not taken any more."""

_BACKSTOP_MS = int(2 * RETENTION["session"] / timedelta(milliseconds=1))
_CHUNK = 500
_DELETE_IF_SAME = Script("delete_if_same")

Command = tuple[str | int | bytes, ...]


class Entries(Struct, frozen=True):
    """The names of one person under one day key."""

    open: str
    all: str


class Found(Struct, frozen=True):
    """What Redis knows of a person. ``whole_at``: of all that was opened before that moment; None: it cannot be believed."""

    open: str | None
    kept: frozenset[str]
    whole_at: float | None


def believed(mark: bytes | None, pair: tuple[bytes, bytes], now: float) -> bool:
    """Whether the mark is fresh and was written under the day key of today or yesterday."""
    return _whole_at(mark, pair, now) is not None


class EscalationEntries:
    """The entries of all people. ``clock`` is the bot's. Every method raises ``StoreDown``."""

    def __init__(self, redis: Redis, peppers: Peppers, day_keys: DayKeys, clock: Callable[[], float]) -> None:
        self._redis, self._peppers, self._day_keys, self._clock = redis, peppers, day_keys, clock

    def pair(self) -> tuple[bytes, bytes]:
        """The day keys as Redis holds them now."""
        self._day_keys.forget()
        return self._day_keys.pair(self._clock())

    def named(self, address: str, day_key: bytes) -> Entries:
        """The names of a person under a day key."""
        return Entries(*(name(self._peppers, day_key, address) for name in (open_entry, kept_entry)))

    def find(self, address: str) -> Found:
        """What Redis knows of this person."""

        def ask(pair: tuple[bytes, bytes]) -> list[Command]:
            both = [self.named(address, day_key) for day_key in pair]
            return [("GET", WHOLE), *(("GET", e.open) for e in both), *(("SMEMBERS", e.all) for e in both)]

        pair, (mark, today, yesterday, *kept) = self._settled(ask)
        found = today or yesterday
        ids = frozenset(each.decode() for ids in kept for each in ids)
        return Found(found.decode() if found else None, ids, _whole_at(mark, pair, self._clock()))

    def add(self, address: str, id: str) -> None:
        """Notes a new open escalation."""
        self._settled(lambda pair: _written(self.named(address, pair[0]), id, is_open=True))

    def drop(self, address: str, id: str, erased: bool) -> None:
        """Notes that it is not open any more, and perhaps erased."""
        self._settled(
            lambda pair: [command for day_key in pair for command in _dropped(self.named(address, day_key), id, erased)]
        )

    def replace(
        self,
        opened: Mapping[str, Entries],
        closed: Mapping[str, Entries],
        began: float,
        day_key: bytes,
        unerased: Callable[[], Mapping[str, bool]],
    ) -> None:
        """Writes all of them under this day key, drops what is not so any more, and then notes the mark."""
        self._run([command for id, entries in opened.items() for command in _written(entries, id, is_open=True)])
        self._run([command for id, entries in closed.items() for command in _written(entries, id, is_open=False)])
        self.sweep(unerased)
        with redis_errors():
            self._redis.set(WHOLE, f"{int(began * 1000)}|{mark_of(day_key)}", px=_BACKSTOP_MS)

    def sweep(self, unerased: Callable[[], Mapping[str, bool]]) -> int:
        """Drops the entries of those that are closed or erased; returns how many.

        ``unerased`` gives the ids of SQL that are not erased, and whether each is open. It is asked after Redis was read:
        what was written by then stands in SQL already.
        """
        opens, alls = self._held()
        there = unerased()
        gone = [_delete_if_same(name, id) for name, id in opens.items() if not there.get(id, False)]
        gone += [("SREM", name, id) for name, ids in alls.items() for id in ids if id not in there]
        self._run(gone)
        return len(gone)

    def _held(self) -> tuple[dict[str, str], dict[str, set[str]]]:
        """Every entry that Redis holds, on all nodes of a cluster."""
        with redis_errors():
            names = sorted({name.decode() for name in self._redis.scan_iter(match="{*}:esc*:*", count=1_000)})
        opens, alls = ([name for name in names if kind in name] for kind in (":esc:", ":esc-all:"))
        values = self._run([("GET", name) for name in opens])
        sets = self._run([("SMEMBERS", name) for name in alls])
        return (
            {name: value.decode() for name, value in zip(opens, values, strict=True) if value is not None},
            {name: {each.decode() for each in ids} for name, ids in zip(alls, sets, strict=True)},
        )

    def _run(self, commands: Sequence[Command]) -> list[Any]:
        answers: list[Any] = []
        for start in range(0, len(commands), _CHUNK):
            pipe: Any = self._redis.pipeline(transaction=False)
            for command in commands[start : start + _CHUNK]:
                pipe.execute_command(*command)
            with redis_errors():
                answers += pipe.execute()
        return answers

    def _settled(
        self, commands: Callable[[tuple[bytes, bytes]], list[Command]]
    ) -> tuple[tuple[bytes, bytes], list[Any]]:
        """Runs commands under the day keys that Redis holds at this very moment (see ``Sessions``)."""
        for _ in range(3):
            now = self._clock()
            day, pair = self._day_keys.day(now), self._day_keys.pair(now)
            pipe: Any = self._redis.pipeline(transaction=False)
            pipe.execute_command("GET", day_name(day))
            for command in commands(pair):
                pipe.execute_command(*command)
            with redis_errors():
                held, *answers = pipe.execute()
            if held == pair[0]:
                return pair, answers
            self._day_keys.forget()
        raise StoreDown("redis", LookupError())


def _written(entries: Entries, id: str, is_open: bool) -> list[Command]:
    commands: list[Command] = [("SADD", entries.all, id), ("PEXPIRE", entries.all, _BACKSTOP_MS)]
    return [*commands, ("SET", entries.open, id, "PX", _BACKSTOP_MS)] if is_open else commands


def _dropped(entries: Entries, id: str, erased: bool) -> list[Command]:
    commands = [_delete_if_same(entries.open, id)]
    return [*commands, ("SREM", entries.all, id)] if erased else commands


def _delete_if_same(name: str, value: str) -> Command:
    # The text, not its hash: a pipeline cannot try again when the server does not know it.
    return ("EVAL", _DELETE_IF_SAME.text, 1, name, value)


def _whole_at(mark: bytes | None, pair: tuple[bytes, bytes], now: float) -> float | None:
    if mark is None:
        return None
    stamp, _, written_under = mark.decode().partition("|")
    began = int(stamp) / 1000
    fits = written_under == mark_of(pair[0]) or written_under == mark_of(pair[1])
    return began if fits and abs(now - began) <= BELIEVED_SECONDS else None
