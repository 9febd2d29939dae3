"""Replies of staff under everything at once: a Twilio that fails in every way, reports lost and mixed, workers killed with -9.

What counts is what Twilio has in the end: each reply once. ``make chaos-outbox`` runs the long one.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from bot.app import Puente
from bot.escalation.escalation import Author
from bot.escalation.outgoing import State
from bot.message import Channel
from bot.settings import REPOSITORY
from bot.store.desk_rows import write
from bot.store.key_store import open_key_store
from bot.store.models import OutboxRow
from tests.carrier import faults
from tests.carrier.fake import ACCOUNT, KEY, SECRET, SMS, WHATSAPP, Exchange, Fault, Twilio
from tests.servers import make_app_in, running
from tests.store.postgres import new_database, postgres

WAITS = 61.0
"""By so much the clock goes on while no worker runs: the minute in which a report may come is over."""
STILL = 6.0
"""Seconds without anything new after which all that is left waits for that minute; a third of them for one worker alone.

Shorter with ``Plan.pace``."""

STARTING = 90.0
AT_ONCE, FEW = 400, 150
"""So many replies are written at a time, and the next ones when no more than ``FEW`` are left: staff go on writing."""
LAST_WRITTEN = 0.7
"""After this part of the seconds nothing new is written: what does not fit in is said."""
WORKER = "import sys, bot.worker as w; w.TICK *= {0}; w.REST *= {0}; w.SEND_SECONDS *= {0}; sys.exit(w.main())"
"""The worker of the Procfile, its pauses between two rounds cut."""

# How often of 100 what goes wrong when a message is given to Twilio; the rest goes well.
Faults = dict[str, tuple[int, Callable[[Exchange], None]]]
SENDING: Faults = {
    "429": (8, faults.error(429, 20429)),
    "500, not taken": (5, faults.error(500, 20500)),
    "500, taken": (7, faults.done_and_error),
    "cut off, not taken": (5, faults.cut),
    "cut off, taken": (7, faults.done_and_cut),
    "cut off in the answer": (5, faults.cut_in_the_middle),
}
REPORTING: Faults = {
    "lost": (15, faults.lost),
    "twice": (10, faults.twice),
    "held back": (15, faults.held_back),
}
LISTING: Faults = {"500": (15, faults.error(500, 20500))}


@dataclass(frozen=True)
class Plan:
    """``kills``: so often all workers are killed in the middle of sending. ``workers`` at a time, on SQLite or PostgreSQL.

    ``sending`` and ``reporting``: what goes wrong, and how often of 100.
    """

    messages: int
    kills: int
    workers: int = 1
    database: str = "sqlite"
    sending: Faults = field(default_factory=lambda: SENDING)
    reporting: Faults = field(default_factory=lambda: REPORTING)
    seed: int = 5
    seconds: float = 1800.0
    pace: float = 1.0
    """The pauses of a worker between two rounds are cut to this part, as time goes by quicker here anyway."""

    @property
    def still(self) -> float:
        """Seconds without anything new after which the clock is moved."""
        return max(STILL * self.pace, 2.0) / (1 if self.workers > 1 else 3)


@dataclass
class Result:
    """What came of it. ``lost`` and ``doubled`` are counted at Twilio, ``unsettled`` in our own rows."""

    plan: Plan
    seconds: float = 0.0
    lost: int = 0
    doubled: int = 0
    unsettled: int = 0
    killed_sending: int = 0
    killed_waiting: int = 0
    went_wrong: Counter[str] = field(default_factory=Counter)
    tries: int = 0
    written: int = 0
    """Replies that staff wrote; fewer than were planned where the time did not suffice."""

    @property
    def passed(self) -> bool:
        kills = self.plan.kills * self.written // max(1, self.plan.messages)
        return not (self.lost or self.doubled or self.unsettled) and self.killed_sending >= kills


class Chaos:
    """One run, in a folder of its own."""

    def __init__(self, plan: Plan, twilio: Twilio, folder: Path, databases: Mapping[str, str]) -> None:
        self.plan, self.twilio, self.folder = plan, twilio, folder
        self.result, self.random = Result(plan), random.Random(plan.seed)
        self.offset, self.workers = 0.0, list[subprocess.Popen[bytes]]()
        self.clock = folder / "clock"
        self.environ = {
            **databases,
            **{"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_API_KEY": KEY, "TWILIO_API_SECRET": SECRET},
            **{"TWILIO_API_BASE": twilio.url, "PUBLIC_BASE_URL": twilio.url, "DATA_DIR": str(folder)},
            **{"TWILIO_SMS_FROM": SMS, "TWILIO_WHATSAPP_FROM": WHATSAPP, "PUENTE_CLOCK_FILE": str(self.clock)},
        }
        # Spread over the sending, before and after the message was taken.
        posts = max(plan.messages, 1)
        self.kill_at = {int((n + 0.5) * posts / max(plan.kills, 1)) + 1 for n in range(plan.kills)}
        self.posts, self.seen, self.carried = 0, 0.0, 0
        self.texts, self.people, self.began = list[str](), 0, time.monotonic()

    def run(self) -> Result:
        self._move(0.0)
        os.environ["PUENTE_CLOCK_FILE"] = str(self.clock)
        app = make_app_in(self.folder, self.environ)
        self.twilio.app = app
        puente: Puente = app.extensions["puente"]()
        self._write(puente)
        self.twilio.faults += [
            Fault(self._sending, method="POST", part="/Messages.json"),
            Fault(self._reporting, method="POST", part="/status"),
            Fault(lambda exchange: self._any(LISTING, "asking: ", exchange), method="GET", part="/Messages.json"),
        ]
        while (left := self._left(puente)) and self._spent() < 1:
            self._one_life(puente, left)
        self._end(puente)
        bodies = Counter(each["body"] for each in self.twilio.ours())
        self.result.written = len(self.texts)
        self.result.lost = sum(1 for text in self.texts if not bodies[text])
        self.result.doubled = sum(max(0, bodies[text] - 1) for text in self.texts)
        self.result.unsettled = self._left(puente)
        with puente.engine.connect() as connection:
            self.result.tries = connection.scalar(select(func.sum(OutboxRow.attempts))) or 0
        self.result.seconds = time.monotonic() - self.began
        return self.result

    def _spent(self) -> float:
        """The part of the time that is over."""
        return (time.monotonic() - self.began) / self.plan.seconds

    def _write(self, puente: Puente) -> None:
        """The next replies to families, one to three for each; the words of each are its own."""
        keys = open_key_store(self.twilio.app.config["SETTINGS"])  # type: ignore[union-attr]
        most = min(self.plan.messages, len(self.texts) + AT_ONCE)
        # As the worker does: else each new conversation is looked for among all.
        puente.escalations.mirror()
        while len(self.texts) < most:
            self.people += 1
            whatsapp = self.people % 4 == 0
            address = f"{'whatsapp:' if whatsapp else ''}+1202{5_550_000 + self.people}"
            id = puente.escalations.open(address, Channel.WHATSAPP if whatsapp else Channel.SMS)
            for _ in range(min(self.random.randint(1, 3), most - len(self.texts))):
                self.texts.append(f"Respuesta {len(self.texts)}, de una persona.")
                with puente.engine.begin() as connection:
                    written = write(
                        connection, keys.require(id), Author.STAFF, puente.conversation.clock(), self.texts[-1]
                    )
                    puente.outbox.put(connection, id, written)

    def _write_more(self, puente: Puente, left: int) -> None:
        if left <= FEW and len(self.texts) < self.plan.messages and self._spent() < LAST_WRITTEN:
            self._write(puente)

    def _one_life(self, puente: Puente, left: int) -> None:
        """Workers from their start until they are killed: in the middle of sending, or when nothing is new."""
        for _ in range(self.plan.workers):
            self.workers.append(self._worker())
        # Starting takes a while, on a machine with other work much longer: until one asks for something it has not begun.
        self.seen = time.monotonic() + STARTING
        while any(worker.poll() is None for worker in self.workers):
            time.sleep(0.05)
            self._carry()
            self._write_more(puente, left)
            now = self._left(puente)
            if now != left:
                left, self.seen = now, time.monotonic()
            if not left or self._spent() >= 1:
                self._kill()
            elif time.monotonic() - self.seen > self.plan.still:
                self._go_on()
        self.workers.clear()
        self._release()
        self._move(WAITS)

    def _worker(self) -> subprocess.Popen[bytes]:
        started = ["-m", "bot.worker"] if self.plan.pace == 1.0 else ["-c", WORKER.format(self.plan.pace)]
        environ = {**os.environ, "ENVIRONMENT": "test", **self.environ}
        return subprocess.Popen([sys.executable, *started], cwd=REPOSITORY, env=environ, stderr=subprocess.DEVNULL)

    def _go_on(self) -> None:
        """The minute goes by. One worker does one thing after the other, and sends nothing now; two might, so they are killed."""
        self.seen = time.monotonic()
        if self.plan.workers == 1:
            self._release()
            self._move(WAITS)
        else:
            self.result.killed_waiting += 1
            self._kill()

    def _carry(self) -> None:
        """The phone company delivers what Twilio has."""
        for sid in self.twilio.taken[self.carried :]:
            self.carried += 1
            self.twilio.carry(sid, "sent", "delivered")

    def _release(self) -> None:
        """Reports that were held back come now, in any order."""
        held, self.twilio.held[:] = list(self.twilio.held), []
        self.random.shuffle(held)
        for exchange in held:
            exchange.forward()

    def _end(self, puente: Puente) -> None:
        """What no report told of is asked for, ten minutes later."""
        self.twilio.faults.clear()
        self._carry()
        self._release()
        self._move(601.0)
        left = self._unarrived(puente)
        if left:
            self._one_life_until(lambda: not self._unarrived(puente))

    def _one_life_until(self, over: Callable[[], bool]) -> None:
        worker = self._worker()
        give_up = time.monotonic() + self.plan.seconds / 3
        while not over() and time.monotonic() < give_up:
            time.sleep(0.1)
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)

    def _sending(self, exchange: Exchange) -> None:
        self.posts += 1
        if self.posts in self.kill_at:
            # Of each five the second, third and fifth: drawn by lot, three in a row may all be of one sort.
            taken = self.result.killed_sending % 5 in (1, 2, 4)
            if taken:
                exchange.forward()
            self.result.killed_sending += 1
            self.result.went_wrong[f"killed, {'taken' if taken else 'not taken'}"] += 1
            self._kill()
            return
        self._any(self.plan.sending, "sending: ", exchange)

    def _reporting(self, exchange: Exchange) -> None:
        self._any(self.plan.reporting, "report ", exchange)

    def _any(self, what: Faults, of: str, exchange: Exchange) -> None:
        """One of these things goes wrong, or nothing."""
        self.seen = time.monotonic()
        chance = self.random.random() * 100
        for name, (share, fault) in what.items():
            chance -= share
            if chance < 0:
                self.result.went_wrong[of + name] += 1
                fault(exchange)
                return
        exchange.answer(*exchange.forward())

    def _kill(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()

    def _left(self, puente: Puente) -> int:
        """Messages that Twilio does not have yet, as far as we know."""
        gone = (State.DELIVERED.value, State.READ.value)
        wanted = select(func.count()).where(OutboxRow.state.not_in(gone), OutboxRow.sid.is_(None))
        with puente.engine.connect() as connection:
            return connection.scalar(wanted) or 0

    def _unarrived(self, puente: Puente) -> int:
        with puente.engine.connect() as connection:
            return connection.scalar(select(func.count()).where(OutboxRow.state != State.DELIVERED.value)) or 0

    def _move(self, seconds: float) -> None:
        """Our clock and Twilio's go on together."""
        self.offset += seconds
        for clock in (self.clock, self.twilio.emulate.clock):
            clock.write_text(str(self.offset))


@contextmanager
def databases(kind: str) -> Iterator[dict[str, str]]:
    """The settings of our database and of the key store: files in the folder, or two databases of a PostgreSQL of its own."""
    if kind == "sqlite":
        yield {}
        return
    with postgres() as server:
        yield {"DATABASE_URL": new_database(server), "KEYSTORE_URL": new_database(server)}


@contextmanager
def chaos(plan: Plan, twilio: Twilio, folder: Path) -> Iterator[Result]:
    """Runs it on a Redis of its own."""
    before = os.environ.get("PUENTE_CLOCK_FILE")
    try:
        with running(folder), databases(plan.database) as urls:
            yield Chaos(plan, twilio, folder, urls).run()
    finally:
        os.environ.pop("PUENTE_CLOCK_FILE", None)
        if before is not None:
            os.environ["PUENTE_CLOCK_FILE"] = before
