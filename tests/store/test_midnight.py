"""Midnight with two processes, on a Redis and on a Redis Cluster: nothing is answered twice, forgotten, or kept too long."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from bot.store.outlived import drop_outlived

ALSO_ON_A_CLUSTER = True

# Starts processes and waits for them.
pytestmark = pytest.mark.slow

ANA, LUZ, EVA = "+15005550006", "whatsapp:+50255500001", "+15005550007"
MIDNIGHT = 1_795_521_600.0 + 43_200
"""2026-11-25 00:00:00 UTC."""
DAY = 86_400
REPO = Path(__file__).resolve().parents[2]

WORKER = """
import json, sys, time
from pathlib import Path
from bot.privacy import Peppers
from bot.store.keys import DayKeys
from bot.store.outlived import drop_outlived
from bot.store.redis_client import connect
from bot.store.sessions import Sessions

url, file, ahead, mine = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
redis = connect(url)
sessions = Sessions(redis, Peppers(b"r" * 32, b"o" * 32), DayKeys(redis), lambda: float(file.read_text()) + ahead, json.loads)

def answer(person, sid):
    while True:
        begun = sessions.begin(person, sid, time.monotonic() + 30)
        if begun.reply is not None:
            return {"again": begun.reply.decode()}
        before = (begun.session or {"sids": []})["sids"]
        if sessions.finish(begun, {"sids": [*before, sid]}, f"{sid} by {mine}".encode(), {}):
            return {"before": before}

def erase(person, sid):
    begun = sessions.begin(person, sid, time.monotonic() + 30)
    sessions.erase(person)
    return {"erased": sessions.finish(begun, None, b"erased", {})}

for line in sys.stdin:
    act, person, sid = json.loads(line)
    print(json.dumps({"answer": answer, "erase": erase}[act](person, sid)), flush=True)
