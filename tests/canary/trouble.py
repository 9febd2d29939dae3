"""What goes wrong while people write: processes killed, aborted and broken, stores that lock, lie or forget."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.canary.installation import Installation

Trouble = tuple[str, Callable[[Installation, random.Random], None]]
_LOCKED_SECONDS = 3.0


def _strike(line: str, signum: signal.Signals, master: bool = True) -> Callable[[Installation, random.Random], None]:
    def strike(installation: Installation, chance: random.Random) -> None:
        processes = installation.of(line)
        chosen = processes[:1] if master else processes[1:] and [chance.choice(processes[1:])]
        for process in chosen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signum)

    return strike


def _spoil_sessions(installation: Installation, chance: random.Random) -> None:
    """Sessions and replies that nobody of ours has written: not stamped, no JSON, no UTF-8, of another type."""
    bad = [b"x", b"0|", b"9999999999999|{broken", b"9999999999999|\xff\xfe", b'9999999999999|["a", "list"]', b"", None]
    with installation.redis() as redis:
        for key in redis.scan_iter(match="*:session:*", count=1000):
            value = chance.choice(bad)
            if value is None:
                pipe = redis.pipeline()
                pipe.delete(key)
                pipe.lpush(key, "a list")
                pipe.execute()
            else:
                redis.set(key, value)


def _lose_day_key(installation: Installation, chance: random.Random) -> None:
    with installation.redis() as redis:
        for key in redis.scan_iter(match="day:*"):
            redis.delete(key)


def _lock_database(installation: Installation, chance: random.Random) -> None:
    with contextlib.closing(sqlite3.connect(installation.data / "puente.db", timeout=10, isolation_level=None)) as sql:
        sql.execute("BEGIN EXCLUSIVE")
        time.sleep(_LOCKED_SECONDS)
        sql.execute("ROLLBACK")


def _nothing(installation: Installation, chance: random.Random) -> None:
    """So that the Redis that is searched has seen people write."""


TROUBLES: tuple[Trouble, ...] = (
    ("Redis killed", _strike("redis", signal.SIGKILL)),
    ("Redis aborted (SIGABRT)", _strike("redis", signal.SIGABRT)),
    ("sessions in Redis spoiled", _spoil_sessions),
    ("a web worker killed", _strike("web", signal.SIGKILL, master=False)),
    ("a web worker broken (SIGSEGV)", _strike("web", signal.SIGSEGV, master=False)),
    ("nothing", _nothing),
    ("a web worker aborted (SIGABRT)", _strike("web", signal.SIGABRT, master=False)),
    ("the worker killed", _strike("worker", signal.SIGKILL)),
    ("the database locked", _lock_database),
    ("the model killed", _strike("nlu", signal.SIGKILL)),
    ("the worker aborted (SIGABRT)", _strike("worker", signal.SIGABRT)),
    ("Redis broken (SIGSEGV)", _strike("redis", signal.SIGSEGV)),
    ("the day keys lost", _lose_day_key),
    ("the web server killed", _strike("web", signal.SIGKILL)),
    ("the model broken (SIGSEGV)", _strike("nlu", signal.SIGSEGV)),
    ("a web worker frozen until it is replaced", _strike("web", signal.SIGSTOP, master=False)),
    ("nothing at all", _nothing),
)
FEW = 6
"""The first ones are those of the small run: they mend within seconds."""


def limits(installation: Installation) -> Iterator[tuple[int, str]]:
    """The limit of a core file, soft and hard, of every process."""
    for process in installation.processes():
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{process}/limits").read_text("ascii").splitlines():
                if line.startswith("Max core file size"):
                    yield process, " ".join(line.split()[4:6])
