"""Wrong tries: five for an account, a hundred for all strangers together, 15 minutes, and less without Redis."""

from __future__ import annotations

import pytest
from redis import Redis

from bot.store.tries import MOST, MOST_OF_STRANGERS, MOST_OF_STRANGERS_WITHOUT_REDIS, MOST_WITHOUT_REDIS, WAIT, Tries
from tests.store.conftest import Clock

ALSO_ON_A_CLUSTER = True
ANA = "ana@example.org"


@pytest.fixture
def tries(redis_client: Redis, clock: Clock) -> Tries:
    return Tries(redis_client, "secret", clock)


@pytest.fixture
def without_redis(clock: Clock) -> Tries:
    return Tries(Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2), "secret", clock)


@pytest.mark.parametrize("known", [True, False], ids=["a browser that was let in before", "a stranger"])
def test_the_fifth_wrong_try_makes_her_wait(tries: Tries, known: bool) -> None:
    assert [tries.wrong(ANA, known) for _ in range(MOST)] == [False] * (MOST - 1) + [True]
    assert tries.must_wait(ANA.upper() + " ", known), "however it is written"
    assert not tries.must_wait(ANA, not known) and not tries.must_wait("luz@example.org", known)
    tries.right(ANA, known)
    assert not tries.must_wait(ANA, known)


def test_one_password_on_every_account_is_stopped_but_not_for_who_was_there_before(tries: Tries) -> None:
    for number in range(MOST_OF_STRANGERS):
        tries.wrong(f"{number}@example.org", False)
    assert tries.must_wait("somebody.else@example.org", False)
    assert not tries.must_wait("somebody.else@example.org", True)


def test_it_ends_by_itself_and_names_nobody(tries: Tries, redis_client: Redis) -> None:
    for _ in range(MOST):
        tries.wrong(ANA, False)
    names = [name.decode() for name in redis_client.scan_iter("*")]
    assert len(names) == 2 and all(name.startswith("console:tries") for name in names)
    assert not any("ana" in name or "example" in name for name in names)
    assert all(0 < redis_client.ttl(name) <= WAIT for name in names)


def test_without_redis_a_process_counts_by_itself(without_redis: Tries, clock: Clock) -> None:
    for number in range(MOST_WITHOUT_REDIS):
        assert not without_redis.must_wait(ANA, False)
        assert without_redis.wrong(ANA, False) is (number == MOST_WITHOUT_REDIS - 1)
    assert without_redis.must_wait(ANA, False) and not without_redis.must_wait("luz@example.org", False)
    for number in range(MOST_OF_STRANGERS_WITHOUT_REDIS):
        without_redis.wrong(f"{number}@example.org", False)
    assert without_redis.must_wait("luz@example.org", False)
    clock.advance(WAIT + 1)
    assert not without_redis.must_wait(ANA, False) and not without_redis.must_wait("luz@example.org", False)
