"""The pepper files and the day keys."""

from __future__ import annotations

import threading
import time
from datetime import date
from pathlib import Path

import pytest
from redis import Redis

from bot.store.errors import KeyDamaged, KeyMissing, KeyTooOpen, StoreDown
from bot.store.keys import (
    LOST,
    DayKeys,
    has_release_key,
    load_keys,
    load_release_key,
    make_keys,
    make_release_key,
    utc_day,
)
from bot.store.outlived import drop_outlived
from bot.store.redis_client import connect

ALSO_ON_A_CLUSTER = True

NOON = 1_795_521_600.0
DAY = 86_400


def test_keys_are_made_once_and_read_again(tmp_path: Path) -> None:
    made = make_keys(tmp_path)
    assert made == make_keys(tmp_path) == load_keys(tmp_path)


def test_only_the_owner_can_use_them(tmp_path: Path) -> None:
    make_keys(tmp_path)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()}
    assert modes == {"routing": 0o600, "opt_out": 0o600}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_processes_that_race_agree(tmp_path: Path) -> None:
    start, found = threading.Barrier(8), []

    def race() -> None:
        start.wait()
        found.append(make_keys(tmp_path))

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [load_keys(tmp_path)] * 8
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == ["opt_out", "routing"]


def test_a_missing_one_is_made_beside_the_other(tmp_path: Path) -> None:
    made = make_keys(tmp_path)
    (tmp_path / "keys" / "opt_out").unlink()
    again = make_keys(tmp_path)
    assert again.routing == made.routing
    assert again.opt_out != made.opt_out


