"""The directory from the command line to the answer: filled by `db upgrade`, changed by people, seen by who answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import bot.cli
from bot.clock import clock_for
from bot.directory.hsds.changes import changes
from bot.directory.hsds.package import Package
from bot.settings import REPOSITORY
from bot.store.directory import DirectoryStore
from bot.store.directory_seed import FILE
from bot.store.keys import load_release_key
from tests.phone import Phone
from tests.servers import until
from tests.store.directories import changed_row

pytestmark = pytest.mark.slow


def upgraded(app: Flask) -> Any:
    return app.test_cli_runner().invoke(args=["db", "upgrade"])


def store_of(app: Flask) -> DirectoryStore:
    puente = app.extensions["puente"]()
    return DirectoryStore(puente.engine, load_release_key(puente.settings.data_dir), clock_for(puente.settings))


def without_phones(package: Package, kept: str = "") -> Package:
    """Every service closed but one."""
    for identifier in package.tables["service"]:
        if identifier != kept:
            package = changed_row(package, "service", identifier, status="defunct")
    return package


@pytest.fixture
def filled(app: Flask) -> Iterator[Flask]:
    assert "organizations" in upgraded(app).output
    yield app


def listed(app: Flask) -> str:
    """What a family that looks for a lawyer in Chicago is told."""
    phone = Phone(app.test_client())
    for text in ("menu", "3", "60629"):
        phone.send(text)
    return phone.send("1")


def test_db_upgrade_fills_the_directory_once(app: Flask) -> None:
    first = upgraded(app)
    assert first.exit_code == 0 and f"filled from {FILE}" in first.output
    assert upgraded(app).output == ""
    package, version = store_of(app).read()
    assert version == 0 and len(package.tables["organization"]) > 50


def test_a_broken_seed_stops_the_upgrade_last_of_all(
    filled: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store_of(filled).read()
    file = tmp_path / "checkout" / FILE
    file.parent.mkdir(parents=True)
    file.write_text("code,colour\nx,red\n")
    monkeypatch.setattr(bot.cli, "REPOSITORY", tmp_path / "checkout")
    told = upgraded(filled)
    assert told.exit_code == 1 and "colour" in told.output and "kept the directory" in told.output
    assert store_of(filled).read() == before


def test_who_changed_it_is_told_that_the_file_differs(
    filled: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(filled)
    package, version = store.read()
    store.apply(changes(package, without_phones(package), keep_missing=False), by="Rosa", expected=version)
    assert upgraded(filled).output == ""
    file = tmp_path / "checkout" / FILE
    file.parent.mkdir(parents=True)
    file.write_text((REPOSITORY / FILE).read_text("utf-8") + "\n", "utf-8")
    monkeypatch.setattr(bot.cli, "REPOSITORY", tmp_path / "checkout")
    told = upgraded(filled)
    assert told.exit_code == 0 and f"directory import {FILE}" in told.output
    assert store.version() == 1


def test_what_a_person_closes_is_offered_no_more(filled: Flask) -> None:
    before = listed(filled)
    store = store_of(filled)
    package, version = store.read()
    store.apply(changes(package, without_phones(package), keep_missing=False), by="Rosa", expected=version)
    release = filled.extensions["puente"]().conversation.release
    until(lambda: all(each.status != "active" for each in release().directory.services), "the closed directory")
    after = listed(filled)
    names = {each.name for each in release().directory.services if each.name in before}
    assert names and not [name for name in names if name in after], after


def test_it_stays_closed_when_sql_is_gone_and_the_web_starts_again(
    filled: Flask, make_app: Callable[..., Flask]
) -> None:
    store = store_of(filled)
    package, version = store.read()
    store.apply(changes(package, without_phones(package), keep_missing=False), by="Rosa", expected=version)
    puente = filled.extensions["puente"]()
    directory = puente.conversation.release.__self__
    directory.look()
    directory.close()
    puente.engine.dispose()
    data = puente.settings.data_dir
    again = make_app()
    for file in data.glob("puente.db*"):
        file.unlink()
    (data / "puente.db").mkdir()
    services = again.extensions["puente"]().conversation.release().directory.services
    assert services and all(each.status != "active" for each in services)
