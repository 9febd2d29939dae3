"""A turn from begin to finish: sessions, stored replies, the lock, and what midnight does to them."""

from __future__ import annotations

import itertools
import json
import time

import pytest
from redis import Redis
from redis.connection import AbstractConnection

from bot.privacy import bucket
from bot.store.errors import Busy, StoreDown
from bot.store.keys import DayKeys
from bot.store.sessions import LOCK_MS, Begun, Sessions

ALSO_ON_A_CLUSTER = True

ANA, LUZ = "+15005550006", "whatsapp:+50255500001"
HOUR, DAY = 3_600, 86_400


@pytest.fixture
def sessions(redis_client: Redis, peppers, clock) -> Sessions:
    return Sessions(redis_client, peppers, DayKeys(redis_client), clock, json.loads)


@pytest.fixture
def another_worker(redis_server, peppers, clock) -> Sessions:
    """The same as ``sessions``, in another process as far as anybody can tell."""
    client = redis_server.client()
    return Sessions(client, peppers, DayKeys(client), clock, json.loads)


def soon() -> float:
    return time.monotonic() + 4


def at_once() -> float:
    return time.monotonic()


def turn(sessions: Sessions, address: str, sid: str, session: dict | None, reply: bytes = b"hola") -> Begun:
    begun = sessions.begin(address, sid, at_once())
    assert sessions.finish(begun, session, reply, {})
    return begun


def test_the_first_message_finds_nothing(sessions: Sessions) -> None:
    assert turn(sessions, ANA, "SM1", {"flow": "menu"}).session is None


def test_the_next_message_finds_what_the_last_one_left(sessions: Sessions, clock) -> None:
    turn(sessions, ANA, "SM1", {"flow": "menu", "town": "Xelajú ñ"})
    clock.advance(600)
    begun = turn(sessions, ANA, "SM2", {})
    assert begun.session == {"flow": "menu", "town": "Xelajú ñ"}
    assert sessions.begin(ANA, "SM3", at_once()).session == {}


def test_people_do_not_see_each_other(sessions: Sessions) -> None:
    turn(sessions, ANA, "SM1", {"flow": "ana"})
    assert sessions.begin(LUZ, "SM2", at_once()).session is None


def test_people_who_share_a_bucket_share_nothing_but_the_lock(sessions: Sessions, peppers) -> None:
    mine = bucket(peppers.routing, ANA)
    addresses = (f"+1500{number:07d}" for number in range(1_000_000))
    neighbour = next(a for a in addresses if a != ANA and bucket(peppers.routing, a) == mine)
    turn(sessions, ANA, "SM1", {"flow": "ana"})
    begun = sessions.begin(neighbour, "SM1", at_once())
    assert begun.session is None and begun.reply is None
    with pytest.raises(Busy):
        sessions.begin(ANA, "SM2", at_once())


def test_it_lies_there_without_blanks(sessions: Sessions, redis_client: Redis) -> None:
    """Every session of every family is kept for a day: blanks would be an eighth of it."""
    turn(sessions, ANA, "SM1", {"at": ["menu", "first"], "misses": 1})
    (key,) = redis_client.keys("*:session:*")
    assert redis_client.get(key).endswith(b'|{"at":["menu","first"],"misses":1}')


def test_a_session_can_be_ended(sessions: Sessions) -> None:
    turn(sessions, ANA, "SM1", {"flow": "menu"})
    turn(sessions, ANA, "SM2", None)
    assert sessions.begin(ANA, "SM3", at_once()).session is None


@pytest.mark.parametrize("reply", [b"hola", b"", b"1|2\n\x00\xff", "K'iche' ñ".encode() * 500])
def test_a_retry_gets_the_same_bytes_and_no_turn(sessions: Sessions, another_worker: Sessions, reply: bytes) -> None:
    turn(sessions, ANA, "SM1", {"n": 1}, reply)
    turn(sessions, ANA, "SM2", {"n": 2}, b"later")
    again = another_worker.begin(ANA, "SM1", at_once())
    assert again.reply == reply
    with pytest.raises(ValueError, match="answered before"):
        another_worker.finish(again, {"n": 9}, b"twice", {})
    assert sessions.begin(ANA, "SM3", at_once()).session == {"n": 2}


