"""The purge while a store is down or the wrong one; keys that no row names."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from bot.message import Channel
from bot.privacy import Peppers
from bot.store.database import engine_for
from bot.store.errors import KeyMissing, KeyStoreMisplaced
from bot.store.escalations import Escalations
from bot.store.key_store import KeyStore
from bot.store.keys import DayKeys
from bot.store.models import Base, Erasure, Escalation, EscalationMessage, Meta
from bot.store.opened_late import OpenedLate
from bot.store.purge import PurgeUnfinished, Stores, purge
from bot.store.sealed import seal
from bot.store.sessions import Sessions
from tests.store.purged import (
    ANA,
    DAY,
    World,
    escalation,
    everything,
    orphan,
    unerased,
)
from tests.upgraded import SEAL_KEY

STAFF = {"logins", "invitations", "phrases", "tasks"}


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
    assert gone == {"escalations", "unfinished erasings", "shared phones", "audit", "area notices"} | STAFF
    assert [name for name in keys.names() if not name.startswith("database-")] == []


def test_with_sql_down_redis_is_purged_and_no_key_dies(world: World, tmp_path: Path) -> None:
    everything(world)
    down = engine_for(f"sqlite:///{tmp_path}/no/folder.db")
    before = world.keys.names()
    escalations = Escalations(
        down, world.redis, Peppers(b"r" * 32, b"o" * 32), DayKeys(world.redis), world.keys, world.clock
    )
    with pytest.raises(PurgeUnfinished) as unfinished:
        purge(Stores(down, world.redis, world.keys, escalations, SEAL_KEY), world.clock())
    assert unfinished.value.gone["session"] == 1 and unfinished.value.gone["stored reply"] == 1
    assert len(unfinished.value.failed) == 15
    assert world.keys.names() == before


def test_with_no_key_store_what_needs_none_is_purged_and_nothing_sealed_is_lost(world: World) -> None:
    everything(world)

    def missing() -> KeyStore:
        raise KeyMissing("There is no key store.", "Make it.")

    peppers = Peppers(b"r" * 32, b"o" * 32)
    escalations = Escalations(world.engine, world.redis, peppers, DayKeys(world.redis), missing, world.clock)
    with pytest.raises(PurgeUnfinished) as unfinished:
        purge(Stores(world.engine, world.redis, OpenedLate(missing), escalations, SEAL_KEY), world.clock())
    assert set(unfinished.value.failed) == {"escalations", "unfinished erasings", "keys without a row"}
    assert unfinished.value.gone["audit"] == 2 and unfinished.value.gone["session"] == 1
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
