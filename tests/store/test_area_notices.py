"""Notices in SQL, in Redis and in a process: published, taken back, lost with Redis, forgotten in time."""

from __future__ import annotations

import pytest
from redis import Redis
from sqlalchemy import Engine, select

from bot.directory.place import Place
from bot.language import Language
from bot.scripts.area_notice import AreaNotice, area_notice
from bot.store.area_notices import REMEMBERED_SECONDS, AreaNotices
from bot.store.database import engine_for
from bot.store.errors import StoreDown
from bot.store.models import AreaNoticeRow
from tests.servers import RedisServer
from tests.store.conftest import Clock
from tests.upgraded import SEAL_KEY

ALSO_ON_A_CLUSTER = True

CHICAGO = Place("Chicago", "IL", "US", 41.85, -87.65)
TEXTS = {
    Language.ES: "Hay agentes en la calle 26.",
    Language.EN: "Agents on 26th Street.",
    Language.QUC: "K'o ri migra.",
}


def notice(clock: Clock, hours: float = 3) -> AreaNotice:
    return area_notice(TEXTS, CHICAGO, 30, clock(), hours, "Centro del Sol", "Ana")


def test_published_is_read_by_every_process_as_it_was_written(
    engine: Engine, redis_client: Redis, clock: Clock
) -> None:
    coordinator, web = AreaNotices(engine, redis_client, SEAL_KEY, clock), AreaNotices(engine, redis_client, SEAL_KEY, clock)
    assert web.live() == ()
    published = coordinator.publish(notice(clock))
    clock.advance(REMEMBERED_SECONDS)
    assert web.live() == (published,) == coordinator.listed()
    assert published.texts == TEXTS and published.area == CHICAGO and published.number == 1


def test_taken_back_everywhere_and_only_once(engine: Engine, redis_client: Redis, clock: Clock) -> None:
    coordinator, web = AreaNotices(engine, redis_client, SEAL_KEY, clock), AreaNotices(engine, redis_client, SEAL_KEY, clock)
    number = coordinator.publish(notice(clock)).number
    assert len(web.live()) == 1
    assert coordinator.withdraw(number) and not coordinator.withdraw(number) and not coordinator.withdraw(99)
    clock.advance(REMEMBERED_SECONDS)
    assert web.live() == ()


def test_redis_come_back_empty_loses_no_notice(engine: Engine, redis_client: Redis, clock: Clock) -> None:
    store = AreaNotices(engine, redis_client, SEAL_KEY, clock)
    published = store.publish(notice(clock))
    assert store.live() == (published,)
    redis_client.flushall()
    clock.advance(REMEMBERED_SECONDS)
    assert store.live() == (published,)
    new = AreaNotices(engine, redis_client, SEAL_KEY, clock)
    assert new.live() == ()
    assert store.mirror() == 1
    clock.advance(REMEMBERED_SECONDS)
    assert new.live() == (published,)


def test_with_redis_down_what_was_known_is_read_out_and_still_ends(
    engine: Engine, own_redis: RedisServer, clock: Clock
) -> None:
    store = AreaNotices(engine, own_redis.client(), SEAL_KEY, clock)
    published = store.publish(notice(clock))
    assert store.live() == (published,)
    own_redis.kill()
    clock.advance(REMEMBERED_SECONDS)
    assert store.live() == (published,)
    clock.advance(3 * 3_600)
    assert not store.live()[0].holds(clock())


def test_with_sql_down_nothing_is_said_to_be_published(redis_client: Redis, clock: Clock) -> None:
    store = AreaNotices(engine_for("sqlite:////nowhere/at/all.db"), redis_client, SEAL_KEY, clock)
    for act in (lambda: store.publish(notice(clock)), lambda: store.withdraw(1), store.listed, store.mirror):
        with pytest.raises(StoreDown):
            act()
    assert store.live() == ()


def test_forgotten_thirty_days_after_its_end(engine: Engine, redis_client: Redis, clock: Clock) -> None:
    store = AreaNotices(engine, redis_client, SEAL_KEY, clock)
    store.publish(notice(clock))
    clock.advance(3 * 3_600 + 30 * 86_400 - 60)
    assert (store.purge(), store.listed()) == (0, ())
    clock.advance(120)
    assert store.purge() == 1
    with engine.connect() as connection:
        assert not connection.execute(select(AreaNoticeRow)).all()
