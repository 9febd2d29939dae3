"""The inbox beside a hundred thousand conversations in PostgreSQL: the store, the page, what an open page asks every few seconds, a thread.

A conversation is erased seven days after it was closed; its row stays for thirty days more, without number and words, so that a
retry brings nothing back. Time of the wall: on a machine that does something else besides, p95 says more of that than of us, so
that the time of the processor is told beside it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, insert, text

from bot.console.inbox_asked import Asked
from bot.console.inbox_page import listing, under
from bot.escalation.escalation import About, Author, Resolution, Urgency
from bot.escalation.outgoing import State
from bot.store.desk_rows import sealed_about, write
from bot.store.key_store import KeyStore
from bot.store.models import Escalation, OutboxRow
from bot.store.sealed import Key
from bot.store.sealed_numbers import sealed_number
from tests.bench.part import Bar, Figure
from tests.bench.sessions import Grown
from tests.bench.spread import ratios, share_of
from tests.console.desk_scene import Scene, open_scene
from tests.console.reading import hidden
from tests.servers import make_app_in, running
from tests.store.at_desk import ANA, OWN
from tests.store.postgres import new_database, postgres

WANTED_MS = 150
"""p95 of the page."""
AT_MOST = 1.10
"""What the page may take among all of them, those that are not erased alone being 1."""
_A_GROUP = 6
DAY = 24 * 3600
TOPICS = ("rumor", "services_health", "if_detained", "danger_now", "find_detained")
SAID = (
    (Author.FAMILY, "Se llevaron a mi esposo del trabajo esta mañana y no sabemos a dónde; ¿con quién puedo hablar?"),
    (Author.BOT, "Le paso con una persona de Casa. Contesta de lunes a viernes de 9 a 5. Mientras: no firme nada."),
    (Author.STAFF, "Buenas tardes, soy de Casa. ¿En qué ciudad fue?"),
    (Author.FAMILY, "En Cicero, por la fábrica. Mi hija pregunta por él."),
)
PAGE = "/console/inbox?tab=unclaimed"


def grown(folder: Path, whole: int, open_now: int, resolved: int, times: int) -> Grown:
    """The same open conversations and those resolved this week in two databases, in one of them among ``whole`` rows; in turn."""
    with ExitStack() as servers:
        server, scenes = servers.enter_context(postgres()), {}
        for name in ("alone", "among"):
            (folder / name).mkdir()
            servers.enter_context(running(folder / name))
            scene = open_scene(make_app_in(folder / name, {"DATABASE_URL": new_database(server)}))
            fill(scene.desk.engine, scene.families.keys, int(scene.desk.clock()), open_now, resolved)
            scenes[name] = scene
        _add_erased(scenes["among"], whole - open_now - resolved)
        taken = {name: _Taken(scene) for name, scene in scenes.items()}
        # As bot/gunicorn.py does before it forks: what lies there is no garbage of the page's.
        gc.collect()
        gc.freeze()
        for number in range(times):
            for name in sorted(taken, reverse=number % 2 == 1):
                taken[name].once()
        gc.unfreeze()
        for scene in scenes.values():
            scene.desk.puente.content.close()
            scene.desk.engine.dispose()
    return _told(taken["alone"], taken["among"], whole, open_now, resolved)


def _told(alone: _Taken, among: _Taken, whole: int, open_now: int, resolved: int) -> Grown:
    figures = []
    for name, wall in among.wall.items():
        p50, p95, processor = share_of(wall, 0.5), share_of(wall, 0.95), share_of(among.processor[name], 0.95)
        said = f"p50 {p50:.0f} ms, p95 {p95:.0f} ms (of the processor {processor:.0f} ms)"
        what = f"the inbox: {name}, among {whole:,} conversations in PostgreSQL"
        wanted, reached = (f"p95 {WANTED_MS} ms", p95 <= WANTED_MS) if name == "the page" else ("", None)
        figures.append(Figure(what, said, wanted, reached))
    ratio = ratios(_halves(among.wall["the page"]), _halves(alone.wall["the page"]))
    erased = whole - open_now - resolved
    what = f"the page among {whole:,}, among the {open_now + resolved:,} that are not erased being 1"
    shares = f"{open_now:,} open, {resolved:,} resolved this week, {erased:,} erased"
    figures.append(Figure(what, f"{ratio.told()}: {shares}", f"at most {AT_MOST}", ratio.median <= AT_MOST))
    bar = Bar(f"the inbox among {whole:,} conversations, to those that are not erased alone", ratio.median)
    raw = {
        name: {"wall_ms": one.wall, "processor_ms": one.processor} for name, one in (("alone", alone), ("among", among))
    }
    return Grown(tuple(figures), (bar,), raw)


def _halves(times: Sequence[float]) -> list[float]:
    """The median of each group of some that were measured one after the other."""
    return [median(times[first : first + _A_GROUP]) for first in range(0, len(times), _A_GROUP)]


class _Taken:
    """Milliseconds of the wall and of the processor for each thing that is asked of a scene."""

    def __init__(self, scene: Scene) -> None:
        """Asks everything once, which is not counted."""
        client = scene.client(ANA)
        page = client.get(PAGE)
        # As if something had changed each time, so that the list is drawn.
        known = {name: hidden(page, name) for name in ("shown", "told")}
        self.acts: dict[str, Callable[[], object]] = {
            "the store": partial(_asked_of_the_store, scene),
            "the page": partial(_get, client, PAGE),
            "what an open page asks": partial(_get, client, f"/console/inbox/list?tab=unclaimed&{urlencode(known)}"),
            "a conversation": partial(_get, client, "/console/conversation/open-7"),
        }
        self.wall: dict[str, list[float]] = {name: [] for name in self.acts}
        self.processor: dict[str, list[float]] = {name: [] for name in self.acts}
        for act in self.acts.values():
            act()

    def once(self) -> None:
        """Asks each thing once."""
        for name, act in self.acts.items():
            before, busy = perf_counter(), thread_time()
            act()
            self.wall[name].append((perf_counter() - before) * 1000)
            self.processor[name].append((thread_time() - busy) * 1000)


def _asked_of_the_store(scene: Scene) -> None:
    """What bot/console/inbox.py asks of it for the whole page."""
    asked, inbox = Asked(), scene.desk.inbox
    all = inbox.standing(ANA)
    found = listing(all, inbox.with_topics(ANA, under(asked, all, ANA.user)), asked, ANA.user)
    inbox.rows(ANA, [it.id for it in found.here])


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


def _add_erased(scene: Scene, number: int) -> None:
    """Rows of those who are erased: no number, no words, no key; over the thirty days for which such a row stays."""
    rows, now = [], int(scene.desk.clock())
    for each in range(number):
        closed = now - 7 * DAY - (each * 30 * DAY) // max(1, number)
        times = {"opened": closed - 2 * DAY, "closed": closed, "erased": closed + 7 * DAY}
        known = {"organization": OWN if each % 3 else None, "resolution": Resolution.INFORMED.value}
        rows.append({"id": f"erased-{each}", "channel": "sms", **times, **known})
    with scene.desk.engine.begin() as connection:
        for first in range(0, number, 5_000):
            connection.execute(insert(Escalation), rows[first : first + 5_000])
    with scene.desk.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # It may take longer than the statement of a page.
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("RESET statement_timeout"))
