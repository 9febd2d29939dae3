"""Redis, SQL, the model and the disk as parts of one app that are broken and mended again, and what a family says meanwhile.

Dead here are real parts: a Redis that was killed, a database that is not there, a port where nobody listens, a disk on which
this process may write nothing. What hangs is stopped (SIGSTOP), locked, or takes a call and never answers.
"""

from __future__ import annotations

import contextlib
import itertools
import resource
import shutil
import signal
import socket
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.app import Puente
from tests.phone import Phone
from tests.servers import Rasa, RedisServer, free_port, make_app_in

PARTS = ("redis", "sql", "model", "disk")
BROKEN = [frozenset(each) for size in range(5) for each in itertools.combinations(PARTS, size)]

LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "es": {
        "language": "ESPAÑOL",
        "danger": "la migra esta en mi puerta",
        "first word": "hola",
        "free text": "mi prima tiene una duda con el patrón de antes",
        "safe": "No abra",
        "later": "unos minutos",
        "stopped": "Listo: no le mandamos",
        "not noted": "no lo pude anotar",
        "erased": "Listo. Borramos",
    },
    "en": {
        "language": "ENGLISH",
        "danger": "ICE is at my door",
        "first word": "hello",
        "free text": "my cousin has a doubt about the boss of before",
        "safe": "Do not open",
        "later": "few minutes",
        "stopped": "Done: we do not send",
        "not noted": "could not note that",
        "erased": "Done. We erased",
    },
    "quc": {
        "language": "K'ICHE'",
        "danger": "E kʼo polisiʼy chuchiʼ ri wachoch",
        "first word": "Saqirik",
        "free text": "Kwaj kinch'aw ruk' jun abogado",
        "safe": "No abra",
        "later": "unos minutos",
        "stopped": "Listo: no le mandamos",
        "not noted": "no lo pude anotar",
        "erased": "Listo. Borramos",
    },
}
KINDS = ("danger", "first word", "digit", "free text", "ALTO", "BORRAR", "0")


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process grows: the kernel refuses each write. tests/test_full_disk.py fills a real one."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def named(broken: frozenset[str]) -> str:
    """These parts as words."""
    return " and ".join(part for part in PARTS if part in broken) or "nothing"


class Parts:
    """An app and all that it leans on, each of which may be broken and mended."""

    def __init__(self, folder: Path, rasa: Rasa | None = None) -> None:
        """Without ``rasa`` the model is dead: nobody listens where it is asked."""
        self.folder, self.gone = folder, folder / "elsewhere"
        self.gone.mkdir()
        self.redis = RedisServer(folder)
        self.redis.start()
        self.model = socket.socket()
        self.model.bind(("127.0.0.1", free_port()))
        environ = {"RASA_URL": f"http://127.0.0.1:{self.model.getsockname()[1]}"}
        if rasa is not None:
            environ = {"RASA_URL": rasa.url, "RASA_TOKEN": rasa.token}
        self.app = make_app_in(folder, environ)
        self.puente: Puente = self.app.extensions["puente"]()
        self._full = False
        self._whole()

    @contextlib.contextmanager
    def broken(self, parts: frozenset[str]) -> Iterator[None]:
        """With these dead meanwhile, and mended afterwards."""
        if "redis" in parts:
            self.redis.kill()
        if "sql" in parts:
            self._move_database(self.folder, self.gone)
        self._full = "disk" in parts
        try:
            yield
        finally:
            self._full = False
            if "sql" in parts:
                self._move_database(self.gone, self.folder)
            if "redis" in parts:
                self.redis.start()
                self._whole()

    def _move_database(self, here: Path, there: Path) -> None:
        self.puente.engine.dispose()
        for file in there.glob("puente.db*"):
            file.unlink()
        for file in here.glob("puente.db*"):
            shutil.move(file, there)

    def _whole(self) -> None:
        self.puente.opt_outs.mirror()
        self.puente.escalations.mirror()

    def send(self, phone: Phone, text: str) -> str:
        """What comes back. Where the disk is full, no file of this process grows meanwhile, be it SQLite's or the log."""
        with self.full():
            return phone.send(text)

    def full(self) -> contextlib.AbstractContextManager[None]:
        """The full disk, where that is what is broken."""
        return full_disk() if self._full else contextlib.nullcontext()

    def is_stopped(self, phone: Phone) -> bool:
        """Whether the worker knows it, once all is mended."""
        self.puente.opt_outs.flush_pending()
        return self.puente.opt_outs.is_stopped(phone.address)

    def close(self) -> None:
        self.model.close()
        self.redis.close()
        self.redis.kill()


HANGING: dict[str, frozenset[str]] = {
    "redis": frozenset({"redis"}),
    "sql": frozenset({"sql"}),
    "model": frozenset({"model"}),
    "all": frozenset({"redis", "sql", "model"}),
}


class Hanging:
    """Parts that take a call and do not answer it; how often a turn waited for each is counted where it called."""

    def __init__(self, parts: Parts, which: frozenset[str]) -> None:
        self.parts, self.which = parts, which
        self.waited: dict[str, int] = {}

    def __enter__(self) -> Hanging:
        self._calls = self._connections()
        if "model" in self.which:
            self.parts.model.listen(50)
        if "sql" in self.which:
            self._lock = sqlite3.connect(self.parts.folder / "puente.db", isolation_level=None)
            self._lock.execute("BEGIN IMMEDIATE")
        if "redis" in self.which:
            self.parts.redis.send(signal.SIGSTOP)
        return self

    def __exit__(self, *_: object) -> None:
        if "redis" in self.which:
            self.parts.redis.send(signal.SIGCONT)
        if "sql" in self.which:
            self._lock.execute("ROLLBACK")
            self._lock.close()
        self.waited["redis"] = self._connections() - self._calls
        self.waited["model"] = self._callers() if "model" in self.which else 0
        self.parts.puente.escalations.mirror()

    def _connections(self) -> int:
        """A connection that was waited for in vain is not used again: each of them stands for one wait."""
        return int(self.parts.puente.redis.info("stats")["total_connections_received"])  # type: ignore[index]

    def _callers(self) -> int:
        address, number = self.parts.model.getsockname(), 0
        self.parts.model.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                self.parts.model.accept()[0].close()
                number += 1
        # It is dead again.
        self.parts.model.close()
        self.parts.model = socket.socket()
        self.parts.model.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.parts.model.bind(address)
        return number
