"""The code of the journey broken at every line, by errors that quote text and number: answered all the same, and no log tells.

A fixed sample of the lines here, all of them with ``--every-line`` (``make canary``).
"""

from __future__ import annotations

import io
import itertools
import json
import linecache
import random
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask

from bot.conversation import LAST_RESORT
from bot.settings import REPOSITORY
from tests.canary.faults import KINDS, Line, broken_at, traced
from tests.phone import Phone
from tests.servers import make_app_in, running

# A Redis of its own, and many messages.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

SEED, SAMPLE = 5, 30
"""Of each scene so many lines."""
LOG = io.StringIO()
"""The log of every app here: which stream is written to is one for the process."""

SCENES: dict[str, list[dict[str, str]]] = {
    "a greeting": [{"Body": "hola"}],
    "danger": [{"Body": "la migra esta en mi puerta"}],
    "a question to the model, which is down": [{"Body": "que puedo hacer con mi permiso de trabajo"}],
    "help near a ZIP": [{"Body": "abogado 60629"}, {"Body": "MAS"}],
    "a pin": [{"Body": "ayuda"}, {"Body": "", "Latitude": "41.7781", "Longitude": "-87.7069"}],
    "erasing": [{"Body": "hola"}, {"Body": "BORRAR"}],
    "opting out": [{"Body": "STOP", "OptOutType": "STOP"}],
    "K'iche'": [{"Body": "KICHE"}],
    "a picture": [{"Body": "", "NumMedia": "1"}],
}
# What stands outside the promise of Conversation.answer: the door, the answer's form, and that method's own last words.
BEFORE_AND_AFTER = ("webhook.py", "bot/channels/", "bot/conversation.py:Conversation.answer")


class Broken:
    """An app, its log, and people who write to it, each with a number and a word that nobody else has."""

    def __init__(self, folder: Path, stop: Callable[[], None]) -> None:
        before, sys.stderr = sys.stderr, LOG
        try:
            self.app: Flask = make_app_in(folder, {})
        finally:
            sys.stderr = before
        self.stop_redis = stop
        self._numbers = itertools.count(6_025_550_100)

    def lines_of(self, scene: list[dict[str, str]]) -> list[Line]:
        """The lines that the scene's last message passes, in order of their files."""
        seen: set[Line] = set()
        phone, word = self.person()
        self.before_the_last(phone, scene)
        with traced(seen.add):
            self.last(phone, scene, word)
        assert len(seen) > 100, "a message passes more lines than that"
        # At the word "try" alone nothing can go wrong, and nothing stands around it that could catch it.
        return sorted(line for line in seen if linecache.getline(str(REPOSITORY / line.file), line.number).strip() != "try:")

    def person(self) -> tuple[Phone, str]:
        number = next(self._numbers)
        return Phone(self.app.test_client(), number=f"+1{number}"), f"zqxwordy{number % 9973:05d}k"

    def before_the_last(self, phone: Phone, scene: list[dict[str, str]]) -> None:
        for more in scene[:-1]:
            phone.post(phone.form(**{"text": "", **more}))

    def last(self, phone: Phone, scene: list[dict[str, str]], word: str) -> tuple[int, bytes]:
        more = dict(scene[-1])
        if more["Body"].islower():
            more["Body"] += f" {word}"
        response = phone.post(phone.form(**{"text": "", **more}))
        return response.status_code, response.data

    def said(self) -> str:
        """What the log has got since it was last asked."""
        text = LOG.getvalue()
        LOG.seek(0)
        LOG.truncate()
        return text


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broken]:
    folder = tmp_path_factory.mktemp("faults")
    with running(folder) as server:
        yield Broken(folder, server.kill)


def _tells(log: str, phone: Phone, word: str) -> bool:
    # The dates of the lines themselves are no number of anybody.
    return word in log or phone.address[-7:] in log or bool(re.search(r"\d{7}", log))


def _check(broken: Broken, scene: list[dict[str, str]], lines: list[Line]) -> int:
    kinds = itertools.cycle(KINDS.values())
    struck = 0
    broken.said()
    for line in lines:
        phone, word = broken.person()
        broken.before_the_last(phone, scene)
        with broken_at(line, next(kinds)(f"{word} {phone.address}")):
            status, body = broken.last(phone, scene, word)
        log = broken.said()
        assert not _tells(log, phone, word), f"{line}: {log}"
        if not f"{line.file}:{line.function}".startswith(BEFORE_AND_AFTER):
            assert status == 200, f"{line}: {status}"
            assert ElementTree.fromstring(body).tag == "Response", line
        struck += bool(log)
    return struck


@pytest.mark.parametrize("name", SCENES)
def test_broken_at_any_line_it_answers_and_the_log_tells_nothing(
    broken: Broken, name: str, request: pytest.FixtureRequest
) -> None:
    lines = broken.lines_of(SCENES[name])
    if not request.config.getoption("--every-line"):
        lines = sorted(random.Random(f"{SEED} {name}").sample(lines, SAMPLE))
    struck = _check(broken, SCENES[name], lines)
    assert struck > len(lines) / 2, "most faults are logged, by class and place"


def test_broken_while_redis_is_down_the_last_words_go_out(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with running(tmp_path) as server:
        broken = Broken(tmp_path, server.kill)
        broken.stop_redis()
        scene = [{"Body": "la migra esta en mi puerta"}]
        lines = broken.lines_of(scene)
        if not request.config.getoption("--every-line"):
            lines = sorted(random.Random(SEED).sample(lines, SAMPLE))
        _check(broken, scene, lines)
        phone, word = broken.person()
        rendering = next(each for each in broken.lines_of(scene) if each.function.endswith("_without_memory"))
        with broken_at(rendering, RuntimeError(word)):
            status, body = broken.last(phone, scene, word)
        assert (status, ElementTree.fromstring(body).findtext("Message")) == (200, LAST_RESORT)


def test_a_fault_strikes_where_it_is_aimed(broken: Broken) -> None:
    phone, word = broken.person()
    line = next(line for line in broken.lines_of(SCENES["a greeting"]) if line.function == "Conversation._turn")
    # That turn may have logged something too, as that there is no model.
    broken.said()
    with broken_at(line, ZeroDivisionError(word)):
        broken.last(phone, SCENES["a greeting"], word)
    (logged,) = [json.loads(each) for each in broken.said().splitlines()]
    assert (logged["event"], logged["error"]) == ("turn.failed", "ZeroDivisionError")


@pytest.mark.parametrize("log", ["KeyError: zqxwordy00001k", "for +12025550142", "5550142", "in 1234567 ms"])
def test_a_log_that_tells_would_be_found(broken: Broken, log: str) -> None:
    phone = Phone(broken.app.test_client(), number="+12025550142")
    assert _tells(log, phone, "zqxwordy00001k")
    assert not _tells('{"timestamp": "2026-11-23T05:06:07.123456Z", "where": "keys.py:1234"}', phone, "zqxwordy00001k")
