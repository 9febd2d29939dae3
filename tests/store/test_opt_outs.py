"""Opt-outs: kept in SQL, mirrored in Redis, waiting in Redis while SQL is down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, event, select

from bot.message import Channel
from bot.store.database import engine_for
from bot.store.errors import StoreDown
from bot.store.models import OptOut
from bot.store.opt_outs import OptOuts
from bot.store.redis_client import connect

ALSO_ON_A_CLUSTER = True

ANA, LUZ = "+15005550006", "whatsapp:+50255500001"
NOW = 1_795_521_600.0


@pytest.fixture
def opt_outs(engine: Engine, redis_client: Redis, peppers) -> OptOuts:
    return OptOuts(engine, redis_client, peppers)


@pytest.fixture
def without_sql(redis_client: Redis, peppers, tmp_path: Path) -> Iterator[OptOuts]:
    engine = engine_for(f"postgresql://postgres@/puente?host={tmp_path}")
    yield OptOuts(engine, redis_client, peppers)
    engine.dispose()


@pytest.fixture
def without_redis(engine: Engine, peppers, tmp_path: Path) -> OptOuts:
    return OptOuts(engine, connect(f"unix://{tmp_path}/nobody.sock"), peppers)


@pytest.fixture
def without_both(without_sql: OptOuts, without_redis: OptOuts, peppers) -> OptOuts:
    return OptOuts(without_sql._engine, without_redis._redis, peppers)


def rows(engine: Engine) -> int:
    with engine.connect() as connection:
        return len(connection.scalars(select(OptOut.contact_key)).all())


def test_stop_and_start(opt_outs: OptOuts, engine: Engine) -> None:
    assert not opt_outs.is_stopped(ANA)
    opt_outs.stop(ANA, Channel.SMS, NOW)
    assert opt_outs.is_stopped(ANA)
    assert not opt_outs.is_stopped(LUZ)
    opt_outs.start(ANA, NOW + 1)
    assert not opt_outs.is_stopped(ANA)
    assert rows(engine) == 0


def test_stopping_twice_is_stopping_once(opt_outs: OptOuts, engine: Engine) -> None:
    opt_outs.stop(ANA, Channel.SMS, NOW)
    opt_outs.stop(ANA, Channel.SMS, NOW + 1)
    assert rows(engine) == 1
    opt_outs.start(ANA, NOW + 2)
    assert not opt_outs.is_stopped(ANA)


def test_no_number_is_kept(opt_outs: OptOuts, engine: Engine, redis_client: Redis) -> None:
    opt_outs.stop(ANA, Channel.SMS, NOW)
    with engine.connect() as connection:
        (row,) = connection.execute(select(OptOut.__table__)).all()
    assert len(row.contact_key) == 64 and (row.channel, row.since) == ("sms", int(NOW))
    assert "5005550006" not in str(row)
    assert not any(b"5005550006" in redis_client.dump(name) for name in redis_client.keys("*"))


def test_an_empty_redis_is_filled_again(opt_outs: OptOuts, without_sql: OptOuts, redis_client: Redis) -> None:
    opt_outs.stop(ANA, Channel.SMS, NOW)
    redis_client.flushall()
    assert opt_outs.is_stopped(ANA)
    assert opt_outs.mirror() == 1
    assert without_sql.is_stopped(ANA)
    assert not without_sql.is_stopped(LUZ)


def test_the_mirror_holds_all_and_nobody_else(opt_outs: OptOuts, without_sql: OptOuts, redis_client: Redis) -> None:
    many = [f"+1500{number:07d}" for number in range(1_005)]
    with opt_outs._engine.begin() as connection:
        keys = [opt_outs._key(address) for address in many]
        connection.execute(OptOut.__table__.insert(), [{"contact_key": k, "channel": "sms", "since": 0} for k in keys])
    redis_client.sadd("{optouts}", opt_outs._key(LUZ))
    assert opt_outs.mirror() == 1_005
    assert all(without_sql.is_stopped(address) for address in many)
    assert not without_sql.is_stopped(LUZ)


class TestSqlDown:
    def test_a_wish_waits_and_counts_at_once(self, without_sql: OptOuts, opt_outs: OptOuts, engine: Engine) -> None:
        without_sql.stop(ANA, Channel.WHATSAPP, NOW)
        assert without_sql.is_stopped(ANA)
        assert opt_outs.is_stopped(ANA) and rows(engine) == 0
        assert opt_outs.flush_pending() == 1
        assert rows(engine) == 1 and opt_outs.is_stopped(ANA)
        assert opt_outs.flush_pending() == 0

    def test_coming_back_waits_too(self, without_sql: OptOuts, opt_outs: OptOuts, engine: Engine) -> None:
        opt_outs.stop(ANA, Channel.SMS, NOW)
        without_sql.start(ANA, NOW + 1)
        assert not without_sql.is_stopped(ANA)
        assert not opt_outs.is_stopped(ANA) and rows(engine) == 1
        assert opt_outs.flush_pending() == 1
        assert rows(engine) == 0 and not opt_outs.is_stopped(ANA)

    def test_the_last_wish_wins(self, without_sql: OptOuts, opt_outs: OptOuts, engine: Engine) -> None:
        without_sql.stop(ANA, Channel.SMS, NOW)
        without_sql.start(ANA, NOW + 1)
        without_sql.stop(ANA, Channel.SMS, NOW + 2)
        opt_outs.flush_pending()
        assert opt_outs.is_stopped(ANA) and rows(engine) == 1

    def test_a_wish_that_waited_does_not_undo_a_later_stop(
        self, without_sql: OptOuts, without_redis: OptOuts, opt_outs: OptOuts
    ) -> None:
        opt_outs.stop(ANA, Channel.SMS, NOW)
        without_sql.start(ANA, NOW + 1)
        without_redis.stop(ANA, Channel.SMS, NOW + 2)
        opt_outs.flush_pending()
        assert opt_outs.is_stopped(ANA)

    def test_a_later_wish_written_to_sql_ends_the_waiting_one(self, without_sql: OptOuts, opt_outs: OptOuts) -> None:
        without_sql.stop(ANA, Channel.SMS, NOW)
        opt_outs.start(ANA, NOW + 1)
        assert not opt_outs.is_stopped(ANA)
        assert opt_outs.flush_pending() == 0

    def test_a_wish_that_comes_while_another_is_written_is_not_dropped(
        self, without_sql: OptOuts, opt_outs: OptOuts, engine: Engine
    ) -> None:
        without_sql.stop(ANA, Channel.SMS, NOW)
        event.listen(engine, "commit", lambda _: without_sql.start(ANA, NOW + 1), once=True)
        assert opt_outs.flush_pending() == 1
        assert not opt_outs.is_stopped(ANA)
        assert opt_outs.flush_pending() == 1
        assert rows(engine) == 0

    def test_nobody_can_tell_without_a_whole_mirror(self, without_sql: OptOuts) -> None:
        with pytest.raises(StoreDown):
            without_sql.is_stopped(ANA)

    def test_the_worker_is_told(self, without_sql: OptOuts) -> None:
        without_sql.stop(ANA, Channel.SMS, NOW)
        for work in (without_sql.mirror, without_sql.flush_pending):
            with pytest.raises(StoreDown):
                work()
        assert without_sql.is_stopped(ANA)


class TestRedisDown:
    def test_sql_is_enough(self, without_redis: OptOuts, engine: Engine) -> None:
        without_redis.stop(ANA, Channel.SMS, NOW)
        assert without_redis.is_stopped(ANA) and rows(engine) == 1
        without_redis.start(ANA, NOW + 1)
        assert not without_redis.is_stopped(ANA)

    def test_a_mirror_that_missed_a_stop_is_not_believed(self, without_redis: OptOuts, opt_outs: OptOuts) -> None:
        opt_outs.mirror()
        without_redis.stop(ANA, Channel.SMS, NOW)
        assert opt_outs.is_stopped(ANA)


@pytest.mark.parametrize(
    "ask",
    [
        lambda opt_outs: opt_outs.stop(ANA, Channel.SMS, NOW),
        lambda opt_outs: opt_outs.start(ANA, NOW),
        lambda opt_outs: opt_outs.is_stopped(ANA),
        lambda opt_outs: opt_outs.mirror(),
        lambda opt_outs: opt_outs.flush_pending(),
    ],
    ids=["stop", "start", "is_stopped", "mirror", "flush_pending"],
)
def test_both_down_is_said(without_both: OptOuts, ask: Callable[[OptOuts], object]) -> None:
    with pytest.raises(StoreDown):
        ask(without_both)
