"""Erasing an escalation: the key first, counsel before all, whatever store is down, whoever comes at the same time."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, event, select

from bot.frozen import replace
from bot.message import Channel
from bot.privacy import Peppers
from bot.store.database import engine_for
from bot.store.errors import Held, KeyGone, KeyMissing, NoSuchEscalation, SealBroken, StoreDown
from bot.store.escalations import Escalations
from bot.store.key_database import KeyDatabase
from bot.store.key_store import KeyStore
from bot.store.keys import DayKeys
from bot.store.master_key import MasterKeys
from bot.store.models import Escalation, EscalationMessage
from bot.store.sealed import Key, unseal
from bot.store.sessions import Sessions
from tests.store.escalated import ANA, WORDS, beside, row_of

pytestmark = pytest.mark.slow


def copied(engine: Engine) -> tuple[bytes, bytes]:
    """Number and message as anybody could have copied them before."""
    with engine.connect() as connection:
        return connection.scalar(select(Escalation.number)), connection.scalar(select(EscalationMessage.sealed))


def test_after_erasing_nothing_opens_and_a_tombstone_stays(
    escalations: Escalations,
    told: str,
    engine: Engine,
    keys: KeyStore,
    sessions_beside: Sessions,
    redis_client: Redis,
    clock,
) -> None:
    number, message = copied(engine)
    key = keys.require(told)
    assert unseal(key, number, table="escalations", row=told, column="number") == ANA.encode()
    clock.advance(60)
    escalations.erase(told)
    for ask in (
        escalations.messages,
        escalations.address,
        keys.require,
        lambda id: escalations.add(id, "family", "otra"),
    ):
        with pytest.raises(KeyGone):
            ask(told)
    row = row_of(engine, told)
    assert (row.number, row.erased, row.closed) == (None, int(clock.now), int(clock.now))
    with engine.connect() as connection:
        assert connection.execute(select(EscalationMessage)).all() == []
    assert redis_client.keys("{*}:esc*:*") == []
    assert escalations.find(ANA, closed_too=True) == () and beside(sessions_beside, ANA).kept == ()
    # The copies are still there for whoever made them; no key that there is opens them.
    for wrong in (replace(key, secret=bytes(32)), keys.create("another")):
        for sealed, where in (
            (number, ("escalations", told, "number")),
            (message, ("escalation_messages", 1, "family")),
        ):
            with pytest.raises(SealBroken):
                unseal(wrong, sealed, table=where[0], row=where[1], column=where[2])


def test_erasing_twice_or_nothing_is_the_same(escalations: Escalations, told: str, engine: Engine, clock) -> None:
    escalations.erase(told)
    before = row_of(engine, told)
    clock.advance(60)
    escalations.erase(told)
    escalations.erase("never-there")
    escalations.close(told)
    assert row_of(engine, told) == before
    assert escalations.open(ANA, Channel.SMS) != told


def test_the_key_goes_first(
    escalations: Escalations, told: str, engine: Engine, keys: KeyStore, sessions_beside: Sessions
) -> None:
    """A crash after the key's death: nothing opens, though SQL has noted nothing; the next try finishes it."""

    def crash(_connection: object) -> None:
        assert keys.get(told) is None
        raise KeyboardInterrupt

    event.listen(engine, "commit", crash)
    with pytest.raises(KeyboardInterrupt):
        escalations.erase(told)
    event.remove(engine, "commit", crash)
    assert row_of(engine, told).erased is None
    with pytest.raises(KeyGone):
        escalations.messages(told)
    escalations.erase(told, ANA)
    assert row_of(engine, told).number is None
    assert beside(sessions_beside, ANA).kept == ()


def test_without_its_address_the_entry_goes_with_the_next_mirror(
    escalations: Escalations, told: str, keys: KeyStore, redis_client: Redis
) -> None:
    keys.destroy(told)
    escalations.erase(told)
    assert len(redis_client.keys("{*}:esc*:*")) == 2
    escalations.mirror()
    assert redis_client.keys("{*}:esc*:*") == []


def test_counsel_is_stronger_than_erasing(escalations: Escalations, told: str, engine: Engine) -> None:
    escalations.hold(told, "Obviously Invented, Esq.", "Prueba Inventada")
    before = row_of(engine, told)
    with pytest.raises(Held):
        escalations.erase(told)
    assert row_of(engine, told) == before
    assert [message.text for message in escalations.messages(told)] == [WORDS]
    escalations.release_hold(told, "Prueba Inventada")
    escalations.erase(told)
    with pytest.raises(KeyGone):
        escalations.messages(told)


