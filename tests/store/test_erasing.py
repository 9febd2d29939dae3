"""Erasing a person below the words: what goes at once, what waits and where, and how the worker finishes it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, text

from bot.message import Channel
from bot.privacy import Erased, Peppers
from bot.session import Beside
from bot.store.erasing import COPIES_AFTER, COPIES_GIVE_UP, Erasing
from bot.store.errors import KeyGone, KeyMissing, StoreDown
from bot.store.escalations import Escalations
from bot.store.key_store import KeyStore
from bot.store.keys import DayKeys
from bot.store.opened_late import OpenedLate
from bot.store.outlived import drop_outlived
from bot.store.sessions import Sessions
from tests.servers import RedisServer

pytestmark = pytest.mark.slow
ALSO_ON_A_CLUSTER = True

ANA, LUZ = "+15005550006", "whatsapp:+50255500001"
DAY, HOUR = 86_400, 3_600
FAR = 300.0


@dataclass
class Host:
    """A web process and the worker's erasing, on stores that may be taken away."""

    sessions: Sessions
    escalations: Escalations
    erasing: Erasing
    engine: Engine
    copied: list[str] = field(default_factory=list)
    carrier: list[bool] = field(default_factory=list)
    sids: Iterator[int] = field(default_factory=lambda: iter(range(1_000)))

    def begin(self, address: str, sid: str | None = None):  # type: ignore[no-untyped-def]
        return self.sessions.begin(address, sid or f"SM{next(self.sids)}", time.monotonic() + 2)

    def say(self, address: str, state: dict | None = None, reply: bytes = b"hola", sid: str | None = None) -> None:
        """A turn that keeps something."""
        assert self.sessions.finish(self.begin(address, sid), state or {"town": "Xela"}, reply, {})

    def borrar(self, address: str = ANA) -> Erased:
        """A whole turn of BORRAR, as bot/conversation.py makes it."""
        begun = self.begin(address)
        outcome = self.erasing.erase(address, begun.beside)
        self.sessions.finish(begun, None, outcome.encode(), {})
        return outcome

    def delete_copies(self, address: str) -> bool:
        self.copied.append(address)
        return self.carrier.pop(0) if self.carrier else True

    def work(self) -> None:
        """A round of the worker: what is ours, and what waits for the carrier."""
        try:
            self.erasing.work()
        finally:
            self.erasing.work_on_copies(self.delete_copies)


@pytest.fixture
def host_on(peppers: Peppers, keys: KeyStore, clock) -> Callable[..., Host]:
    def make(redis: Redis, engine: Engine, copies: bool = True, keys: KeyStore | OpenedLate = keys, now=clock) -> Host:
        day_keys = DayKeys(redis)
        sessions = Sessions(redis, peppers, day_keys, now, json.loads)
        escalations = Escalations(engine, redis, peppers, day_keys, keys, now)
        return Host(
            sessions, escalations, Erasing(sessions, escalations, engine, redis, keys, day_keys, now, copies), engine
        )

    return make


@pytest.fixture
def host(host_on, redis_client: Redis, engine: Engine) -> Host:
    return host_on(redis_client, engine)


@contextmanager
def down(engine: Engine) -> Iterator[None]:
    """SQL as it is when nobody has upgraded it, or when its disk is gone: every statement fails."""
    with engine.begin() as connection:
        for table in ("escalations", "erasures"):
            connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_away"))
    yield
    with engine.begin() as connection:
        for table in ("escalations", "erasures"):
            connection.execute(text(f"ALTER TABLE {table}_away RENAME TO {table}"))


