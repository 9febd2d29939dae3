"""What families said of a number or a service of the directory: that it does not work. Counted by week, without anybody's name.

A flag first waits in Redis, so that no answer waits for SQL; the worker writes it. With Redis down it goes straight into SQL.
Nothing is kept about who said it, so nobody can be counted once only: the session drops a second flag of the same record, and
however many come, a record has one row a week. What is done about a flag is a call by a person, whatever the number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta

from msgspec import Struct
from redis import Redis
from sqlalchemy import Connection, Engine, delete, insert, select, update

from bot.store.database import sql_errors
from bot.store.directory_models import DirectoryFlag
from bot.store.errors import StoreDown
from bot.store.in_turn import in_turn
from bot.store.redis_client import Script, read_hash, redis_errors
from bot.store.tally import monday

DOES_NOT_WORK = "does not work"
_WAITING = "{directoryflags}"
_BACKSTOP = timedelta(weeks=5)
_FLUSHED = "directory flags"
_RECORD = re.compile(r"[a-z0-9_-]{1,36}")
_SUBTRACT = Script("subtract")

Cells = Mapping[tuple[str, date], int]


class Flag(Struct, frozen=True):
    """``record`` is the id of a phone or of a service; ``week`` the Monday (UTC) of the week in which it was said so often."""

    record: str
    what: str
    week: date
    n: int


class DirectoryFlags:
    """The flags of an installation. Safe for all threads of a process."""

    def __init__(self, engine: Engine, redis: Redis) -> None:
        self._engine, self._redis = engine, redis

    def raise_flag(self, record: str, now: float) -> None:
        """Notes that somebody said of this phone or service that it does not work. ``ValueError`` for what can be no id.

        Raises ``StoreDown`` only when both stores are down. ``now`` is unix seconds.
        """
        if not _RECORD.fullmatch(record):
            raise ValueError("the id of a record is wanted")
        cell = (record, monday(now))
        try:
            pipe = self._redis.pipeline(transaction=True)
            pipe.hincrby(_WAITING, _name(cell), 1)
            pipe.expire(_WAITING, _BACKSTOP)
            with redis_errors():
                pipe.execute()
        except StoreDown:
            self._write({cell: 1})

    def flush(self) -> int:
        """Writes the flags that wait in Redis into SQL; returns how many. For the worker. Raises ``StoreDown``.

        A crash between the two may count what one call moved twice, and loses nothing.
        """
        waiting = self._waiting()
        if waiting:
            self._write(waiting)
            taken = [word for cell, n in waiting.items() for word in (_name(cell), n)]
            with redis_errors():
                _SUBTRACT.run(self._redis, [_WAITING], taken)
        return sum(waiting.values())

    def flags(self) -> tuple[Flag, ...]:
        """All flags, the newest week first and in it the most; those too that wait in Redis, if it answers. Raises ``StoreDown``."""
        wanted = select(DirectoryFlag.record, DirectoryFlag.what, DirectoryFlag.week, DirectoryFlag.n)
        with sql_errors(), self._engine.connect() as connection:
            found = {(record, week, what): n for record, what, week, n in connection.execute(wanted)}
        with suppress(StoreDown):
            for (record, week), n in self._waiting().items():
                key = (record, week, DOES_NOT_WORK)
                found[key] = found.get(key, 0) + n
        listed = [Flag(record, what, week, n) for (record, week, what), n in found.items()]
        return tuple(sorted(listed, key=lambda flag: (-flag.week.toordinal(), -flag.n, flag.record)))

    def resolve(self, record: str) -> None:
        """Forgets what was said of this record: somebody looked after it. Raises ``StoreDown``.

        A change of the directory does it by itself for a number that changes or is confirmed anew (bot/store/directory_rows.py).
        """
        with redis_errors():
            names = [_name(cell) for cell in self._waiting() if cell[0] == record]
            if names:
                self._redis.hdel(_WAITING, *names)
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(delete(DirectoryFlag).where(DirectoryFlag.record == record))

    def _waiting(self) -> dict[tuple[str, date], int]:
        with redis_errors():
            held = read_hash(self._redis, _WAITING)
        return {_cell(name): int(n) for name, n in held.items() if int(n) > 0}

    def _write(self, cells: Cells) -> None:
        with sql_errors(), self._engine.begin() as connection:
            # Two that write the same row at once would both insert it.
            in_turn(connection, _FLUSHED)
            for cell, n in cells.items():
                _add(connection, cell, n)


def _add(connection: Connection, cell: tuple[str, date], n: int) -> None:
    record, week = cell
    mine = (DirectoryFlag.record == record, DirectoryFlag.what == DOES_NOT_WORK, DirectoryFlag.week == week)
    if not connection.execute(update(DirectoryFlag).where(*mine).values(n=DirectoryFlag.n + n)).rowcount:
        connection.execute(insert(DirectoryFlag).values(record=record, what=DOES_NOT_WORK, week=week, n=n))


def _name(cell: tuple[str, date]) -> str:
    return f"{cell[0]}|{cell[1].isoformat()}"


def _cell(name: str) -> tuple[str, date]:
    record, _, week = name.partition("|")
    return record, date.fromisoformat(week)
