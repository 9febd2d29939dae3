"""The process beside the web: flushes weekly counts, purges what is over its time, writes opt-outs into Redis again.

``python -m bot.worker``. Every duty may fail (a store is down); it is tried again and never ends the worker.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from redis import Redis
from sqlalchemy import Engine

from bot.clock import clock_for
from bot.logs import configure_logs
from bot.settings import Settings, SettingsError, from_environment
from bot.store import counts
from bot.store.area_notices import AreaNotices
from bot.store.database import engine_for
from bot.store.errors import SetupError, StoreError
from bot.store.keys import DayKeys, load_keys
from bot.store.opt_outs import OptOuts
from bot.store.redis_client import connect
from bot.store.redis_server import redis_url
from bot.store.shared_phones import SharedPhones
from bot.store.spending import DaySpending

CONFIGURATION_ERROR = 78
TICK = 5.0

log = structlog.get_logger()


@dataclass(slots=True)
class Duty:
    """Something to be done every so many seconds; sooner again after a failure."""

    name: str
    every: float
    run: Callable[[], object]
    due: float = field(default=0.0)

    def attempt(self, now: float) -> None:
        """Runs it when it is due. ``now`` is monotonic seconds."""
        if now < self.due:
            return
        try:
            self.run()
            self.due = now + self.every
        except StoreError as error:
            log.warning("duty.failed", process=self.name, error=type(error).__name__)
            self.due = now + TICK


def duties(settings: Settings, redis: Redis, engine: Engine) -> list[Duty]:
    """What the worker looks after."""
    clock = clock_for(settings)
    peppers = load_keys(settings.data_dir)
    opt_outs = OptOuts(engine, redis, peppers)
    day_keys = DayKeys(redis)
    notices = AreaNotices(engine, redis, clock)
    shared = SharedPhones(engine, redis, peppers, clock)
    return [
        Duty("opt-outs waiting", 15, opt_outs.flush_pending),
        # Also after a loss of Redis, which the worker cannot see from outside: the mirror is small, so it is simply written again.
        Duty("opt-outs mirror", 15, opt_outs.mirror),
        Duty("notices mirror", 15, notices.mirror),
        Duty("shared phones mirror", 15, shared.mirror),
        Duty("shared phones purge", 3600, shared.purge),
        Duty("spent days", 3600, DaySpending(redis, clock).expire),
        Duty("notices purge", 3600, notices.purge),
        Duty("counts", 60, lambda: counts.flush(redis, engine, clock())),
        Duty("purge", 3600, lambda: counts.purge(engine, clock())),
        Duty("day keys", 900, lambda: day_keys.expire(clock())),
    ]


def run(settings: Settings, stop: threading.Event) -> None:
    """Works until told to stop."""
    todo = duties(settings, connect(redis_url(settings)), engine_for(settings.sql_url))
    while not stop.is_set():
        for duty in todo:
            duty.attempt(time.monotonic())
        stop.wait(TICK)


def main() -> int:
    """The worker's exit code; 78 for a configuration that cannot work."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        settings = from_environment(os.environ)
        configure_logs(settings)
        run(settings, stop)
    except (SettingsError, SetupError) as error:
        print(f"The worker cannot start: {error}", file=sys.stderr)
        return CONFIGURATION_ERROR
    return 0


if __name__ == "__main__":
    sys.exit(main())
