"""The purge: what is over its time goes, and nothing before; whatever store is down, cut off in the middle, and twice at once."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.cluster import ClusterNode, RedisCluster
from sqlalchemy import Engine, event, func, insert, select, update

from bot.message import Channel
from bot.privacy import KEPT, RETENTION, Peppers
from bot.store import audit
from bot.store.database import engine_for
from bot.store.errors import KeyGone, KeyMissing, KeyStoreMisplaced, StoreDown
from bot.store.escalations import Escalations
from bot.store.key_database import KEYS, KeyDatabase
from bot.store.key_store import KeyStore
from bot.store.keys import DayKeys
from bot.store.models import (
    AreaNoticeRow,
    AuditRow,
    Base,
    Erasure,
    Escalation,
    EscalationMessage,
    Meta,
    PlaceCount,
    SharedPhone,
    TopicCount,
)
from bot.store.opened_late import OpenedLate
from bot.store.outlived import drop_outlived
from bot.store.purge import PurgeUnfinished, Stores, purge
from bot.store.sealed import seal
from bot.store.sessions import Sessions
from bot.store.tally import spending
from tests.servers import running

ANA, LUZ = "+15005550006", "whatsapp:+50255500001"
HOUR, DAY = 3_600, 86_400
NOON_TO_MIDNIGHT = 12 * HOUR


@dataclass(frozen=True)
class World:
    """Every store, and the clock."""

    engine: Engine
    redis: Redis
    keys: KeyStore
    escalations: Escalations
    sessions: Sessions
    clock: Any

    def purge(self, keys: KeyStore | OpenedLate | None = None) -> dict[str, int]:
        """What went, but for day keys; the empty parts are left out."""
        stores = Stores(self.engine, self.redis, keys or self.keys, self.escalations)
        return {name: number for name, number in purge(stores, self.clock()).items() if number and name != "day key"}

    def put(self, table: type, **values: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(insert(table).values(**values))

    def count(self, table: type) -> int:
        with self.engine.connect() as connection:
            return int(connection.scalar(select(func.count()).select_from(table)) or 0)

    def named(self, pattern: str) -> int:
        return len(self.redis.keys(pattern))


@pytest.fixture
def world(
    engine: Engine, redis_client: Redis, keys: KeyStore, escalations: Escalations, peppers: Peppers, clock
) -> World:
    sessions = Sessions(redis_client, peppers, DayKeys(redis_client), clock)
    return World(engine, redis_client, keys, escalations, sessions, clock)


def turn(world: World) -> None:
    begun = world.sessions.begin(ANA, "SM1", time.monotonic() + 2)
    assert world.sessions.finish(begun, {"flow": "menu"}, b"hola", {})


def escalation(world: World, closed: bool = False, erased: bool = False) -> None:
    id = world.escalations.open(ANA, Channel.SMS)
    world.escalations.add(id, "family", "ayuda")
    if closed:
        world.escalations.close(id)
    if erased:
        world.escalations.erase(id)


def erasure(world: World) -> None:
    sealed = seal(world.keys.create("an-erasing"), ANA.encode(), table="erasures", row="an-erasing", column="address")
    world.put(Erasure, id="an-erasing", asked=int(world.clock()), address=sealed)


def notice(world: World) -> None:
    now = int(world.clock())
    world.put(AreaNoticeRow, notice="{}", starts=now - HOUR, ends=now)


def audited(world: World) -> None:
    with world.engine.begin() as connection:
        audit.note(connection, world.clock(), "Prueba Inventada", "hold.set", "x")


def orphan(world: World) -> None:
    world.keys.create("nobody-names-it")
    world.purge()


def unerased(world: World) -> int:
    with world.engine.connect() as connection:
        return int(connection.scalar(select(func.count()).where(Escalation.number.is_not(None))) or 0)


MONDAY = date(2026, 11, 23)
COUNTS_END = timedelta(days=396 - 1.5).total_seconds()
"""From Tuesday noon to the midnight on which the week of that Monday is over 395 days old."""

# What, its row in the table of retention, how it comes, how much of it is there, and after how many seconds it goes.
TABLE: list[tuple[str, str, Callable[[World], object], Callable[[World], int], float]] = [
    ("a session", "{????}:session:*", turn, lambda w: w.named("{*}:session:*"), DAY),
    ("a stored reply", "{????}:replies:*", turn, lambda w: w.named("{*}:replies:*"), DAY),
    (
        "a day key",
        "day:*",
        lambda w: DayKeys(w.redis).pair(w.clock()),
        lambda w: w.named("day:2026-11-24"),
        DAY + NOON_TO_MIDNIGHT,
    ),
    (
        "spent segments",
        "spent:*",
        lambda w: [w.redis.execute_command(*each) for each in spending(3, w.clock())],
        lambda w: w.named("spent:*"),
        DAY + NOON_TO_MIDNIGHT,
    ),
    ("a closed escalation", "escalations", lambda w: escalation(w, closed=True), unerased, 7 * DAY),
    (
        "its messages",
        "escalation_messages",
        lambda w: escalation(w, closed=True),
        lambda w: w.count(EscalationMessage),
        7 * DAY,
    ),
    (
        "its key",
        "keys",
        lambda w: escalation(w, closed=True),
        lambda w: sum(len(n) == 22 for n in w.keys.names()),
        7 * DAY,
    ),
    (
        "its entry",
        "{????}:esc-all:*",
        lambda w: escalation(w, closed=True),
        lambda w: w.named("{*}:esc-all:*"),
        7 * DAY,
    ),
    ("an open escalation", "escalations", escalation, unerased, 30 * DAY),
    ("the entry of an open one", "{????}:esc:*", escalation, lambda w: w.named("{*}:esc:*"), 30 * DAY),
    ("a tombstone", "escalations", lambda w: escalation(w, erased=True), lambda w: w.count(Escalation), 30 * DAY),
    ("an unfinished erasing", "erasures", erasure, lambda w: w.count(Erasure), 14 * DAY),
    ("the key of one", "keys", erasure, lambda w: w.keys.names().count("an-erasing"), 14 * DAY),
    (
        "a shared phone",
        "shared_phones",
        lambda w: w.put(SharedPhone, contact_key="a" * 64, until=int(w.clock()) + 90 * DAY),
        lambda w: w.count(SharedPhone),
        90 * DAY,
    ),
    ("the audit", "audit", audited, lambda w: w.count(AuditRow), 365 * DAY),
    ("an area notice", "area_notices", notice, lambda w: w.count(AreaNoticeRow), 30 * DAY + 1),
    (
        "counts of topics",
        "topic_counts",
        lambda w: w.put(TopicCount, week=MONDAY, topic="menu", language="es", channel="sms", n=5),
        lambda w: w.count(TopicCount),
        COUNTS_END,
    ),
    (
        "counts of places",
        "place_counts",
        lambda w: w.put(PlaceCount, week=MONDAY, state="US-TX", help="food", n=5),
        lambda w: w.count(PlaceCount),
        COUNTS_END,
    ),
    ("a key that no row names", "keys", orphan, lambda w: w.keys.names().count("nobody-names-it"), DAY),
    ("the note of one", "{purge}:unnamed", orphan, lambda w: w.named("{purge}:unnamed"), DAY),
]


@pytest.mark.parametrize(("row", "put", "there", "after"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_everything_goes_at_its_time_and_not_before(
    world: World, row: str, put: Callable[[World], object], there: Callable[[World], int], after: float
) -> None:
    put(world)
    assert there(world) == 1
    world.clock.advance(after - 1)
    world.purge()
    assert there(world) == 1, "too early"
    world.clock.advance(1)
    world.purge()
    assert there(world) == 0, "too late"
    assert world.purge() == {}


def test_whatever_the_purge_ends_is_in_the_table_above() -> None:
    assert {row.name for row in KEPT if "purge" in row.ends} <= {row[1] for row in TABLE}
    assert {row.name for row in KEPT} >= {row[1] for row in TABLE}


def test_what_was_copied_before_opens_with_no_key_that_is_left(world: World) -> None:
    escalation(world, closed=True)
    erasure(world)
    [id] = world.escalations.find(ANA, closed_too=True)
    world.clock.advance(14 * DAY)
    assert world.purge() == {"escalations": 1, "unfinished erasings": 1}
    for ask in (world.escalations.messages, world.escalations.address, world.keys.require):
        with pytest.raises(KeyGone):
            ask(id)
    with pytest.raises(KeyGone):
        world.keys.require("an-erasing")


def test_what_counsel_holds_stays_whatever_its_time(world: World) -> None:
    escalation(world, closed=True)
    [id] = world.escalations.find(ANA, closed_too=True)
    world.escalations.hold(id, "Counsel", "Somebody")
    world.clock.advance(400 * DAY)
    assert world.purge() == {"audit": 1}
    assert [message.text for message in world.escalations.messages(id)] == ["ayuda"]
    world.escalations.release_hold(id, "Somebody")
    assert world.purge() == {"escalations": 1}


def test_a_turn_that_goes_on_loses_nothing(world: World) -> None:
    turn(world)
    world.clock.advance(DAY - 60)
    begun = world.sessions.begin(ANA, "SM2", time.monotonic() + 2)
    world.clock.advance(120)
    world.purge()
    assert world.sessions.finish(begun, {"flow": "food"}, b"pan", {})
    world.clock.advance(DAY - 180)
    world.purge()
    assert world.sessions.begin(ANA, "SM3", time.monotonic() + 2).session == {"flow": "food"}


def test_of_many_replies_only_the_old_go_and_an_erased_one_too(world: World, redis_client: Redis) -> None:
    turn(world)
    world.sessions.erase(ANA)
    world.clock.advance(HOUR)
    begun = world.sessions.begin(ANA, "SM2", time.monotonic() + 2)
    world.sessions.finish(begun, None, b"otra", {})
    [name] = redis_client.keys("{*}:replies:*")
    assert redis_client.hlen(name) == 2
    world.clock.advance(DAY - HOUR)
    assert world.purge() == {"stored reply": 1}
    assert redis_client.hlen(name) == 1


def test_a_value_that_nobody_can_read_goes(world: World, redis_client: Redis) -> None:
    redis_client.set("{0001}:session:x", b"spoiled")
    redis_client.hset("{0001}:replies:x", "sid", b"")
    assert world.purge() == {"session": 1, "stored reply": 1}


# --- many ---


def many(world: World, number: int) -> None:
    """Escalations with a message each: a half over its time, the first hundred of these held."""
    now = int(world.clock())
    ids = [f"{n:022d}" for n in range(number)]
    with world.engine.begin() as connection:
        rows = [
            {"id": id, "channel": "sms", "number": b"sealed", "opened": now - 31 * DAY if n % 2 else now}
            for n, id in enumerate(ids)
        ]
        connection.execute(insert(Escalation), rows)
        connection.execute(
            insert(EscalationMessage), [{"escalation": id, "author": "family", "at": now, "sealed": b"x"} for id in ids]
        )
        held = [id for n, id in enumerate(ids) if n % 2][:100]
        mine = Escalation.id.in_(held)
        connection.execute(update(Escalation).where(mine).values(held_since=now, held_by="A", held_for="B"))
    with world.keys._database.writing() as connection:
        connection.execute(insert(KEYS), [{"name": id, "master": "2026", "wrapped": b"w" * 61} for id in ids])


def left(world: World) -> tuple[int, int, int]:
    """Escalations that are not erased, messages, and keys."""
    return unerased(world), world.count(EscalationMessage), sum(len(name) == 22 for name in world.keys.names())


def test_ten_thousand_at_once(world: World) -> None:
    many(world, 10_000)
    ids = world.keys.names()
    assert len(set(ids)) == 10_000
    assert world.purge() == {"escalations": 4_900}
    assert left(world) == (5_100, 5_100, 5_100)


@pytest.mark.parametrize("crash_at", [1, 2, 3, 5])
def test_cut_off_in_the_middle_and_run_again(world: World, crash_at: int) -> None:
    many(world, 1_400)
    commits = 0

    def crash(_connection: object) -> None:
        nonlocal commits
        commits += 1
        if commits == crash_at:
            raise KeyboardInterrupt

    event.listen(world.engine, "commit", crash)
    with pytest.raises(KeyboardInterrupt):
        world.purge()
    event.remove(world.engine, "commit", crash)
    rows, messages, key_count = left(world)
    assert rows == messages >= key_count >= 800, "a key that lived longer than its row"
    world.purge()
    assert left(world) == (800, 800, 800)


def test_two_at_once(world: World, database_url: str, redis_server, peppers: Peppers, tmp_path: Path) -> None:
    many(world, 1_400)
    went: list[int] = []

    def purging() -> None:
        engine, client = engine_for(database_url), redis_server.client()
        keys = KeyStore(KeyDatabase(f"sqlite:///{tmp_path}/keystore/keys.db"), world.keys._masters)
        escalations = Escalations(engine, client, peppers, DayKeys(client), keys, world.clock)
        gone: Any
        try:
            gone = purge(Stores(engine, client, keys, escalations), world.clock())
        except PurgeUnfinished as unfinished:
            # One waited too long for the other.
            assert all(isinstance(error, StoreDown) for error in unfinished.failed.values())
            gone = unfinished.gone
        went.append(gone.get("escalations", 0))
        keys.close()
        engine.dispose()

    threads = [threading.Thread(target=purging) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(went) <= 600
    world.purge()
    assert left(world) == (800, 800, 800)


# --- stores that are down ---


def everything(world: World) -> None:
    """Something of each kind, long over its time."""
    turn(world)
    escalation(world, closed=True)
    erasure(world)
    audited(world)
    notice(world)
    world.put(SharedPhone, contact_key="a" * 64, until=int(world.clock()))
    world.clock.advance(400 * DAY)


def test_with_redis_down_sql_and_keys_are_purged(
    engine: Engine, own_redis, keys: KeyStore, peppers: Peppers, clock
) -> None:
    client = own_redis.client()
    escalations = Escalations(engine, client, peppers, DayKeys(client), keys, clock)
    world = World(engine, client, keys, escalations, Sessions(client, peppers, DayKeys(client), clock), clock)
    everything(world)
    own_redis.kill()
    with pytest.raises(PurgeUnfinished, match="Redis: redis is down") as unfinished:
        world.purge()
    assert set(unfinished.value.failed) == {"Redis", "keys without a row"}
    gone = {name for name, number in unfinished.value.gone.items() if number}
    assert gone == {"escalations", "unfinished erasings", "shared phones", "audit", "area notices"}
    assert [name for name in keys.names() if not name.startswith("database-")] == []


def test_with_sql_down_redis_is_purged_and_no_key_dies(world: World, tmp_path: Path) -> None:
    everything(world)
    down = engine_for(f"sqlite:///{tmp_path}/no/folder.db")
    before = world.keys.names()
    escalations = Escalations(
        down, world.redis, Peppers(b"r" * 32, b"o" * 32), DayKeys(world.redis), world.keys, world.clock
    )
    with pytest.raises(PurgeUnfinished) as unfinished:
        purge(Stores(down, world.redis, world.keys, escalations), world.clock())
    assert unfinished.value.gone["session"] == 1 and unfinished.value.gone["stored reply"] == 1
    assert len(unfinished.value.failed) == 8
    assert world.keys.names() == before


def test_with_no_key_store_what_needs_none_is_purged_and_nothing_sealed_is_lost(world: World) -> None:
    everything(world)

    def missing() -> KeyStore:
        raise KeyMissing("There is no key store.", "Make it.")

    peppers = Peppers(b"r" * 32, b"o" * 32)
    escalations = Escalations(world.engine, world.redis, peppers, DayKeys(world.redis), missing, world.clock)
    with pytest.raises(PurgeUnfinished) as unfinished:
        purge(Stores(world.engine, world.redis, OpenedLate(missing), escalations), world.clock())
    assert set(unfinished.value.failed) == {"escalations", "unfinished erasings", "keys without a row"}
    assert unfinished.value.gone["audit"] == 1 and unfinished.value.gone["session"] == 1
    assert (unerased(world), world.count(Erasure), world.count(EscalationMessage)) == (1, 1, 1)
    assert {"escalations", "unfinished erasings"} <= set(world.purge())


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True)
def test_one_row_that_is_held_by_others_fails_its_part_alone(world: World) -> None:
    everything(world)
    with suppress(KeyboardInterrupt), world.engine.begin() as connection:
        connection.execute(update(Escalation).values(channel="sms"))
        with pytest.raises(PurgeUnfinished) as unfinished:
            world.purge()
        raise KeyboardInterrupt
    assert "escalations" in unfinished.value.failed and unfinished.value.gone["session"] == 1
    assert unerased(world) == 1
    assert world.purge()["escalations"] == 1


# --- keys that no row names ---


def test_a_key_of_an_opening_that_goes_on_is_not_taken(world: World) -> None:
    """Found without its row once, with its row the next day."""
    key = world.keys.create("being-opened")
    world.purge()
    row = {"id": "being-opened", "channel": "sms", "opened": int(world.clock())}
    world.put(
        Escalation, number=seal(key, ANA.encode(), table="escalations", row="being-opened", column="number"), **row
    )
    world.clock.advance(2 * DAY)
    assert world.purge() == {}
    assert world.escalations.address("being-opened") == ANA
    assert world.redis.hgetall("{purge}:unnamed") == {}


def test_a_redis_come_back_empty_only_begins_the_day_anew(world: World) -> None:
    orphan(world)
    world.clock.advance(DAY)
    world.redis.flushall()
    assert world.purge() == {}
    world.clock.advance(DAY)
    assert world.purge() == {"keys without a row": 1}


def test_the_key_of_a_tombstone_goes_at_once(world: World) -> None:
    """It came back with a copy of the key store."""
    id = world.escalations.open(ANA, Channel.SMS)
    world.escalations.erase(id)
    world.keys.create(id)
    assert world.purge() == {"keys without a row": 1}
    assert id not in world.keys.names()


def test_a_database_that_was_set_by_mistake_destroys_no_key(world: World) -> None:
    escalation(world)
    world.purge()
    before = world.keys.names()
    with world.engine.begin() as connection:
        for table in (EscalationMessage, Escalation, Meta):
            connection.execute(Base.metadata.tables[table.__tablename__].delete())
    for _ in range(2):
        world.clock.advance(2 * DAY)
        with pytest.raises(PurgeUnfinished, match="another database") as unfinished:
            world.purge()
        assert isinstance(unfinished.value.failed["keys without a row"], KeyStoreMisplaced)
    assert world.keys.names() == before


# --- a cluster of more than one node ---


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[RedisCluster]:
    """Three nodes that share the slots."""
    with ExitStack() as servers:
        # Nodes talk on another port, 10,000 above.
        ports = [20_000 + number for number in random.sample(range(10_000), 3)]
        nodes = []
        for port in ports:
            folder = tmp_path / str(port)
            folder.mkdir()
            more = ("--cluster-enabled", "yes", "--port", str(port), "--bind", "127.0.0.1")
            more += ("--cluster-config-file", str(folder / "nodes.conf"))
            nodes.append(servers.enter_context(running(folder, *more)).client())
        for number, node in enumerate(nodes):
            node.execute_command("CLUSTER", "ADDSLOTS", *range(16_384 * number // 3, 16_384 * (number + 1) // 3))
            node.execute_command("CLUSTER", "MEET", "127.0.0.1", ports[0])
        give_up = time.monotonic() + 30
        while not all(
            b"cluster_state:ok" in node.execute_command("CLUSTER", "INFO")
            and b"cluster_known_nodes:3" in node.execute_command("CLUSTER", "INFO")
            for node in nodes
        ):
            assert time.monotonic() < give_up, "the cluster does not come up"
            time.sleep(0.05)
        client = RedisCluster(startup_nodes=[ClusterNode("127.0.0.1", port) for port in ports], protocol=2)
        yield client
        client.close()


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_on_all_nodes_of_a_cluster(
    cluster: RedisCluster, engine: Engine, keys: KeyStore, peppers: Peppers, clock
) -> None:
    stamp = int(clock() * 1000)
    for number in range(60):
        cluster.set(f"{{{number:04x}}}:session:x", f"{stamp}|{{}}")
        cluster.hset(f"{{{number:04x}}}:replies:x", mapping={"a": f"{stamp}|hola", "b": f"{stamp + 1}|"})
    cluster.set("spent:2026-11-24", 3)
    nodes = {cluster.get_node_from_key(f"{{{number:04x}}}:session:x").port for number in range(60)}
    assert len(nodes) == 3
    assert not +drop_outlived(cluster, clock() + DAY - 1)
    assert drop_outlived(cluster, clock() + DAY) == {
        "session": 60,
        "stored reply": 60,
        "spent segments": 0,
    }
    assert +drop_outlived(cluster, clock() + DAY + 0.001) == {"stored reply": 60}

    escalations = Escalations(engine, cluster, peppers, DayKeys(cluster), keys, clock)
    ids = [escalations.open(f"+1500555{number:04d}", Channel.SMS) for number in range(12)]
    escalations.close(ids[0])
    assert escalations.mirror() == 11
    stores = Stores(engine, cluster, keys, escalations)
    clock.advance(30 * DAY)
    assert purge(stores, clock())["escalations"] == 12
    assert [name for name in cluster.scan_iter("{*}:esc*")] == []


def test_the_promised_times_are_those_of_the_table() -> None:
    assert all(row.after is not None for row in KEPT if "purge" in row.ends)
    assert RETENTION["escalation"] > RETENTION["closed escalation"]
