"""The real servers that tests talk to: Redis, the trained model behind Rasa, and an app wired to them."""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from redis.crc import key_slot
from redis.exceptions import ConnectionError as RedisGone

import bot.store.upgrade
from bot.settings import REPOSITORY, Settings, from_environment
from bot.store.key_store import make_key_store
from bot.store.redis_client import connect
from bot.store.redis_server import command, find_server, socket_path
from tests.upgraded import NAME, upgraded_sqlite

SECONDS_TO_START = 120
NLU_PYTHON = REPOSITORY / ".venv-nlu" / "bin" / "python"


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Rasa:
    """The model's server, started with the very command of the Procfile."""

    def __init__(self, data_dir: Path) -> None:
        self.url, self.token = f"http://127.0.0.1:{free_port()}", secrets.token_hex(16)
        self.data_dir = data_dir

    def start(self) -> None:
        """Returns when the model answers."""
        environ = {**os.environ, "RASA_URL": self.url, "RASA_TOKEN": self.token, "DATA_DIR": str(self.data_dir)}
        command = [str(NLU_PYTHON), "nlu/serve.py"]
        self.process = subprocess.Popen(command, cwd=REPOSITORY, env=environ, start_new_session=True)
        give_up = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            assert self.process.poll() is None, "the model's server ended: is there a model? (make train)"
            assert time.monotonic() < give_up, "the model's server does not answer"
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            return urllib.request.urlopen(f"{self.url}/status?token={self.token}", timeout=2).status == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """kill -9, with all that it started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="session")
def rasa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rasa]:
    """The trained model, served for the whole run."""
    server = Rasa(tmp_path_factory.mktemp("rasa"))
    server.start()
    yield server
    server.kill()


class RedisServer:
    """A redis-server started with the very command of the Procfile."""

    def __init__(self, data_dir: Path, *more: str) -> None:
        self.words = [*command(data_dir, find_server()), *more]
        self.url = f"unix://{socket_path(data_dir)}"
        self.clients: list[Redis] = []

    def start(self) -> None:
        self.process = subprocess.Popen(self.words, stdout=subprocess.DEVNULL)
        give_up = time.monotonic() + SECONDS_TO_START
        with contextlib.closing(connect(self.url)) as probe:
            while True:
                try:
                    probe.ping()
                    return
                except RedisGone:
                    assert time.monotonic() < give_up and self.process.poll() is None, "Redis does not start"
                    time.sleep(0.02)

    def kill(self) -> None:
        """As kill -9: nothing is said to the clients, and nothing is kept."""
        self.process.kill()
        self.process.wait()

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def client(self) -> Redis:
        self.clients.append(connect(self.url))
        return self.clients[-1]

    def close(self) -> None:
        for client in self.clients:
            client.close()
        self.clients.clear()


@contextlib.contextmanager
def running(data_dir: Path, *more: str) -> Iterator[RedisServer]:
    server = RedisServer(data_dir, *more)
    server.start()
    try:
        yield server
    finally:
        server.close()
        server.kill()


class RedisNodes:
    """A Redis Cluster on loopback: three nodes that serve slots, and ``replicas`` more that copy the first ones.

    A node that is killed without a replica takes its slots along; the others go on.
    """

    def __init__(self, folder: Path, replicas: int = 0) -> None:
        self.ports = [self._port() for _ in range(3 + replicas)]
        self.url = "redis+cluster://" + ",".join(f"127.0.0.1:{port}" for port in self.ports)
        self.clients: list[Redis] = []
        self.servers = [self._server(folder / str(port), port) for port in self.ports]

    @staticmethod
    def _port() -> int:
        """Nobody uses it, nor the one on which the nodes speak with one another."""
        while True:
            port = 20_000 + secrets.randbelow(10_000)
            with socket.socket() as one, socket.socket() as other, contextlib.suppress(OSError):
                one.bind(("127.0.0.1", port))
                other.bind(("127.0.0.1", port + 10_000))
                return port

    @staticmethod
    def _server(folder: Path, port: int) -> RedisServer:
        folder.mkdir(parents=True)
        options = {
            "--port": port,
            "--bind": "127.0.0.1",
            "--cluster-enabled": "yes",
            "--cluster-config-file": folder / "nodes.conf",
            "--cluster-node-timeout": 1_000,
            "--cluster-require-full-coverage": "no",
            "--repl-diskless-sync-delay": 0,
        }
        return RedisServer(folder, *(str(word) for option in options.items() for word in option))

    def start(self) -> None:
        """Returns when all nodes know of one another."""
        for server in self.servers:
            server.start()
        nodes = [server.client() for server in self.servers]
        for number, node in enumerate(nodes):
            node.execute_command("CLUSTER MEET", "127.0.0.1", self.ports[0])
            if number < 3:
                node.execute_command("CLUSTER ADDSLOTS", *range(16_384 * number // 3, 16_384 * (number + 1) // 3))
        self.await_state(f"cluster_known_nodes:{len(nodes)}", "cluster_size:3", "cluster_slots_ok:16384")
        for master, copy in zip(nodes, nodes[3:], strict=False):
            copy.execute_command("CLUSTER REPLICATE", master.execute_command("CLUSTER MYID").decode())
        for copy in nodes[3:]:
            until(lambda copy=copy: copy.info("replication").get("master_link_status") == "up", "a replica")

    def await_state(self, *lines: str) -> None:
        """Returns when all nodes that run say all of this of the cluster."""
        running_ = [server.client() for server in self.servers if server.process.poll() is None]
        until(
            lambda: all(line in str(node.execute_command("CLUSTER", "INFO")) for node in running_ for line in lines),
            f"the cluster with {lines}",
        )

    def mend(self) -> None:
        """Starts again, empty, whoever was killed and wakes whoever hangs; returns when all is well."""
        for server in self.servers:
            if server.process.poll() is None:
                server.send(signal.SIGCONT)
            else:
                server.start()
        self.await_state("cluster_state:ok", "cluster_slots_ok:16384", f"cluster_known_nodes:{len(self.servers)}")

    def serving(self, name: str) -> RedisServer:
        """The first of the three that serves the slot of a name."""
        slot = key_slot(name.encode())
        return self.servers[next(number for number in range(3) if slot < 16_384 * (number + 1) // 3)]

    def client(self) -> Redis:
        self.clients.append(connect(self.url))
        return self.clients[-1]

    def close(self) -> None:
        for client in (*self.clients, *(client for server in self.servers for client in server.clients)):
            client.close()
        self.clients.clear()
        for server in self.servers:
            server.clients.clear()

    def kill(self) -> None:
        self.close()
        for server in self.servers:
            server.kill()


def until(so: Callable[[], bool], what: str) -> None:
    give_up = time.monotonic() + SECONDS_TO_START
    while not so():
        assert time.monotonic() < give_up, f"waited in vain for {what}"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisNodes]:
    """A cluster of three nodes that all tests share. Not to be killed."""
    nodes = RedisNodes(tmp_path_factory.mktemp("cluster"))
    nodes.start()
    yield nodes
    nodes.kill()


@pytest.fixture
def redis_of_app(tmp_path: Path) -> Iterator[RedisServer]:
    """The Redis that the app of this test uses; it may be killed and started again."""
    with running(tmp_path) as server:
        yield server


def make_app_in(data_dir: Path, environ: Mapping[str, str]) -> Flask:
    """An app with SQLite and the Redis server of this folder, and no model unless one is named."""
    import webhook

    nowhere = f"http://127.0.0.1:{free_port()}"
    common = {"ENVIRONMENT": "test", "DATA_DIR": str(data_dir), "RASA_URL": nowhere, "RASA_TOKEN": "none"}
    settings: Settings = from_environment({**common, **environ})
    if settings.sql_url == f"sqlite:///{data_dir / NAME}" and not (data_dir / NAME).exists():
        upgraded_sqlite(data_dir)
    else:
        bot.store.upgrade.upgrade(settings.sql_url, settings.data_dir)
    make_key_store(settings)
    return webhook.make(settings)


@pytest.fixture
def make_app(tmp_path: Path, redis_of_app: RedisServer) -> Callable[..., Flask]:
    """Makes an app with these variables: real Redis, SQLite, and no model unless one is named."""
    return lambda **environ: make_app_in(tmp_path, environ)


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """An app without a model: reserved words, phrases, menus."""
    return make_app()


@pytest.fixture
def whole_app(make_app: Callable[..., Flask], rasa: Rasa) -> Flask:
    """An app with everything."""
    return make_app(RASA_URL=rasa.url, RASA_TOKEN=rasa.token)


@pytest.fixture(scope="module")
def app_with(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Flask]]:
    """One app for all tests of a module with the same settings: people on different phones do not notice one another."""
    with contextlib.ExitStack() as servers:

        @functools.cache
        def make(**environ: str) -> Flask:
            folder = tmp_path_factory.mktemp("app")
            servers.enter_context(running(folder))
            return make_app_in(folder, environ)

        yield make
