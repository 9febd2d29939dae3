"""One run: people write to the whole Procfile while one kind of process is killed, and every answer is judged."""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

from bot.escalation.organization import DeskOrganization
from bot.store.database import engine_for
from bot.store.desk_organizations import DeskOrganizations
from tests.canary.installation import LINES, Installation
from tests.chaos.carrier import Carrier
from tests.chaos.killing import Killer
from tests.chaos.oracle import FAULTS, Asked, Trouble, Verdict
from tests.chaos.person import Person
from tests.chaos.result import Held, Plan, Result
from tests.desk import ANA, CORA
from tests.store.at_desk import employ
from tests.store.postgres import Postgres, new_database

TROUBLE = {"redis": Trouble.MEMORY, "nlu": Trouble.MODEL, "postgresql": Trouble.SQL}
DESK = DeskOrganization("centro", "Centro del Sol", "Mo-Su 00:00-24:00", languages=("es", "en", "quc"), is_default=True)
SHOWN = 12
"""So many faults are told in words; the rest is counted."""


class Run:
    """The people, the carrier and the killers of one run."""

    def __init__(self, plan: Plan, carrier: Carrier, killers: list[Killer], result: Result) -> None:
        self.plan, self.carrier, self.killers, self.result = plan, carrier, killers, result
        each = -(-plan.messages // plan.people)
        self.people = [Person(index, plan.seed, each, plan.model) for index in range(plan.people)]
        self.heard = dict.fromkeys(range(plan.people), 0.0)
        self.left = plan.messages
        self.idle: queue.SimpleQueue[Person] = queue.SimpleQueue()
        self.lock = threading.Lock()

    def write(self) -> None:
        """All messages, at so many clients; each person waits for the answer before the next message."""
        for person in self.people:
            self.idle.put(person)
        clients = [threading.Thread(target=self._client, daemon=True) for _ in range(self.plan.clients)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()

    def _client(self) -> None:
        while True:
            with self.lock:
                if self.left <= 0 or self.result.broken:
                    return
                self.left -= 1
            person = self.idle.get()
            try:
                self.turn(person)
            except Exception as error:
                # A client that is gone would leave the others waiting.
                self.result.broken = f"a client ended with {type(error).__name__}: {error}"
            self.idle.put(person)
            time.sleep(self.plan.pause)

    def turn(self, person: Person, asked: Asked | None = None) -> Verdict:
        """One message of a person, and what its answer is."""
        asked = asked or person.write()
        began = time.monotonic()
        since = self.heard[person.index] or began
        delivered = self.carrier.deliver(person.address, asked.text)
        now = time.monotonic()
        troubles = self._troubles(since, began, now)
        verdict = person.hear(asked, delivered.answer, troubles)
        if delivered.lost is not None and delivered.answer is not None:
            verdict = self._answered_again(delivered.lost, delivered.answer, verdict, troubles)
        self.heard[person.index] = began
        self._note(person, asked, delivered.answer, verdict)
        return verdict

    def _troubles(self, since: float, began: float, now: float) -> frozenset[Trouble]:
        """What was gone while this message was answered; of memory also what was lost since her last one."""
        found = ((TROUBLE.get(each.strike.kind), each) for each in self.killers)
        gone = ((of, each.was_gone(since if of is Trouble.MEMORY else began, now)) for of, each in found)
        return frozenset(of for of, was in gone if of and was)

    def _answered_again(self, first: str, again: str, verdict: Verdict, troubles: frozenset[Trouble]) -> Verdict:
        """A message that was answered, and whose answer was lost on its way: the same answer is due."""
        same = first == again
        excused = Trouble.MEMORY in troubles
        with self.lock:
            self.result.again["the same" if same else "another, after a loss of Redis" if excused else "another"] += 1
        return verdict if same or excused else Verdict.DOUBLED

    def _note(self, person: Person, asked: Asked, answer: str | None, verdict: Verdict) -> None:
        with self.lock:
            self.result.verdicts[verdict] += 1
            self.result.kinds[asked.kind] += 1
            if verdict in FAULTS and len(self.result.told) < SHOWN:
                words = f"{verdict}: {person.index} ({person.language}, {person.channel}), message {person.written}"
                self.result.told.append(f"{words}, wrote {asked.text!r} for {asked.says}, got {answer!r}")

    def still_handed_over(self) -> int:
        """How many of those who were handed over to a human are told so when they ask again, now that all is well."""
        count = 0
        for person in self.people:
            if person.handed_over:
                answers = [self.carrier.deliver(person.address, text).answer or "" for text in ("MENU", "0")]
                person.for_staff += 2
                count += any(phrase in answers[1] for phrase in ("ya tiene esta conv", "already has this conv"))
        return count


def run(plan: Plan, folder: Path) -> Result:
    """The whole run in an empty folder."""
    with contextlib.ExitStack() as ends:
        postgres, more = _database(plan, ends)
        # The limits of floods have their own measurement.
        lines = [line for line in LINES if plan.model or line != "nlu"]
        installation = ends.enter_context(Installation(folder, {"DAILY_SPEND_CAP": "0", **more}, lines))
        _staff(installation)
        installation.wait_until_whole(model=plan.model)
        carrier, result = Carrier(installation.port, plan.seed), Result(plan)
        result.tally = carrier.tally
        killers = [Killer(each, installation, plan.seed, postgres) for each in plan.strikes]
        running, began = Run(plan, carrier, killers, result), time.monotonic()
        with contextlib.ExitStack() as killing:
            for killer in killers:
                killing.enter_context(killer)
            running.write()
            result.seconds = time.monotonic() - began
        result.kills.update({killer.strike.kind: killer.kills for killer in killers})
        result.broken = result.broken or "; ".join(each.failed for each in killers if each.failed)
        installation.wait_until_whole(model=False)
        result.held = _held(installation, running)
    return result


def _database(plan: Plan, ends: contextlib.ExitStack) -> tuple[Postgres | None, dict[str, str]]:
    if all(each.kind != "postgresql" for each in plan.strikes):
        return None, {}
    # Not below a folder that only root could enter.
    postgres = Postgres(Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="chaos-pg-"))))
    postgres.start()
    ends.callback(postgres.end)
    return postgres, {"DATABASE_URL": new_database(postgres.url), "KEYSTORE_URL": new_database(postgres.url)}


