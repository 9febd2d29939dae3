"""How a connection to SQL is set up."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.store.database import BUSY_MS, engine_for
from bot.store.models import Meta


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_is_understood(scheme: str) -> None:
    url = engine_for(f"{scheme}://ana@db.example/puente").url
    assert url.drivername == "postgresql+psycopg"
    assert (url.username, url.host, url.database) == ("ana", "db.example", "puente")


def test_sqlite_lets_many_read_while_one_writes(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/puente.db")
    with engine.connect() as connection:
        pragmas = {
            name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "busy_timeout", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "busy_timeout": BUSY_MS, "foreign_keys": 1}
    engine.dispose()


def test_a_statement_ends_after_a_second(engine: Engine) -> None:
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            assert connection.scalar(text("SHOW statement_timeout")) == "1s"
        return
    # SQLite: a second writer gives up; whoever holds the lock goes on.
    with engine.begin() as writer:
        writer.execute(insert(Meta).values(key="first", value="1"))
        found: list[BaseException] = []
        second = threading.Thread(target=_write_second, args=(engine, found))
        second.start()
        second.join()
    assert isinstance(found[0], OperationalError)


def _write_second(engine: Engine, found: list[BaseException]) -> None:
    try:
        with engine.begin() as connection:
            connection.execute(insert(Meta).values(key="second", value="2"))
    except OperationalError as error:
        found.append(error)


def test_errors_do_not_show_values(engine: Engine) -> None:
    with pytest.raises(IntegrityError) as caught, engine.begin() as connection:
        for _ in range(2):
            connection.execute(insert(Meta).values(key="twice", value="+15005550006"))
    assert "+15005550006" not in str(caught.value)


def test_what_fails_half_way_is_undone(engine: Engine) -> None:
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(Meta).values(key="once", value="1"))
        connection.execute(insert(Meta).values(key="once", value="2"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM meta WHERE key = 'once'")) == 0
