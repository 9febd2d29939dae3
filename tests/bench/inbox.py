"""The inbox beside a hundred thousand conversations in PostgreSQL: the store, the page, what an open page asks every few seconds, a thread.

A conversation is erased seven days after it was closed; its row stays for thirty days more, without number and words, so that a
retry brings nothing back. Time of the wall: on a machine that does something else besides, p95 says more of that than of us, so
that the time of the processor is told beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time

from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, insert, text

from bot.escalation.escalation import About, Author, Resolution, Urgency
from bot.escalation.outgoing import State
from bot.store.desk_rows import sealed_about, write
from bot.store.key_store import KeyStore
from bot.store.models import Escalation, OutboxRow
from bot.store.sealed import Key
from bot.store.sealed_numbers import sealed_number
from tests.bench.part import Bar, Figure
from tests.bench.sessions import Grown
from tests.bench.spread import share_of
from tests.console.desk_scene import Scene, open_scene
from tests.servers import make_app_in, running
from tests.store.at_desk import ANA, OWN
from tests.store.postgres import new_database, postgres

WANTED_MS = 150
"""p95 of the page."""
DAY = 24 * 3600
TOPICS = ("rumor", "services_health", "if_detained", "danger_now", "find_detained")
SAID = (
    (Author.FAMILY, "Se llevaron a mi esposo del trabajo esta mañana y no sabemos a dónde; ¿con quién puedo hablar?"),
    (Author.BOT, "Le paso con una persona de Casa. Contesta de lunes a viernes de 9 a 5. Mientras: no firme nada."),
    (Author.STAFF, "Buenas tardes, soy de Casa. ¿En qué ciudad fue?"),
    (Author.FAMILY, "En Cicero, por la fábrica. Mi hija pregunta por él."),
)
PAGES = {
    "the page": "/console/inbox",
    "what an open page asks": "/console/inbox/list",
    "a conversation": "/console/conversation/open-7",
}


def grown(folder: Path, whole: int, open_now: int, resolved: int, times: int) -> Grown:
    """An inbox with so many open conversations and of this week's resolved ones; then ``whole`` rows in all, the others erased."""
    with postgres() as server, running(folder):
        scene = open_scene(make_app_in(folder, {"DATABASE_URL": new_database(server)}))
        now = int(scene.desk.clock())
        fill(scene.desk.engine, scene.families.keys, now, open_now, resolved)
        alone = _taken(scene, times)
        with scene.desk.engine.begin() as connection:
            _erased(connection, whole - open_now - resolved, now)
        with scene.desk.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        among = _taken(scene, times)
        scene.desk.puente.content.close()
        scene.desk.engine.dispose()
    return _told(alone, among, whole, open_now, resolved)


def _told(
    alone: dict[str, list[list[float]]], among: dict[str, list[list[float]]], whole: int, open_now: int, resolved: int
) -> Grown:
    figures = []
    for name, (wall, busy) in among.items():
        p50, p95, processor = share_of(wall, 0.5), share_of(wall, 0.95), share_of(busy, 0.95)
        said = f"p50 {p50:.0f} ms, p95 {p95:.0f} ms (of the processor {processor:.0f} ms)"
        what = f"the inbox: {name}, among {whole:,} conversations in PostgreSQL"
        wanted = name == "the page"
        figures.append(
            Figure(what, said, f"p95 {WANTED_MS} ms" if wanted else "", p95 <= WANTED_MS if wanted else None)
        )
    few, many = share_of(alone["the page"][0], 0.5), share_of(among["the page"][0], 0.5)
    erased = whole - open_now - resolved
    what = f"the page among {whole:,}, among the {open_now + resolved:,} that are not erased being 1"
    shares = f"{open_now:,} open, {resolved:,} resolved this week, {erased:,} erased"
    figures.append(Figure(what, f"{many / few:.2f} ({shares})"))
    bar = Bar(f"the inbox among {whole:,} conversations, to those that are not erased alone", many / few)
    return Grown(tuple(figures), (bar,), {"alone_ms": alone, "among_ms": among})


def _taken(scene: Scene, times: int) -> dict[str, list[list[float]]]:
    """Milliseconds of the wall and of the processor, each thing in its turn; the first time is not counted."""
    client = scene.client(ANA)
    acts: dict[str, Callable[[], object]] = {"the store": lambda: scene.desk.inbox.rows(ANA)}
    acts |= {name: partial(_get, client, path) for name, path in PAGES.items()}
    for act in acts.values():
        act()
    both: dict[str, list[list[float]]] = {name: [[], []] for name in acts}
    for _ in range(times):
        for name, act in acts.items():
            before, busy = perf_counter(), thread_time()
            act()
            both[name][0].append((perf_counter() - before) * 1000)
            both[name][1].append((thread_time() - busy) * 1000)
    return both


def _get(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code not in (200, 204):
        raise SystemExit(f"{path} answers {answer.status_code}")


def fill(engine: Engine, keys: KeyStore, now: int, open_now: int, resolved: int) -> None:
    """So many conversations, each with its key, its messages and one that was sent."""
    names = [f"open-{number}" for number in range(open_now)] + [f"resolved-{number}" for number in range(resolved)]
    made = [keys.create(name) for name in names]
    with engine.begin() as connection:
        for number, key in enumerate(made):
            at = now - 10 * number if number < open_now else now - (number * 977) % (6 * DAY) - 60
            _conversation(connection, number, key, at, closed=at + 30 if number >= open_now else None)


def _conversation(connection: Connection, number: int, key: Key, at: int, closed: int | None) -> None:
    about = About(topic=TOPICS[number % 5], language="es", place="US;;Cicero;IL;41.8;-87.8;town", consent="C-es 1")
    row = {"id": key.name, "channel": "sms", "number": sealed_number(key, f"+1500555{number:04}"), "opened": at}
    times = {"waiting_since": at if closed is None else None, "last_inbound": at, "last_bot": at, "closed": closed}
    known = {"organization": OWN if number % 3 else None, "urgency": list(Urgency)[number % 3].value}
    known |= {"resolution": Resolution.INFORMED.value} if closed else {}
    connection.execute(insert(Escalation).values(**row, **times, **known, about=sealed_about(key, about)))
    for author, words in SAID:
        newest = write(connection, key, author, at, words, None, {"topic": "rumor", "language": "es"})
    sent = {"made": at, "not_before": at, "changed": at}
    going = {"id": key.name, "escalation": key.name, "message": newest - 1, "state": State.DELIVERED.value}
    connection.execute(insert(OutboxRow).values(**going, **sent))


def _erased(connection: Connection, number: int, now: int) -> None:
    """Rows of those who are erased: no number, no words, no key; over the thirty days for which such a row stays."""
    rows = []
    for each in range(number):
        closed = now - 7 * DAY - (each * 30 * DAY) // max(1, number)
        times = {"opened": closed - 2 * DAY, "closed": closed, "erased": closed + 7 * DAY}
        known = {"organization": OWN if each % 3 else None, "resolution": Resolution.INFORMED.value}
        rows.append({"id": f"erased-{each}", "channel": "sms", **times, **known})
    for first in range(0, number, 5_000):
        connection.execute(insert(Escalation), rows[first : first + 5_000])