def _staff(installation: Installation) -> None:
    """An organization that answers, and two people of it: written before the first process reads who is there."""
    engine = engine_for(installation.settings.sql_url)
    DeskOrganizations(engine, time.time).save("cli", DESK)
    employ(engine, ANA, CORA)
    engine.dispose()


def _held(installation: Installation, running: Run) -> list[Held]:
    """What people were told is so, and what SQL holds of it: read by plain queries."""
    people, not_done = running.people, running.result.verdicts[Verdict.NOT_DONE]
    handed_over, still = sum(person.handed_over for person in people), running.still_handed_over()
    for_staff, perhaps = sum(person.for_staff for person in people), sum(person.perhaps_noted for person in people)
    stopped = sum(person.stopped for person in people)
    with _rows(installation) as count:
        # A wish that waited in Redis is written by the worker.
        with contextlib.suppress(AssertionError):
            installation.wait_until(lambda: count("opt_outs") >= stopped, "who said ALTO is in SQL", 20)
        opened = count("escalations WHERE closed IS NULL AND erased IS NULL")
        return [
            Held("handed over to a human and told so again", handed_over, still),
            Held("conversations with staff", handed_over, opened, more=not_done),
            Held("messages noted for staff", for_staff, count("escalation_messages WHERE author = 'family'"), perhaps),
            Held("people who said ALTO", stopped, count("opt_outs")),
        ]


@contextlib.contextmanager
def _rows(installation: Installation) -> Iterator[Callable[[str], int]]:
    """Counts rows: ``table WHERE ...``."""
    url = installation.settings.sql_url
    connection: Any
    if url.startswith("sqlite"):
        connection = sqlite3.connect(installation.data / "puente.db", timeout=10)
    else:
        connection = psycopg.connect(url)
    with contextlib.closing(connection):
        yield lambda what: int(connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0])  # noqa: S608 - its own words
