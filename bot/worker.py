"""The process beside the web: sends replies of staff, tells those on duty, flushes weekly counts, purges what is over its
time, writes opt-outs and escalations into Redis again.

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
from functools import cache, partial

import structlog
from msgspec import Struct
from redis import Redis
from sqlalchemy import Engine

from bot.alarms import Alarms
from bot.channels.approvals import watch_for
from bot.channels.contents import ContentWatch
from bot.channels.contents import watch_for as contents_watch_for
from bot.channels.copies import HOUR, Copies, copies_for
from bot.channels.dispatch import Dispatch
from bot.channels.errands import runner_for
from bot.channels.sending import Paper, sending_for
from bot.clock import clock_for
from bot.crashes import hide_values
from bot.launch import cores
from bot.logs import configure_logs
from bot.mail import mail_for
from bot.never_silent import NeverSilent
from bot.privacy import where_of
from bot.scripts.digest import Digest
from bot.settings import Settings, SettingsError, from_environment
from bot.spending import Spending
from bot.store import counts
from bot.store.area_notices import AreaNotices
from bot.store.beats import Beats
from bot.store.carrier_alarms import CarrierAlarms
from bot.store.counting import Counting
from bot.store.current_content import CurrentContent, current_content
from bot.store.database import engine_for
from bot.store.desk_alarms import DeskAlarms
from bot.store.desk_board import DeskBoard
from bot.store.desk_silences import DeskSilences
from bot.store.desk_work import DeskWork
from bot.store.digest_week import DigestWeek, places_to_call, what_waits
from bot.store.directory import DirectoryStore
from bot.store.directory_flags import DirectoryFlags
from bot.store.erasing import Erasing
from bot.store.errands import Errands
from bot.store.errors import SetupError, StoreError
from bot.store.escalations import Escalations
from bot.store.key_store import open_key_store
from bot.store.keys import DayKeys, load_keys, load_release_key
from bot.store.menu_contents import MenuContents
from bot.store.opened_late import OpenedLate
from bot.store.opt_outs import OptOuts
from bot.store.outbox import Outbox
from bot.store.pauses import Pauses
from bot.store.purge import PurgeUnfinished, Stores, purge
from bot.store.redis_client import connect
from bot.store.redis_server import redis_url
from bot.store.release_watch import ReleaseWatch
from bot.store.releases import Releases
from bot.store.seal_watch import SealWatch
from bot.store.sessions import Sessions
from bot.store.shared_phones import SharedPhones
from bot.store.spending import DaySpending
from bot.store.template_states import TemplateStates
from bot.store.unsettled import Unsettled
from bot.week_mail import WeekMail

CONFIGURATION_ERROR = 78
TICK = 5.0
REST = 0.2
SEND_SECONDS = 1.0
PURGE_SECONDS = 900
"""So late may anything go that is over its time."""

log = structlog.get_logger()


class Again(Struct, frozen=True):
    """What a duty returns that is to be done again in so many seconds instead of in its usual time."""

    seconds: float


@dataclass(slots=True)
class Duty:
    """Something to be done every so many seconds; after a failure ``again`` after so many.

    ``apart`` names the thread in which it is done with others of that name: it takes its time, or waits for somebody else's
    network, and the others keep their pace.
    """

    name: str
    every: float
    run: Callable[[], object]
    again: float = TICK
    apart: str = ""
    due: float = field(default=0.0)

    def attempt(self, now: float) -> bool:
        """Runs it when it is due; whether it was done. ``now`` is monotonic seconds."""
        if now < self.due:
            return False
        try:
            done = self.run()
            self.due = now + (done.seconds if isinstance(done, Again) else self.every)
        except StoreError as error:
            log.warning("duty.failed", process=self.name, error=type(error).__name__)
            self.due = now + self.again
            return False
        return True


def duties(settings: Settings, redis: Redis, engine: Engine) -> list[Duty]:
    """What the worker looks after."""
    clock = clock_for(settings)
    peppers, seals = load_keys(settings.data_dir), load_release_key(settings.data_dir)
    opt_outs = OptOuts(engine, redis, peppers)
    keys = OpenedLate(lambda: open_key_store(settings))
    day_keys = DayKeys(redis)
    escalations = Escalations(engine, redis, peppers, day_keys, keys, clock)
    stores = Stores(engine, redis, keys, escalations, seals)
    notices = AreaNotices(engine, redis, seals, clock)
    sessions = Sessions(redis, peppers, day_keys, clock)
    copies = copies_for(settings, redis, clock)
    outbox = Outbox(engine, keys, clock)
    alarms = CarrierAlarms(engine, clock)
    ledger = DaySpending(redis, clock)
    carrier = sending_for(settings)
    if isinstance(carrier, Paper):
        log.warning("outbox.on_paper")
    dispatch = Dispatch(
        outbox=outbox,
        unsettled=Unsettled(engine, keys, clock),
        escalations=escalations,
        opt_outs=opt_outs,
        alarms=alarms,
        carrier=carrier,
        # Without a public address the carrier reports nowhere, and is asked.
        reports=f"{settings.public_base_url.rstrip('/')}/status" if settings.public_base_url else "",
        spend=partial(_spend, ledger, Spending(settings.daily_segments, 1, ledger, clock, (StoreError,))),
        clock=clock,
        counting=Counting(redis, clock),
    )
    work, board = DeskWork(engine, keys, escalations, outbox, opt_outs, clock), DeskBoard(engine, redis, clock)
    silences = DeskSilences(engine, keys, outbox, opt_outs, clock)
    pauses = Pauses(engine, redis, clock)
    answers = cache(lambda: current_content(settings, engine, clock)[0])
    silent = NeverSilent(settings, silences, board.now, lambda: answers().now(), pauses.now, clock)
    watch = ReleaseWatch(settings.data_dir, Releases(engine, seals, clock), alarms)
    erasing = Erasing(sessions, escalations, engine, redis, keys, day_keys, clock, copies=copies is not None)
    shared = SharedPhones(engine, redis, peppers, clock)
    templates = watch_for(settings, TemplateStates(engine, clock))
    menus = contents_watch_for(settings, MenuContents(redis, seals, clock), lambda: answers().now(), clock)
    errands = runner_for(settings, Errands(redis, day_keys, clock))
    return [
        Duty("erasing", TICK, erasing.work),
        *([] if copies is None else [carrier_copies(copies, clock), copies_of_erased(erasing, copies)]),
        Duty("opt-outs waiting", 15, opt_outs.flush_pending),
        # Also after a loss of Redis, which the worker cannot see from outside: the mirror is small, so it is simply written again.
        Duty("opt-outs mirror", 15, opt_outs.mirror),
        Duty("pause mirror", 5, pauses.mirror),
        Duty("notices mirror", 15, notices.mirror),
        Duty("escalations mirror", 15, escalations.mirror),
        Duty("board mirror", 15, board.mirror),
        # Apart: when somebody waits for the first time the answers are loaded, which takes some seconds.
        Duty("silences", 60, silent.work, apart="silences"),
        Duty("stale conversations", 60, work.release_stale),
        Duty("outbox", SEND_SECONDS, lambda: _send(dispatch), again=SEND_SECONDS, apart="outbox"),
        Duty("outbox unsettled", TICK, dispatch.settle, apart="outbox"),
        *([] if templates is None else [Duty("templates", 60, templates.look, again=60, apart="templates")]),
        *([] if menus is None else [Duty("menus", 60, lambda: _menus(menus), again=60, apart="menus")]),
        *([] if errands is None else [Duty("errands", 0, errands.work, again=1, apart="errands")]),
        *_alarms(settings, DeskAlarms(engine, clock, settings.team_timezone), alarms),
        *_week_mail(settings, engine, redis, answers),
        Duty("releases", 300, watch.look, again=60),
        Duty("seals", HOUR, SealWatch(engine, seals, alarms).look, again=60),
        Duty("shared phones mirror", 15, shared.mirror),
        Duty("directory flags", 15, DirectoryFlags(engine, redis).flush),
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


def _menus(menus: ContentWatch) -> Again | None:
    """Goes on in a moment while there is something to make: Twilio counts requests."""
    return Again(1.0) if menus.look() else None


def _send(dispatch: Dispatch) -> Again | None:
    """Goes on at once while there is something to send."""
    return Again(0.0) if dispatch.send_due() else None


def _spend(ledger: DaySpending, spending: Spending, segments: int) -> None:
    """Counts what a message of staff costs. It may pass the day's cap: a person has promised an answer."""
    try:
        spending.booked(ledger.spend(segments))
    except StoreError as error:
        log.warning("memory.unavailable", error=type(error).__name__)