@pytest.mark.parametrize(
    ("later", "kept"), [(DAY - 1, True), (DAY, False), (2 * DAY, False)], ids=["within", "at 24 h", "two days"]
)
def test_session_and_reply_end_after_24_hours_of_the_bots_clock(
    sessions: Sessions, clock, later: float, kept: bool
) -> None:
    turn(sessions, ANA, "SM1", {"flow": "menu"})
    clock.advance(later)
    assert (sessions.begin(ANA, "SM1", at_once()).reply == b"hola") is kept
    # Without a stored reply the retry has become a turn of its own, which must not hold the lock here.
    clock.advance(LOCK_MS / 1000)
    clock.advance(-LOCK_MS / 1000 if kept else 0)
    begun = sessions.begin(ANA, "SM2", at_once())
    assert (begun.session == {"flow": "menu"}) is kept


def test_redis_drops_everything_if_nobody_else_does(sessions: Sessions, redis_client: Redis) -> None:
    turn(sessions, ANA, "SM1", {"flow": "menu"})
    sessions.begin(ANA, "SM2", at_once())
    with pytest.raises(Busy):
        sessions.begin(ANA, "SM3", at_once())
    lives = {name: redis_client.pttl(name) for name in redis_client.keys("{*")}
    assert len(lives) >= 4
    assert all(0 < life <= 48 * HOUR * 1000 for life in lives.values()), lives


def test_nothing_in_redis_names_anybody(sessions: Sessions, redis_client: Redis) -> None:
    turn(sessions, ANA, "SM0123456789abcdef", {"flow": "menu"})
    sessions.begin(ANA, "SM9999", at_once())
    seen = b""
    for name in redis_client.keys("*"):
        seen += name + redis_client.dump(name)
    assert b"5005550006" not in seen and b"SM0123456789" not in seen and b"SM9999" not in seen


@pytest.mark.parametrize(
    ("redis_server", "trips"),
    [pytest.param("_shared_redis", 2, id="redis"), pytest.param("cluster", 4, marks=pytest.mark.slow)],
    indirect=["redis_server"],
)
def test_a_turn_is_two_round_trips_and_on_a_cluster_four(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch, trips: int
) -> None:
    """On a cluster the person's node answers, then all others at once. A server that has heard a script once knows it."""
    counts = {"topic:rights.home|es|sms": 1, "place:TX|food": 1, "turn:answered|es": 1, "sms:2|es": 1}
    assert sessions.finish(sessions.begin(ANA, "SM1", at_once()), {"n": 1}, b"hola", counts)
    heard = []
    for name in ("send_packed_command", "read_response"):
        real = getattr(AbstractConnection, name)
        monkeypatch.setattr(
            AbstractConnection,
            name,
            lambda self, *words, name=name, real=real, **options: (heard.append(name), real(self, *words, **options))[
                1
            ],
        )
    begun = sessions.begin(ANA, "SM2", at_once())
    assert sessions.finish(begun, {"n": 2}, b"hola", counts)
    assert [name for name, _ in itertools.groupby(heard)].count("send_packed_command") == trips


class TestMidnight:
    def test_the_session_is_found_on_the_other_side(self, sessions: Sessions, another_worker: Sessions, clock) -> None:
        clock.advance(12 * HOUR - 1)
        turn(sessions, ANA, "SM1", {"n": 1})
        clock.advance(2)
        begun = another_worker.begin(ANA, "SM2", at_once())
        assert begun.session == {"n": 1}
        assert another_worker.finish(begun, {"n": 2}, b"dos", {})
        assert sessions.begin(ANA, "SM3", at_once()).session == {"n": 2}

    def test_no_copy_stays_under_yesterdays_name(self, sessions: Sessions, redis_client: Redis, clock) -> None:
        clock.advance(12 * HOUR - 1)
        turn(sessions, ANA, "SM1", {"n": 1})
        clock.advance(2)
        turn(sessions, ANA, "SM2", {"n": 2})
        assert len(redis_client.keys("*:session:*")) == 1

    def test_a_retry_gets_the_same_bytes(self, sessions: Sessions, another_worker: Sessions, clock) -> None:
        clock.advance(12 * HOUR - 1)
        turn(sessions, ANA, "SM1", {"n": 1}, b"before midnight")
        clock.advance(2)
        assert another_worker.begin(ANA, "SM1", at_once()).reply == b"before midnight"

    def test_a_turn_may_begin_before_and_end_after(self, sessions: Sessions, another_worker: Sessions, clock) -> None:
        clock.advance(12 * HOUR - 1)
        begun = sessions.begin(ANA, "SM1", at_once())
        clock.advance(2)
        with pytest.raises(Busy):
            another_worker.begin(ANA, "SM2", at_once())
        assert sessions.finish(begun, {"n": 1}, b"uno", {})
        assert another_worker.begin(ANA, "SM1", at_once()).reply == b"uno"
        assert another_worker.begin(ANA, "SM2", at_once()).session == {"n": 1}

    def test_a_host_whose_clock_is_behind_is_not_forgotten(
        self, redis_server, sessions: Sessions, peppers, clock
    ) -> None:
        clock.advance(12 * HOUR)
        client = redis_server.client()
        behind = Sessions(client, peppers, DayKeys(client), lambda: clock() - 1, json.loads)
        turn(sessions, ANA, "SM1", {"n": 1})
        turn(behind, ANA, "SM2", {"n": 2})
        turn(sessions, ANA, "SM3", {"n": 3})
        assert turn(sessions, ANA, "SM4", {"n": 4}).session == {"n": 3}
        turn(behind, ANA, "SM5", {"n": 5})
        assert sessions.begin(ANA, "SM6", at_once()).session == {"n": 5}

    def test_an_ended_session_does_not_come_back(self, sessions: Sessions, clock) -> None:
        clock.advance(12 * HOUR - 1)
        turn(sessions, ANA, "SM1", {"n": 1})
        clock.advance(2)
        turn(sessions, ANA, "SM2", None)
        assert sessions.begin(ANA, "SM3", at_once()).session is None


