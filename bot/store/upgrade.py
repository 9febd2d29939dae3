"""``db upgrade``: makes the keys and brings the database to the newest migration. The only module with
Alembic.

It runs once before the web starts; workers never migrate. Several that start at once wait for each other.
"""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, func, insert, inspect, select, text

from bot.privacy import Peppers
from bot.store.content_models import ReleaseRow
from bot.store.database import allow, engine_for, sql_errors
from bot.store.errors import DatabaseAhead, KeyChanged
from bot.store.keys import load_keys, load_release_key, make_keys, make_release_key
from bot.store.models import Meta
from bot.store.resealing import seal_rows

_MIGRATIONS = Path(__file__).parent / "migrations"
KEYS = "keys"
"""The row of ``meta`` that says under which keys the database was written."""
SEALED_SINCE = "0008"
"""The migration with which rows got seals; empty, which stands for a new database, comes before it."""
ADVISORY_LOCK = 7_883_683_001
"""Any number will do, as long as nothing else in the database uses it."""


def upgrade(url: str, data_dir: Path) -> Peppers:
    """Upgrades the database at ``url`` and returns the peppers, made in ``data_dir`` if this is the first
    time.

    Raises ``StoreDown`` when the database cannot be reached or refuses, and a ``SetupError`` when the key files are
    not the ones that the database was written under: with other keys no opt-out would be found again.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = engine_for(url)
    try:
        with sql_errors(), _alone(engine, data_dir), engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                allow(connection, 0)
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
            before = _at(connection)
            _migrate(connection)
            peppers = _settle_keys(connection, data_dir)
            _settle_release_key(connection, data_dir, before)
            return peppers
    finally:
        engine.dispose()


@contextmanager
def _alone(engine: Engine, data_dir: Path) -> Iterator[None]:
    if engine.dialect.name != "sqlite":
        yield
        return
    # Made before SQLite makes it, who would let others on the machine read it.
    file = Path(str(engine.url.database))
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)
    with open(data_dir / "upgrade.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _at(connection: Connection) -> str:
    """The migration that the database is at; empty for a new one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise DatabaseAhead("The database was upgraded by a newer version.", "Run that version again.") from None


def _settle_keys(connection: Connection, data_dir: Path) -> Peppers:
    written = connection.scalar(select(Meta.value).where(Meta.key == KEYS))
    if written is None:
        peppers = make_keys(data_dir)
        connection.execute(insert(Meta).values(key=KEYS, value=fingerprint(peppers)))
        return peppers
    peppers = load_keys(data_dir)
    if written != fingerprint(peppers):
        raise KeyChanged(
            f"The keys in {data_dir / 'keys'} are not those that the database was written under.",
            "Put that folder back from a backup or copy it from another host.",
        )
    return peppers


def _settle_release_key(connection: Connection, data_dir: Path, before: str) -> None:
    published = connection.scalar(select(func.count()).select_from(ReleaseRow))
    if published or before >= SEALED_SINCE:
        # Another key would make everything that was written look damaged.
        key = load_release_key(data_dir)
    else:
        key = make_release_key(data_dir)
    if before < SEALED_SINCE:
        # Once: whoever takes seals away later is not to have them made anew by the next version of ours.
        seal_rows(connection, key)


def fingerprint(peppers: Peppers) -> str:
    """By which the two keys of an installation are known again. Of random 256-bit keys nothing can be learned from a hash."""
    return hashlib.sha256(peppers.routing + peppers.opt_out).hexdigest()