def _alarms(settings: Settings, desk: DeskAlarms, carrier: CarrierAlarms) -> list[Duty]:
    """Tells people by mail, where there is a server for it; else they see it in the console alone."""
    mail = mail_for(settings)
    if mail is None:
        return []
    alarms = Alarms(desk, carrier, mail, f"{settings.base_url.rstrip('/')}/console/inbox")
    return [Duty("alarms", TICK, alarms.tell, apart="mail")]


def _week_mail(settings: Settings, engine: Engine, redis: Redis, answers: Callable[[], CurrentContent]) -> list[Duty]:
    """Tells coordinators what waits, where there is a mail server; else they see it in the console alone."""
    mail, clock = mail_for(settings), clock_for(settings)
    if mail is None:
        return []

    def waits() -> Digest:
        release, seals = answers().now(), load_release_key(settings.data_dir)
        places = places_to_call(DirectoryStore(engine, seals, clock), DirectoryFlags(engine, redis), clock())
        return what_waits(release.facts, release.hotlines, places, engine, clock())

    desk, weeks = DeskAlarms(engine, clock, settings.team_timezone), DigestWeek(engine, clock)
    url = f"{settings.base_url.rstrip('/')}/console/"
    week = WeekMail(desk, weeks, waits, mail, url, clock, settings.team_timezone)
    return [Duty("week's mail", 300, week.send, again=300, apart="mail")]


