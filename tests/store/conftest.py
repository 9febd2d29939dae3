"""Real servers for the tests of the stores: the bundled Redis, SQLite files and the PostgreSQL of a wheel."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine

from bot.message import Channel
from bot.privacy import Peppers
from bot.store.database import engine_for
from bot.store.escalations import Escalations
from bot.store.key_database import KeyDatabase
from bot.store.key_store import KeyStore
from bot.store.keys import DayKeys
from bot.store.master_key import MasterKeys
from bot.store.opt_outs import OptOuts
from bot.store.redis_client import connect
from bot.store.sealed import Key
from bot.store.sessions import Sessions
from tests.servers import RedisNodes, RedisServer, running
from tests.store.at_desk import EVERYBODY, AtDesk, employ
from tests.store.escalated import ANA, WORDS
from tests.store.postgres import drop, new_database, postgres
from tests.store.purged import World
from tests.upgraded import upgraded_postgres, upgraded_sqlite

A_REDIS = pytest.param("_shared_redis", id="redis")
A_CLUSTER = pytest.param("cluster", marks=pytest.mark.slow)
"""What ``redis_server`` may be; a test that is for one of them says so with ``parametrize(..., indirect=True)``."""


class Clock:
    """The bot's clock, moved by hand. Begins on 2026-11-24 12:00:00 UTC, a Tuesday."""

    def __init__(self) -> None:
        self.now = 1_795_521_600.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(scope="session")
def _shared_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with running(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_server(request: pytest.FixtureRequest) -> Iterator[RedisServer | RedisNodes]:
    """A running, empty Redis. Not to be killed: other tests use it too. A module with ``ALSO_ON_A_CLUSTER`` gets a cluster too."""
    shared = request.getfixturevalue(getattr(request, "param", "_shared_redis"))
    with contextlib.closing(connect(shared.url)) as client:
        client.flushall()
    yield shared
    shared.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    by_hand = any("redis_server" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "redis_server" in metafunc.fixturenames and hasattr(metafunc.module, "ALSO_ON_A_CLUSTER") and not by_hand:
        metafunc.parametrize("redis_server", [A_REDIS, A_CLUSTER], indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A cluster and PostgreSQL know nothing of one another: each is tried with the simpler other one."""

    def apart(item: pytest.Item) -> bool:
        params = item.callspec.params if hasattr(item, "callspec") else {}
        on_postgres = "postgresql" in (params.get("database_url"), params.get("keystore_url"))
        return not (on_postgres and params.get("redis_server") == "cluster")

    items[:] = filter(apart, items)


@pytest.fixture
def redis_client(redis_server: RedisServer | RedisNodes) -> Redis:
    """A client of a running, empty Redis or cluster."""
    return redis_server.client()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that a test may kill, stop and start again."""
    with running(tmp_path) as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def peppers() -> Peppers:
    return Peppers(routing=b"r" * 32, opt_out=b"o" * 32)


@pytest.fixture(scope="session")
def _postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server that all tests share, without a database name."""
    with postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of either kind."""
    # Where the test has an engine too, that one makes it, as a copy.
    yield from _new_database(request, f"sqlite:///{tmp_path}/puente.db", made="engine" not in request.fixturenames)


def _new_database(request: pytest.FixtureRequest, sqlite: str, *, made: bool = True) -> Iterator[str]:
    """One of the kind that is asked for. PostgreSQL's goes again: hundreds of 8 MB would be what a test has to look through."""
    if request.param == "sqlite":
        yield sqlite
        return
    server = request.getfixturevalue("_postgres")
    url = new_database(server, made=made)
    yield url
    drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def keystore_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a key store that has not been made yet, of either kind."""
    yield from _new_database(request, f"sqlite:///{tmp_path}/keystore/keys.db")


@pytest.fixture
def engine(database_url: str, tmp_path: Path) -> Iterator[Engine]:
    """An engine on an upgraded database of either kind; its keys stand in ``tmp_path``."""
    if database_url.startswith("sqlite"):
        upgraded_sqlite(tmp_path)
    else:
        upgraded_postgres(database_url, tmp_path)
    engine = engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyStore]:
    """An empty key store on SQLite."""
    database = KeyDatabase(f"sqlite:///{tmp_path}/keystore/keys.db")
    database.make()
    yield KeyStore(database, MasterKeys((Key("2026", bytes(range(32))),)))
    database.close()


@pytest.fixture
def escalations(engine: Engine, redis_client: Redis, peppers: Peppers, keys: KeyStore, clock: Clock) -> Escalations:
    """The escalations of an installation that has none yet."""
    return Escalations(engine, redis_client, peppers, DayKeys(redis_client), keys, clock)


@pytest.fixture
def sessions_beside(redis_client: Redis, peppers: Peppers, clock: Clock) -> Sessions:
    """What the web reads with, beside ``escalations``."""
    return Sessions(redis_client, peppers, DayKeys(redis_client), clock)


@pytest.fixture
def told(escalations: Escalations) -> str:
    """An open escalation of Ana in which something was said."""
    id = escalations.open(ANA, Channel.SMS)
    escalations.add(id, "family", WORDS)
    return id


@pytest.fixture
def world(
    engine: Engine,
    redis_client: Redis,
    keys: KeyStore,
    escalations: Escalations,
    sessions_beside: Sessions,
    clock: Clock,
) -> World:
    """Every store, for the purge."""
    return World(engine, redis_client, keys, escalations, sessions_beside, clock)


@pytest.fixture
def desk(
    engine: Engine, redis_client: Redis, keys: KeyStore, escalations: Escalations, peppers: Peppers, clock: Clock
) -> AtDesk:
    """A desk with people of every role, at which no family waits yet."""
    employ(engine, *EVERYBODY)
    return AtDesk(engine, redis_client, keys, escalations, OptOuts(engine, redis_client, peppers), clock)
