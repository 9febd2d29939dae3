"""Marks of shared phones: kept in SQL for 90 days under a keyed hash, mirrored in Redis, where each turn asks."""

from __future__ import annotations

import time

import pytest
from redis import Redis
from sqlalchemy import Engine, select

from bot.store.errors import StoreDown
from bot.store.keys import DayKeys
from bot.store.models import SharedPhone
from bot.store.names import SHARED_PHONES
from bot.store.redis_client import connect
from bot.store.sessions import Sessions
from bot.store.shared_phones import SharedPhones

ALSO_ON_A_CLUSTER = True

SHELTER = ("+15005550006", "whatsapp:+15005550006")
OTHER = "+15005550007"
DAY = 86_400


@pytest.fixture
def phones(engine: Engine, redis_client: Redis, peppers, clock) -> SharedPhones:
    return SharedPhones(engine, redis_client, peppers, clock)


@pytest.fixture
def is_shared(redis_client: Redis, peppers, clock):
    sessions = Sessions(redis_client, peppers, DayKeys(redis_client), clock)

    def ask(address: str) -> bool:
        begun = sessions.begin(address, f"SM{time.monotonic_ns()}", time.monotonic() + 4)
        sessions.release(begun)
        return begun.beside.shared

    return ask


def test_a_marked_phone_is_shared_at_once_under_both_names(phones: SharedPhones, is_shared) -> None:
    assert not is_shared(SHELTER[0])
    phones.mark(SHELTER)
    assert all(map(is_shared, SHELTER)) and not is_shared(OTHER) and phones.count() == 2


def test_a_mark_taken_back_is_gone_at_once(phones: SharedPhones, is_shared) -> None:
    phones.mark(SHELTER)
    assert phones.unmark(SHELTER) and not phones.unmark(SHELTER)
    assert not is_shared(SHELTER[0]) and phones.count() == 0


def test_marking_twice_prolongs_the_mark(phones: SharedPhones, clock) -> None:
    first = phones.mark(SHELTER)
    clock.advance(10 * DAY)
    assert phones.mark(SHELTER) == first + 10 * DAY and phones.count() == 2


def test_a_mark_ends_after_90_days(phones: SharedPhones, is_shared, clock) -> None:
    phones.mark(SHELTER)
    clock.advance(90 * DAY - 1)
    assert phones.mirror() == 2 and is_shared(SHELTER[0])
    clock.advance(1)
    assert phones.mirror() == 0 and not is_shared(SHELTER[0])


def test_a_redis_that_came_back_empty_is_filled_again(phones: SharedPhones, is_shared, redis_client: Redis) -> None:
    phones.mark(SHELTER)
    redis_client.flushall()
    assert not is_shared(SHELTER[0])
    phones.mirror()
    assert is_shared(SHELTER[0])


def test_a_mark_names_nobody(phones: SharedPhones, engine: Engine, redis_client: Redis) -> None:
    phones.mark(SHELTER)
    with engine.connect() as connection:
        rows = connection.execute(select(SharedPhone.__table__)).all()
    assert len({row.contact_key for row in rows}) == 2 and all(len(row.contact_key) == 64 for row in rows)
    assert "5005550006" not in str(rows) and b"5005550006" not in b"".join(redis_client.smembers(SHARED_PHONES))


def test_marking_needs_sql_and_not_redis(engine: Engine, peppers, clock, tmp_path) -> None:
    phones = SharedPhones(engine, connect(f"unix://{tmp_path}/nobody.sock"), peppers, clock)
    phones.mark(SHELTER)
    assert phones.count() == 2
    with pytest.raises(StoreDown):
        phones.mirror()
