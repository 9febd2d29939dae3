"""Flags of families on numbers that do not work: no answer waits for SQL, nothing is lost, nothing tells who it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, select

from bot.directory.hsds.changes import changes
from bot.directory.hsds.package import EMPTY
from bot.store.database import engine_for
from bot.store.directory import DirectoryStore
from bot.store.directory_flags import DOES_NOT_WORK, DirectoryFlags, Flag
from bot.store.directory_models import DirectoryFlag
from bot.store.errors import StoreDown
from tests.servers import RedisServer
from tests.store.conftest import Clock
from tests.store.directories import PHONE, SERVICE, changed_row, two_organizations
from tests.upgraded import SEAL_KEY

pytestmark = pytest.mark.slow

ALSO_ON_A_CLUSTER = True
WEEK = 7 * 86_400
THIS, NEXT = date(2026, 11, 23), date(2026, 11, 30)


@pytest.fixture
def flags(engine: Engine, redis_client: Redis) -> DirectoryFlags:
    return DirectoryFlags(engine, redis_client)


def in_sql(engine: Engine) -> dict[tuple[str, date], int]:
    with engine.connect() as connection:
        found = connection.execute(select(DirectoryFlag.record, DirectoryFlag.week, DirectoryFlag.n))
        return {(record, week): n for record, week, n in found}


def test_a_flag_from_the_turn_to_sql(flags: DirectoryFlags, engine: Engine, redis_client: Redis, clock: Clock) -> None:
    flags.raise_flag(PHONE, clock())
    assert in_sql(engine) == {}, "the turn has not waited for SQL"
    assert flags.flags() == (Flag(PHONE, DOES_NOT_WORK, THIS, 1),), "and still it is seen at once"
    flags.raise_flag(PHONE, clock())
    flags.raise_flag(SERVICE, clock() + WEEK)
    assert flags.flush() == 3 and flags.flush() == 0
    assert in_sql(engine) == {(PHONE, THIS): 2, (SERVICE, NEXT): 1}
    flags.raise_flag(PHONE, clock())
    assert flags.flags() == (Flag(SERVICE, DOES_NOT_WORK, NEXT, 1), Flag(PHONE, DOES_NOT_WORK, THIS, 3))
    assert flags.flush() == 1
    assert redis_client.keys("*") == []


def test_a_flood_is_one_row_a_week(flags: DirectoryFlags, engine: Engine, redis_client: Redis, clock: Clock) -> None:
    for _ in range(1_000):
        flags.raise_flag(PHONE, clock())
    assert redis_client.hlen("{directoryflags}") == 1
    flags.flush()
    assert in_sql(engine) == {(PHONE, THIS): 1_000}


def test_nothing_is_stored_of_who_it_was(
    flags: DirectoryFlags, engine: Engine, redis_client: Redis, clock: Clock
) -> None:
    flags.raise_flag(PHONE, clock())
    assert redis_client.hgetall("{directoryflags}") == {f"{PHONE}|2026-11-23".encode(): b"1"}
    assert 0 < redis_client.ttl("{directoryflags}") <= 35 * 86_400
    columns = [column.name for column in DirectoryFlag.__table__.columns]
    assert columns == ["record", "what", "week", "n"], "a new column is discussed first"


@pytest.mark.parametrize("record", ["", "+13125550100", "Ana", "x" * 37, "a|2026-11-23"])
def test_what_is_no_id_is_refused(flags: DirectoryFlags, clock: Clock, record: str) -> None:
    with pytest.raises(ValueError, match="id"):
        flags.raise_flag(record, clock())


def test_sql_down_keeps_no_answer_and_loses_nothing(
    redis_client: Redis, engine: Engine, tmp_path: Path, clock: Clock
) -> None:
    down = DirectoryFlags(engine_for(f"postgresql://postgres@/puente?host={tmp_path}"), redis_client)
    down.raise_flag(PHONE, clock())
    for ask in (down.flush, down.flags):
        with pytest.raises(StoreDown):
            ask()
    assert DirectoryFlags(engine, redis_client).flush() == 1
    assert in_sql(engine) == {(PHONE, THIS): 1}


def test_redis_down_writes_into_sql_at_once(engine: Engine, own_redis: RedisServer, clock: Clock) -> None:
    flags = DirectoryFlags(engine, own_redis.client())
    own_redis.kill()
    flags.raise_flag(PHONE, clock())
    assert flags.flags() == (Flag(PHONE, DOES_NOT_WORK, THIS, 1),)


def test_both_down_is_told(own_redis: RedisServer, tmp_path: Path, clock: Clock) -> None:
    flags = DirectoryFlags(engine_for(f"postgresql://postgres@/puente?host={tmp_path}"), own_redis.client())
    own_redis.kill()
    with pytest.raises(StoreDown):
        flags.raise_flag(PHONE, clock())


def test_what_somebody_looked_after_is_forgotten(flags: DirectoryFlags, engine: Engine, clock: Clock) -> None:
    flags.raise_flag(PHONE, clock())
    flags.flush()
    for record in (PHONE, SERVICE):
        flags.raise_flag(record, clock())
    flags.resolve(PHONE)
    assert flags.flags() == (Flag(SERVICE, DOES_NOT_WORK, THIS, 1),)


def test_a_number_that_is_confirmed_anew_has_no_flag(flags: DirectoryFlags, engine: Engine, clock: Clock) -> None:
    store = DirectoryStore(engine, SEAL_KEY, clock)
    store.apply(changes(EMPTY, two_organizations(), keep_missing=False), by="Rosa", expected=0)
    flags.raise_flag(PHONE, clock())
    flags.flush()
    after = changed_row(two_organizations(), "phone", PHONE, number="+17735550111")
    store.apply(changes(two_organizations(), after, keep_missing=False), by="Rosa", expected=1)
    assert flags.flags() == ()
