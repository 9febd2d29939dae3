"""``db upgrade`` on SQLite and PostgreSQL, and what the web tier may know of it."""

from __future__ import annotations

import contextlib
import fcntl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from bot.store.database import engine_for, is_current
from bot.store.errors import DatabaseAhead, KeyChanged, KeyMissing, StoreDown
from bot.store.keys import load_keys
from bot.store.models import HEAD, Base
from bot.store.upgrade import ADVISORY_LOCK, upgrade

# Starts processes and waits for them.
pytestmark = pytest.mark.slow

REPO = Path(__file__).resolve().parents[2]


def run_sql(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_it_may_run_any_number_of_times(database_url: str, tmp_path: Path) -> None:
    first = upgrade(database_url, tmp_path)
    assert upgrade(database_url, tmp_path) == first == load_keys(tmp_path)


def test_the_web_tier_can_tell_whether_it_ran(database_url: str, tmp_path: Path) -> None:
    engine = engine_for(database_url)
    assert not is_current(engine)
    upgrade(database_url, tmp_path)
    assert is_current(engine)
    run_sql(engine, "UPDATE alembic_version SET version_num = '0000'")
    assert not is_current(engine)
    engine.dispose()


def test_the_migrations_make_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_named_head_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(REPO / "bot" / "store" / "migrations")).get_current_head() == HEAD


@contextlib.contextmanager
def held_lock(url: str, data_dir: Path) -> Iterator[None]:
    """The lock of an upgrade that another process is in the middle of."""
    engine = engine_for(url)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
            yield
    else:
        with open(data_dir / "upgrade.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    engine.dispose()


def test_an_upgrade_waits_for_another_and_then_goes_on(database_url: str, tmp_path: Path) -> None:
    engine = engine_for(database_url)
    waiting = threading.Thread(target=upgrade, args=(database_url, tmp_path))
    with held_lock(database_url, tmp_path):
        waiting.start()
        # Longer than the second after which any other statement would be given up.
        waiting.join(2)
        assert waiting.is_alive()
        assert not is_current(engine)
    waiting.join()
    assert is_current(engine)
    engine.dispose()


def test_a_migration_that_fails_leaves_nothing(database_url: str, tmp_path: Path) -> None:
    engine = engine_for(database_url)
    run_sql(engine, "CREATE TABLE meta (stranger INTEGER)")
    with pytest.raises(StoreDown):
        upgrade(database_url, tmp_path)
    assert inspect(engine).get_table_names() == ["meta"]
    assert not is_current(engine)
    engine.dispose()


def test_a_database_of_a_newer_version_is_left_alone(database_url: str, tmp_path: Path) -> None:
    upgrade(database_url, tmp_path)
    engine = engine_for(database_url)
    run_sql(engine, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseAhead, match="newer version"):
        upgrade(database_url, tmp_path)
    engine.dispose()


def test_lost_keys_are_not_replaced_in_silence(database_url: str, tmp_path: Path) -> None:
    upgrade(database_url, tmp_path)
    (tmp_path / "keys" / "opt_out").unlink()
    with pytest.raises(KeyMissing, match="opt_out"):
        upgrade(database_url, tmp_path)
    assert not (tmp_path / "keys" / "opt_out").exists()


def test_keys_of_another_installation_are_refused(database_url: str, tmp_path: Path) -> None:
    upgrade(database_url, tmp_path)
    (tmp_path / "keys" / "routing").write_bytes(b"x" * 32)
    with pytest.raises(KeyChanged, match="backup"):
        upgrade(database_url, tmp_path)


def test_a_database_that_cannot_be_reached_is_named_without_details(tmp_path: Path) -> None:
    url = f"postgresql://ana:secret@/puente?host={tmp_path}"
    engine = engine_for(url)
    for ask in (lambda: upgrade(url, tmp_path), lambda: is_current(engine)):
        with pytest.raises(StoreDown) as caught:
            ask()
        assert str(caught.value) == "sql is down (OperationalError)"
    engine.dispose()


def test_nothing_but_the_upgrade_loads_alembic() -> None:
    code = (
        "import sys, bot.store.sessions, bot.store.opt_outs, bot.store.counts, bot.store.database\n"
        "print('alembic' in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
