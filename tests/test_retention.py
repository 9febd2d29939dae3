"""A busy day with the real stores: nothing is stored that the table of retention does not know, and all of it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis

from bot.clock import clock_for
from bot.message import Channel
from bot.seizure import Place, shape_of
from bot.settings import Settings
from bot.store.escalations import Escalations
from bot.store.key_store import make_key_store, open_key_store
from bot.store.keys import DayKeys, load_keys
from bot.worker import PURGE_SECONDS, duties
from tests.phone import Phone

DAY = 86_400
SAID = [
    "hola",
    "la migra está en mi puerta",
    "2",
    "comida",
    "60629",
    "1",
    "menu",
    "english",
    "STOP",
    "START",
    "????",
    "3",
]


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], None]]:
    """Moves the bot's clock so many seconds from now."""
    file = tmp_path / "clock"
    monkeypatch.setenv("PUENTE_CLOCK_FILE", str(file))
    yield lambda seconds: file.write_text(str(seconds)) and None


def names(redis: Redis) -> set[str]:
    return {name.decode() for name in redis.scan_iter(count=1_000)}


def unknown(redis: Redis) -> set[str]:
    return {name for name in names(redis) if shape_of(Place.REDIS, name) is None}


@pytest.mark.slow
def test_a_busy_day_leaves_nothing_that_the_table_does_not_know(
    at: Callable[[float], None], make_app: Callable[..., Flask]
) -> None:
    app = make_app()
    settings: Settings = app.config["SETTINGS"]
    make_key_store(settings)
    puente = app.extensions["puente"]()
    redis, clock = puente.redis, clock_for(settings)
    work = duties(settings, redis, puente.engine)
    keys = open_key_store(settings)
    escalations = Escalations(puente.engine, redis, load_keys(settings.data_dir), DayKeys(redis), keys, clock)

    at(0)
    for channel in ("sms", "whatsapp"):
        phone = Phone(app.test_client(), channel)
        for text in SAID:
            phone.send(text)
            assert unknown(redis) == set(), text
        form = phone.form("hola")
        phone.post(form)
        phone.post(form)
        escalations.add(escalations.open(phone.address, Channel(channel)), "family", "ayuda")
        phone.send("menu")
    leaver = Phone(app.test_client())
    leaver.send("hola")
    leaver.send("BORRAR")
    for duty in work:
        duty.run()
        assert unknown(redis) == set(), duty.name
    patterns = {shape_of(Place.REDIS, name) for name in names(redis)}
    assert patterns >= {
        *("{????}:session:*", "{????}:replies:*", "{????}:fence", "{????}:esc:*", "{????}:esc-all:*"),
        *("day:*", "counts:topic:*", "{optouts}", "{escalations}:whole"),
    }

    # What the worker leaves when all times are over, long before any TTL has ended.
    at(2 * DAY + PURGE_SECONDS)
    for duty in work:
        duty.run()
    left = {shape_of(Place.REDIS, name) for name in names(redis)}
    assert not left & {"{????}:session:*", "{????}:replies:*"}
    at(31 * DAY)
    for duty in work:
        duty.run()
    left = {shape_of(Place.REDIS, name) for name in names(redis)}
    assert not left & {"{????}:esc:*", "{????}:esc-all:*", "spent:*"}
    assert [name for name in keys.names() if not name.startswith("database-")] == []
    assert unknown(redis) == set()
    keys.close()
