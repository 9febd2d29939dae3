"""The day's money in Redis: alarms once a day, counts, and an end of every entry with its time."""

from __future__ import annotations

from redis import Redis

from bot.privacy import RETENTION
from bot.store.outlived import drop_outlived
from bot.store.spending import DaySpending, Spent
from bot.store.tally import heavy_name, spent_name

ALSO_ON_A_CLUSTER = True

DAY = 86_400


def test_an_alarm_is_the_first_once_a_day(redis_client: Redis, clock) -> None:
    ledger = DaySpending(redis_client, clock)
    assert [ledger.first_alarm(50), ledger.first_alarm(50), ledger.first_alarm(80)] == [True, False, True]
    clock.advance(DAY)
    assert ledger.first_alarm(50)


def test_a_day_is_told_and_goes_when_its_time_is_over(redis_client: Redis, clock) -> None:
    ledger = DaySpending(redis_client, clock)
    redis_client.set(spent_name(clock()), 7)
    redis_client.set(heavy_name(clock()), 3)
    for what in ("silenced", "silenced", "refused", "abroad"):
        ledger.count(what)
    ledger.first_alarm(50)
    assert ledger.day() == Spent(7, (50,), 2, 1, 1)
    clock.advance(DAY)
    drop_outlived(redis_client, clock())
    assert ledger.day() == Spent(0, (), 0, 0, 0) and ledger.day(1) == Spent(7, (50,), 2, 1, 1)
    clock.advance(RETENTION["spent segments"].total_seconds())
    drop_outlived(redis_client, clock())
    assert redis_client.keys("spent:*") == []
