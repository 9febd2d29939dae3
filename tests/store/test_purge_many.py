"""The purge of ten thousand; cut off in the middle; twice at once; on all nodes of a cluster."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import Engine, event, insert, update

from bot.message import Channel
from bot.privacy import Peppers
from bot.store.database import engine_for
from bot.store.errors import StoreDown
from bot.store.escalations import Escalations
from bot.store.key_database import KEYS, KeyDatabase
from bot.store.key_store import KeyStore
from bot.store.keys import DayKeys
from bot.store.models import Escalation, EscalationMessage
from bot.store.outlived import drop_outlived
from bot.store.purge import PurgeUnfinished, Stores, purge
from tests.servers import RedisNodes
from tests.store.conftest import A_CLUSTER
from tests.store.purged import (
    DAY,
    World,
    unerased,
)
from tests.upgraded import SEAL_KEY

pytestmark = pytest.mark.slow


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
            gone = purge(Stores(engine, client, keys, escalations, SEAL_KEY), world.clock())
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


@pytest.mark.parametrize("redis_server", [A_CLUSTER], indirect=True)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_on_all_nodes_of_a_cluster(
    redis_client: Redis, redis_server: RedisNodes, engine: Engine, keys: KeyStore, peppers: Peppers, clock
) -> None:
    cluster = redis_client
    stamp = int(clock() * 1000)
    for number in range(60):
        cluster.set(f"{{{number:04x}}}:session:x", f"{stamp}|{{}}")
        cluster.hset(f"{{{number:04x}}}:replies:x", mapping={"a": f"{stamp}|hola", "b": f"{stamp + 1}|"})
    cluster.set("spent:2026-11-24", 3)
    nodes = {redis_server.serving(f"{{{number:04x}}}:session:x").url for number in range(60)}
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
    stores = Stores(engine, cluster, keys, escalations, SEAL_KEY)
    clock.advance(30 * DAY)
    assert purge(stores, clock())["escalations"] == 12
    assert [name for name in cluster.scan_iter("{*}:esc*")] == []
