"""Redis, SQL, the model and the disk, each broken alone, by pairs and all at once: what a family gets, in three languages.

How they are broken: tests/degraded/parts.py. The whole table, with the model, and how long each answer took: ``make degraded``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from bot.listening import MODEL_WAIT
from bot.patience import DEADLINE
from bot.store.database import BUSY_MS
from bot.store.redis_client import CONNECT_SECONDS, READ_SECONDS
from tests.degraded.parts import BROKEN, HANGING, KINDS, LANGUAGES, Hanging, Parts, full_disk, named
from tests.phone import Phone

# Starts, stops and kills servers.
pytestmark = [pytest.mark.slow, pytest.mark.on_time]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    made = Parts(tmp_path_factory.mktemp("parts"))
    yield made
    made.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("broken", [each for each in BROKEN if "model" in each], ids=named)
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
