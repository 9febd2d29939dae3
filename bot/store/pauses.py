"""Whether the service is paused: a row in SQL, a mirror of it in Redis, remembered by each process for some seconds.

Either store is enough to pause and to end a pause. Each switch has its moment, and the newest holds: what was written
into one store while the other was down is carried over by the worker. A restart changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from msgspec import Struct
from redis import Redis
from sqlalchemy import Engine, select, update

from bot.scripts.pause import Pause
from bot.store import audit
from bot.store.database import sql_errors
from bot.store.errors import StoreDown
from bot.store.in_turn import in_turn
from bot.store.models import Meta
from bot.store.redis_client import Script, redis_errors
from bot.store.remembered import Remembered

MIRROR = "{pause}"
"""The name of the mirror in Redis."""
ROW = "pause"
"""The key of its row in ``meta``."""
REMEMBERED_SECONDS = 4.0
"""A pause is seen by every process within 5 seconds: so long it is remembered, and Redis is given a second."""
_MIRROR_MS = 48 * 3600 * 1000
_SET_NEWER = Script("set_newer")


class _Switch(Struct, frozen=True, order=True):
    """One turn of the switch. ``at`` is in milliseconds since 1970; the newest holds."""

    at: int
    on: bool
    hotline: str = ""

    def written(self) -> str:
        return f"{self.at}|{json.dumps({'on': self.on, 'hotline': self.hotline})}"


class Pauses:
    """The switch of an installation. ``clock`` is the bot's, in unix seconds. Safe for all threads of a process."""

    def __init__(self, engine: Engine, redis: Redis, clock: Callable[[], float]) -> None:
        self._engine, self._redis, self._clock = engine, redis, clock
        self._held = Remembered(self._ask, _Switch(0, on=False), REMEMBERED_SECONDS, clock, max)

    def now(self) -> Pause | None:
        """The pause that holds, at most some seconds old; None while answers go out. Never raises.

        A family's message waits for SQL only where Redis does not know, and then once in some seconds. With both
        down what was known last holds.
        """
        return _pause(self._held.now())

    def switch(self, on: bool, by: str, why: str, hotline: str = "") -> tuple[str, ...]:
        """Turns the pause on or off; returns the stores that could not be told ("sql", "redis"), which learn it from the
        worker. Who and why go into the audit, which is in SQL: without it they are not written.

        ``ValueError`` for words that must not stand in the audit. Raises ``StoreDown`` when neither store could be told.
        """
        for text, longest in ((by, audit.LONGEST_ACTOR), (why, audit.LONGEST_OBJECT)):
            audit.check_words(text, longest)
        if not by.strip():
            raise ValueError("somebody's name is wanted")
        known = [found for found in self._both() if found]
        # Newer than what is there, whatever the clocks of other hosts said.
        at = max([int(self._clock() * 1000), *(each.at + 1 for each in known)])
        switch, down = _Switch(at, on, hotline), []
        tell: dict[str, Callable[[], None]] = {
            "sql": lambda: self._write_sql(switch, by, why),
            "redis": lambda: self._write_redis(switch),
        }
        for store, told in tell.items():
            try:
                told()
            except StoreDown as error:
                down.append(store)
                lost = error
        if len(down) == 2:
            raise lost
        self._held.set(switch)
        return tuple(down)

    def mirror(self) -> None:
        """Carries the newest switch into the store that does not have it. For the worker. Raises ``StoreDown``."""
        in_sql, in_redis = self._from_sql(), self._from_redis()
        newest = max((each for each in (in_sql, in_redis) if each), default=_Switch(0, on=False))
        if in_sql != newest and newest.at:
            self._write_sql(newest)
        # Also when it is there: the backstop begins anew, and a process need not ask SQL.
        self._write_redis(newest)

    def stored(self) -> tuple[Pause | None, tuple[str, ...]]:
        """The pause as the stores have it now, and which of them could not be asked. Raises ``StoreDown`` when neither can."""
        found, down = [], []
        for store, read in (("sql", self._from_sql), ("redis", self._from_redis)):
            try:
                found.append(read())
            except StoreDown as error:
                down.append(store)
                lost = error
        if not found:
            raise lost
        return _pause(max((each for each in found if each), default=None)), tuple(down)

    def _ask(self) -> _Switch | None:
        with suppress(StoreDown):
            if found := self._from_redis():
                return found
        with suppress(StoreDown):
            return self._from_sql()
        return None

    def _both(self) -> list[_Switch | None]:
        found = []
        for read in (self._from_sql, self._from_redis):
            with suppress(StoreDown):
                found.append(read())
        return found

    def _from_redis(self) -> _Switch | None:
        with redis_errors():
            held: Any = self._redis.get(MIRROR)
        return _read(held.decode()) if held else None

    def _from_sql(self) -> _Switch | None:
        with sql_errors(), self._engine.connect() as connection:
            held = connection.scalar(select(Meta.value).where(Meta.key == ROW))
        return _read(held) if held else None

    def _write_redis(self, switch: _Switch) -> None:
        with redis_errors():
            _SET_NEWER.run(self._redis, [MIRROR], [switch.written(), _MIRROR_MS])

    def _write_sql(self, switch: _Switch, by: str = "", why: str = "") -> None:
        with sql_errors(), self._engine.begin() as connection:
            there = _read(in_turn(connection, ROW))
            if there is not None and there >= switch:
                return
            connection.execute(update(Meta).where(Meta.key == ROW).values(value=switch.written()))
            if by:
                audit.note(connection, switch.at / 1000, by, "pause.on" if switch.on else "pause.off", why)


def _read(written: str) -> _Switch | None:
    """The switch that was written; None for what is none, which nobody must be kept from answers by."""
    at, _, data = written.partition("|")
    try:
        value = json.loads(data)
        return _Switch(int(at), bool(value["on"]), str(value.get("hotline", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _pause(switch: _Switch | None) -> Pause | None:
    return Pause(switch.at / 1000, switch.hotline or None) if switch and switch.on else None
