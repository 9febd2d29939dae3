"""Wrong tries: five for an account, a hundred for all strangers together, 15 minutes, and less without Redis."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.store.redis_client import connect
from bot.store.tries import (
    MOST,
    MOST_OF_STRANGERS,
    MOST_OF_STRANGERS_WITHOUT_REDIS,
    MOST_WITHOUT_REDIS,
    REST_SECONDS,
    WAIT,
    Tries,
)
from tests.store.conftest import Clock

ALSO_ON_A_CLUSTER = True
ANA = "ana@example.org"
# As ours: redis-py's own tries again in the background, long after the test is over.
ONCE = Retry(NoBackoff(), 0)


@pytest.fixture
def tries(redis_client: Redis, clock: Clock) -> Tries:
    return Tries(redis_client, "secret", clock)


@pytest.fixture
def without_redis(clock: Clock) -> Tries:
    return Tries(connect("redis://127.0.0.1:1/0"), "secret", clock)


@pytest.mark.parametrize("known", [True, False], ids=["a browser that was let in before", "a stranger"])
def test_after_the_fifth_wrong_try_she_waits(tries: Tries, known: bool) -> None:
    assert [tries.begin(ANA, known) for _ in range(MOST)] == list(range(MOST))[::-1]
    assert tries.begin(ANA.upper() + " ", known) < 0, "however it is written"
    assert tries.begin(ANA, not known) >= 0 and tries.begin("luz@example.org", known) >= 0
    tries.right(ANA, known)
    assert tries.begin(ANA, known) == MOST - 1


def test_many_at_once_are_no_way_in(redis_client: Redis, clock: Clock) -> None:
    processes = [Tries(redis_client, "secret", clock) for _ in range(3)]
    left: list[int] = []
    threads = [Thread(target=lambda each=each: left.append(each.begin(ANA, True))) for each in processes * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(each >= 0 for each in left) == MOST


def test_one_password_on_every_account_is_stopped_but_not_for_who_was_there_before(tries: Tries) -> None:
    for number in range(MOST_OF_STRANGERS):
        tries.begin(f"{number}@example.org", False)
    assert tries.begin("somebody.else@example.org", False) < 0
    assert tries.begin("somebody.else@example.org", True) >= 0


def test_who_comes_in_counts_for_nothing(tries: Tries) -> None:
    for number in range(MOST_OF_STRANGERS + 20):
        assert tries.begin(f"{number}@example.org", False) >= 0
        tries.right(f"{number}@example.org", False)


def test_it_ends_by_itself_and_names_nobody(tries: Tries, redis_client: Redis) -> None:
    for _ in range(MOST + 3):
        tries.begin(ANA, False)
    tries.right("luz@example.org", False)
    names = [name.decode() for name in redis_client.scan_iter("*")]
    assert len(names) == 2 and all(name.startswith("console:tries") for name in names)
    assert not any("ana" in name or "example" in name for name in names)
    assert all(0 < redis_client.ttl(name) <= WAIT for name in names)


def test_trying_while_she_waits_does_not_prolong_it(tries: Tries, redis_client: Redis) -> None:
    for _ in range(MOST):
        tries.begin(ANA, True)
    (name,) = redis_client.scan_iter("*")
    redis_client.expire(name, 60)
    tries.begin(ANA, True)
    assert redis_client.ttl(name) <= 60


def test_without_redis_a_process_counts_by_itself(without_redis: Tries, clock: Clock) -> None:
    assert [without_redis.begin(ANA, False) for _ in range(MOST_WITHOUT_REDIS + 1)] == [*range(MOST_WITHOUT_REDIS)][
        ::-1
    ] + [-1]
    assert without_redis.begin("luz@example.org", False) >= 0
    for number in range(MOST_OF_STRANGERS_WITHOUT_REDIS):
        without_redis.begin(f"{number}@example.org", False)
    assert without_redis.begin("eva@example.org", False) < 0
    clock.advance(WAIT + 1)
    assert without_redis.begin(ANA, False) >= 0


class Mute:
    """A server that takes every connection and never says a word."""

    def __init__(self) -> None:
        self.taken: list[socket.socket] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                self.taken.append(self._server.accept()[0])

    def close(self) -> None:
        for each in (self._server, *self.taken):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


@pytest.fixture
def mute() -> Iterator[Mute]:
    server = Mute()
    yield server
    server.close()


def test_a_redis_that_never_answers_keeps_nobody_waiting(mute: Mute, clock: Clock) -> None:
    # This client would wait for ever, so that only our own limit can end it.
    tries = Tries(Redis(host="127.0.0.1", port=mute.port, socket_timeout=None, retry=ONCE), "secret", clock)
    assert [tries.begin(ANA, True) for _ in range(MOST_WITHOUT_REDIS + 1)] == [1, 0, -1]
    tries.right(ANA, True)
    assert tries.begin(ANA, True) == MOST_WITHOUT_REDIS - 1
    assert len(mute.taken) == 1, "after the first silence it is left alone"


def test_after_its_rest_redis_counts_again(redis_client: Redis, mute: Mute, clock: Clock) -> None:
    tries = Tries(Redis(host="127.0.0.1", port=mute.port, socket_timeout=0.1, retry=ONCE), "secret", clock)
    assert tries.begin(ANA, True) == MOST_WITHOUT_REDIS - 1
    tries._redis = redis_client
    assert tries.begin(ANA, True) == MOST_WITHOUT_REDIS - 2, "it rests"
    clock.advance(REST_SECONDS)
    assert [tries.begin(ANA, True) for _ in range(MOST + 1)] == [*range(MOST)][::-1] + [-1]
