"""A hundred releases are published while several families write: what each answer says is all of one release, and a digit means
what stood beside it.

Every release carries its number in each line of the menu, and the odd ones have two lines of it the other way round.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from twilio.request_validator import RequestValidator

from bot import content
from bot.escalation.viewer import Role, Viewer
from bot.frozen import replace
from bot.language import Language
from bot.scripts.sources import Sources
from bot.settings import REPOSITORY, from_environment
from bot.store.database import engine_for
from bot.store.errors import StoreDown
from bot.store.key_store import make_key_store
from bot.store.keys import load_release_key
from bot.store.releases import Releases
from bot.store.upgrade import upgrade
from bot.wording.catalog import catalog_bytes
from tests.launch.running import free_port
from tests.phone import ACCOUNT, TOKEN, texts
from tests.servers import running

LUZ = Viewer(1, "Luz", frozenset({Role.PUBLISHER}))
MENU, WORDS = "flows/conversation/menu.yml", "locales/es/LC_MESSAGES/answers.po"
LAWYER, CHILDREN = "el abogado", "los hijos"
FLOWS = {LAWYER: "services_legal", CHILDREN: "children_topics"}
_MARK = "N0000"
_TRIES = 20
_MARKS = re.compile(r"N(\d{4})")


@dataclass(frozen=True)
class Plan:
    """``publishes`` are spread over the ``messages`` that ``families`` write, each at once."""

    messages: int = 5_000
    publishes: int = 100
    families: int = 6
    seed: int = 5
    workers: int = 2
    url: str = ""
    """Of the database; empty: SQLite."""


@dataclass
class Result:
    """What came of it. ``wrong``: digits that led to what another release had beside them."""

    plan: Plan
    answers: int = 0
    mixed: int = 0
    errors: int = 0
    wrong: int = 0
    lost: int = 0
    settled: float = 0.0
    taken: int = 0
    seen: set[int] = field(default_factory=set)
    trouble: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        done = self.answers >= self.plan.messages and len(self.seen) > self.plan.publishes // 10
        return done and not (self.mixed or self.errors or self.wrong)


def numbers_in(text: str) -> set[int]:
    """The releases whose words stand in an answer."""
    return {int(number) for number in _MARKS.findall(text)}


class Edition:
    """The files of release n, made quickly out of one form."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        entries = dict(content.release_of(sources).catalogs[Language.ES].entries)
        said = {"menu.first.say": "Elija:"} | {f"menu.first.choice.{digit}": f"tema {digit}" for digit in range(1, 9)}
        said |= {"menu.first.choice.3": "@three", "menu.first.choice.4": "@four"}
        for key, text in said.items():
            entries[key] = replace(entries[key], text=f"{text} {_MARK}")
        self._words = catalog_bytes(entries.values(), Language.ES)
        self._menu = sources[MENU].decode()

    def of(self, number: int) -> dict[str, bytes]:
        three, four = (LAWYER, CHILDREN) if number % 2 == 0 else (CHILDREN, LAWYER)
        lines = {"3": FLOWS[three], "4": FLOWS[four]}
        menu = self._menu
        for digit, flow in lines.items():
            menu = re.sub(rf"(?m)^(      {digit}: {{label: (?:lawyer|children), flow: )\w+", rf"\g<1>{flow}", menu)
        words = self._words.replace(b"@three", three.encode()).replace(b"@four", four.encode())
        return {**self._sources, MENU: menu.encode(), WORDS: words.replace(_MARK.encode(), f"N{number:04d}".encode())}


