"""The real servers that tests talk to: Redis, the trained model behind Rasa, and an app wired to them."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

import bot.store.upgrade
from bot.settings import REPOSITORY, Settings, from_environment
from bot.store.redis_server import command, find_server

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


class Redis:
    """A Redis of the app's own DATA_DIR."""

    def __init__(self, data_dir: Path) -> None:
        self.words = command(data_dir, find_server())

    def start(self) -> None:
        """Starts it; clients wait for it by themselves."""
        self.process = subprocess.Popen(self.words, stdout=subprocess.DEVNULL)
        address = self.words[self.words.index("--unixsocket") + 1]
        give_up = time.monotonic() + 10
        while not self._listens(address):
            assert time.monotonic() < give_up, "Redis does not start"
            time.sleep(0.02)

    def _listens(self, address: str) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(address) == 0

    def kill(self) -> None:
        """kill -9: nothing is kept."""
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis_of_app(tmp_path: Path) -> Iterator[Redis]:
    """The Redis that the app of this test uses; it may be killed and started again."""
    server = Redis(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def make_app(tmp_path: Path, redis_of_app: Redis) -> Callable[..., Flask]:
    """Makes an app with these variables: real Redis, SQLite, and no model unless one is named."""
    import webhook

    def make(**environ: str) -> Flask:
        nowhere = f"http://127.0.0.1:{free_port()}"
        settings: Settings = from_environment(
            {"ENVIRONMENT": "test", "DATA_DIR": str(tmp_path), "RASA_URL": nowhere, "RASA_TOKEN": "none", **environ}
        )
        bot.store.upgrade.upgrade(settings.sql_url, settings.data_dir)
        return webhook.make(settings)

    return make


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """An app without a model: reserved words, phrases, menus."""
    return make_app()


@pytest.fixture
def whole_app(make_app: Callable[..., Flask], rasa: Rasa) -> Flask:
    """An app with everything."""
    return make_app(RASA_URL=rasa.url, RASA_TOKEN=rasa.token)