class TestFencing:
    def test_a_turn_that_lost_its_lock_is_refused_and_runs_again(
        self, sessions: Sessions, another_worker: Sessions, redis_client: Redis, clock
    ) -> None:
        slow = sessions.begin(ANA, "SM1", at_once())
        clock.advance(LOCK_MS / 1000)
        turn(another_worker, ANA, "SM2", {"by": "SM2"})
        assert not sessions.finish(slow, {"by": "SM1"}, b"uno", {"topic:menu|es|sms": 1, "place:TX|food": 2})
        assert not any(int(n) for name in redis_client.keys("counts:*") for n in redis_client.hvals(name))
        again = sessions.begin(ANA, "SM1", at_once())
        assert again.reply is None
        assert again.session == {"by": "SM2"}
        assert sessions.finish(again, {"by": "both"}, b"uno", {})

    def test_it_is_refused_while_the_other_one_still_runs(
        self, sessions: Sessions, another_worker: Sessions, clock
    ) -> None:
        slow = sessions.begin(ANA, "SM1", at_once())
        clock.advance(LOCK_MS / 1000)
        other = another_worker.begin(ANA, "SM2", at_once())
        assert not sessions.finish(slow, {"by": "SM1"}, b"uno", {})
        sessions.release(slow)
        with pytest.raises(Busy):
            sessions.begin(ANA, "SM3", at_once())
        assert another_worker.finish(other, {"by": "SM2"}, b"dos", {})

    def test_a_late_turn_that_nobody_overtook_counts(self, sessions: Sessions, clock) -> None:
        slow = sessions.begin(ANA, "SM1", at_once())
        clock.advance(2 * LOCK_MS / 1000)
        assert sessions.finish(slow, {"n": 1}, b"uno", {})

    def test_a_finished_turn_frees_the_lock_of_nobody_else(
        self, sessions: Sessions, another_worker: Sessions, clock
    ) -> None:
        first = sessions.begin(ANA, "SM1", at_once())
        assert sessions.finish(first, {"n": 1}, b"uno", {})
        another_worker.begin(ANA, "SM2", at_once())
        assert not sessions.finish(first, {"n": 9}, b"nueve", {})
        with pytest.raises(Busy):
            sessions.begin(ANA, "SM3", at_once())


def test_a_released_turn_lets_the_next_one_in(sessions: Sessions) -> None:
    sessions.release(sessions.begin(ANA, "SM1", at_once()))
    again = sessions.begin(ANA, "SM1", at_once())
    assert again.reply is None and again.session is None


def test_counts_are_added_to_their_week(sessions: Sessions, redis_client: Redis) -> None:
    for sid in ("SM1", "SM2"):
        begun = sessions.begin(ANA, sid, at_once())
        assert sessions.finish(begun, {}, b"", {"topic:rights.home|es|sms": 1, "place:TX|food": 2})
    assert redis_client.hgetall("counts:topic:2026-11-23") == {b"rights.home|es|sms": b"2"}
    assert redis_client.hgetall("counts:place:2026-11-23") == {b"TX|food": b"4"}


def test_a_count_that_is_none_is_refused_before_anything_is_kept(sessions: Sessions) -> None:
    begun = sessions.begin(ANA, "SM1", at_once())
    with pytest.raises(ValueError, match="not a count"):
        sessions.finish(begun, {"n": 1}, b"", {"topic:only.one.part": 1})
    assert sessions.finish(begun, {"n": 2}, b"", {})


