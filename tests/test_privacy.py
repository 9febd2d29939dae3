"""Names that cannot be turned back, and how long each thing is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.privacy import (
    KEPT,
    RETENTION,
    TABLES,
    Peppers,
    Store,
    bucket,
    contact_key,
    opt_out_key,
    sid_key,
)
from bot.seizure import Place, shape_of
from bot.store.key_database import KEYS
from bot.store.models import Base

KEY, OTHER_KEY = b"k" * 32, b"x" * 32
ADDRESS = "+15005550006"


@pytest.mark.parametrize(
    ("name", "length"),
    [(contact_key, 32), (sid_key, 32), (opt_out_key, 64), (bucket, 4)],
    ids=["contact", "message", "opt-out", "bucket"],
)
def test_a_name_is_hex_steady_and_belongs_to_its_key(name: Callable[[bytes, str], str], length: int) -> None:
    made = name(KEY, ADDRESS)
    assert len(made) == length and set(made) <= set("0123456789abcdef")
    assert made == name(KEY, ADDRESS)
    assert made != name(OTHER_KEY, ADDRESS)
    assert made != name(KEY, ADDRESS + "1")


def test_one_key_gives_each_purpose_its_own_name() -> None:
    names = {name(KEY, ADDRESS)[:4] for name in (contact_key, sid_key, opt_out_key, bucket)}
    assert len(names) == 4


def test_a_name_is_known_from_its_definition() -> None:
    # printf 'contact\0+15005550006' | openssl dgst -sha256 -hmac kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk
    assert contact_key(KEY, ADDRESS) == "e943198f17996fe33c3dada5a2209340"


def test_buckets_are_14_bits_and_spread() -> None:
    found = [int(bucket(KEY, f"+1500555{number:04d}"), 16) for number in range(4_000)]
    assert max(found) < 2**14
    assert max(found) > 2**13
    assert len(set(found)) > 3_000


def test_a_whatsapp_address_in_any_script_has_a_name() -> None:
    assert contact_key(KEY, "whatsapp:US.1349ñ") != contact_key(KEY, "whatsapp:US.1349n")


@pytest.mark.parametrize(
    ("routing", "opt_out"),
    [(b"k" * 32, b"k" * 32), (b"k" * 31, b"o" * 32), (b"k" * 32, b"o" * 33), (b"", b"o" * 32)],
    ids=["equal", "short", "long", "empty"],
)
def test_peppers_that_do_not_protect_are_refused(routing: bytes, opt_out: bytes) -> None:
    with pytest.raises(ValueError, match="pepper"):
        Peppers(routing=routing, opt_out=opt_out)


def test_peppers_do_not_show_in_logs() -> None:
    assert "kkk" not in repr(Peppers(routing=b"k" * 32, opt_out=b"o" * 32))


def test_retention_is_what_is_promised() -> None:
    assert dict(RETENTION) == {
        "session": timedelta(hours=24),
        "topic": timedelta(minutes=30),
        "sensitive topic": timedelta(minutes=15),
        "stored reply": timedelta(hours=24),
        "understood text": timedelta(minutes=10),
        "day key": timedelta(hours=48),
        "closed escalation": timedelta(days=7),
        "escalation": timedelta(days=30),
        "tombstone": timedelta(days=30),
        "unfinished erasing": timedelta(days=14),
        "shared phone": timedelta(days=90),
        "copy at the carrier": timedelta(hours=24),
        "audit": timedelta(days=365),
        "spent segments": timedelta(days=8),
        "key without a row": timedelta(days=1),
        "area notice": timedelta(days=30),
        "directory history": timedelta(days=365),
        "console session": timedelta(hours=12),
        "invitation": timedelta(days=14),
        "phrase": timedelta(days=184),
        "agreed phrase": timedelta(days=30),
        "unsaved text": timedelta(days=30),
        "task": timedelta(days=30),
        "counts": timedelta(days=395),
        "backup": timedelta(days=30),
    }


def test_retention_cannot_be_changed_at_run_time() -> None:
    with pytest.raises(TypeError):
        RETENTION["session"] = timedelta(days=90)  # type: ignore[index]


def test_every_table_is_in_the_table_of_retention() -> None:
    """A new table belongs to somebody, ends some time, and is in a backup or not: bot/privacy.py, KEPT."""
    assert set(TABLES) == {*Base.metadata.tables, "alembic_version"}
    assert {row.name for row in KEPT if row.store is Store.KEYS} == set(KEYS.metadata.tables)


def test_no_row_of_the_table_of_retention_hides_another() -> None:
    names = [(row.store, row.name) for row in KEPT]
    assert len(set(names)) == len(names)
    patterns = [row for row in KEPT if row.store is Store.REDIS]
    for row in patterns:
        made = row.name.replace("????", "1f2e").replace("*", "2026-11-24")
        assert shape_of(Place.REDIS, made) == row.name


@pytest.mark.parametrize("name", ["{1f2e}:secrets:aa", "{1f2e5}:lock", "sessions", "", "day", "{optouts}:older"])
def test_a_name_of_redis_that_nobody_has_thought_of_is_in_no_row(name: str) -> None:
    assert shape_of(Place.REDIS, name) is None
