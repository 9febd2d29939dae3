"""The weekly counts as the figures read them: whole weeks alone, nothing under five, and what is damaged keeps nobody."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, insert, text

from bot.store.counts import TABLES, flush
from bot.store.database import engine_for
from bot.store.errors import StoreDown
from bot.store.models import TurnCount
from bot.store.tally import increments
from bot.store.weekly import spans, weekly

pytestmark = pytest.mark.slow

TUESDAY = 1_795_521_600.0
WEEK = 7 * 86_400
MONDAY = date(2026, 11, 23)


def count(redis: Redis, counts: dict[str, int], now: float = TUESDAY) -> None:
    for command in increments(counts, now):
        redis.execute_command(*command)


def test_a_week_shows_once_it_is_over_and_written(redis_client: Redis, engine: Engine) -> None:
    assert spans(engine) is None
    count(redis_client, {"turn:answered|es": 9, "turn:person|es": 3, "failure:stop|sms": 4})
    flush(redis_client, engine, TUESDAY)
    assert spans(engine) is None
    flush(redis_client, engine, TUESDAY + WEEK)
    assert spans(engine) == (MONDAY, MONDAY)
    found = weekly(engine, MONDAY, MONDAY)
    assert found.of("turn") == ((MONDAY, ("answered", "es"), 9),)
    assert found.of("failure") == () and found.damaged == frozenset()


def test_every_table_is_read(redis_client: Redis, engine: Engine) -> None:
    cells = {
        "topic:asylum|es|sms": 5, "place:US-IL|legal": 6, "gap:US-IL|legal": 5, "turn:answered|es": 7,
        "sms:2|es": 8, "wait:600|es": 9, "failure:stop|sms": 10,
    }  # fmt: skip
    count(redis_client, cells)
    flush(redis_client, engine, TUESDAY + WEEK)
    found = weekly(engine, MONDAY, MONDAY)
    said = {f"{kind}:{'|'.join(parts)}": n for kind in TABLES for _, parts, n in found.of(kind)}
    assert said == cells


def test_a_week_without_any_count_is_one_of_the_weeks(redis_client: Redis, engine: Engine) -> None:
    count(redis_client, {"turn:answered|es": 9})
    flush(redis_client, engine, TUESDAY)
    flush(redis_client, engine, TUESDAY + 3 * WEEK)
    assert spans(engine) == (MONDAY, date(2026, 12, 7))
    assert weekly(engine, date(2026, 12, 7), date(2026, 12, 7)).of("turn") == ()


def test_a_week_that_begins_on_no_monday_is_nobodys(redis_client: Redis, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(TurnCount).values(week=date(2026, 11, 26), outcome="answered", language="es", n=9))
    flush(redis_client, engine, TUESDAY + WEEK)
    assert spans(engine) == (MONDAY, MONDAY) and weekly(engine, MONDAY, MONDAY).of("turn") == ()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("damage", ["UPDATE turn_counts SET week = '2026-11-2x'", "UPDATE turn_counts SET n = 'many'"])
def test_what_cannot_be_read_is_named_and_the_rest_is_there(redis_client: Redis, engine: Engine, damage: str) -> None:
    """PostgreSQL takes no such value."""
    count(redis_client, {"turn:answered|es": 9, "sms:2|es": 8})
    flush(redis_client, engine, TUESDAY + WEEK)
    with engine.begin() as connection:
        connection.execute(text(damage))
    found = weekly(engine, MONDAY, MONDAY)
    assert found.of("sms") == ((MONDAY, ("2", "es"), 8),) and found.of("turn") == ()
    assert spans(engine) is not None


def test_a_database_that_is_down(tmp_path: Path) -> None:
    down = engine_for(f"postgresql://postgres@/puente?host={tmp_path}")
    with pytest.raises(StoreDown):
        spans(down)
    with pytest.raises(StoreDown):
        weekly(down, MONDAY, MONDAY)
    down.dispose()
