"""The switch of a pause: in SQL, mirrored in Redis, remembered for some seconds; either store is enough."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, insert, select, update

from bot.scripts.pause import Pause
from bot.store import audit
from bot.store.database import engine_for
from bot.store.errors import StoreDown
from bot.store.models import Meta
from bot.store.pauses import MIRROR, ROW, Pauses
from bot.store.redis_client import connect
from bot.store.staff_models import AuditRow
from tests.store.conftest import Clock

pytestmark = pytest.mark.slow
ALSO_ON_A_CLUSTER = True

SEEN_WITHIN = 5.0
ANA = ("Ana", "a wrong answer went out")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def no_sql(tmp_path: Path) -> Iterator[Engine]:
    engine = engine_for(f"postgresql://postgres@/puente?host={tmp_path}")
    yield engine
    engine.dispose()


@pytest.fixture
def no_redis(tmp_path: Path) -> Redis:
    return connect(f"unix://{tmp_path}/nobody.sock")


def test_every_process_sees_it_within_five_seconds(engine: Engine, redis_client: Redis, clock: Clock) -> None:
    here, there = Pauses(engine, redis_client, clock), Pauses(engine, redis_client, clock)
    assert here.now() is None and there.now() is None
    assert here.switch(True, *ANA, "orr") == ()
    assert here.now() == Pause(clock.now, "orr")
    clock.advance(SEEN_WITHIN)
    assert there.now() == Pause(clock.now - SEEN_WITHIN, "orr")
    here.switch(False, *ANA)
    clock.advance(SEEN_WITHIN)
    assert there.now() is None


def test_a_new_process_is_paused_from_its_first_message(engine: Engine, redis_client: Redis, clock: Clock) -> None:
    Pauses(engine, redis_client, clock).switch(True, *ANA)
    assert Pauses(engine, redis_client, clock).now()
    redis_client.flushall()
    assert Pauses(engine, redis_client, clock).now(), "SQL has it when Redis has come back empty"


def test_without_redis_sql_is_enough(engine: Engine, redis_client: Redis, no_redis: Redis, clock: Clock) -> None:
    Pauses(engine, redis_client, clock).mirror()
    assert Pauses(engine, no_redis, clock).switch(True, *ANA) == ("redis",)
    assert Pauses(engine, no_redis, clock).now()
    web = Pauses(engine, redis_client, clock)
    assert web.now() is None, "this one reaches a Redis that was not told"
    Pauses(engine, redis_client, clock).mirror()
    clock.advance(SEEN_WITHIN)
    assert web.now()


def test_without_sql_redis_is_enough(engine: Engine, redis_client: Redis, no_sql: Engine, clock: Clock) -> None:
    assert Pauses(no_sql, redis_client, clock).switch(True, *ANA) == ("sql",)
    assert Pauses(no_sql, redis_client, clock).now()
    Pauses(engine, redis_client, clock).mirror()
    redis_client.flushall()
    assert Pauses(engine, redis_client, clock).now(), "the worker has carried it into SQL"


def test_the_newest_switch_holds_whichever_store_has_it(
    engine: Engine, redis_client: Redis, no_sql: Engine, clock: Clock
) -> None:
    Pauses(engine, redis_client, clock).switch(True, *ANA)
    clock.advance(60)
    Pauses(no_sql, redis_client, clock).switch(False, *ANA)
    Pauses(engine, redis_client, clock).mirror()
    redis_client.flushall()
    assert Pauses(engine, redis_client, clock).now() is None


def test_a_host_whose_clock_is_behind_can_end_a_pause(engine: Engine, redis_client: Redis, clock: Clock) -> None:
    Pauses(engine, redis_client, clock).switch(True, *ANA)
    clock.advance(-3600)
    Pauses(engine, redis_client, clock).switch(False, *ANA)
    assert Pauses(engine, redis_client, clock).now() is None


def test_an_old_value_does_not_come_back_over_a_new_one(engine: Engine, redis_client: Redis, clock: Clock) -> None:
    Pauses(engine, redis_client, clock).switch(True, *ANA)
    newest = redis_client.get(MIRROR)
    clock.advance(60)
    Pauses(engine, redis_client, clock).switch(False, *ANA)
    assert isinstance(newest, bytes)
    late = Pauses(engine, redis_client, clock)
    late._write_redis(late_switch := _switch(newest))
    late._write_sql(late_switch)
    assert Pauses(engine, redis_client, clock).stored() == (None, ())


def _switch(written: bytes):
    from bot.store import pauses

    return pauses._read(written.decode())


def test_with_both_down_nothing_is_promised_and_what_was_known_holds(
    engine: Engine, redis_client: Redis, no_sql: Engine, no_redis: Redis, clock: Clock
) -> None:
    with pytest.raises(StoreDown):
        Pauses(no_sql, no_redis, clock).switch(True, *ANA)
    with pytest.raises(StoreDown):
        Pauses(no_sql, no_redis, clock).stored()
    assert Pauses(no_sql, no_redis, clock).now() is None
    web = Pauses(engine, redis_client, clock)
    web.switch(True, *ANA)
    web._engine, web._redis = no_sql, no_redis
    clock.advance(3600)
    assert web.now()


@pytest.mark.parametrize("value", ["", "on", "12|", "x|{}", "12|[]", '12|{"off": 1}', "12|null"])
def test_what_is_no_switch_keeps_nobody_from_answers(
    engine: Engine, redis_client: Redis, clock: Clock, value: str
) -> None:
    redis_client.set(MIRROR, value)
    with engine.begin() as connection:
        connection.execute(insert(Meta).values(key=ROW, value=value))
    assert Pauses(engine, redis_client, clock).now() is None
    with engine.begin() as connection:
        connection.execute(update(Meta).where(Meta.key == ROW).values(value=value))
    redis_client.delete(MIRROR)
    Pauses(engine, redis_client, clock).switch(True, *ANA)
    assert Pauses(engine, redis_client, clock).now()


def test_who_and_why_stand_in_the_audit(engine: Engine, redis_client: Redis, clock: Clock) -> None:
    pauses = Pauses(engine, redis_client, clock)
    pauses.switch(True, *ANA)
    pauses.switch(False, "Luz", "the answer is mended")
    pauses.mirror()
    with engine.connect() as connection:
        noted = connection.execute(select(AuditRow.actor, AuditRow.action, AuditRow.object)).all()
    assert [tuple(row) for row in noted] == [
        ("Ana", "pause.on", "a wrong answer went out"), ("Luz", "pause.off", "the answer is mended")
    ]  # fmt: skip
    assert audit.verify(engine).rows == 2


@pytest.mark.parametrize("words", [("Ana", "call +1 202 555 0100"), ("2025550100", "x"), ("", "x"), ("Ana", "x" * 300)])
def test_words_that_must_not_stand_there_pause_nothing(
    engine: Engine, redis_client: Redis, clock: Clock, words: tuple[str, str]
) -> None:
    with pytest.raises(ValueError):
        Pauses(engine, redis_client, clock).switch(True, *words)
    assert Pauses(engine, redis_client, clock).now() is None