"""


class Worker:
    """A process that answers messages; its clock is in a file, plus so many seconds."""

    def __init__(self, url: str, clock: Path, ahead: float, name: str) -> None:
        words = [sys.executable, "-c", WORKER, url, str(clock), str(ahead), name]
        self.process = subprocess.Popen(words, cwd=REPO, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def say(self, act: str, person: str, sid: str) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps([act, person, sid]) + "\n")
        self.process.stdin.flush()
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def answer(self, sid: str, person: str = ANA) -> dict[str, Any]:
        return self.say("answer", person, sid)

    def end(self) -> None:
        self.process.communicate(timeout=30)


@pytest.fixture
def client(redis_server: Any) -> Iterator[Redis]:
    with closing(redis_server.client()) as client:
        yield client


@pytest.fixture
def at(tmp_path: Path) -> Callable[[float], None]:
    """Sets the clock of all workers at once, as they see it: the old time or the new one, never half of it."""

    def setting(now: float) -> None:
        (tmp_path / "clock.new").write_text(repr(now))
        os.replace(tmp_path / "clock.new", tmp_path / "clock")

    setting(MIDNIGHT - 1)
    return setting


@pytest.fixture
def worker(redis_server: Any, tmp_path: Path, at: Callable[[float], None]) -> Iterator[Callable[..., Worker]]:
    started: list[Worker] = []

    def starting(name: str, ahead: float = 0) -> Worker:
        started.append(Worker(redis_server.url, tmp_path / "clock", ahead, name))
        return started[-1]

    yield starting
    for each in started:
        each.end()


def test_what_one_began_at_23_59_59_the_other_goes_on_with(
    worker: Callable[..., Worker], at: Callable[[float], None]
) -> None:
    first, second = worker("first"), worker("second")
    assert first.answer("SM1") == {"before": []}
    assert second.answer("SM2") == {"before": ["SM1"]}
    at(MIDNIGHT)
    # The carrier's retries, each at the process that did not answer.
    assert second.answer("SM1") == {"again": "SM1 by first"}
    assert first.answer("SM2") == {"again": "SM2 by second"}
    assert first.answer("SM3") == {"before": ["SM1", "SM2"]}
    assert second.answer("SM3") == {"again": "SM3 by first"}
    assert second.answer("SM4") == {"before": ["SM1", "SM2", "SM3"]}


def test_a_host_whose_clock_is_behind_knows_what_the_other_did(
    worker: Callable[..., Worker], at: Callable[[float], None]
) -> None:
    """One second apart: for the one it is 23:59:59, for the other it is tomorrow."""
    behind, ahead = worker("behind"), worker("ahead", 1)
    assert ahead.answer("SM1") == {"before": []}
    assert behind.answer("SM1") == {"again": "SM1 by ahead"}
    assert behind.answer("SM2") == {"before": ["SM1"]}
    assert ahead.answer("SM2") == {"again": "SM2 by behind"}
    assert ahead.answer("SM3") == {"before": ["SM1", "SM2"]}
    at(MIDNIGHT)
    assert behind.answer("SM3") == {"again": "SM3 by ahead"}
    assert behind.answer("SM4") == {"before": ["SM1", "SM2", "SM3"]}


def test_a_host_whose_clock_is_behind_erases_everything(worker: Callable[..., Worker], client: Redis) -> None:
    behind, ahead = worker("behind"), worker("ahead", 1)
    behind.answer("SM1")
    ahead.answer("SM2")
    assert behind.say("erase", ANA, "SM3") == {"erased": True}
    assert not list(client.scan_iter("*:session:*"))
    assert ahead.answer("SM2") == {"again": ""}
    assert ahead.answer("SM4") == {"before": []}


def test_nothing_is_lost_or_doubled_while_the_day_changes(
    worker: Callable[..., Worker], at: Callable[[float], None]
) -> None:
    """Every message reaches both processes, whose clocks differ by 0.3 s, while they pass from 23:59:58 to 00:00:02."""
    people, sids = (ANA, LUZ, EVA), [f"SM{number}" for number in range(40)]
    at(MIDNIGHT - 2)
    told: dict[str, list[tuple[str, str, dict[str, Any]]]] = {"one": [], "two": []}

    def work(mine: Worker, name: str) -> None:
        for sid in sids:
            for person in people:
                told[name].append((person, sid, mine.answer(f"{person}/{sid}", person)))

    workers = {"one": worker("one"), "two": worker("two", 0.3)}
    threads = [threading.Thread(target=work, args=(workers[name], name)) for name in workers]
    for thread in threads:
        thread.start()
    # As far as the slower one has come, so far is the time.
    while any(thread.is_alive() for thread in threads):
        at(MIDNIGHT - 2 + 4 * min(len(each) for each in told.values()) / (len(sids) * len(people)))
        threads[0].join(0.01)
    for thread in threads:
        thread.join()

    turns = [(person, sid) for each in told.values() for person, sid, said in each if "before" in said]
    assert len(turns) == len(set(turns)) == len(people) * len(sids)
    for name, other in (("one", "two"), ("two", "one")):
        again = [said["again"] for _, _, said in told[name] if "again" in said]
        assert all(reply.endswith(f" by {other}") for reply in again)
    for person in people:
        kept = workers["one"].answer("last", person)["before"]
        assert kept == [f"{person}/{sid}" for sid in sids]


def test_both_make_the_same_key_when_the_day_begins(worker: Callable[..., Worker], client: Redis) -> None:
    workers = [worker(str(number)) for number in range(4)]
    said: list[dict[str, Any]] = []
    threads = [threading.Thread(target=lambda mine=mine: said.append(mine.answer("SM1"))) for mine in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(each) for each in said) == [1, 1, 1, 1]
    assert [list(each) for each in said].count(["before"]) == 1
    assert sorted(client.scan_iter("day:*")) == [b"day:2026-11-23", b"day:2026-11-24"]


def test_a_day_key_dies_48_hours_after_its_day_began(
    worker: Callable[..., Worker], at: Callable[[float], None], client: Redis
) -> None:
    first = worker("first")
    first.answer("SM1")
    dying = client.get("day:2026-11-24")
    at(MIDNIGHT + DAY - 1.5)
    assert first.answer("SM1") == {"again": "SM1 by first"}
    assert client.get("day:2026-11-24") == dying is not None
    # The next one that comes ends it, or the worker, which needs no message for it.
    drop_outlived(client, MIDNIGHT + DAY)
    assert sorted(client.scan_iter("day:*")) == [b"day:2026-11-25"]
    at(MIDNIGHT + DAY)
    assert worker("second").answer("SM1") == {"before": []}
    assert sorted(client.scan_iter("day:*")) == [b"day:2026-11-25", b"day:2026-11-26"]


def test_the_first_message_of_a_day_ends_the_key_as_well(
    worker: Callable[..., Worker], at: Callable[[float], None], client: Redis
) -> None:
    mine = worker("mine")
    mine.answer("SM1")
    at(MIDNIGHT + DAY)
    mine.answer("SM2")
    assert sorted(client.scan_iter("day:*")) == [b"day:2026-11-25", b"day:2026-11-26"]
