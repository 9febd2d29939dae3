"""gunicorn with our worker: what it has not in hand waits at the port, and outlives the death of a process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.web_worker import AT_ONCE
from tests.servers import free_port

pytestmark = [pytest.mark.slow, pytest.mark.always]

REPO = Path(__file__).resolve().parents[1]
THREADS = 8
# A request lies in hand until the file "go" is there; each leaves its number and the process that has it.
APP = """
import os, pathlib, time
import bot.web_worker
bot.web_worker.SOON = {soon}

def app(environ, start_response):
    (pathlib.Path({folder!r}) / ("hand" + environ["PATH_INFO"][1:])).write_text(str(os.getpid()))
    while not (pathlib.Path({folder!r}) / "go").exists():
        time.sleep(0.01)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"served"]
"""


class Door:
    """A gunicorn of one process, and who knocks there."""

    def __init__(self, folder: Path, soon: float) -> None:
        self.folder, self.port = folder, free_port()
        (folder / "held.py").write_text(APP.format(soon=soon, folder=str(folder)))
        words = [sys.executable, "-m", "gunicorn", "--workers", "1", "--threads", str(THREADS), "--no-control-socket"]
        words += ["--worker-class", "bot.web_worker.WebWorker", "--bind", f"127.0.0.1:{self.port}", "held:app"]
        environ = os.environ | {"PYTHONPATH": f"{folder}:{REPO}"}
        self.process = subprocess.Popen(
            words, cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.clients = ThreadPoolExecutor(32)

    def knock(self, number: int) -> Future[str]:
        """One request; what came of it."""
        return self.clients.submit(self._knock, number)

    def _knock(self, number: int) -> str:
        with self._connected() as client:
            client.settimeout(60)
            client.sendall(f"GET /{number} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            said = b""
            try:
                while more := client.recv(4096):
                    said += more
            except ConnectionError:
                return "cut off"
        return "served" if b"served" in said else "cut off"

    def _connected(self) -> socket.socket:
        give_up = time.monotonic() + 30
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=5)
            except ConnectionRefusedError:
                assert time.monotonic() < give_up, "nobody listens"
                time.sleep(0.05)

    def in_hand(self) -> dict[str, int]:
        """The requests that a process has, or had, and which one."""
        return {path.name: int(path.read_text() or 0) for path in self.folder.glob("hand*")}

    def await_in_hand(self, number: int) -> None:
        """Until so many are."""
        give_up = time.monotonic() + 30
        while len(self.in_hand()) < number or 0 in self.in_hand().values():
            assert time.monotonic() < give_up, self.in_hand()
            time.sleep(0.02)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Callable[[float], Door]]:
    opened: list[Door] = []

    def start(soon: float) -> Door:
        opened.append(Door(tmp_path, soon))
        return opened[-1]

    yield start
    for each in opened:
        (tmp_path / "go").touch()
        each.process.terminate()
        each.process.wait(20)
        each.clients.shutdown(cancel_futures=True)


def test_only_what_is_in_hand_dies_with_its_process(door: Callable[[float], Door]) -> None:
    there = door(3_600.0)
    came = [there.knock(number) for number in range(10)]
    there.await_in_hand(AT_ONCE)
    time.sleep(0.5)
    taken = there.in_hand()
    assert len(taken) == AT_ONCE, "the others are at the port"
    os.kill(next(iter(taken.values())), signal.SIGKILL)
    (there.folder / "go").touch()
    outcomes = [each.result(60) for each in came]
    assert outcomes.count("cut off") == AT_ONCE and outcomes.count("served") == 10 - AT_ONCE


def test_requests_that_wait_for_long_leave_the_door_open(door: Callable[[float], Door]) -> None:
    there = door(0.0)
    came = [there.knock(number) for number in range(12)]
    there.await_in_hand(THREADS)
    (there.folder / "go").touch()
    assert [each.result(60) for each in came] == ["served"] * 12


def test_a_process_that_stops_serves_what_it_has_in_hand(door: Callable[[float], Door]) -> None:
    there = door(3_600.0)
    came = [there.knock(number) for number in range(AT_ONCE)]
    there.await_in_hand(AT_ONCE)
    os.kill(next(iter(there.in_hand().values())), signal.SIGTERM)
    (there.folder / "go").touch()
    assert [each.result(60) for each in came] == ["served"] * AT_ONCE


LISTENS_LATE = """
from bot.directory import misspelling

heard = []
listen = misspelling._filed_by_sound
misspelling._filed_by_sound = lambda *given: heard.append(1) or listen(*given)
import webhook

import threading

puente = webhook.app.extensions["puente"]()
assert heard == [1], "all that can be done before anybody writes"
assert threading.active_count() == 1, threading.enumerate()
assert puente.engine.pool.checkedin() == 0, "nothing is shared by those who are forked"
assert not puente.redis.connection_pool._available_connections
assert puente.release.places.find("tengo orden de deportacion") is not None and heard == [1]
"""


def test_nobody_waits_until_a_new_process_has_listened_to_all_towns(tmp_path: Path) -> None:
    """Else it does while somebody waits, a fifth of a second or more: what a server has done before it forks, its processes have.

    But no thread and no connection: those are of no use after a fork, and do harm.
    """
    environ = os.environ | {"ENVIRONMENT": "development", "DATA_DIR": str(tmp_path / "data")}
    flask = [sys.executable, "-m", "flask", "--app", "webhook", "db", "upgrade"]
    for words in (flask, [sys.executable, "-c", LISTENS_LATE]):
        told = subprocess.run(words, cwd=REPO, env=environ, capture_output=True, text=True, timeout=120, check=False)
        assert told.returncode == 0, told.stdout + told.stderr


def said_by(program: str, folder: Path) -> list[str]:
    """The lines of a program in a Python of its own, where `db upgrade` has run."""
    environ = os.environ | {"ENVIRONMENT": "development", "DATA_DIR": str(folder / "data")}
    flask = [sys.executable, "-m", "flask", "--app", "webhook", "db", "upgrade"]
    for words in (flask, [sys.executable, "-c", program]):
        told = subprocess.run(words, cwd=REPO, env=environ, capture_output=True, text=True, timeout=120, check=False)
        assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout.splitlines()


UNDER_GUNICORN = """
import gc, sys
from gunicorn.app.wsgiapp import WSGIApplication

import bot.gunicorn, webhook
print(gc.isenabled())
made = webhook.make
webhook.make = lambda settings: print(gc.isenabled()) or made(settings)
sys.argv = ["gunicorn", "--config", "bot/gunicorn.py", "webhook:app"]
server = WSGIApplication()
server.wsgi()
print(gc.isenabled(), gc.get_freeze_count() < 1_000)
server.cfg.when_ready(None)
print(gc.isenabled(), gc.get_freeze_count() > 100_000)
"""


def test_what_stays_is_read_without_looking_for_garbage_and_messages_are_answered_with_it(tmp_path: Path) -> None:
    """By who imports the settings, while all is read, before the fork, and by whoever is forked."""
    assert said_by(UNDER_GUNICORN, tmp_path) == ["True", "False", "False True", "True True"]
