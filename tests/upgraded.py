"""A database as ``db upgrade`` makes it: made once in each process of the tests and copied, since hundreds want one of their own.

What ``db upgrade`` itself does is tried in tests/store/test_upgrade.py, and by everything that is started as the Procfile says.
"""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from bot.store.secret_files import write_once
from bot.store.upgrade import upgrade

NAME = "puente.db"
SEAL_KEY = b"k" * 32
"""The key of the seals in every database of these."""
_TEMPLATE = "upgraded"


@functools.cache
def _folder() -> Path:
    """A folder with an upgraded SQLite file and the keys that it was written under."""
    folder = Path(tempfile.mkdtemp(prefix="puente-upgraded-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # One that every test knows: what is sealed is made and read in many places.
    (folder / "keys").mkdir(mode=0o700)
    write_once(folder / "keys" / "releases", SEAL_KEY)
    upgrade(f"sqlite:///{folder}/{NAME}", folder)
    return folder


def upgraded_sqlite(data_dir: Path, database: Path | None = None) -> None:
    """Puts the upgraded file at ``database`` (``data_dir``/puente.db) and its keys into ``data_dir``."""
    _keys_into(data_dir)
    # Copied with its mode: the file is its owner's alone.
    shutil.copy2(_folder() / NAME, database or data_dir / NAME)


def upgraded_postgres(url: str, data_dir: Path) -> None:
    """Makes the database of this URL as a copy of an upgraded one on the same server, and puts its keys into ``data_dir``."""
    _keys_into(data_dir)
    name = make_url(url).database
    template, server = _template(url.replace(f"/{name}", "/{}"))
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


@functools.cache
def _template(server: str) -> tuple[str, str]:
    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_TEMPLATE}")
    with tempfile.TemporaryDirectory() as folder:
        _keys_into(Path(folder))
        upgrade(server.format(_TEMPLATE), Path(folder))
    return _TEMPLATE, server


def _keys_into(data_dir: Path) -> None:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copytree(_folder() / "keys", data_dir / "keys", dirs_exist_ok=True)
