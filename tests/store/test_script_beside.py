"""A script and commands behind it, in one call, say what each of them says alone."""

from __future__ import annotations

from typing import Any

import pytest
from redis import Redis

from bot.store.redis_client import Script

RELEASE = Script("release")
KEYS, ARGS = ["{a}:lock", "{a}:queue", "{a}:seen"], ["token"]

BESIDE: dict[str, list[tuple[Any, ...]]] = {
    "nothing": [],
    "one that is not there": [("GET", "none")],
    "what is there, between what is not": [("GET", "none"), ("GET", "word"), ("GET", "none"), ("GET", "number")],
    "the same twice": [("GET", "word"), ("GET", "word")],
    "others between": [("GET", "word"), ("HMGET", "hash", "a", "none", "b"), ("GET", "none"), ("SISMEMBER", "set", "x")],
    "words, numbers and bytes": [("HINCRBY", "hash", "a", 2), ("INCRBY", "number", 3), ("HSET", "hash", "ñ", b"\x00\xff")],
    "what is written is read no more": [("GET", "number"), ("INCRBY", "number", 1), ("GET", "word")],
    "many": [("HINCRBY", "hash", f"cell {n}", n) for n in range(30)],
}


@pytest.fixture
def client(redis_client: Redis) -> Redis:
    redis_client.mset({"word": "hola", "number": 7})
    redis_client.hset("hash", mapping={"a": 1, "b": "dos"})
    redis_client.sadd("set", "x")
    redis_client.hset("{a}:lock", "token", "token")
    return redis_client


@pytest.mark.parametrize("name", BESIDE)
def test_each_command_answers_as_it_does_alone(client: Redis, name: str) -> None:
    said, answers = RELEASE.run_beside(client, KEYS, ARGS, *BESIDE[name])
    beside = {key: client.dump(key) for key in ("word", "number", "hash", "set")}
    assert said == 1 and not client.exists("{a}:lock")
    client.mset({"word": "hola", "number": 7})
    client.delete("hash")
    client.hset("hash", mapping={"a": 1, "b": "dos"})
    assert answers == [client.execute_command(*command) for command in BESIDE[name]]
    assert beside == {key: client.dump(key) for key in beside}


def test_where_the_script_has_not_done_its_work_nothing_runs(client: Redis) -> None:
    keys = ["{a}:lock", "{a}:fence", "{a}:session", "{a}:replies"]
    said = Script("finish").run_beside(client, keys, ["5", "", "sid", "reply", 1000], ("INCRBY", "number", 1), ("GET", "word"))
    assert said == (0, []) and client.get("number") == b"7"