@pytest.mark.parametrize("act", ["open", "add", "messages", "address", "close", "erase", "find", "mirror", "hold"])
def test_with_sql_down_nothing_is_promised_and_no_key_dies(
    redis_client: Redis, peppers: Peppers, keys: KeyStore, clock, act: str, tmp_path: Path
) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/no/such/folder.db")
    escalations = Escalations(engine, redis_client, peppers, DayKeys(redis_client), keys, clock)
    keys.create("one")
    acts: dict[str, tuple] = {
        "open": (ANA, Channel.SMS),
        "add": ("one", "family", WORDS),
        "find": (ANA,),
        "mirror": (),
        "hold": ("one", "Counsel", "Somebody"),
    }
    with pytest.raises(StoreDown):
        getattr(escalations, act)(*acts.get(act, ("one",)))
    assert "one" in keys.names()
    assert redis_client.keys("{*}*") == []


def test_with_the_key_store_down_nothing_is_deleted(
    escalations: Escalations, told: str, engine: Engine, tmp_path: Path
) -> None:
    store, away = tmp_path / "keystore", tmp_path / "away"
    store.rename(away)
    before = row_of(engine, told)
    with pytest.raises(StoreDown):
        escalations.erase(told, ANA)
    assert row_of(engine, told) == before
    away.rename(store)
    assert [message.text for message in escalations.messages(told)] == [WORDS]
    escalations.erase(told)


def test_with_redis_down_the_key_dies_and_it_is_said_not_to_be_finished(
    engine: Engine, own_redis, peppers: Peppers, keys: KeyStore, clock
) -> None:
    client = own_redis.client()
    escalations = Escalations(engine, client, peppers, DayKeys(client), keys, clock)
    id = escalations.open(ANA, Channel.SMS)
    own_redis.kill()
    with pytest.raises(StoreDown):
        escalations.erase(id)
    assert keys.names() == () and row_of(engine, id).number is None
    own_redis.start()
    escalations.erase(id, ANA)


def test_a_key_store_that_is_not_there_is_asked_again(
    engine: Engine, redis_client: Redis, peppers: Peppers, clock, tmp_path: Path
) -> None:
    made: list[KeyStore] = []

    def open_it() -> KeyStore:
        if not made:
            raise KeyMissing("There is no key store.", "Make it.")
        return made[0]

    escalations = Escalations(engine, redis_client, peppers, DayKeys(redis_client), open_it, clock)
    with pytest.raises(KeyMissing):
        escalations.open(ANA, Channel.SMS)
    assert escalations.find(ANA) == ()
    database = KeyDatabase(f"sqlite:///{tmp_path}/late/keys.db")
    database.make()
    made.append(KeyStore(database, MasterKeys((Key("2026", bytes(range(32))),))))
    assert escalations.address(escalations.open(ANA, Channel.SMS)) == ANA
    database.close()


def test_a_message_that_comes_while_it_is_erased_is_not_left_behind(escalations: Escalations, engine: Engine) -> None:
    for _ in range(8):
        id = escalations.open(ANA, Channel.SMS)

        def writing(id: str = id) -> None:
            with suppress(KeyGone, StoreDown):
                for _ in range(50):
                    escalations.add(id, "family", WORDS)

        writer = threading.Thread(target=writing)
        writer.start()
        escalations.erase(id)
        writer.join()
        with engine.connect() as connection:
            assert connection.execute(select(EscalationMessage)).all() == []


def test_a_hold_and_an_erasing_at_once_never_both_win(escalations: Escalations, engine: Engine, keys: KeyStore) -> None:
    won = []
    for number in range(12):
        id = escalations.open(f"+1500555{number:04d}", Channel.SMS)
        said: list[str] = []

        def erasing(id: str = id, said: list[str] = said) -> None:
            with suppress(Held):
                escalations.erase(id)
                said.append("erased")

        eraser = threading.Thread(target=erasing)
        eraser.start()
        time.sleep(number / 2_000)
        with suppress(NoSuchEscalation):
            escalations.hold(id, "Counsel", "Somebody")
            said.append("held")
        eraser.join()
        assert len(said) == 1, said
        assert (keys.get(id) is not None) == (said == ["held"])
        won += said
    assert len(won) == 12