class Family:
    """Somebody new: who writes the same for long is taken for a machine, and answered no more."""

    _numbers = itertools.count(2_125_550_000)

    def __init__(self, url: str) -> None:
        self.url, self.sent = url, 0
        self.address = f"+1{next(self._numbers)}"
        self.validator = RequestValidator(TOKEN)

    def say(self, text: str) -> tuple[str, dict[str, object]]:
        self.sent += 1
        sid = f"SM{self.address[1:]}{self.sent:021d}"
        form = {"AccountSid": ACCOUNT, "MessageSid": sid, "From": self.address, "To": "+15005550006", "Body": text}
        url = f"{self.url}/messages"
        headers = {"X-Twilio-Signature": self.validator.compute_signature(url, form)}
        request = urllib.request.Request(url, urllib.parse.urlencode(form).encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as response:
            return "\n".join(texts(response.read())), json.loads(response.headers.get("X-Puente-Turn", "{}"))


class Run:
    """One run against a web that is there."""

    def __init__(self, plan: Plan, url: str, releases: Releases) -> None:
        self.plan, self.url, self.releases = plan, url, releases
        self.result, self.lock = Result(plan), threading.Lock()
        self.edition = Edition(releases.current().sources)
        self.by_name: dict[object, int] = {}

    def go(self) -> Result:
        begun = time.monotonic()
        self._publish(0)
        self._await()
        families = [threading.Thread(target=self._write, args=(number,)) for number in range(self.plan.families)]
        for family in families:
            family.start()
        for number in range(1, self.plan.publishes):
            while self.result.answers < number * self.plan.messages // self.plan.publishes and any(
                family.is_alive() for family in families
            ):
                time.sleep(0.005)
            self._publish(number)
        self.result.settled = self._until_all_are_on_the_last(time.monotonic())
        for family in families:
            family.join()
        self.result.seconds = time.monotonic() - begun
        return self.result

    def _publish(self, number: int) -> None:
        """As somebody does who tries again where PostgreSQL let her wait for over a second."""
        for _ in range(_TRIES):
            with contextlib.suppress(StoreDown):
                self.releases.publish(LUZ, self.edition.of(number), ("menu",), "", number)
                return
            time.sleep(0.5)
        raise AssertionError("it could not be published")

    def _await(self) -> None:
        """Until the first of these releases is there."""
        give_up = time.monotonic() + 60
        while not numbers_in(Family(self.url).say("menu")[0]):
            assert time.monotonic() < give_up, "the first release never came"
            time.sleep(0.2)

    def _write(self, number: int) -> None:
        chance = random.Random(f"{self.plan.seed} {number}")
        while self.result.answers < self.plan.messages:
            family, digit = Family(self.url), chance.choice("34")
            try:
                menu, explain = family.say("menu")
                self._judge(menu, explain)
                said, explain = family.say(digit)
            except (OSError, ValueError) as error:
                with self.lock:
                    self.result.errors += 1
                    self.result.trouble[type(error).__name__] += 1
                continue
            self._judge(said, explain)
            self._judge_digit(menu, digit, explain)

    def _judge(self, said: str, explain: dict[str, object]) -> None:
        numbers, name = numbers_in(said), explain.get("release")
        with self.lock:
            result = self.result
            result.answers += 1
            result.seen |= numbers
            told = min(numbers, default=None)
            # One name of a release is always of one number.
            if len(numbers) > 1 or (told is not None and self.by_name.setdefault(name, told) != told):
                result.mixed += 1
            if not said or explain.get("degraded") is not None:
                result.errors += 1
                result.trouble[str(explain.get("degraded"))] += 1

    def _judge_digit(self, menu: str, digit: str, explain: dict[str, object]) -> None:
        line = next((line for line in menu.splitlines() if line.startswith(f"{digit} ")), "")
        wanted = next((flow for words, flow in FLOWS.items() if words in line), None)
        with self.lock:
            if explain.get("flow") == "lost_place":
                self.result.lost += 1
            elif wanted is None or explain.get("flow") != wanted:
                self.result.wrong += 1
                self.result.trouble[f"{digit} of {menu!r} led to {explain}"] += 1
            else:
                self.result.taken += 1

    def _until_all_are_on_the_last(self, published: float) -> float:
        """Seconds until every process answers with the last release: each of so many connections finds one of them."""
        in_a_row, settled = 0, 0.0
        while in_a_row < 20 * self.plan.workers:
            said, _ = Family(self.url).say("menu")
            in_a_row = in_a_row + 1 if numbers_in(said) == {self.plan.publishes - 1} else 0
            if not in_a_row:
                settled = time.monotonic() - published
                assert settled < 120, "a process never came to the last release"
        return settled


@contextlib.contextmanager
def web(folder: Path, plan: Plan) -> Iterator[tuple[str, Releases]]:
    """The Procfile's web with a Redis and a database of its own, and the store of its releases; nobody checks what is published."""
    data, port = folder / "data", free_port()
    data.mkdir(mode=0o700)
    environ = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "LANG": "C.UTF-8",
        "ENVIRONMENT": "test",
        "DATA_DIR": str(data),
        "PORT": str(port),
        "WEB_CONCURRENCY": str(plan.workers),
        "RASA_URL": f"http://127.0.0.1:{free_port()}",
        "RASA_TOKEN": "none",
        **({"DATABASE_URL": plan.url} if plan.url else {}),
    }
    settings = from_environment(environ)
    upgrade(settings.sql_url, data)
    make_key_store(settings)
    engine = engine_for(settings.sql_url)
    words = [sys.executable, "-m", "gunicorn", "--config", "bot/gunicorn.py", "webhook:app"]
    with running(data), (folder / "output.log").open("wb") as output:
        server = subprocess.Popen(words, cwd=REPOSITORY, env=environ, stdout=output, stderr=output)
        try:
            _until_there(f"http://127.0.0.1:{port}/healthz", server)
            key = load_release_key(data)
            yield f"http://127.0.0.1:{port}", Releases(engine, key, time.time, judge=lambda *_: ())
        finally:
            server.terminate()
            server.wait(30)
            engine.dispose()


def _until_there(url: str, server: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 120
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        assert server.poll() is None and time.monotonic() < give_up, "the web does not start"
        time.sleep(0.2)


def published_under_load(folder: Path, plan: Plan) -> Result:
    """The whole of it."""
    with web(folder, plan) as (url, releases):
        return Run(plan, url, releases).go()
