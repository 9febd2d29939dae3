"""Many messages at once, workers that die, and a Redis that goes away in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from redis import Redis

from bot.privacy import bucket
from bot.store.errors import Busy, StoreDown
from bot.store.keys import DayKeys
from bot.store.sessions import PATIENCE_MS, Begun, Sessions
from tests.store.conftest import A_REDIS

ALSO_ON_A_CLUSTER = True

# Starts processes and waits for them.
pytestmark = pytest.mark.slow

ANA, LUZ = "+15005550006", "whatsapp:+50255500001"
REPO = Path(__file__).resolve().parents[2]
BEGINS = (
    "import sys, time\n"
    "from bot.privacy import Peppers\n"
    "from bot.store.keys import DayKeys\n"
    "from bot.store.redis_client import connect\n"
    "from bot.store.sessions import Sessions\n"
    "redis = connect(sys.argv[1])\n"
    "sessions = Sessions(redis, Peppers(b'r' * 32, b'o' * 32), DayKeys(redis), lambda: float(sys.argv[2]))\n"
    "sessions.begin(sys.argv[3], 'SM2', time.monotonic() + 60)\n"
    "print(flush=True)\n"
    "time.sleep(60)\n"
)
"""A process that begins a turn, or waits for it."""


def in_seconds(seconds: float) -> float:
    return time.monotonic() + seconds


@pytest.fixture
def workers(redis_server, peppers, clock) -> list[Sessions]:
    """Four workers, each with its own connections and its own cache of day keys."""
    clients = [redis_server.client() for _ in range(4)]
    return [Sessions(client, peppers, DayKeys(client), clock, json.loads) for client in clients]


def wait_for_queue(client: Redis, peppers, length: int) -> None:
    queue = f"{{{bucket(peppers.routing, ANA)}}}:queue"
    # Less than the ten seconds after which Redis would drop the queue by itself.
    give_up = in_seconds(5)
    while client.zcard(queue) != length:
        assert time.monotonic() < give_up, f"the queue never held {length}"
        time.sleep(0.002)


@pytest.mark.parametrize("redis_server", [A_REDIS], indirect=True)
def test_200_messages_of_one_person_are_answered_in_order(workers, redis_client, peppers) -> None:
    def answer(worker: Sessions, sid: str) -> None:
        begun = worker.begin(ANA, sid, in_seconds(60))
        answered = [*(begun.session or {"sids": []})["sids"], sid]
        assert worker.finish(begun, {"sids": answered}, sid.encode(), {"topic:menu|es|sms": 1})

    arrived = []
    for batch in range(10):
        gate = workers[0].begin(ANA, f"gate{batch}", in_seconds(10))
        arrived.append(f"gate{batch}")
        threads = []
        for number in range(19):
            sid = f"SM{batch}.{number}"
            thread = threading.Thread(target=answer, args=(workers[number % 4], sid))
            thread.start()
            threads.append(thread)
            arrived.append(sid)
            wait_for_queue(redis_client, peppers, number + 1)
        before = (gate.session or {"sids": []})["sids"]
        assert workers[0].finish(gate, {"sids": [*before, f"gate{batch}"]}, b"gate", {})
        for thread in threads:
            thread.join()
    assert len(arrived) == 200
    assert workers[3].begin(ANA, "last", in_seconds(1)).session == {"sids": arrived}
    assert redis_client.hgetall("counts:topic:2026-11-23") == {b"menu|es|sms": b"190"}


def test_no_turn_is_lost_or_doubled_when_people_and_retries_mix(workers) -> None:
    people = [f"+1500555{number:04d}" for number in range(5)]
    turns: list[tuple[str, str]] = []

    def work(worker: Sessions) -> None:
        # Every worker gets every message, as if the carrier had sent each four times.
        for number in range(10):
            for person in people:
                sid = f"{person}/{number}"
                begun = worker.begin(person, sid, in_seconds(60))
                if begun.reply is not None:
                    assert begun.reply == sid.encode()
                    continue
                turns.append((person, sid))
                count = (begun.session or {"n": 0})["n"]
                assert worker.finish(begun, {"n": count + 1}, sid.encode(), {})

    threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(turns) == len(set(turns)) == 50
    assert [workers[0].begin(person, "last", in_seconds(1)).session for person in people] == [{"n": 10}] * 5


def test_a_retry_waits_for_the_turn_and_gets_its_reply(workers, redis_client, peppers) -> None:
    begun = workers[0].begin(ANA, "SM1", in_seconds(1))
    found = []
    retry = threading.Thread(target=lambda: found.append(workers[1].begin(ANA, "SM1", in_seconds(10))))
    retry.start()
    wait_for_queue(redis_client, peppers, 1)
    assert workers[0].finish(begun, {"n": 1}, b"uno", {})
    retry.join()
    assert found[0].reply == b"uno"
    wait_for_queue(redis_client, peppers, 0)


def test_whoever_gives_up_leaves_the_queue(workers, redis_client, peppers) -> None:
    begun = workers[0].begin(ANA, "SM1", in_seconds(1))
    with pytest.raises(Busy):
        workers[1].begin(ANA, "SM2", in_seconds(0.1))
    assert redis_client.keys("*:queue") == redis_client.keys("*:seen") == []
    assert workers[0].finish(begun, {"n": 1}, b"uno", {})
    assert workers[2].begin(ANA, "SM3", in_seconds(0)).session == {"n": 1}


def test_nobody_waits_for_other_people(workers) -> None:
    workers[0].begin(ANA, "SM1", in_seconds(1))
    assert workers[1].begin(LUZ, "SM2", in_seconds(0)).reply is None


def die_in_the_queue(client: Redis, url: str, peppers, now: float, program: str, many: int = 1) -> None:
    """So many processes wait for the turn of ``ANA``, one after the other, and are killed."""
    dying = []
    for length in range(1, many + 1):
        dying.append(subprocess.Popen([sys.executable, "-c", program, url, str(now), ANA], cwd=REPO))
        wait_for_queue(client, peppers, length)
    for each in dying:
        each.kill()
        each.wait()


def test_those_who_died_in_the_queue_keep_nobody_waiting(workers, redis_server, redis_client, peppers, clock) -> None:
    """Else a message that comes again waits a second behind each try of it that died, and may die of that."""
    held = workers[0].begin(ANA, "SM1", in_seconds(1))
    die_in_the_queue(redis_client, redis_server.url, peppers, clock(), BEGINS, many=3)
    assert workers[0].finish(held, {"n": 1}, b"uno", {})
    assert workers[1].begin(ANA, "SM3", in_seconds(0)).session == {"n": 1}


def test_a_worker_of_another_machine_that_died_in_the_queue_is_skipped(
    workers, redis_server, redis_client, peppers, clock
) -> None:
    held = workers[0].begin(ANA, "SM1", in_seconds(1))
    elsewhere = f"import bot.store.sessions\nbot.store.sessions.own_name = lambda: 'elsewhere.1.1'\n{BEGINS}"
    die_in_the_queue(redis_client, redis_server.url, peppers, clock(), elsewhere)
    assert workers[0].finish(held, {"n": 1}, b"uno", {})
    with pytest.raises(Busy):
        workers[1].begin(ANA, "SM3", in_seconds(0))
    begun = workers[1].begin(ANA, "SM3", in_seconds(3 + PATIENCE_MS / 1000))
    assert begun.session == {"n": 1}


def test_the_turn_of_a_worker_that_died_keeps_nobody_waiting(workers, redis_server, clock) -> None:
    """The same message comes again, and the person's next one: neither waits for the six seconds of the lock."""
    words = [sys.executable, "-c", BEGINS, redis_server.url, str(clock()), ANA]
    with subprocess.Popen(words, cwd=REPO, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        holder.send_signal(signal.SIGSTOP)
        with pytest.raises(Busy):
            workers[0].begin(ANA, "SM2", in_seconds(0.1))
        holder.kill()
        os.waitid(os.P_PID, holder.pid, os.WEXITED | os.WNOWAIT)
        # Dead, and not yet taken away by its parent.
        begun = workers[0].begin(ANA, "SM2", in_seconds(0))
    assert begun.reply is None
    assert workers[0].finish(begun, {"n": 1}, b"dos", {})
    assert workers[1].begin(ANA, "SM2", in_seconds(0)).reply == b"dos"


class TestRedisComesBackEmpty:
    def test_one_begin_is_enough(self, own_redis, peppers, clock) -> None:
        client = own_redis.client()
        sessions = Sessions(client, peppers, DayKeys(client), clock, json.loads)
        assert sessions.finish(sessions.begin(ANA, "SM1", in_seconds(1)), {"n": 1}, b"uno", {})
        own_redis.kill()
        own_redis.start()
        begun = sessions.begin(ANA, "SM1", in_seconds(1))
        assert begun.reply is None and begun.session is None
        assert sessions.finish(begun, {"n": 2}, b"dos", {})

    def test_workers_agree_on_new_day_keys(self, own_redis, peppers, clock) -> None:
        old_client, new_client = own_redis.client(), own_redis.client()
        old = Sessions(old_client, peppers, DayKeys(old_client), clock, json.loads)
        assert old.finish(old.begin(ANA, "SM1", in_seconds(1)), {"n": 1}, b"uno", {})
        own_redis.kill()
        own_redis.start()
        new = Sessions(new_client, peppers, DayKeys(new_client), clock, json.loads)
        assert new.finish(new.begin(ANA, "SM2", in_seconds(1)), {"n": 2}, b"dos", {})
        assert old.begin(ANA, "SM2", in_seconds(1)).reply == b"dos"
        assert old.begin(ANA, "SM3", in_seconds(1)).session == {"n": 2}

    def test_erasing_then_reaches_what_others_stored(self, own_redis, peppers, clock) -> None:
        old_client, new_client = own_redis.client(), own_redis.client()
        old = Sessions(old_client, peppers, DayKeys(old_client), clock, json.loads)
        old.release(old.begin(ANA, "SM1", in_seconds(1)))
        own_redis.kill()
        own_redis.start()
        new = Sessions(new_client, peppers, DayKeys(new_client), clock, json.loads)
        assert new.finish(new.begin(ANA, "SM2", in_seconds(1)), {"n": 2}, b"dos", {})
        old.erase(ANA)
        assert new.begin(ANA, "SM2", in_seconds(1)).reply == b""
        assert new.begin(ANA, "SM3", in_seconds(1)).session is None

    def test_a_turn_that_was_on_its_way_runs_again(self, own_redis, peppers, clock) -> None:
        client, other_client = own_redis.client(), own_redis.client()
        sessions = Sessions(client, peppers, DayKeys(client), clock, json.loads)
        begun = sessions.begin(ANA, "SM1", in_seconds(1))
        own_redis.kill()
        own_redis.start()
        clock.advance(0.5)
        other = Sessions(other_client, peppers, DayKeys(other_client), clock, json.loads)
        assert other.finish(other.begin(ANA, "SM2", in_seconds(1)), {"by": "SM2"}, b"dos", {})
        assert not sessions.finish(begun, {"by": "SM1"}, b"uno", {"topic:menu|es|sms": 1})
        again = sessions.begin(ANA, "SM1", in_seconds(1))
        assert again.session == {"by": "SM2"}
        assert sessions.finish(again, {"by": "both"}, b"uno", {"topic:menu|es|sms": 1})
        assert client.hgetall("counts:topic:2026-11-23") == {b"menu|es|sms": b"1"}


def test_a_connection_that_breaks_while_it_waits_is_tried_once_more(redis_server, redis_client, workers) -> None:
    redis_client.client_pause(60_000, all=False)
    found: list[Begun] = []
    begin = threading.Thread(target=lambda: found.append(workers[0].begin(ANA, "SM1", in_seconds(1))))
    begin.start()
    give_up = in_seconds(5)
    while not any("b" in client["flags"] for client in redis_client.client_list()):
        assert time.monotonic() < give_up, "begin was not held back"
    redis_client.client_kill_filter(_type="normal", skipme=True)
    redis_client.client_unpause()
    begin.join()
    assert found[0].reply is None
    assert workers[0].finish(found[0], {"n": 1}, b"uno", {})


def test_a_redis_that_hangs_is_given_up(own_redis, peppers, clock) -> None:
    client = own_redis.client()
    sessions = Sessions(client, peppers, DayKeys(client), clock, json.loads)
    sessions.release(sessions.begin(ANA, "SM1", in_seconds(1)))
    own_redis.send(signal.SIGSTOP)
    try:
        with pytest.raises(StoreDown) as caught:
            sessions.begin(ANA, "SM2", in_seconds(1))
    finally:
        own_redis.send(signal.SIGCONT)
    assert caught.value.evidence == "TimeoutError"
