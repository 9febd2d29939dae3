"""Redis, SQL, the model and the disk, each broken alone, by pairs and all at once: what a family gets, in three languages.

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
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from bot.app import Puente
from bot.listening import MODEL_WAIT
from bot.patience import DEADLINE
from bot.store.database import BUSY_MS
from bot.store.redis_client import CONNECT_SECONDS, READ_SECONDS
from tests.phone import Phone
from tests.servers import RedisServer, free_port, make_app_in

# Starts, stops and kills servers.
pytestmark = [pytest.mark.slow, pytest.mark.sampled]

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


class Parts:
    """An app and all that it leans on, each of which may be broken and mended."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.gone = folder, folder / "elsewhere"
        self.gone.mkdir()
        self.redis = RedisServer(folder)
        self.redis.start()
        self.model = socket.socket()
        self.model.bind(("127.0.0.1", free_port()))
        self.app = make_app_in(folder, {"RASA_URL": f"http://127.0.0.1:{self.model.getsockname()[1]}"})
        self.puente: Puente = self.app.extensions["puente"]()
        self._full = False
        self._whole()

    @contextlib.contextmanager
    def broken(self, parts: frozenset[str]) -> Iterator[None]:
        """With these dead meanwhile, and mended afterwards. The model is dead always: it is tried in test_understanding.py."""
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
        with full_disk() if self._full else contextlib.nullcontext():
            return phone.send(text)

    def is_stopped(self, phone: Phone) -> bool:
        """Whether the worker knows it, once all is mended."""
        self.puente.opt_outs.flush_pending()
        return self.puente.opt_outs.is_stopped(phone.address)

    def close(self) -> None:
        self.model.close()
        self.redis.close()
        self.redis.kill()


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    made = Parts(tmp_path_factory.mktemp("parts"))
    yield made
    made.close()


def _named(broken: frozenset[str]) -> str:
    return " and ".join(part for part in PARTS if part in broken) or "nothing"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("broken", [each for each in BROKEN if "model" in each], ids=_named)
def test_what_a_family_gets(parts: Parts, broken: frozenset[str], kind: str, language: str) -> None:
    words = LANGUAGES[language]
    phone = Phone(parts.app.test_client())
    if kind not in ("danger", "first word", "free text"):
        # Somebody whose language is known, before a menu.
        phone.send(words["language"])
        phone.send("menu")
    with parts.broken(broken):
        text = parts.send(phone, words.get(kind, "1" if kind == "digit" else kind))
    memory = "redis" not in broken
    assert text, "never silence"
    assert (phone.explain["degraded"] == "memory") is not memory
    assert memory or "\n1 " not in text, "no menu that nobody could follow"
    CHECKS.get(kind, lambda *_: None)(parts, phone, text, words, broken)


def _danger(parts: Parts, phone: Phone, text: str, words: Mapping[str, str], broken: frozenset[str]) -> None:
    assert phone.explain["flow"] == "agents_here_now" and text.startswith(words["safe"])


def _digit(parts: Parts, phone: Phone, text: str, words: Mapping[str, str], broken: frozenset[str]) -> None:
    if "redis" in broken:
        # Which language she has is forgotten with the rest.
        assert phone.explain["flow"] != "agents_here_now" and "911" in text
    else:
        assert phone.explain["flow"] == "agents_here_now" and words["safe"] in text


def _stop(parts: Parts, phone: Phone, text: str, words: Mapping[str, str], broken: frozenset[str]) -> None:
    kept = "redis" not in broken or not broken & {"sql", "disk"}
    words = words if "redis" not in broken else LANGUAGES["es"]
    assert (words["stopped"] in text) is kept and (words["not noted"] in text) is not kept
    assert parts.is_stopped(phone) is kept


def _erase(parts: Parts, phone: Phone, text: str, words: Mapping[str, str], broken: frozenset[str]) -> None:
    assert (words["erased"] in text) is ("redis" not in broken)
    if words["erased"] in text:
        phone.send("1")
        assert phone.explain["flow"] != "agents_here_now", "she is as new"


CHECKS: Mapping[str, Callable[[Parts, Phone, str, Mapping[str, str], frozenset[str]], None]] = {
    "danger": _danger,
    "digit": _digit,
    "ALTO": _stop,
    "BORRAR": _erase,
}


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


@pytest.mark.parametrize("kind", ["danger", "free text", "ALTO", "BORRAR"])
@pytest.mark.parametrize("which", HANGING)
def test_what_hangs_is_waited_for_once(parts: Parts, which: str, kind: str) -> None:
    words = LANGUAGES["es"]
    phone = Phone(parts.app.test_client())
    with Hanging(parts, HANGING[which]) as hanging:
        text = phone.send(words.get(kind, kind))
    assert text, "never silence"
    # One more is the connection that tells us.
    assert hanging.waited["redis"] <= 2 and hanging.waited["model"] <= 1
    if kind == "danger":
        _danger(parts, phone, text, words, frozenset())
    if kind == "ALTO":
        kept = words["stopped"] in text
        assert kept is (which != "all") and parts.is_stopped(phone) is kept


def test_the_time_of_a_turn_is_enough_for_all_that_may_hang() -> None:
    """Each is waited for once (tests/test_patience.py), whatever a turn asks of it."""
    assert CONNECT_SECONDS + READ_SECONDS + BUSY_MS / 1000 + MODEL_WAIT < DEADLINE


def test_where_the_disk_is_full_nothing_is_written(tmp_path: Path) -> None:
    """Or all that is said of a full disk here would be said of nothing."""
    with open(tmp_path / "something", "wb", buffering=0) as file:
        file.write(b"before")
        with full_disk(), pytest.raises(OSError):
            file.write(b"x")
        file.write(b"after")