def carrier_copies(copies: Copies, clock: Callable[[], float]) -> Duty:
    """Deletes at the carrier what is over its time: hourly, and at once again while there is more."""
    return Duty("carrier copies", HOUR, lambda: Again(copies.delete_old(clock()).pause), apart="copies")


def copies_of_erased(erasing: Erasing, copies: Copies) -> Duty:
    """Deletes at the carrier what there is of those who asked to be erased."""
    return Duty("copies of erased", TICK, lambda: erasing.work_on_copies(copies.delete_copies), apart="copies")


def run(settings: Settings, stop: threading.Event) -> None:
    """Works until told to stop. Raises what no duty may raise: then the process ends, and is started again."""
    redis = connect(redis_url(settings))
    todo, beats = duties(settings, redis, engine_for(settings.sql_url)), Beats(redis, clock_for(settings))
    broken: list[Exception] = []

    def beside(name: str) -> None:
        try:
            _work([duty for duty in todo if duty.apart == name], stop, beats)
        except Exception as error:
            broken.append(error)
            stop.set()

    # Daemons: when the worker is told to stop, nobody waits for an answer from outside.
    for name in sorted({duty.apart for duty in todo if duty.apart}):
        threading.Thread(target=beside, args=(name,), daemon=True).start()
    _work([duty for duty in todo if not duty.apart], stop, beats)
    if broken:
        log.error("worker.failed", error=type(broken[0]).__name__, where=where_of(broken[0]))
        raise broken[0]


def _work(todo: list[Duty], stop: threading.Event, beats: Beats) -> None:
    while not stop.is_set():
        beats.note([duty.name for duty in todo if duty.attempt(time.monotonic())])
        # As soon as the next one is due, but never without a rest.
        until = min((duty.due for duty in todo), default=TICK) - time.monotonic()
        stop.wait(min(max(until, REST), TICK))


def main() -> int:
    """The worker's exit code; 78 for a configuration that cannot work."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        settings = from_environment(os.environ)
        configure_logs(settings)
        cores.forbid()
        hide_values()
        run(settings, stop)
    except (SettingsError, SetupError) as error:
        print(f"The worker cannot start: {error}", file=sys.stderr)
        return CONFIGURATION_ERROR
    return 0


if __name__ == "__main__":
    sys.exit(main())
