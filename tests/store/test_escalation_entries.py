"""What a turn finds of escalations in Redis, and when it is believed: days, losses, a cluster, a worker that writes meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from redis import Redis
from sqlalchemy import Engine, update

from bot.message import Channel
from bot.privacy import Peppers
from bot.session import Beside
from bot.store.errors import StoreDown
from bot.store.escalation_entries import BELIEVED_SECONDS
from bot.store.escalations import Escalations
from bot.store.key_store import KeyStore
from bot.store.keys import DayKeys
from bot.store.models import Escalation
from bot.store.sessions import Sessions
from tests.store.escalated import ANA, DAY, LUZ, WORDS, beside

ALSO_ON_A_CLUSTER = True


def test_with_redis_down_it_opens_and_the_worker_tells_redis_later(
    engine: Engine, own_redis, peppers: Peppers, keys: KeyStore, clock
) -> None:
    client = own_redis.client()
    escalations = Escalations(engine, client, peppers, DayKeys(client), keys, clock)
    own_redis.kill()
    id = escalations.open(ANA, Channel.SMS)
    assert escalations.open(ANA, Channel.SMS) == id
    escalations.add(id, "family", WORDS)
    with pytest.raises(StoreDown):
        escalations.mirror()
    own_redis.start()
    sessions_beside = Sessions(client, peppers, DayKeys(client), clock)
    assert beside(sessions_beside, ANA) == Beside(None, (), whole=False)
    assert escalations.open(ANA, Channel.SMS) == id
    assert escalations.mirror() == 1
    assert beside(sessions_beside, ANA) == Beside(id, (id,), whole=True)


def test_redis_come_back_empty_is_not_taken_for_nobody(
    escalations: Escalations, sessions_beside: Sessions, redis_client: Redis
) -> None:
    id = escalations.open(ANA, Channel.SMS)
    escalations.mirror()
    assert beside(sessions_beside, ANA).whole and beside(sessions_beside, LUZ) == Beside(whole=True)
    redis_client.flushall()
    assert beside(sessions_beside, ANA) == beside(sessions_beside, LUZ) == Beside(whole=False)
    escalations.mirror()
    assert beside(sessions_beside, ANA).escalation == id and beside(sessions_beside, LUZ) == Beside(whole=True)


@pytest.mark.parametrize(
    ("later", "whole"),
    [(0, True), (BELIEVED_SECONDS - 1, True), (BELIEVED_SECONDS + 1, False), (-BELIEVED_SECONDS - 1, False)],
    ids=["at once", "just within", "a worker that is dead", "a clock that went back"],
)
def test_the_mark_is_believed_for_two_minutes(
    escalations: Escalations, sessions_beside: Sessions, clock, later: float, whole: bool
) -> None:
    escalations.mirror()
    clock.advance(later)
    assert beside(sessions_beside, ANA).whole is whole


def test_a_mark_of_another_day_key_is_not_believed(
    escalations: Escalations, sessions_beside: Sessions, redis_client: Redis
) -> None:
    """A node of a cluster that is lost takes the day keys along and leaves the mark."""
    escalations.open(ANA, Channel.SMS)
    escalations.mirror()
    for name in redis_client.keys("day:*"):
        redis_client.delete(name)
    assert beside(sessions_beside, ANA) == Beside(whole=False)


def test_every_new_day_finds_it(
    escalations: Escalations, sessions_beside: Sessions, redis_client: Redis, clock
) -> None:
    opened, closed = escalations.open(ANA, Channel.SMS), escalations.open(LUZ, Channel.WHATSAPP)
    escalations.close(closed)
    clock.advance(43_200 - 1)
    for day in range(3):
        escalations.mirror()
        # Just past midnight, before the worker has come by.
        clock.advance(1)
        assert beside(sessions_beside, ANA) == Beside(opened, (opened,), whole=True), day
        assert beside(sessions_beside, LUZ) == Beside(None, (closed,), whole=True), day
        clock.advance(DAY - 1)
    assert all(0 < redis_client.ttl(name) <= 48 * 3_600 for name in redis_client.keys("{*}:esc*"))


def test_entries_of_what_is_over_vanish(
    escalations: Escalations, sessions_beside: Sessions, engine: Engine, redis_client: Redis, keys: KeyStore
) -> None:
    ids = {
        name: escalations.open(f"+1500555{number:04d}", Channel.SMS)
        for number, name in enumerate(["closed", "erased", "open"])
    }
    # Behind Redis's back, as when it was down.
    with engine.begin() as connection:
        connection.execute(update(Escalation).where(Escalation.id == ids["closed"]).values(closed=1))
        connection.execute(update(Escalation).where(Escalation.id == ids["erased"]).values(erased=1, number=None))
    assert escalations.mirror() == 1
    assert beside(sessions_beside, "+15005550000") == Beside(None, (ids["closed"],), whole=True)
    assert beside(sessions_beside, "+15005550001") == Beside(whole=True)
    assert beside(sessions_beside, "+15005550002") == Beside(ids["open"], (ids["open"],), whole=True)
    assert redis_client.keys("{escalations}:*") == [b"{escalations}:whole"]
    assert len(redis_client.keys("{*}:esc:*")) == 1 and len(redis_client.keys("{*}:esc-all:*")) == 2


def test_one_row_that_nobody_can_open_hides_no_other(
    escalations: Escalations, sessions_beside: Sessions, engine: Engine, keys: KeyStore
) -> None:
    gone, spoiled, good = (escalations.open(f"+1500555{n:04d}", Channel.SMS) for n in range(3))
    keys.destroy(gone)
    with engine.begin() as connection:
        connection.execute(update(Escalation).where(Escalation.id == spoiled).values(number=b"\x01" + bytes(40)))
    assert escalations.mirror() == 3 - 2
    assert escalations.find("+15005550002") == (good,)
    assert escalations.find("+15005550000") == ()
    assert beside(sessions_beside, "+15005550002") == Beside(good, (good,), whole=True)


def test_what_opens_while_the_worker_writes_is_not_taken_away(
    escalations: Escalations, sessions_beside: Sessions, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    entries = escalations._entries
    real = entries.sweep

    def meanwhile(unerased: Callable) -> int:
        opened.append(escalations.open(ANA, Channel.SMS))
        return real(unerased)

    monkeypatch.setattr(entries, "sweep", meanwhile)
    escalations.mirror()
    assert beside(sessions_beside, ANA) == Beside(opened[0], (opened[0],), whole=True)
    assert escalations.open(ANA, Channel.SMS) == opened[0]
