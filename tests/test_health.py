"""/healthz and /readyz: what must be there, what only degrades, and what a stranger learns."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import delete, insert

from bot.frozen import replace
from bot.health import CHECKS, for_strangers, has_room, shows_token
from bot.settings import from_environment
from bot.store.beats import DONE, WORKER, Beats, beats
from bot.store.content_models import ReleaseRow
from bot.store.models import HEAD
from bot.store.sweeps import Sweep, note_sweep
from tests.servers import RedisServer

TOKEN = "a token that is long enough"
PRODUCTION = {
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "secret",
    "PUBLIC_BASE_URL": "https://bot.example.org",
    "MASTER_KEY_FILE": "/etc/puente/master_key",
    "TWILIO_API_KEY": "SK1",
    "TWILIO_API_SECRET": "x",
    "METRICS_TOKEN": TOKEN,
}


@pytest.fixture(scope="module")
def whole(app_with: Callable[..., Flask], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One app, whose clock can be moved; each test leaves it whole."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUENTE_CLOCK_FILE", str(tmp_path_factory.mktemp("clock") / "clock"))
        yield app_with()


def test_without_redis_and_model_it_is_ready_and_says_what_is_missing(
    make_app: Callable[..., Flask], redis_of_app: RedisServer
) -> None:
    client = make_app().test_client()
    assert client.get("/readyz").json["redis"] is True  # type: ignore[index]
    redis_of_app.kill()
    assert client.get("/healthz").status_code == 200
    told = client.get("/readyz")
    assert told.status_code == 200, "families are answered all the same"
    assert told.json["redis"] is False and told.json["nlu"] is False  # type: ignore[index]
    assert all(told.json[name] for name in CHECKS)  # type: ignore[index]


def _no_database(app: Flask) -> Callable[[], object]:
    engine = app.extensions["puente"]().engine
    engine.dispose()
    file = Path(engine.url.database)
    file.rename(file.with_suffix(".away"))
    file.mkdir()
    return lambda: (file.rmdir(), file.with_suffix(".away").rename(file))


def _behind(app: Flask) -> Callable[[], object]:
    def at(version: str) -> None:
        with app.extensions["puente"]().engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (version,))

    at("0001")
    return lambda: at(HEAD)


def _unsealed(app: Flask) -> Callable[[], object]:
    """The first release that anybody published, and it cannot be read: this process has only its own files."""
    puente = app.extensions["puente"]()
    row = {
        "number": 1,
        "made": 1,
        "by": "1",
        "digest": "0" * 64,
        "manifest": "{}",
        "flows": "",
        "note": "",
        "seal": "x",
    }
    with puente.engine.begin() as connection:
        connection.execute(insert(ReleaseRow).values(**row))
    puente.content.look()

    def mend() -> None:
        with puente.engine.begin() as connection:
            connection.execute(delete(ReleaseRow))
        puente.content.look()

    return mend


def _moved(app: Flask, years: int) -> Callable[[], object]:
    file = Path(os.environ["PUENTE_CLOCK_FILE"])
    file.write_text(str(years * 365 * 86_400))
    return file.unlink


def _behind_the_worker(app: Flask) -> Callable[[], object]:
    puente = app.extensions["puente"]()
    puente.redis.hset(DONE, WORKER, int(puente.conversation.clock()) + 120)
    return lambda: puente.redis.delete(DONE)


BROKEN: dict[str, tuple[Callable[[Flask], Callable[[], object]], str]] = {
    "the database is gone": (_no_database, "sql"),
    "the database is behind": (_behind, "sql"),
    "no release fits its seal": (_unsealed, "release"),
    "the clock is before the release": (lambda app: _moved(app, -3), "clock"),
    "the clock is years after the release": (lambda app: _moved(app, 3), "clock"),
    "the clock lies behind the worker's": (_behind_the_worker, "clock"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_must_be_there(name: str, whole: Flask) -> None:
    client, (breaks, check) = whole.test_client(), BROKEN[name]
    mend = breaks(whole)
    try:
        told = client.get("/readyz")
    finally:
        mend()
    assert told.status_code == 503
    assert [each for each in CHECKS if not told.json[each]] == [check]  # type: ignore[index]
    assert client.get("/readyz").status_code == 200


def test_a_clock_that_was_put_right_is_right_again_after_the_worker_spoke(whole: Flask) -> None:
    """A duty of once a day, done while it was ahead, must not make it look wrong until tomorrow."""
    puente = whole.extensions["puente"]()
    now = puente.conversation.clock()
    Beats(puente.redis, lambda: now + 86_400).note(["counts"])
    assert whole.test_client().get("/readyz").status_code == 503
    Beats(puente.redis, lambda: now).note([])
    assert whole.test_client().get("/readyz").status_code == 200


DISKS = {
    "a tenth is free": (10, 100, 4096, 50, True),
    "less than a tenth of a small one": (9, 100, 4096, 50, False),
    "less than a tenth, and a gigabyte": (1 << 18, 1 << 30, 4096, 50, True),
    "nothing": (0, 100, 4096, 50, False),
    "no file can be made": (50, 100, 4096, 0, False),
    "few files can be made": (50, 100, 4096, 9, False),
    "no file can be made on a large one": (1 << 29, 1 << 30, 4096, 0, False),
}


@pytest.mark.parametrize("name", DISKS)
def test_a_full_disk(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    free, blocks, size, files, room = DISKS[name]
    disk = SimpleNamespace(f_bavail=free, f_blocks=blocks, f_frsize=size, f_favail=files, f_files=100)
    monkeypatch.setattr(os, "statvfs", lambda folder: disk)
    assert has_room(tmp_path) is room


def test_a_disk_that_counts_no_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    disk = SimpleNamespace(f_bavail=50, f_blocks=100, f_frsize=4096, f_favail=0, f_files=0)
    monkeypatch.setattr(os, "statvfs", lambda folder: disk)
    assert has_room(tmp_path)


def test_a_disk_that_is_not_there(tmp_path: Path) -> None:
    assert not has_room(tmp_path / "none")


def test_strangers_learn_names_and_no_details() -> None:
    parts = {
        "redis": True,
        "release": "0a1b2c3d4e5f",
        "answers": "release 7 is damaged: the seal does not fit",
        "copies": "20003",
        "paused": False,
    }
    assert for_strangers(parts) == {"redis": True, "release": True, "answers": False, "copies": False, "paused": False}
    assert for_strangers({"release": False, "copies": None}) == {"release": False, "copies": None}


def test_in_production_the_details_want_the_token(whole: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    puente = whole.extensions["puente"]()
    note_sweep(puente.redis, Sweep(at=0, error="20003"))
    in_production = replace(puente, settings=from_environment(PRODUCTION))
    monkeypatch.setitem(whole.extensions, "puente", lambda: in_production)
    told = {
        shown: whole.test_client().get("/readyz", headers={"Authorization": f"Bearer {shown}"}).json
        for shown in ("", "another", TOKEN)
    }
    assert [told[shown]["copies"] for shown in told] == [False, False, "20003"]  # type: ignore[index]
    assert told[""]["release"] is True and told[TOKEN]["release"] == puente.release.number  # type: ignore[index]


TOKENS = {
    "the token": (TOKEN, f"Bearer {TOKEN}", True),
    "in other letters": (TOKEN, f"bearer  {TOKEN} ", True),
    "another": (TOKEN, "Bearer another", False),
    "the beginning of it": (TOKEN, f"Bearer {TOKEN[:-1]}", False),
    "no scheme": (TOKEN, TOKEN, False),
    "another scheme": (TOKEN, f"Basic {TOKEN}", False),
    "nothing": (TOKEN, "", False),
    "no token is set": ("", "Bearer ", False),
    "letters that are none of ASCII": (TOKEN, "Bearer ñandú", False),
}


@pytest.mark.parametrize("name", TOKENS)
def test_who_shows_the_token(name: str) -> None:
    token, header, shown = TOKENS[name]
    assert shows_token(token, header) is shown


def test_beats_wait_for_redis(own_redis_beats: tuple[Beats, Callable[[], None], RedisServer]) -> None:
    noted, later, server = own_redis_beats
    noted.note(["purge"])
    assert beats(server.client()) == {"purge": 1_000, WORKER: 1_000}
    noted.note(["counts"])
    assert "counts" not in beats(server.client()), "not more often than every five seconds"
    server.kill()
    later()
    noted.note(["outbox"])
    server.start()
    later()
    noted.note([])
    assert beats(server.client()) == {"counts": 1_000, "outbox": 1_005, WORKER: 1_010}


@pytest.fixture
def own_redis_beats(redis_of_app: RedisServer) -> tuple[Beats, Callable[[], None], RedisServer]:
    time = [1_000.0]

    def later() -> None:
        time[0] += 5

    return Beats(redis_of_app.client(), lambda: time[0]), later, redis_of_app
