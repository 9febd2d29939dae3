"""Kills one kind of process again and again, by its number, and knows from when to when it was gone."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.launch.offspring import descendants
from tests.canary.installation import Installation
from tests.store.postgres import Postgres

KINDS = ("web", "redis", "nlu", "worker", "postgresql")
EVERY = {"web": 0.5, "redis": 10.0, "nlu": 10.0, "worker": 10.0, "postgresql": 10.0}
"""Seconds from one kill to the next."""
BACK_SECONDS = 120.0
SETTLES = {"nlu": 3.0}
"""For so long after its first answer a part still counts as gone, half a second where none is named: each process has a connection
of its own to find out with, and leaves a model that did not answer alone for two seconds."""


@dataclass(frozen=True, slots=True)
class Strike:
    """What is killed: a line of the Procfile (of web one of its workers) or ``postgresql``; how often, and how many times at most."""

    kind: str
    every: float
    many: int | None = None


@dataclass(slots=True)
class Killer:
    """Kills until told to stop."""

    strike: Strike
    installation: Installation
    seed: int
    postgres: Postgres | None = None
    gone: list[tuple[float, float]] = field(default_factory=list)
    kills: int = 0
    failed: str = ""
    _stop: threading.Event = field(default_factory=threading.Event)
    _chance: random.Random = field(init=False)
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(f"kills {self.strike.kind} {self.seed}")
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(BACK_SECONDS + 10)

    def was_gone(self, since: float, until: float) -> bool:
        """Whether it was gone at any time between these moments (monotonic seconds)."""
        settles = SETTLES.get(self.strike.kind, 0.5)
        return any(killed <= until and since <= back + settles for killed, back in list(self.gone))

    def _run(self) -> None:
        every, many = self.strike.every, self.strike.many
        due = time.monotonic() + every
        try:
            while not self._stop.wait(max(0.0, due - time.monotonic())):
                if many is not None and self.kills >= many:
                    return
                self._kill()
                # What takes long to come back is given half of the time to be there.
                rest = self.gone[-1][1] + every / 2 if self.gone and self.strike.kind != "web" else 0.0
                due = max(due + every, rest)
        except (AssertionError, OSError) as error:
            self.failed = f"{type(error).__name__}: {error}"

    def _kill(self) -> None:
        began = time.monotonic()
        # Gone until it is seen again.
        self.gone.append((began, float("inf")))
        back = {"web": self._web, "postgresql": self._postgresql}.get(self.strike.kind, self._line)()
        if back is None:
            self.gone.pop()
            return
        self.kills += 1
        self._await(back)
        self.gone[-1] = (began, time.monotonic())

    def _await(self, back: Callable[[], bool]) -> None:
        give_up = time.monotonic() + BACK_SECONDS
        while not back():
            assert time.monotonic() < give_up, f"{self.strike.kind} does not come back"
            time.sleep(0.02)

    def _web(self) -> Callable[[], bool] | None:
        """One of gunicorn's workers; the master starts another."""
        found = self.installation.of("web")
        if len(found) < 2:
            return None
        _end(self._chance.choice(found[1:]))
        return lambda: True

    def _line(self) -> Callable[[], bool] | None:
        """The process of a line of the Procfile; its keeper starts it again."""
        kind = self.strike.kind
        found = self.installation.of(kind)
        if not found:
            return None
        for process in (found[0], *descendants(found[0])):
            _end(process)
        if kind == "redis":
            return self._redis_answers
        if kind == "nlu":
            return lambda: self.installation.parts().get("nlu") is True
        return lambda: bool(set(self.installation.of(kind)) - set(found))

    def _redis_answers(self) -> bool:
        try:
            with self.installation.redis() as redis:
                return bool(redis.ping())
        except Exception:
            return False

    def _postgresql(self) -> Callable[[], bool] | None:
        """Half of the times as ``pg_ctl stop -m immediate`` does it, half of the times with -9; two seconds later it starts again."""
        assert self.postgres
        self.postgres.end(self._chance.choice((signal.SIGQUIT, signal.SIGKILL)))
        self._stop.wait(2.0)
        self.postgres.start()
        return lambda: True


def _end(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