def rows(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM erasures")) or 0


def waiting(redis: Redis) -> int:
    return redis.hlen("{erasures}")  # type: ignore[return-value]


class TestAllUp:
    def test_session_replies_and_every_conversation_go(self, host: Host, keys: KeyStore, redis_client: Redis) -> None:
        closed = host.escalations.open(ANA, Channel.SMS)
        host.escalations.close(closed)
        opened = host.escalations.open(ANA, Channel.SMS)
        others = host.escalations.open(LUZ, Channel.WHATSAPP)
        host.escalations.add(opened, "family", "me siguen")
        host.say(ANA)
        assert host.borrar() is Erased.DONE
        assert keys.names() == (others,)
        for id in (closed, opened):
            with pytest.raises(KeyGone):
                host.escalations.messages(id)
        assert redis_client.keys("*:session:*") == []
        assert host.begin(ANA).beside.escalation is None

    @pytest.mark.parametrize("mirrored", [True, False], ids=["mirror whole", "Redis came back empty"])
    def test_a_conversation_that_redis_does_not_know_goes_too(
        self, host: Host, keys: KeyStore, redis_client: Redis, clock, mirrored: bool
    ) -> None:
        if mirrored:
            host.escalations.mirror()
            clock.advance(60)
        host.escalations.open(ANA, Channel.SMS)
        for name in redis_client.keys("*:esc*"):
            redis_client.delete(name)
        assert host.borrar() is Erased.DONE and keys.names() == ()

    def test_without_a_way_to_the_carrier_nothing_is_noted(self, host_on, redis_client: Redis, engine: Engine) -> None:
        host = host_on(redis_client, engine, copies=False)
        host.say(ANA)
        assert host.borrar() is Erased.DONE
        assert waiting(redis_client) == rows(engine) == 0

    def test_of_a_held_one_the_talk_goes_and_the_key_stays(
        self, host: Host, keys: KeyStore, redis_client: Redis
    ) -> None:
        id = host.escalations.open(ANA, Channel.SMS)
        host.escalations.hold(id, "Counsel Example", by="admin")
        host.say(ANA)
        assert host.borrar() is Erased.HELD
        assert keys.names() == (id,) and redis_client.keys("*:session:*") == []
        host.work()
        assert host.copied == [], "what counsel holds is not deleted elsewhere at our word"

    def test_one_held_and_one_not(self, host: Host, keys: KeyStore) -> None:
        held = host.escalations.open(ANA, Channel.SMS)
        host.escalations.hold(held, "Counsel Example", by="admin")
        host.escalations.close(held)
        host.escalations.open(ANA, Channel.SMS)
        assert host.borrar() is Erased.HELD and keys.names() == (held,)

    def test_twice_is_as_once(self, host: Host, redis_client: Redis) -> None:
        host.escalations.open(ANA, Channel.SMS)
        assert [host.borrar(), host.borrar()] == [Erased.DONE, Erased.DONE]
        assert waiting(redis_client) == 1


class TestTheCarriersCopy:
    def test_it_is_asked_at_once_after_two_minutes_and_after_fifteen(
        self, host: Host, redis_client: Redis, clock
    ) -> None:
        host.borrar()
        times, start = [], clock()
        for _ in range(240):
            host.work()
            times += [clock() - start] * (len(host.copied) - len(times))
            clock.advance(5)
        assert times == list(COPIES_AFTER)
        assert set(host.copied) == {ANA} and waiting(redis_client) == 0

    def test_a_carrier_that_is_down_is_asked_again_each_minute_until_age_takes_it(
        self, host: Host, redis_client: Redis, clock
    ) -> None:
        host.borrar()
        host.carrier += [False] * 10_000
        for _ in range(3):
            host.work()
            host.work()
            clock.advance(60)
        assert len(host.copied) == 3
        clock.advance(COPIES_GIVE_UP)
        host.work()
        assert waiting(redis_client) == 0

    def test_without_a_key_in_the_worker_it_is_let_go(
        self, host: Host, host_on, redis_client: Redis, engine: Engine
    ) -> None:
        host.borrar()
        host_on(redis_client, engine, copies=False).erasing.work()
        assert waiting(redis_client) == 0

    def test_the_request_names_nobody(self, host: Host, redis_client: Redis) -> None:
        host.borrar()
        held = b"".join(part for pair in redis_client.hgetall("{erasures}").items() for part in pair)
        assert b"5005550006" not in held and b"asked" not in held

    @pytest.mark.parametrize("hours", [-30, -13, 13, 30], ids=lambda h: f"worker {h:+} h")
    def test_a_worker_whose_clock_is_in_another_day_does_it_all_the_same(
        self, host: Host, host_on, redis_server: RedisServer, engine: Engine, clock, hours: int
    ) -> None:
        host.borrar()
        worker = host_on(redis_server.client(), engine, now=lambda: clock() + hours * HOUR)
        worker.work()
        assert worker.copied == [ANA]

    def test_after_the_day_key_is_gone_nobody_can_read_the_request(
        self, host: Host, redis_client: Redis, clock
    ) -> None:
        host.borrar()
        clock.advance(3 * DAY)
        drop_outlived(redis_client, clock())
        host.work()
        assert host.copied == [] and waiting(redis_client) == 0

    def test_a_second_wish_while_the_first_is_worked_on_is_kept(self, host: Host, redis_client: Redis) -> None:
        host.borrar()
        once = host.delete_copies

        def meanwhile(address: str) -> bool:
            if len(host.copied) == 0:
                host.borrar()
            return once(address)

        host.erasing.work_on_copies(meanwhile)
        host.erasing.work_on_copies(meanwhile)
        assert len(host.copied) == 2, "the second wish begins at once again"

    @pytest.mark.parametrize("second", [-1, 1], ids=["23:59:59", "00:00:01"])
    def test_around_midnight(self, host: Host, redis_client: Redis, keys: KeyStore, clock, second: int) -> None:
        clock.advance(12 * HOUR - 2)
        host.escalations.open(ANA, Channel.SMS)
        host.say(ANA, reply=b"para Xela", sid="SM-before")
        clock.advance(2 + second)
        assert host.borrar() is Erased.DONE
        clock.advance(5)
        host.work()
        assert host.copied == [ANA] and keys.names() == ()
        assert host.begin(ANA, "SM-before").reply == b""
        assert redis_client.keys("*:session:*") == []


class TestSqlDown:
    def test_with_a_conversation_it_is_not_finished_and_the_worker_finishes_it(
        self, host: Host, keys: KeyStore, redis_client: Redis, clock
    ) -> None:
        id = host.escalations.open(ANA, Channel.SMS)
        host.say(ANA)
        with down(host.engine):
            assert host.borrar() is Erased.UNFINISHED
            assert redis_client.keys("*:session:*") == []
            with pytest.raises(StoreDown):
                host.escalations.find(ANA)
            with pytest.raises(StoreDown):
                host.work()
            assert keys.names() == (id,) and host.copied == [], "not before what is ours"
        host.work()
        assert keys.names() == () and host.copied == [ANA]

    def test_without_one_it_is_finished_where_redis_can_be_believed(
        self, host: Host, redis_client: Redis, clock
    ) -> None:
        host.escalations.open(LUZ, Channel.SMS)
        host.escalations.mirror()
        clock.advance(10)
        host.say(ANA)
        with down(host.engine):
            assert host.borrar() is Erased.DONE

    def test_and_not_where_it_cannot(self, host: Host) -> None:
        with down(host.engine):
            assert host.borrar() is Erased.UNFINISHED

    def test_for_three_days(self, host: Host, keys: KeyStore, clock) -> None:
        """Day keys die meanwhile; the request is sealed anew each time."""
        host.escalations.open(ANA, Channel.SMS)
        with down(host.engine):
            host.borrar()
            for _ in range(12):
                clock.advance(6 * HOUR)
                with pytest.raises(StoreDown):
                    host.work()
        host.work()
        assert keys.names() == ()

    def test_the_wish_reaches_only_what_was_there(self, host: Host, keys: KeyStore, clock) -> None:
        """Whoever asks for a person again after BORRAR keeps that conversation, and her place in the talk."""
        host.escalations.open(ANA, Channel.SMS)
        with down(host.engine):
            host.borrar()
        clock.advance(60)
        old = host.escalations.find(ANA)
        host.escalations.close(old[0])
        new = host.escalations.open(ANA, Channel.SMS)
        host.say(ANA, {"town": "Mixco"})
        host.work()
        assert keys.names() == (new,)
        assert host.begin(ANA).session == {"town": "Mixco"}

    def test_one_that_counsel_holds_by_then_is_kept(self, host: Host, keys: KeyStore, redis_client: Redis) -> None:
        id = host.escalations.open(ANA, Channel.SMS)
        with down(host.engine):
            host.borrar()
        host.escalations.hold(id, "Counsel Example", by="admin")
        host.work()
        assert keys.names() == (id,) and waiting(redis_client) == 0 and host.copied == []


class TestRedisDown:
    @pytest.fixture
    def host(self, host_on, own_redis: RedisServer, engine: Engine) -> Host:
        return host_on(own_redis.client(), engine)

    def test_the_key_goes_at_once_and_the_rest_waits_in_sql(
        self, host: Host, own_redis: RedisServer, keys: KeyStore, clock
    ) -> None:
        id = host.escalations.open(ANA, Channel.SMS)
        own_redis.kill()
        assert host.erasing.erase(ANA, Beside()) is Erased.UNFINISHED
        assert id not in keys.names() and len(keys.names()) == rows(host.engine) == 1
        with pytest.raises(StoreDown):
            host.work()
        own_redis.start()
        host.work()
        assert keys.names() == () and rows(host.engine) == 0 and host.copied == [ANA]

    def test_a_redis_that_was_only_out_of_reach_is_erased_when_it_is_back(
        self, host: Host, host_on, own_redis: RedisServer, tmp_path: Path, peppers: Peppers, clock
    ) -> None:
        host.say(ANA, reply=b"para Xela", sid="SM-before")
        clock.advance(60)
        apart = host_on(connect_nowhere(tmp_path), host.engine)
        assert apart.erasing.erase(ANA, Beside()) is Erased.UNFINISHED
        clock.advance(60)
        host.say(LUZ)
        host.work()
        assert host.begin(ANA, "SM-before").reply == b""
        assert host.begin(ANA).session is None
        assert host.begin(LUZ).session == {"town": "Xela"}

    def test_what_came_after_the_wish_stays(self, host: Host, host_on, tmp_path: Path, clock) -> None:
        apart = host_on(connect_nowhere(tmp_path), host.engine)
        apart.erasing.erase(ANA, Beside())
        clock.advance(60)
        host.say(ANA, {"town": "Mixco"}, sid="SM-after")
        host.work()
        assert host.begin(ANA, "SM-after").reply == b"hola"
        assert host.begin(ANA).session == {"town": "Mixco"}

    def test_the_row_holds_no_number_and_nobody_can_read_it_afterwards(
        self, host: Host, own_redis: RedisServer, tmp_path: Path
    ) -> None:
        own_redis.kill()
        host.erasing.erase(ANA, Beside())
        host.engine.dispose()
        for file in tmp_path.glob("*.db*"):
            assert b"5005550006" not in file.read_bytes()

    def test_both_down_is_lost_and_says_so(self, host: Host, own_redis: RedisServer) -> None:
        host.escalations.open(ANA, Channel.SMS)
        own_redis.kill()
        with down(host.engine):
            assert host.erasing.erase(ANA, Beside()) is Erased.LOST


def connect_nowhere(tmp_path: Path) -> Redis:
    from bot.store.redis_client import connect

    return connect(f"unix://{tmp_path}/nobody.sock")


class TestKeyStore:
    def missing(self) -> OpenedLate:
        def refuse() -> KeyStore:
            raise KeyMissing("There is no key store.", "Run db upgrade.")

        return OpenedLate(refuse)

    def test_without_a_key_store_a_person_without_conversations_is_erased(
        self, host_on, redis_client: Redis, engine: Engine
    ) -> None:
        host = host_on(redis_client, engine, keys=self.missing())
        host.say(ANA)
        assert host.borrar() is Erased.DONE

    def test_with_conversations_it_waits_until_somebody_mends_it(
        self, host: Host, host_on, redis_client: Redis, keys: KeyStore
    ) -> None:
        host.escalations.open(ANA, Channel.SMS)
        broken = host_on(redis_client, host.engine, keys=self.missing())
        assert broken.borrar() is Erased.UNFINISHED
        broken.work()
        assert len(keys.names()) == 1
        host.work()
        assert keys.names() == ()

    def test_a_row_that_nobody_can_read_does_not_hold_up_the_others(
        self, host: Host, keys: KeyStore, redis_client: Redis, host_on, tmp_path: Path
    ) -> None:
        apart = host_on(connect_nowhere(tmp_path), host.engine)
        for address in (ANA, LUZ):
            apart.erasing.erase(address, Beside())
        keys.destroy(keys.names()[0])
        host.work()
        assert rows(host.engine) == 0 and keys.names() == () and len(host.copied) == 1


class TestInTheMiddle:
    def test_a_turn_that_is_overtaken_by_borrar_leaves_nothing(self, host: Host, redis_client: Redis, clock) -> None:
        slow = host.begin(ANA, "SM-slow")
        clock.advance(7)
        assert host.borrar() is Erased.DONE
        assert not host.sessions.finish(slow, {"town": "Xela"}, b"para Xela", {})
        again = host.begin(ANA, "SM-slow")
        assert again.reply == b"" and redis_client.keys("*:session:*") == []

    def test_a_retry_of_a_message_whose_worker_died_before_borrar_brings_nothing_back(self, host: Host, clock) -> None:
        host.begin(ANA, "SM-dead")
        clock.advance(7)
        host.borrar()
        assert host.begin(ANA, "SM-dead").reply == b""

    def test_a_turn_that_was_only_slow_is_answered(self, host: Host) -> None:
        host.sessions.release(host.begin(ANA, "SM-1"))
        assert host.begin(ANA, "SM-1").reply is None

    def test_borrar_itself_keeps_its_turn(self, host: Host) -> None:
        begun = host.begin(ANA, "SM-borrar")
        host.erasing.erase(ANA, begun.beside)
        assert host.sessions.finish(begun, None, b"borrado", {})
        assert host.begin(ANA, "SM-borrar").reply == b"borrado"

    def test_a_turn_under_way_when_the_worker_finishes_an_older_wish_goes_on(
        self, host: Host, host_on, tmp_path: Path, clock
    ) -> None:
        host_on(connect_nowhere(tmp_path), host.engine).erasing.erase(ANA, Beside())
        clock.advance(60)
        begun = host.begin(ANA, "SM-new")
        host.work()
        assert host.sessions.finish(begun, {"town": "Mixco"}, b"hola", {})

    def test_a_turn_that_began_before_the_wish_does_not(self, host: Host, host_on, tmp_path: Path, clock) -> None:
        begun = host.begin(ANA, "SM-old")
        clock.advance(3)
        host_on(connect_nowhere(tmp_path), host.engine).erasing.erase(ANA, Beside())
        host.work()
        assert not host.sessions.finish(begun, {"town": "Xela"}, b"para Xela", {})
        assert host.begin(ANA, "SM-old").reply == b""
