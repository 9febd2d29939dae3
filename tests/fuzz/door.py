"""The real app with a real Redis and SQL, one request at a time, and what must hold after each of them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from flask import Flask
from redis import Redis
from sqlalchemy import delete

from bot import patience
from bot.app import Puente
from bot.frozen import replace
from bot.intents.intent import Intent, Understanding
from bot.language import Language
from bot.store.desk_organizations import DeskOrganizations
from bot.store.models import Escalation, EscalationMessage, OutboxRow
from tests.fuzz import grammar, twiml
from tests.fuzz.requests import Sent
from tests.fuzz.talk import BOARDS, DESK
from tests.servers import make_app_in, running

ALLOWED = frozenset({200, 204, 304, 400, 403, 404, 405, 413, 415})
"""What a request may be answered with. A 5xx would make Twilio drop the message."""


class Log(io.TextIOBase):
    """Where the app's log goes: only lines of an error are kept, until somebody takes them."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def write(self, line: str) -> int:
        if '"level": "error"' in line or '"level": "critical"' in line:
            self.told.append(line.strip())
        return len(line)

    def taken(self) -> list[str]:
        taken, self.told = self.told, []
        return taken


class Guessing:
    """A model that hears in each text what its bytes decide: the same in every run, and anything at all."""

    def __init__(self, intents: Sequence[str]) -> None:
        self.intents = sorted(intents)

    def parse(self, text: str, timeout: float | None = None) -> Understanding | None:
        dice = random.Random(zlib.crc32(text.encode("utf-8", "replace")))
        if dice.random() < 0.1:
            return None
        sure = sorted((dice.random() for _ in range(dice.randrange(4))), reverse=True)
        ranking = tuple(Intent(dice.choice(self.intents), each) for each in sure)
        languages = ((dice.choice(list(Language)), dice.random()),) if dice.random() < 0.8 else ()
        return Understanding(ranking, languages, dice.choice((0.0, 0.0, 0.6)))


@dataclass
class Door:
    """The app, and the Redis behind it. Time goes by as ``at`` says."""

    app: Flask
    puente: Puente
    redis: Redis
    clock: Path
    log: Log
    at: float = 0.0
    desk: int = 1
    last: str = ""
    """Path and status of the request that came last."""

    def fresh(self, desk: int = 1) -> None:
        """Nobody has written yet. ``desk``: nobody is there, somebody, or somebody on a bad day."""
        self.redis.flushdb()
        with self.puente.engine.begin() as connection:
            for table in (OutboxRow, EscalationMessage, Escalation):
                connection.execute(delete(table))
        self.at, self.desk = 0.0, desk
        self.clock.write_text("0", "ascii")
        self.work()

    def work(self) -> None:
        """What the worker does for the message path: it writes into Redis who has a conversation with staff, and who opted out."""
        self.puente.escalations.mirror()
        self.puente.opt_outs.mirror()

    def later(self, seconds: float) -> None:
        self.at += seconds
        self.clock.write_text(str(self.at), "ascii")

    def send(self, sent: Sent) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the answer; what comes out of the app itself is a fault of it."""
        seen: list[Any] = []
        body = self.app.wsgi_app(sent.environ(), lambda status, headers, info=None: seen.append((status, headers)))
        try:
            data = b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()
        status, headers = seen[0]
        return int(status[:3]), {name.lower(): value for name, value in headers}, data

    def faults(self, sent: Sent) -> list[str]:
        """What is wrong with the answer to this request."""
        self.log.taken()
        try:
            status, headers, data = self.send(sent)
        except Exception as error:
            return [f"{type(error).__name__} comes out of the app: {error}"]
        self.last = f"{sent.url.partition('?')[0]} {status}"
        wrong = [f"the log says {line}" for line in self.log.taken()]
        if status not in ALLOWED:
            wrong.append(f"status {status}")
        if status == 200 and sent.url.startswith("/messages") and sent.method == "POST":
            wrong += twiml.faults(data)
            explain = json.loads(headers.get("x-puente-turn", "{}"))
            if explain.get("degraded") in ("memory", "everything"):
                wrong.append(f"something broke: answered as {explain['degraded']}")
        return wrong

    def sessions(self) -> list[str]:
        """What is wrong with the sessions that lie in Redis now."""
        wrong = []
        for key in self.redis.keys("*:session:*"):
            kept = self.redis.get(key)
            if kept:
                _, _, session = kept.partition(b"|")
                wrong += [f"a session: {fault}" for fault in grammar.faults_of_session(json.loads(session))]
                if len(session) > grammar.LARGEST:
                    wrong.append(f"a session of {len(session)} bytes in Redis")
        return wrong


@contextlib.contextmanager
def door(folder: Path) -> Iterator[Door]:
    """A door of its own, with its files in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    clock, log, before = folder / "clock", Log(), os.environ.get("PUENTE_CLOCK_FILE")
    clock.write_text("0", "ascii")
    os.environ["PUENTE_CLOCK_FILE"] = str(clock)
    stderr: TextIO = sys.stderr
    # What hangs is told by processor time (watchdog.py): a machine that is busy with others is no fault of a turn.
    hurried, patience.DEADLINE = patience.DEADLINE, 60.0
    with running(folder) as server:
        sys.stderr = log  # type: ignore[assignment]
        try:
            app = make_app_in(folder, {"DAILY_SPEND_CAP": "100000"})
            puente: Puente = app.extensions["puente"]()
            model = Guessing(list(puente.release.script.by_intent))
            DeskOrganizations(puente.engine, puente.conversation.clock).save("cli", DESK)
            board = lambda: BOARDS[made.desk]  # noqa: E731
            puente = replace(puente, conversation=replace(puente.conversation, model=model, board=board))
            app.extensions["puente"] = lambda: puente
            made = Door(app, puente, server.client(), clock, log)
            # The index of misspelled places is made when one comes first.
            puente.release.places.find("Sprinngfeild", None)
            yield made
        finally:
            sys.stderr = stderr
            patience.DEADLINE = hurried
            os.environ.pop("PUENTE_CLOCK_FILE", None)
            if before is not None:
                os.environ["PUENTE_CLOCK_FILE"] = before
