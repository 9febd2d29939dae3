"""Errands of web that the worker runs while a family waits, on a Redis and on a cluster."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from redis import Redis

from bot.store.errands import READY, Errand, Errands, NotDone, Taken
from bot.store.keys import DayKeys
from bot.store.menu_contents import MenuContents

ALSO_ON_A_CLUSTER = True
ASKED = Errand("whatsapp:+12025550123", template="HX1", report="https://bot.example.org/status?b=SM1")
NOW = 1_800_000_000.0


@pytest.fixture
def errands(redis_client: Redis) -> Errands:
    return Errands(redis_client, DayKeys(redis_client), lambda: NOW, seconds=1.0)


def beside(errands: Errands, run: Callable[[Taken], None]) -> threading.Thread:
    """A worker that runs one errand so."""

    def work() -> None:
        taken = None
        while taken is None:
            taken = errands.take()
        run(taken)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def left(redis: Redis) -> list[bytes]:
    return [name for name in redis.scan_iter("{menus}:errand:*")]


def test_what_is_asked_for_is_run_and_nothing_of_it_stays(errands: Errands, redis_client: Redis) -> None:
    held = list[Taken]()

    def run(taken: Taken) -> None:
        held.append(taken)
        assert left(redis_client) == [], "whoever has it in her hand has it alone"
        errands.answer(taken.id)

    thread = beside(errands, run)
    errands.ask(ASKED)
    thread.join()
    assert [each.errand for each in held] == [ASKED] and left(redis_client) == []
    assert ASKED.address not in repr(held)


def test_why_it_was_not_taken_is_told(errands: Errands) -> None:
    thread = beside(errands, lambda taken: errands.answer(taken.id, "21655"))
    with pytest.raises(NotDone) as told:
        errands.ask(ASKED)
    thread.join()
    assert told.value.code == "21655"


def test_without_an_answer_it_ends_and_nobody_runs_it_later(errands: Errands, redis_client: Redis) -> None:
    with pytest.raises(NotDone) as told:
        errands.ask(ASKED)
    assert told.value.code == "silent" and left(redis_client) == []
    assert errands.take() is None, "its id is still in the line, and leads to nothing"


def test_an_answer_is_for_who_asked(errands: Errands) -> None:
    """Two at once, answered the wrong way round."""
    said = dict[str, str]()

    def ask(name: str) -> None:
        try:
            errands.ask(Errand(name))
            said[name] = "taken"
        except NotDone as error:
            said[name] = error.code

    asking = [threading.Thread(target=ask, args=(name,)) for name in ("a", "b")]
    for thread in asking:
        thread.start()
    found = list[Taken]()
    give_up = time.monotonic() + 5
    while len(found) < 2 and time.monotonic() < give_up:
        if (taken := errands.take()) is not None:
            found.append(taken)
    for taken in reversed(found):
        errands.answer(taken.id, f"for {taken.errand.address}")
    for thread in asking:
        thread.join()
    assert said == {"a": "for a", "b": "for b"}


def test_what_lies_in_redis_cannot_be_read_or_put_there_without_the_key(errands: Errands, redis_client: Redis) -> None:
    seen = list[bytes]()

    def look() -> None:
        while not seen:
            seen.extend(redis_client.get(name) or b"" for name in left(redis_client))

    thread = threading.Thread(target=look)
    thread.start()
    with pytest.raises(NotDone):
        errands.ask(ASKED)
    thread.join()
    assert b"202555" not in seen[0] and b"HX1" not in seen[0]
    redis_client.set("{menus}:errand:x", seen[0])
    redis_client.rpush("{menus}:asked", "x")
    found = [errands.take(), errands.take()]
    assert found == [None, None], "sealed for another id"


def test_web_knows_whether_a_worker_is_there(errands: Errands, redis_client: Redis) -> None:
    clock = [NOW]
    contents = MenuContents(redis_client, b"k" * 32, lambda: clock[0])
    contents.mirror({"puente-menu-1": "HX1"})
    assert contents.now() == {}
    errands.take()
    clock[0] += 6
    assert contents.now() == {"puente-menu-1": "HX1"}
    redis_client.delete(READY)
    clock[0] += 6
    assert contents.now() == {}
