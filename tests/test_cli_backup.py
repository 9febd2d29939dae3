"""`flask --app webhook backup`: where copies may lie, how long they stay, and the way back at the terminal."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import insert

from bot.cli_backup import KEYS
from bot.message import Channel
from bot.store.console_key import console_key
from bot.store.errors import StoreDown
from bot.store.models import OptOut
from tests.servers import make_app_in


def installed(data_dir: Path) -> Flask:
    """An app on SQLite; nothing here asks Redis."""
    app = make_app_in(data_dir, {})
    console_key(data_dir)
    return app


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return installed(tmp_path_factory.mktemp("installation") / "data")


Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words: app.test_cli_runner().invoke(args=["backup", *map(str, words)])


def test_there_and_back_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    app = installed(data)

    def run(*words: object) -> Result:
        return app.test_cli_runner().invoke(args=["backup", *map(str, words)])

    puente = app.extensions["puente"]()
    with contextlib.suppress(StoreDown):
        # Into SQL; there is no Redis for the mirror.
        puente.opt_outs.stop("+12025550142", Channel.SMS, 1.0)
    made = run("make", tmp_path / "backups")
    assert made.exit_code == 0, made.output
    (file,) = (tmp_path / "backups").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600 and "whole" in made.output
    assert run("keys", tmp_path / "keys").exit_code == 0
    assert run("check", file).output.startswith("Whole. Made 20")
    puente.engine.dispose()
    shutil.rmtree(data)
    restored = run("restore", file, "--keys", tmp_path / "keys")
    assert restored.exit_code == 0, restored.output
    assert "The audit holds" in restored.output
    assert all((data / name).stat().st_mode & 0o777 == 0o600 for name in KEYS)
    again = installed(data).extensions["puente"]()
    assert again.opt_outs.is_stopped("+12025550142"), "found under the same key"
    assert run("restore", file).exit_code == 1, "not over what is there"


def test_old_ones_go_and_others_stay(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("puente-20200101T000000Z.backup", "puente-20990101T000000Z.backup", "mine.backup", "puente-2020.txt"):
        (folder / name).write_text("x")
    assert "1 older than 30 days deleted" in run("make", folder).output
    left = {path.name for path in folder.iterdir()}
    assert {"puente-20990101T000000Z.backup", "mine.backup", "puente-2020.txt"} < left and len(left) == 4


def test_without_room_nothing_is_left_and_no_old_one_goes(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "puente-20200101T000000Z.backup").write_text("x")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    failed = run("make", folder)
    assert failed.exit_code == 1 and "No space left" in failed.output
    assert [path.name for path in folder.iterdir()] == ["puente-20200101T000000Z.backup"]


def test_where_they_may_not_lie(app: Flask, run: Run, tmp_path: Path) -> None:
    inside = run("make", app.config["SETTINGS"].data_dir / "backups")
    assert inside.exit_code == 1 and "dies with it" in inside.output
    run("make", tmp_path / "a")
    beside = run("keys", tmp_path / "a")
    assert beside.exit_code == 1 and "who wrote STOP" in beside.output
    run("keys", tmp_path / "b")
    assert run("make", tmp_path / "b").exit_code == 1
    assert not list((tmp_path / "b").glob("*.backup"))


def test_other_keys_are_never_written_over(run: Run, tmp_path: Path) -> None:
    run("keys", tmp_path / "keys")
    assert run("keys", tmp_path / "keys").exit_code == 0, "the same again"
    (tmp_path / "keys" / "opt_out").write_bytes(b"x" * 32)
    refused = run("keys", tmp_path / "keys")
    assert refused.exit_code == 1 and "another" in refused.output
    assert (tmp_path / "keys" / "opt_out").read_bytes() == b"x" * 32


def test_to_be_encrypted_on_its_way(app: Flask, run: Run, tmp_path: Path) -> None:
    with app.extensions["puente"]().engine.begin() as connection:
        connection.execute(insert(OptOut).values(contact_key="c" * 64, channel="sms", since=1))
    piped = run("make", "-")
    assert piped.exit_code == 0
    (tmp_path / "piped").write_bytes(piped.stdout_bytes)
    assert run("check", tmp_path / "piped").exit_code == 0


def test_a_damaged_one_is_said_to_be(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    for command in ("check", "restore"):
        refused = run(command, tmp_path / "x")
        assert refused.exit_code == 1 and "damaged" in refused.output
    missing = run("check", tmp_path / "none")
    assert missing.exit_code == 1