class TestErase:
    def test_a_late_retry_brings_nothing_back(self, sessions: Sessions, another_worker: Sessions, clock) -> None:
        clock.advance(11 * HOUR)
        turn(sessions, ANA, "SM1", {"town": "Xela"}, b"yesterday")
        clock.advance(2 * HOUR)
        turn(sessions, ANA, "SM2", {"town": "Xela"}, b"today")
        borrar = sessions.begin(ANA, "SM3", at_once())
        sessions.erase(ANA)
        assert sessions.finish(borrar, None, b"borrado", {})
        assert another_worker.begin(ANA, "SM1", at_once()).reply == b""
        assert another_worker.begin(ANA, "SM2", at_once()).reply == b""
        assert another_worker.begin(ANA, "SM3", at_once()).reply == b"borrado"
        assert another_worker.begin(ANA, "SM4", at_once()).session is None

    def test_nothing_of_it_stays_in_redis(self, sessions: Sessions, redis_client: Redis, clock) -> None:
        clock.advance(12 * HOUR - 1)
        turn(sessions, ANA, "SM1", {"town": "Xela"}, b"para Xela")
        clock.advance(2)
        turn(sessions, ANA, "SM2", {"town": "Xela"}, b"para Xela")
        sessions.erase(ANA)
        assert not [name for name in redis_client.keys("*") if b"Xela" in redis_client.dump(name)]
        assert redis_client.keys("*:session:*") == []

    def test_yesterdays_session_goes_as_well(self, sessions: Sessions, redis_client: Redis, clock) -> None:
        clock.advance(12 * HOUR - 1)
        turn(sessions, ANA, "SM1", {"town": "Xela"})
        clock.advance(2)
        sessions.erase(ANA)
        assert redis_client.keys("*:session:*") == []

    def test_others_keep_theirs(self, sessions: Sessions) -> None:
        turn(sessions, LUZ, "SM1", {"n": 1}, b"luz")
        sessions.erase(ANA)
        assert sessions.begin(LUZ, "SM1", at_once()).reply == b"luz"
        assert sessions.begin(LUZ, "SM2", at_once()).session == {"n": 1}

    def test_a_person_who_is_not_known_can_be_erased(self, sessions: Sessions) -> None:
        sessions.erase(ANA)
        assert sessions.begin(ANA, "SM1", at_once()).session is None


def test_a_store_that_is_down_is_named_without_details(own_redis, peppers, clock) -> None:
    client = own_redis.client()
    sessions = Sessions(client, peppers, DayKeys(client), clock, json.loads)
    begun = sessions.begin(ANA, "SM1", soon())
    own_redis.kill()
    for ask in (
        lambda: sessions.begin(ANA, "SM2", soon()),
        lambda: sessions.finish(begun, {"n": 1}, b"uno", {}),
        lambda: sessions.erase(ANA),
    ):
        with pytest.raises(StoreDown) as caught:
            ask()
        assert str(caught.value) == "redis is down (ConnectionError)"
        assert caught.value.__suppress_context__
    sessions.release(begun)


def test_a_turn_learns_what_went_out_today_and_how_often_this_person_was_answered(sessions: Sessions, clock) -> None:
    for number in range(3):
        begun = sessions.begin(ANA, f"SM{number}", at_once())
        assert (begun.beside.today, begun.beside.spent, begun.beside.heavy) == (
            number,
            2 * number,
            2 * max(0, number - 1),
        )
        assert sessions.finish(begun, {}, b"hola", {}, 2, number > 0)
    luz = sessions.begin(LUZ, "SM9", at_once()).beside
    assert (luz.today, luz.spent, luz.heavy) == (0, 6, 4)
    clock.advance(DAY)
    tomorrow = sessions.begin(ANA, "SM10", at_once()).beside
    assert (tomorrow.today, tomorrow.spent, tomorrow.heavy) == (0, 0, 0)


def test_erasing_does_not_start_a_flood_anew(sessions: Sessions) -> None:
    """How often somebody was answered today is known from the replies, whose words are gone."""
    for number in range(3):
        begun = sessions.begin(ANA, f"SM{number}", at_once())
        sessions.erase(ANA)
        assert sessions.finish(begun, None, b"borrado", {})
    assert sessions.begin(ANA, "SM9", at_once()).beside.today == 3


def test_a_turn_that_was_overtaken_takes_back_what_it_booked(sessions: Sessions, clock) -> None:
    slow = sessions.begin(ANA, "SM1", at_once())
    clock.advance(LOCK_MS / 1000 + 1)
    other = sessions.begin(ANA, "SM2", at_once())
    assert not sessions.finish(slow, {}, b"uno", {}, 5, True)
    assert sessions.finish(other, {}, b"dos", {}, 1)
    beside = sessions.begin(ANA, "SM3", at_once()).beside
    assert (beside.spent, beside.heavy) == (1, 0)
