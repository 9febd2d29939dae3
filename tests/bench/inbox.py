"""``python -m tests.bench.inbox``: how long the inbox takes with 500 open conversations of four messages each, on SQLite.

The store alone, the page, and what an open page asks every few seconds. Time of the wall: on a machine that does something else
besides, p95 says more of that than of us, so that the time of the processor is told beside it, and that of a known sum.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, thread_time

# Before webhook.py is imported.
os.environ["ENVIRONMENT"] = "test"

from sqlalchemy import Connection, Engine, insert

from bot.escalation.escalation import About, Author, Urgency
from bot.escalation.outgoing import State
from bot.store.desk_rows import sealed_about, write
from bot.store.key_store import KeyStore
from bot.store.models import Escalation, OutboxRow
from bot.store.sealed import Key
from bot.store.sealed_numbers import sealed_number
from tests.bench.nearest import told
from tests.console.desk_scene import open_scene
from tests.servers import make_app_in, running
from tests.store.at_desk import ANA, OWN

OPEN, TIMES = 500, 100
WANTED_MS = 150
"""p95 of the page."""
TOPICS = ("rumor", "services_health", "if_detained", "danger_now", "find_detained")
SAID = (
    (Author.FAMILY, "Se llevaron a mi esposo del trabajo esta mañana y no sabemos a dónde; ¿con quién puedo hablar?"),
    (Author.BOT, "Le paso con una persona de Casa. Contesta de lunes a viernes de 9 a 5. Mientras: no firme nada."),
    (Author.STAFF, "Buenas tardes, soy de Casa. ¿En qué ciudad fue?"),
    (Author.FAMILY, "En Cicero, por la fábrica. Mi hija pregunta por él."),
)


def fill(engine: Engine, keys: KeyStore, now: int) -> None:
    """So many conversations, each with its key, its messages and one that was sent."""
    made = [keys.create(f"family-{number}") for number in range(OPEN)]
    with engine.begin() as connection:
        for number, key in enumerate(made):
            _conversation(connection, number, key, now - 10 * number)


def _conversation(connection: Connection, number: int, key: Key, at: int) -> None:
    about = About(topic=TOPICS[number % 5], language="es", place="US;;Cicero;IL;41.8;-87.8;town", consent="C-es 1")
    row = {"id": key.name, "channel": "sms", "number": sealed_number(key, f"+1500555{number:04}"), "opened": at}
    times = {"waiting_since": at, "last_inbound": at, "last_bot": at}
    known = {"organization": OWN if number % 3 else None, "urgency": list(Urgency)[number % 3].value}
    connection.execute(insert(Escalation).values(**row, **times, **known, about=sealed_about(key, about)))
    for author, text in SAID:
        newest = write(connection, key, author, at, text, None, {"topic": "rumor", "language": "es"})
    times = {"made": at, "not_before": at, "changed": at}
    going = {"id": key.name, "escalation": key.name, "message": newest - 1, "state": State.DELIVERED.value}
    connection.execute(insert(OutboxRow).values(**going, **times))


def measure(what: str, act: Callable[[], object]) -> None:
    """Prints the milliseconds of the wall and of the processor; the first time is not counted."""
    act()
    wall, processor = [], []
    for _ in range(TIMES):
        before, busy = perf_counter(), thread_time()
        act()
        wall.append((perf_counter() - before) * 1000)
        processor.append((thread_time() - busy) * 1000)
    print(told(what, wall))
    print(told("  processor", processor))


def main() -> None:
    """Prints the distributions."""
    with tempfile.TemporaryDirectory(prefix="puente-bench-") as name, running(Path(name)):
        scene = open_scene(make_app_in(Path(name), {}))
        fill(scene.desk.engine, scene.families.keys, int(scene.desk.clock()))
        client = scene.client(ANA)

        def get(path: str) -> None:
            answer = client.get(path)
            if answer.status_code not in (200, 204):
                raise SystemExit(f"{path} answers {answer.status_code}")

        rows = scene.desk.inbox.rows(ANA)
        print(f"{len(rows)} open conversations; wanted: p95 of the page under {WANTED_MS} ms")
        measure("store", lambda: scene.desk.inbox.rows(ANA))
        measure("page", lambda: get("/console/inbox"))
        measure("poll", lambda: get("/console/inbox/list"))
        measure("thread", lambda: get("/console/conversation/family-7"))
    before = thread_time()
    sum(number * 3 for number in range(1_000_000))
    print(f"to compare machines: a million products summed up take {(thread_time() - before) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
