"""The process beside the web: flushes weekly counts, purges what is over its time, writes opt-outs and escalations into Redis again.

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
from bot.store.escalations import Escalations
from bot.store.key_store import open_key_store
from bot.store.keys import DayKeys, load_keys
from bot.store.opened_late import OpenedLate
from bot.store.opt_outs import OptOuts
from bot.store.pauses import Pauses
from bot.store.purge import PurgeUnfinished, Stores, purge
from bot.store.redis_client import connect
from bot.store.redis_server import redis_url

CONFIGURATION_ERROR = 78
TICK = 5.0
PURGE_SECONDS = 900
"""So late may anything go that is over its time."""

log = structlog.get_logger()


@dataclass(slots=True)
class Duty:
    """Something to be done every so many seconds; after a failure ``again`` after so many."""

    name: str
    every: float
    run: Callable[[], object]
    again: float = TICK
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
            self.due = now + self.again


def duties(settings: Settings, redis: Redis, engine: Engine) -> list[Duty]:
    """What the worker looks after."""
    clock = clock_for(settings)
    peppers = load_keys(settings.data_dir)
    opt_outs = OptOuts(engine, redis, peppers)
    keys = OpenedLate(lambda: open_key_store(settings))
    escalations = Escalations(engine, redis, peppers, DayKeys(redis), keys, clock)
    stores = Stores(engine, redis, keys, escalations)
    notices = AreaNotices(engine, redis, clock)
    return [
        Duty("opt-outs waiting", 15, opt_outs.flush_pending),
        # Also after a loss of Redis, which the worker cannot see from outside: the mirror is small, so it is simply written again.
        Duty("opt-outs mirror", 15, opt_outs.mirror),
        Duty("pause mirror", 5, Pauses(engine, redis, clock).mirror),
        Duty("notices mirror", 15, notices.mirror),
        Duty("escalations mirror", 15, escalations.mirror),
        Duty("counts", 60, lambda: counts.flush(redis, engine, clock())),
        # It reads all of Redis: not at every tick, if a store stays down.
        Duty("purge", PURGE_SECONDS, lambda: _purge(stores, clock()), again=60),
    ]


def _purge(stores: Stores, now: float) -> None:
    try:
        purge(stores, now)
    except PurgeUnfinished as unfinished:
        for part, error in unfinished.failed.items():
            log.warning("purge.failed", process=part, error=type(error).__name__)
        raise


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
