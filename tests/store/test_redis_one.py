"""What every message asks goes over a connection of its own thread, which is never one with an old answer in it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier
from typing import Any

import pytest
from hiredis import pack_command
from redis import Redis
from redis.exceptions import ConnectionError, ResponseError

from bot.store.redis_client import connect
from bot.store.redis_one import OneRedis
from tests.servers import RedisServer


@pytest.fixture
def one(redis_server: RedisServer) -> Iterator[OneRedis]:
    client = connect(redis_server.url)
    assert isinstance(client, OneRedis)
    with closing(client):
        yield client


def own(one: OneRedis) -> Any:
    return one._of_thread.connection


def test_a_thread_keeps_its_connection(one: OneRedis) -> None:
    one.ask("SET", "this", 1)
    first = own(one)
    assert one.ask("GET", "this") == b"1" and own(one) is first


def test_threads_at_once_get_each_their_own_answers(one: OneRedis) -> None:
    together = Barrier(8)

    def asks(number: int) -> tuple[int, bool]:
        together.wait()
        right = all(one.ask("ECHO", f"{number} {each}") == f"{number} {each}".encode() for each in range(50))
        return id(own(one)), right

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(asks, range(8)))
    assert len({connection for connection, _ in found}) == 8 and all(right for _, right in found)


def test_one_that_the_server_closed_is_made_anew(one: OneRedis, redis_client: Redis) -> None:
    one.ask("PING")
    redis_client.execute_command("CLIENT", "KILL", "ID", str(one.ask("CLIENT", "ID")))
    assert one.ask("ECHO", "this") == b"this"


def test_an_answer_that_nobody_waited_for_is_not_the_next_one(one: OneRedis) -> None:
    one.ask("PING")
    own(one).send_packed_command([pack_command(("ECHO", "old"))])
    assert own(one).can_read(10)
    assert [one.ask("ECHO", "new"), one.ask("ECHO", "newer")] == [b"new", b"newer"]


def test_what_redis_refuses_spoils_nothing(one: OneRedis) -> None:
    one.ask("SET", "word", "this")
    first = own(one)
    with pytest.raises(ResponseError):
        one.ask("INCR", "word")
    assert one.ask("GET", "word") == b"this" and own(one) is first


def test_without_a_server_it_says_so_each_time() -> None:
    with closing(connect("redis://127.0.0.1:1/0")) as nowhere:
        for _ in range(2):
            with pytest.raises(ConnectionError):
                nowhere.ask("PING")


def test_a_fork_does_not_speak_over_the_connection_of_its_parent(one: OneRedis) -> None:
    one.ask("PING")
    told, tells = os.pipe()
    child = os.fork()
    if not child:
        # Whatever happens, this process ends here, and soon.
        signal.alarm(20)
        try:
            os.write(tells, one.ask("ECHO", "of the child") + b"|%d" % one.ask("CLIENT", "ID"))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    said, _, id = os.read(told, 100).partition(b"|")
    assert said == b"of the child" and int(id) != one.ask("CLIENT", "ID")
    os.close(told)
    os.close(tells)


def test_it_ends_with_its_thread(one: OneRedis, redis_client: Redis) -> None:
    with ThreadPoolExecutor(1) as thread:
        id = thread.submit(one.ask, "CLIENT", "ID").result()
    give_up = time.monotonic() + 10
    while any(each["id"] == str(id) for each in redis_client.client_list()):
        assert time.monotonic() < give_up, "it is still there"
