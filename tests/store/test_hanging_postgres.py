"""A PostgreSQL that hangs, as one whose machine or disk does: a turn is over with it at once, and comes back to it afterwards."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import Engine, text

from bot import patience
from bot.store.database import allow, engine_for, sql_errors
from bot.store.errors import StoreDown
from bot.store.postgres import Connection

# Waits for a server that says nothing.
pytestmark = [pytest.mark.slow, pytest.mark.on_time]

GIVE_UP = 60.0
"""Whoever would wait for ever is let go after so long, and the test fails."""


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Takes connections as a kernel does, and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        yield server


def _callers(server: socket.socket) -> int:
    """How many have called since it was last asked."""
    server.setblocking(False)
    number = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            number += 1
    return number


@contextlib.contextmanager
def _hanging(backend: int) -> Iterator[None]:
    """The server's process of one connection, stopped."""
    os.kill(backend, signal.SIGSTOP)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(backend, signal.SIGCONT))
    signal.setitimer(signal.ITIMER_REAL, GIVE_UP)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        os.kill(backend, signal.SIGCONT)


def _ask(engine: Engine, how: Callable[[Engine], AbstractContextManager[object]]) -> int:
    with sql_errors(), how(engine) as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar())  # type: ignore[attr-defined]


@pytest.mark.parametrize("how", [Engine.connect, Engine.begin], ids=["a question", "a transaction"])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_hangs_is_given_up(
    engine: Engine, how: Callable[..., AbstractContextManager[object]]
) -> None:
    backend, began = _ask(engine, how), time.monotonic()
    with _hanging(backend), patience.limited():
        with pytest.raises(StoreDown) as error:
            _ask(engine, how)
        assert error.value.evidence == "Spent", "not a lost connection, in whose place another one would be waited for"
        assert patience.left() > 0, "it has some time left to answer without"
        with pytest.raises(StoreDown):
            _ask(engine, how)
    assert time.monotonic() - began < GIVE_UP
    assert _ask(engine, how) != backend, "on a connection that nobody waits for any more"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_one_that_begins_to_hang_in_a_transaction_is_given_up(engine: Engine) -> None:
    with patience.limited(), pytest.raises(StoreDown), sql_errors(), engine.begin() as connection:
        backend = connection.scalar(text("SELECT pg_backend_pid()"))
        with _hanging(backend):
            connection.execute(text("SELECT 1"))
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert _ask(engine, Engine.connect) != backend


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_outside_of_a_turn_it_is_given_up_later(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a page of staff: else all threads would wait there in the end."""
    monkeypatch.setattr(Connection, "hangs", 0.5)
    backend, began = _ask(engine, Engine.connect), time.monotonic()
    with _hanging(backend), pytest.raises(StoreDown):
        _ask(engine, Engine.connect)
    assert time.monotonic() - began < GIVE_UP
    with engine.begin() as connection:
        allow(connection, 60)
        assert connection.scalar(text("SELECT pg_sleep(1.2)")) is not None, (
            "longer than the server and we would wait else"
        )
    assert _ask(engine, Engine.connect) != backend
    with engine.connect() as connection:
        assert connection.connection.driver_connection.hangs == 0.5, "for that transaction alone"  # type: ignore[union-attr]


def test_a_server_that_says_nothing_to_who_comes_is_asked_once_in_a_turn(silent: socket.socket) -> None:
    engine = engine_for(f"postgresql://puente@127.0.0.1:{silent.getsockname()[1]}/puente")
    with patience.limited():
        for _ in range(3):
            with pytest.raises(StoreDown):
                _ask(engine, Engine.connect)
    assert _callers(silent) == 1
    # So little is left that a new connection could come too late.
    with patience.limited(1.5), pytest.raises(StoreDown):
        _ask(engine, Engine.connect)
    assert _callers(silent) == 0
