"""``python -m tests.bench.inbox``: how long the inbox takes with 500 open conversations of four messages each, on SQLite.

Time of the wall: on a machine that does something else besides, p95 says more of that than of us, so that the time of the
processor alone is told beside it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, thread_time

from sqlalchemy import Connection, insert

from bot.escalation import order
from bot.escalation.escalation import About, Author, Urgency
from bot.escalation.outgoing import State
from bot.escalation.viewer import SHARED_POOL, Role, Viewer
from bot.store.database import engine_for
from bot.store.desk_inbox import DeskInbox
from bot.store.desk_rows import sealed_about, write
from bot.store.key_database import KeyDatabase
from bot.store.key_store import KeyStore
from bot.store.master_key import MasterKeys
from bot.store.models import Escalation, OutboxRow
from bot.store.sealed import Key
from bot.store.sealed_numbers import sealed_number
from bot.store.upgrade import upgrade
from tests.bench.nearest import told

OPEN, TIMES = 500, 100
NOW = 1_795_521_600
VIEWER = Viewer(1, "Ana", frozenset({Role.RESPONDER}), "casa", frozenset({SHARED_POOL}))
TOPICS = ("rumor", "clinic", "if_detained", "danger_now", "find_detained")
SAID = (
    (Author.FAMILY, "Se llevaron a mi esposo del trabajo esta mañana y no sabemos a dónde; ¿con quién puedo hablar?"),
    (Author.BOT, "Le paso con una persona de Casa. Contesta de lunes a viernes de 9 a 5. Mientras: no firme nada."),
    (Author.STAFF, "Buenas tardes, soy de Casa. ¿En qué ciudad fue?"),
    (Author.FAMILY, "En Cicero, por la fábrica. Mi hija pregunta por él."),
)


def fill(engine_url: str, keys: KeyStore) -> None:
    """So many conversations, each with its key, its messages and one that was sent."""
    made = [keys.create(f"family-{number}") for number in range(OPEN)]
    engine = engine_for(engine_url)
    with engine.begin() as connection:
        for number, key in enumerate(made):
            _conversation(connection, number, key)
    engine.dispose()


def _conversation(connection: Connection, number: int, key: Key) -> None:
    about = About(topic=TOPICS[number % 5], language="es", place="US;;Cicero;IL;41.8;-87.8;town", consent="C-es 1")
    row = {
        "id": key.name,
        "channel": "sms",
        "number": sealed_number(key, f"+1500555{number:04}"),
        "opened": NOW - number,
    }
    times = {"waiting_since": NOW - number, "last_inbound": NOW - number, "last_bot": NOW - number}
    known = {"organization": "casa" if number % 3 else None, "urgency": list(Urgency)[number % 3].value}
    connection.execute(insert(Escalation).values(**row, **times, **known, about=sealed_about(key, about)))
    for author, text in SAID:
        sent = write(connection, key, author, NOW - number, text, None, {"topic": "rumor", "language": "es"})
    times = {"made": NOW, "not_before": NOW, "changed": NOW}
    going = {"id": key.name, "escalation": key.name, "message": sent - 1, "state": State.DELIVERED.value}
    connection.execute(insert(OutboxRow).values(**going, **times))


def timed(act: Callable[[], object], times: int = TIMES) -> tuple[list[float], list[float]]:
    """Milliseconds of the wall and of the processor, of each time after the first."""
    act()
    wall, processor = [], []
    for _ in range(times):
        before, busy = perf_counter(), thread_time()
        act()
        wall.append((perf_counter() - before) * 1000)
        processor.append((thread_time() - busy) * 1000)
    return wall, processor


def main() -> None:
    """Prints the distributions."""
    with tempfile.TemporaryDirectory(prefix="puente-bench-") as name:
        url = f"sqlite:///{name}/puente.db"
        upgrade(url, Path(name))
        database = KeyDatabase(f"sqlite:///{name}/keystore/keys.db")
        database.make()
        keys = KeyStore(database, MasterKeys((Key("2026", bytes(range(32))),)))
        fill(url, keys)
        engine = engine_for(url)
        inbox = DeskInbox(engine, keys, lambda: NOW)
        rows = inbox.rows(VIEWER)
        counts = order.counts((row.escalated for row in rows), VIEWER.user)
        print(f"{len(rows)} open conversations, {dict(counts)}")
        for what, act in (("rows", lambda: inbox.rows(VIEWER)), ("hints", lambda: inbox.hints(VIEWER))):
            wall, processor = timed(act)
            print(told(what, wall))
            print(told("  processor", processor))
        engine.dispose()
        database.close()


if __name__ == "__main__":
    main()