def _no_folder(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def _same_twice(folder: Path) -> None:
    (folder / "opt_out").write_bytes((folder / "routing").read_bytes())


@pytest.mark.parametrize(
    ("spoil", "error", "mend"),
    [
        (_no_folder, KeyMissing, "db upgrade"),
        (lambda folder: (folder / "routing").unlink(), KeyMissing, "db upgrade"),
        (lambda folder: (folder / "routing").write_bytes(b"short"), KeyDamaged, "backup"),
        (lambda folder: (folder / "routing").write_bytes(b"l" * 33), KeyDamaged, "backup"),
        (_same_twice, KeyDamaged, "backup"),
        (lambda folder: (folder / "routing").chmod(0o640), KeyTooOpen, "chmod 600"),
        (lambda folder: folder.chmod(0o755), KeyTooOpen, "chmod 700"),
    ],
    ids=["no folder", "no file", "short", "long", "equal", "file too open", "folder too open"],
)
def test_keys_that_cannot_be_used_say_how_to_mend_it(tmp_path: Path, spoil, error, mend: str) -> None:
    secret = make_keys(tmp_path).routing
    spoil(tmp_path / "keys")
    with pytest.raises(error) as caught:
        load_keys(tmp_path)
    assert mend in caught.value.mend and caught.value.mend.endswith(".") and caught.value.mend[0].isupper()
    assert mend in str(caught.value)
    assert str(tmp_path / "keys") in caught.value.what
    assert secret.hex() not in str(caught.value)


def test_folders_above_are_made_too(tmp_path: Path) -> None:
    deep = tmp_path / "srv" / "puente" / "data"
    assert make_keys(deep) == load_keys(deep)


def test_the_key_of_the_seals_is_made_once_and_a_lost_one_is_told_from_one_never_made(tmp_path: Path) -> None:
    make_keys(tmp_path)
    assert not has_release_key(tmp_path)
    made = make_release_key(tmp_path)
    assert has_release_key(tmp_path)
    assert made == make_release_key(tmp_path) == load_release_key(tmp_path)
    assert len(made) == 32
    (tmp_path / "keys" / "releases").unlink()
    with pytest.raises(KeyMissing) as caught:
        load_release_key(tmp_path)
    # A new one would make every seal look broken.
    assert LOST in caught.value.mend and "db upgrade" in caught.value.mend
    assert str(tmp_path / "keys" / "releases") in caught.value.what


def test_everybody_has_the_same_day_keys(redis_client: Redis) -> None:
    first, second = DayKeys(redis_client), DayKeys(redis_client)
    today, yesterday = first.pair(NOON)
    assert second.pair(NOON) == (today, yesterday)
    assert len(today) == len(yesterday) == 32
    assert today != yesterday


def test_today_is_yesterday_on_the_next_day(redis_client: Redis) -> None:
    today, _ = DayKeys(redis_client).pair(NOON)
    tomorrow, was_today = DayKeys(redis_client).pair(NOON + DAY)
    assert was_today == today
    assert tomorrow != today


def test_the_day_changes_at_midnight_utc() -> None:
    assert utc_day(NOON + 12 * 3600 - 0.001) == date(2026, 11, 24)
    assert utc_day(NOON + 12 * 3600) == date(2026, 11, 25)


def test_the_day_is_that_of_utc_wherever_the_server_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    try:
        assert utc_day(NOON - 11 * 3600) == date(2026, 11, 24)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_clock_that_is_ahead_by_more_than_a_day_is_not_followed_further_than_tomorrow(redis_client: Redis) -> None:
    keys = DayKeys(redis_client)
    keys.follow(date(2026, 12, 24))
    assert keys.day(NOON) == date(2026, 11, 25)


def test_a_key_dies_when_its_two_days_are_over(redis_client: Redis) -> None:
    keys = DayKeys(redis_client)
    keys.pair(NOON)
    keys.pair(NOON + DAY)
    assert drop_outlived(redis_client, NOON + 2 * DAY - 43_201)["day key"] == 0
    assert drop_outlived(redis_client, NOON + 2 * DAY - 43_200)["day key"] == 1
    assert sorted(redis_client.keys("day:*")) == [b"day:2026-11-25"]
    keys.pair(NOON + 3 * DAY)
    assert sorted(redis_client.keys("day:*")) == [b"day:2026-11-26", b"day:2026-11-27"]


def test_redis_drops_a_key_that_nobody_deleted(redis_client: Redis) -> None:
    DayKeys(redis_client).pair(NOON)
    assert 0 < redis_client.pttl("day:2026-11-24") <= 96 * 3600 * 1000


def test_the_cache_is_forgotten_when_told(redis_client: Redis) -> None:
    keys = DayKeys(redis_client)
    before = keys.pair(NOON)
    redis_client.flushall()
    assert keys.pair(NOON) == before
    keys.forget()
    assert keys.pair(NOON) != before


def test_yesterdays_key_is_remembered_where_redis_cannot_give_it(redis_client: Redis) -> None:
    """On a cluster it may lie on a node that is gone. Here something else stands at its name."""
    keys, stranger, late = (DayKeys(redis_client) for _ in range(3))
    late.pair(NOON - DAY)
    today, _ = keys.pair(NOON)
    redis_client.delete("day:2026-11-24")
    redis_client.hset("day:2026-11-24", "not", "a key")
    tomorrow, was_today = keys.pair(NOON + DAY)
    assert was_today == today and tomorrow != today
    # Who never had it must not go on as if there had been none: it would look for nobody under their old names.
    for ask in (stranger, late):
        with pytest.raises(StoreDown) as caught:
            ask.pair(NOON + DAY)
        assert caught.value.evidence == "ResponseError"


def test_without_todays_key_nothing_is_named(redis_client: Redis) -> None:
    redis_client.hset("day:2026-11-24", "not", "a key")
    with pytest.raises(StoreDown):
        DayKeys(redis_client).pair(NOON)


def test_no_redis_is_said_without_its_address(tmp_path: Path) -> None:
    client = connect(f"unix://{tmp_path}/nobody.sock")
    for ask in (DayKeys(client).pair, lambda now: drop_outlived(client, now)):
        with pytest.raises(StoreDown) as caught:
            ask(NOON)
        assert caught.value.evidence == "ConnectionError"
        assert "nobody" not in str(caught.value)
