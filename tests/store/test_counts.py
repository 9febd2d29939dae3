"""Weekly counts: small cells are merged before they are written, and nothing is counted twice."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from redis import Redis
from sqlalchemy import Engine, delete, event, select

from bot.store.counts import OTHER, SMALL, flush, merge, purge, whole_until
from bot.store.database import engine_for
from bot.store.errors import StoreDown
from bot.store.models import FailureCount, GapCount, PlaceCount, SmsCount, TopicCount, TurnCount, WaitCount
from bot.store.redis_client import connect, read_hash
from bot.store.tally import hash_name, increments
from tests.store.conftest import A_REDIS

ALSO_ON_A_CLUSTER = True

pytestmark = pytest.mark.slow

TUESDAY = 1_795_521_600.0
WEEK = 7 * 86_400
THIS_WEEK = date(2026, 11, 23)
A, B, C = ("home", "es", "sms"), ("home", "en", "sms"), ("food", "es", "sms")
WHATSAPP = ("home", "quc", "whatsapp")


def count(redis: Redis, counts: dict[str, int], now: float = TUESDAY) -> None:
    for command in increments(counts, now):
        redis.execute_command(*command)


def in_sql(engine: Engine, model: type = TopicCount) -> dict[tuple, int]:
    with engine.connect() as connection:
        return {tuple(row[:-1]): row[-1] for row in connection.execute(select(model.__table__))}


def in_redis(redis: Redis, kind: str = "topic", week: date = THIS_WEEK) -> dict[str, int]:
    return {cell: int(n) for cell, n in read_hash(redis, hash_name(kind, week)).items()}


@pytest.mark.parametrize(
    ("pending", "written", "over", "expected"),
    [
        ({}, {}, True, {}),
        ({A: 4}, {}, False, {}),
        ({A: 5}, {}, False, {A: {A: 5}}),
        ({A: 1}, {A: 5}, False, {A: {A: 1}}),
        ({A: 5, B: 4}, {}, False, {A: {A: 5}}),
        ({A: 5, B: 4}, {}, True, {A: {A: 5}, (OTHER,) * 3: {B: 4}}),
        ({A: 3, C: 2}, {}, True, {(OTHER, "es", "sms"): {A: 3, C: 2}}),
        ({A: 2}, {(OTHER, "es", "sms"): 5}, True, {(OTHER, "es", "sms"): {A: 2}}),
        ({A: 3, B: 2}, {}, True, {(OTHER, OTHER, "sms"): {A: 3, B: 2}}),
        ({A: 3, WHATSAPP: 1}, {}, True, {(OTHER,) * 3: {A: 3, WHATSAPP: 1}}),
        ({A: 1}, {}, True, {(OTHER,) * 3: {A: 1}}),
        ({A: 0, B: -1}, {}, True, {}),
        ({("TX", "food"): 3, ("CA", "food"): 2}, {}, True, {(OTHER, "food"): {("TX", "food"): 3, ("CA", "food"): 2}}),
        ({("TX", "food"): 3, ("CA", "legal"): 1}, {}, True, {(OTHER,) * 2: {("TX", "food"): 3, ("CA", "legal"): 1}}),
    ],
    ids=[
        "nothing",
        "small in its week waits",
        "five is written",
        "one more of a written cell",
        "the small neighbour waits",
        "alone at the end",
        "topics together",
        "joins what is there",
        "languages together",
        "channels together",
        "one family",
        "taken back",
        "states together",
        "help together",
    ],
)
def test_which_cells_are_written(pending, written, over: bool, expected) -> None:
    assert merge(pending, written, over) == expected


def test_a_week_from_redis_to_sql(redis_client: Redis, engine: Engine) -> None:
    count(redis_client, {"topic:home|es|sms": 7, "topic:home|en|sms": 3, "place:TX|food": 5, "place:CA|food": 1})
    assert flush(redis_client, engine, TUESDAY) == 12
    assert in_sql(engine) == {(THIS_WEEK, "home", "es", "sms"): 7}
    assert in_sql(engine, PlaceCount) == {(THIS_WEEK, "TX", "food"): 5}
    assert in_redis(redis_client) == {"home|en|sms": 3}
    assert flush(redis_client, engine, TUESDAY) == 0
    count(redis_client, {"topic:home|es|sms": 1, "topic:home|en|sms": 2})
    assert flush(redis_client, engine, TUESDAY) == 6
    assert in_sql(engine) == {(THIS_WEEK, "home", "es", "sms"): 8, (THIS_WEEK, "home", "en", "sms"): 5}
    assert flush(redis_client, engine, TUESDAY + WEEK) == 1
    assert in_sql(engine, PlaceCount) == {(THIS_WEEK, "TX", "food"): 5, (THIS_WEEK, OTHER, OTHER): 1}
    assert redis_client.keys("counts:*") == []


def test_what_was_not_found_near_is_counted_and_merged_like_places(redis_client: Redis, engine: Engine) -> None:
    count(redis_client, {"gap:US-IL|legal": 6, "gap:US-TX|legal": 2, "gap:US-CA|legal": 2, "gap:GT-QEZ|health": 1})
    count(redis_client, {"place:US-IL|legal": 6})
    assert flush(redis_client, engine, TUESDAY) == 12
    assert in_sql(engine, GapCount) == {(THIS_WEEK, "US-IL", "legal"): 6}
    assert in_redis(redis_client, "gap") == {"US-TX|legal": 2, "US-CA|legal": 2, "GT-QEZ|health": 1}
    flush(redis_client, engine, TUESDAY + WEEK)
    assert in_sql(engine, GapCount) == {(THIS_WEEK, "US-IL", "legal"): 6, (THIS_WEEK, OTHER, OTHER): 5}
    assert in_sql(engine, PlaceCount) == {(THIS_WEEK, "US-IL", "legal"): 6}
    assert purge(engine, TUESDAY + 396 * 86_400) == 3


@pytest.mark.parametrize(
    ("kind", "model", "cell"),
    [
        ("turn", TurnCount, ("answered", "es")),
        ("sms", SmsCount, ("2", "quc")),
        ("wait", WaitCount, ("3600", "en")),
        ("failure", FailureCount, ("stop", "whatsapp")),
    ],
)
def test_how_families_are_served_is_merged_alike(
    redis_client: Redis, engine: Engine, kind: str, model: type, cell: tuple[str, str]
) -> None:
    count(redis_client, {f"{kind}:{'|'.join(cell)}": 5, f"{kind}:rare|{cell[1]}": 4})
    assert flush(redis_client, engine, TUESDAY) == 5
    assert in_sql(engine, model) == {(THIS_WEEK, *cell): 5}
    flush(redis_client, engine, TUESDAY + WEEK)
    assert in_sql(engine, model) == {(THIS_WEEK, *cell): 5, (THIS_WEEK, OTHER, OTHER): 4}
    assert purge(engine, TUESDAY + 396 * 86_400) == 2


def test_a_week_is_whole_only_once_all_of_it_is_written(redis_client: Redis, engine: Engine, tmp_path) -> None:
    assert whole_until(engine) is None
    count(redis_client, {"turn:answered|es": 7})
    flush(redis_client, engine, TUESDAY)
    assert whole_until(engine) == THIS_WEEK, "this week is not over"
    down = engine_for(f"postgresql://postgres@/puente?host={tmp_path}")
    with pytest.raises(StoreDown):
        flush(redis_client, down, TUESDAY + WEEK)
    assert whole_until(engine) == THIS_WEEK
    flush(redis_client, engine, TUESDAY + WEEK)
    assert whole_until(engine) == date(2026, 11, 30)
    down.dispose()


@pytest.mark.parametrize(
    ("hours", "over"), [(5 * 24 + 11, False), (5 * 24 + 12, True)], ids=["Sunday 23:00", "Monday 00:00"]
)
def test_a_week_is_over_on_monday_utc(redis_client: Redis, engine: Engine, hours: int, over: bool) -> None:
    count(redis_client, {"topic:home|es|sms": 1})
    assert flush(redis_client, engine, TUESDAY + hours * 3600) == int(over)


def test_sql_down_takes_nothing_from_redis(redis_client: Redis, engine: Engine, tmp_path) -> None:
    down = engine_for(f"postgresql://postgres@/puente?host={tmp_path}")
    count(redis_client, {"topic:home|es|sms": 7})
    with pytest.raises(StoreDown):
        flush(redis_client, down, TUESDAY)
    assert in_redis(redis_client) == {"home|es|sms": 7}
    assert flush(redis_client, engine, TUESDAY) == 7
    down.dispose()


@pytest.mark.parametrize("redis_server", [A_REDIS], indirect=True)
def test_redis_refusing_writes_nothing_to_sql(redis_server, redis_client: Redis, engine: Engine) -> None:
    redis_client.acl_setuser("reader", enabled=True, nopass=True, categories=["+@all", "-@scripting"], keys=["*"])
    count(redis_client, {"topic:home|es|sms": 7})
    reader = connect(redis_server.url.replace("unix://", "unix://reader@"))
    with pytest.raises(StoreDown) as caught:
        flush(reader, engine, TUESDAY)
    reader.close()
    redis_client.acl_deluser("reader")
    assert caught.value.evidence == "NoPermissionError"
    assert in_sql(engine) == {}
    assert flush(redis_client, engine, TUESDAY) == 7


def test_a_crash_before_the_commit_loses_one_flush_and_doubles_none(redis_client: Redis, engine: Engine) -> None:
    def crash(_connection: object) -> None:
        raise KeyboardInterrupt

    count(redis_client, {"topic:home|es|sms": 7})
    event.listen(engine, "commit", crash)
    with pytest.raises(KeyboardInterrupt):
        flush(redis_client, engine, TUESDAY)
    event.remove(engine, "commit", crash)
    assert in_sql(engine) == {} and in_redis(redis_client) == {}
    count(redis_client, {"topic:home|es|sms": 6})
    flush(redis_client, engine, TUESDAY)
    assert in_sql(engine) == {(THIS_WEEK, "home", "es", "sms"): 6}


def test_two_workers_do_not_count_the_same_twice(redis_client: Redis, engine: Engine, database_url: str) -> None:
    other = engine_for(database_url)
    count(redis_client, {"topic:home|es|sms": 7})
    second: list[object] = []

    def flush_meanwhile(_connection, _cursor, statement: str, *_: object) -> None:
        # The first has read Redis and is about to write.
        if "topic_counts" in statement and not statement.startswith("SELECT") and not second:
            second.append(None)
            with pytest.raises(StoreDown) as caught:
                flush(redis_client, other, TUESDAY)
            second.append(caught.value.evidence)

    event.listen(engine, "before_cursor_execute", flush_meanwhile)
    assert flush(redis_client, engine, TUESDAY) == 7
    assert second[0] is None
    # SQLite names what held it up, PostgreSQL only the class.
    assert second[1] == ("OperationalError SQLITE_BUSY" if engine.dialect.name == "sqlite" else "OperationalError")
    assert flush(redis_client, other, TUESDAY) == 0
    assert in_sql(engine) == {(THIS_WEEK, "home", "es", "sms"): 7}
    other.dispose()


def test_redis_drops_counts_that_no_worker_fetches(redis_client: Redis, engine: Engine) -> None:
    count(redis_client, {"topic:home|es|sms": 1})
    flush(redis_client, engine, TUESDAY)
    assert 0 < redis_client.ttl(hash_name("topic", THIS_WEEK)) <= 35 * 86_400


def test_weeks_go_after_13_months(redis_client: Redis, engine: Engine) -> None:
    for weeks in range(3):
        count(redis_client, {"topic:home|es|sms": 5, "place:TX|food": 5}, TUESDAY + weeks * WEEK)
        flush(redis_client, engine, TUESDAY + weeks * WEEK)
    monday = TUESDAY - 36 * 3600
    assert purge(engine, monday + 395 * 86_400 + 86_399) == 0
    assert purge(engine, monday + 396 * 86_400) == 2
    assert {week for week, *_ in in_sql(engine)} == {date(2026, 11, 30), date(2026, 12, 7)}
    assert purge(engine, monday + 800 * 86_400) == 4


class Weeks(RuleBasedStateMachine):
    """Counts come, flushes run and weeks pass in any order."""

    stores: tuple[Redis, Engine]

    def __init__(self) -> None:
        super().__init__()
        self.redis, self.engine = self.stores
        self.redis.flushall()
        with self.engine.begin() as connection:
            connection.execute(delete(TopicCount))
        self.now, self.counted = TUESDAY, 0

    @rule(
        topic=st.sampled_from(["home", "food"]),
        language=st.sampled_from(["es", "en"]),
        channel=st.sampled_from(["sms", "whatsapp"]),
        n=st.integers(1, 6),
    )
    def a_count_comes(self, topic: str, language: str, channel: str, n: int) -> None:
        count(self.redis, {f"topic:{topic}|{language}|{channel}": n}, self.now)
        self.counted += n

    @rule()
    def the_worker_flushes(self) -> None:
        flush(self.redis, self.engine, self.now)

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        # The worker never stays away for as long as counts are kept for it.
        flush(self.redis, self.engine, self.now)
        self.now += days * 86_400

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        waiting = sum(int(n) for name in self.redis.keys("counts:*") for n in self.redis.hvals(name))
        assert waiting + sum(in_sql(self.engine).values()) == self.counted

    @invariant()
    def no_small_cell_is_in_sql(self) -> None:
        small = {cell for cell, n in in_sql(self.engine).items() if n < SMALL}
        assert {cell[1:] for cell in small} <= {(OTHER,) * 3}

    def teardown(self) -> None:
        flush(self.redis, self.engine, self.now + 2 * WEEK)
        assert self.redis.keys("counts:*") == []


@pytest.mark.parametrize("redis_server", [A_REDIS], indirect=True)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_totals_are_kept_whatever_happens(redis_client: Redis, engine: Engine) -> None:
    machine = type("TheseWeeks", (Weeks,), {"stores": (redis_client, engine)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
