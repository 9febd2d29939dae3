"""A text that comes again is not put to the model again: while it is fresh, and never when there is doubt."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from bot.frozen import replace
from bot.intents.intent import UNKNOWN, Intent, Understanding
from bot.language import Language
from bot.privacy import RETENTION
from bot.store.keys import DayKeys
from bot.store.understood import PLACES, Remembering

ALSO_ON_A_CLUSTER = True

TEXT = "perdi mi permiso de trabajo"
OF = "puente-1.tar.gz ['daca', 'work_permit']"
HEARD = Understanding(
    (Intent("work_permit", 0.71), Intent("daca", 0.123456789)), ((Language.ES, 0.9), (Language.QUC, 0.1)), 0.02
)


class Model:
    """Counts what it is asked."""

    def __init__(self, answer: Understanding | None = HEARD) -> None:
        self.answer, self.asked = answer, list[str]()

    def parse(self, text: str, timeout: float | None = None) -> Understanding | None:
        self.asked.append(text)
        return self.answer


@pytest.fixture
def remembering(redis_client: Redis, clock: Callable[[], float]) -> Remembering:
    return Remembering(Model(), OF, redis_client, DayKeys(redis_client), clock)


def another_process(remembering: Remembering) -> Remembering:
    """On the same Redis, with the same model."""
    return replace(remembering)


def asked(remembering: Remembering) -> list[str]:
    assert isinstance(remembering.model, Model)
    return remembering.model.asked


def test_the_same_text_is_asked_once(remembering: Remembering) -> None:
    assert [remembering.parse(TEXT), remembering.parse(TEXT)] == [HEARD, HEARD] and asked(remembering) == [TEXT]


def test_another_process_knows_it_too(remembering: Remembering, redis_client: Redis) -> None:
    remembering.parse(TEXT)
    other = Remembering(Model(None), OF, redis_client, DayKeys(redis_client), remembering.clock)
    assert other.parse(TEXT) == HEARD and asked(other) == []


def test_who_knows_it_does_not_ask_redis_again(remembering: Remembering, redis_client: Redis) -> None:
    remembering.parse(TEXT)
    other = another_process(remembering)
    other.parse(TEXT)
    redis_client.delete(*redis_client.keys("understood:*"))
    assert remembering.parse(TEXT) == HEARD == other.parse(TEXT) and asked(remembering) == [TEXT]


@pytest.mark.parametrize("other", [TEXT + ".", TEXT.upper(), "", "perdí mi permiso de trabajo", "\0"])
def test_another_text_is_another_one(remembering: Remembering, other: str) -> None:
    remembering.parse(TEXT)
    remembering.parse(other)
    assert asked(remembering) == [TEXT, other]


def test_of_another_model_nothing_is_known(remembering: Remembering) -> None:
    remembering.parse(TEXT)
    replace(remembering, of="puente-2.tar.gz ['daca']").parse(TEXT)
    assert asked(remembering) == [TEXT, TEXT]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.builds(Intent, st.text(max_size=30), st.floats(0, 1)), max_size=10),
    st.permutations(list(Language)),
    st.lists(st.floats(0, 1), max_size=3),
    st.floats(0, 1),
    st.floats(0, 1),
    st.text(max_size=40),
)
def test_what_comes_back_is_what_the_model_said(
    remembering: Remembering,
    intents: list[Intent],
    order: list[Language],
    shares: list[float],
    foreign: float,
    mayan: float,
    text: str,
) -> None:
    said = Understanding(tuple(intents), tuple(zip(order, shares, strict=False)), foreign, mayan)
    remembering.redis.delete(*remembering.redis.keys("understood:*") or ["none"])
    first = another_process(remembering)
    first.model.answer = said  # type: ignore[attr-defined]
    assert first.parse(text) == said == first.parse(text) == another_process(first).parse(text)


def test_silence_and_an_empty_answer(remembering: Remembering) -> None:
    remembering.model.answer = None  # type: ignore[attr-defined]
    assert remembering.parse(TEXT) is None is remembering.parse(TEXT), "silence is asked again"
    remembering.model.answer = UNKNOWN  # type: ignore[attr-defined]
    assert remembering.parse(TEXT) == UNKNOWN == remembering.parse(TEXT) and len(asked(remembering)) == 3


def test_no_time_left_asks_nobody(remembering: Remembering) -> None:
    assert remembering.parse(TEXT, 0.0) is None and asked(remembering) == []


def test_it_is_another_day(remembering: Remembering, clock) -> None:  # type: ignore[no-untyped-def]
    remembering.parse(TEXT)
    clock.advance(86_400)
    remembering.parse(TEXT)
    assert asked(remembering) == [TEXT, TEXT]


@pytest.mark.parametrize("seconds", [RETENTION["understood text"].total_seconds(), -1.0])
def test_what_is_over_its_time_is_not_believed(remembering: Remembering, clock, seconds: float) -> None:  # type: ignore[no-untyped-def]
    """Wherever it lies; nor what was written in a time that is still to come."""
    remembering.parse(TEXT)
    clock.advance(seconds)
    another_process(remembering).parse(TEXT)
    assert len(asked(remembering)) == 2
    clock.advance(seconds)
    remembering.parse(TEXT)
    assert len(asked(remembering)) == 3


def test_who_found_it_late_knows_it_no_longer(remembering: Remembering, redis_client: Redis, clock) -> None:  # type: ignore[no-untyped-def]
    remembering.parse(TEXT)
    other = another_process(remembering)
    clock.advance(599)
    other.parse(TEXT)
    assert len(asked(remembering)) == 1
    clock.advance(1)
    other.parse(TEXT)
    assert len(asked(remembering)) == 2


def test_a_process_forgets_by_itself(remembering: Remembering, clock) -> None:  # type: ignore[no-untyped-def]
    remembering.parse(TEXT)
    clock.advance(RETENTION["understood text"].total_seconds())
    give_up = time.monotonic() + 20
    while remembering._here._made:
        assert time.monotonic() < give_up, "it is still there, and nobody has written since"
        time.sleep(0.05)


def test_it_ends_with_its_time(remembering: Remembering, redis_client: Redis) -> None:
    remembering.parse(TEXT)
    (name,) = redis_client.keys("understood:*")
    assert 0 < redis_client.ttl(name) <= RETENTION["understood text"].total_seconds()


def test_the_text_is_nowhere(remembering: Remembering, redis_client: Redis) -> None:
    remembering.parse("qxzwkv " + TEXT)
    (name,) = redis_client.keys("understood:*")
    assert b"qxz" not in name + redis_client.get(name) and b"permiso de" not in redis_client.get(name)


def test_however_much_is_written_it_takes_no_more_room(remembering: Remembering, redis_client: Redis) -> None:
    """The model of this repository names ten intents."""
    ranking = tuple(Intent("children_after_deportation", 0.012345678901234567 * n) for n in range(10))
    remembering.model.answer = replace(HEARD, ranking=ranking)  # type: ignore[attr-defined]
    for number in range(3 * PLACES):
        remembering.parse(f"{TEXT} {number}")
    there = redis_client.keys("understood:*")
    assert PLACES * 0.9 < len(there) <= PLACES
    assert len(remembering._here._made) == PLACES
    assert max(redis_client.memory_usage(name) for name in there) < 700


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        b"x",
        b"{mark}",
        b"{mark}{",
        b"{mark}[]",
        b"{mark}[1,2,3,4]",
        b'{mark}[{now},[["a"]],[],0,0]',
        b'{mark}[{now},[],[["xx",1]],0,0]',
        b"{mark}\xff",
        b"{mark}" + b"[" * 100_000,
    ],
)
def test_what_nobody_of_ours_has_written_is_not_believed(
    remembering: Remembering, redis_client: Redis, odd: bytes
) -> None:
    remembering.parse(TEXT)
    (name,) = redis_client.keys("understood:*")
    mark = redis_client.get(name)[:32]
    redis_client.set(name, odd.replace(b"{mark}", mark).replace(b"{now}", b"%d" % remembering.clock()))
    other = another_process(remembering)
    assert other.parse(TEXT) == HEARD == other.parse(TEXT) and len(asked(remembering)) == 2


def test_without_redis_the_model_is_asked(remembering: Remembering) -> None:
    gone = Remembering(remembering.model, OF, Redis(port=1), DayKeys(Redis(port=1)), remembering.clock)
    assert gone.parse(TEXT) == HEARD == gone.parse(TEXT) and len(asked(gone)) == 2
