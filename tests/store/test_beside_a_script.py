"""What is asked in the round trip of a script: one server reads several values at once, a cluster asks each of its nodes."""

from __future__ import annotations

from redis import Redis

from bot.store.redis_client import Script

ALSO_ON_A_CLUSTER = True


def test_answers_come_in_the_order_of_the_commands_whether_the_server_knows_the_script_or_not(
    redis_client: Redis,
) -> None:
    redis_client.set("one", "1")
    redis_client.set("two", "2")
    redis_client.sadd("many", "this")
    asked = (
        ("SISMEMBER", "many", "this"),
        ("GET", "one"),
        ("GET", "none"),
        ("HINCRBY", "counts", "field", 3),
        ("GET", "two"),
    )
    redis_client.script_flush()
    for time in (1, 2):
        kept, answers = Script("set_newer").run_beside(redis_client, ["newest"], [f"{time}|this", 60_000], *asked)
        assert (kept, answers) == (1, [1, b"1", None, 3 * time, b"2"])
    assert redis_client.get("newest") == b"2|this"


def test_a_script_that_nothing_is_asked_beside(redis_client: Redis) -> None:
    assert Script("set_newer").run_beside(redis_client, ["newest"], ["1|this", 60_000]) == (1, [])


def test_nothing_is_done_beside_a_script_that_has_not_done_its_work(redis_client: Redis) -> None:
    script, add = Script("set_newer"), ("HINCRBY", "counts", "field", 3)
    assert script.run_beside(redis_client, ["newest"], ["2|this", 60_000], add) == (1, [3])
    assert script.run_beside(redis_client, ["newest"], ["1|older", 60_000], add) == (0, [])
    assert (redis_client.get("newest"), redis_client.hget("counts", "field")) == (b"2|this", b"3")
