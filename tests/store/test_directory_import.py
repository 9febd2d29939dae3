"""Files of the directory, small and large, at real databases: whole or not at all, and the same again when they come back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from bot.directory.formats.flat import read_flat, write_flat
from bot.directory.formats.tabular import write_zip
from bot.directory.hsds.changes import changes
from bot.directory.hsds.check import Raw, check
from bot.directory.hsds.package import EMPTY, Package
from bot.directory.hsds.tables import BY_NAME
from bot.directory.importing.preview import preview
from bot.settings import REPOSITORY
from bot.store.database import engine_for
from bot.store.directory import DirectoryStore
from bot.store.keys import load_release_key
from tests.directory.importing.big_package import FAULTS, SERVICES_IN_ALL, Planted, Tables, big_tables, planted, zipped
from tests.directory.importing.small import DIRECTORY, with_cells, without
from tests.servers import make_app_in
from tests.upgraded import SEAL_KEY

pytestmark = pytest.mark.slow

ANA = ("--by", "Ana Perez")
SECONDS = 60
MOST = SERVICES_IN_ALL if os.environ.get("WHOLE") == "on" else 2_000
ON_THE_SECOND = 600
"""Services of the package for PostgreSQL, and of those that go through every form: all 20,000 take minutes where a machine is busy,
and are tried by `make test-whole`."""


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Flask:
    """An installation with an empty directory, on a database of either kind."""
    return make_app_in(tmp_path / "data", {"DATABASE_URL": database_url})


@pytest.fixture
def store(app: Flask) -> Iterator[DirectoryStore]:
    settings = app.config["SETTINGS"]
    engine = engine_for(settings.sql_url)
    yield DirectoryStore(engine, load_release_key(settings.data_dir), time.time)
    engine.dispose()


def run(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(args=["directory", *map(str, words)], env={"COLUMNS": "110"})


@pytest.fixture(scope="module")
def tables() -> Tables:
    return big_tables(MOST)


def whole(tables: Tables) -> Package:
    """The rows as a package, without any reader of files."""
    raws = (Raw(name, name, each) for name, rows in tables.items() for each in rows)
    checked = check(raws, date(2026, 11, 24))
    assert not checked.problems
    return checked.package


def test_fifty_kinds_of_errors_are_planted() -> None:
    assert len(FAULTS) == 50 and len({fault.name for fault in FAULTS}) == 50
    assert {fault.table for fault in FAULTS} >= set(BY_NAME) - {"cost_option", "required_document", "taxonomy_term"}


@pytest.mark.timeout(900)
def test_fifty_errors_are_reported_and_nothing_is_stored_without_them_all_is(
    app: Flask, store: DirectoryStore, tables: Tables, tmp_path: Path, database_url: str
) -> None:
    rows = tables if database_url.startswith("sqlite") else big_tables(ON_THE_SECOND)
    assert len(rows["service"]) in (MOST, ON_THE_SECOND)
    broken, places = planted(rows)
    file = tmp_path / "package.zip"
    file.write_bytes(zipped(broken))
    refused = run(app, "import", file, "--all", "--yes", *ANA)
    assert refused.exit_code == 1 and "50 errors" in refused.output.splitlines()[0]
    told = errors_in(refused.output)
    assert len(told) == 50
    for place in places:
        assert_told(place, told)
    assert store.read() == (EMPTY, 0)
    file.write_bytes(zipped(rows))
    done = run(app, "import", file, "--yes", *ANA)
    assert done.exit_code == 0, done.output
    assert len(done.output.splitlines()) < 80, "a screenful or three, whatever the file holds"
    package, version = store.read()
    assert version == 1 and package.digest == whole(rows).digest
    # The whole takes half a minute at 20,000: once is enough.
    if len(rows["service"]) == ON_THE_SECOND:
        assert run(app, "export", "--format", "package", "--out", file, "--force").exit_code == 0
        again = run(app, "import", file, "--replace", "--yes", *ANA)
        assert "There is nothing to change." in again.output and store.version() == 1


def errors_in(output: str) -> list[str]:
    """The errors of a page, each on one line."""
    page = output.split("Errors: nothing is stored until they are mended\n", 1)[1].split("\n\n", 1)[0]
    return page.replace("\n    ", " ").splitlines()


def assert_told(place: Planted, told: list[str]) -> None:
    column = f", {place.fault.column}" if place.fault.column else ""
    found = [line for line in told if line.strip().startswith(f"{place.file}, row {place.row}{column}: ")]
    assert len(found) == 1, f"{place.fault.name}: {found or told}"
    assert place.fault.said in found[0], f"{place.fault.name}: {found[0]}"


FORMS = {"package": "zip", "json": "json", "csv": "csv", "xlsx": "xlsx"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_large_directory_goes_out_in_each_form_and_into_an_empty_database_as_the_same(
    app: Flask, store: DirectoryStore, tmp_path: Path
) -> None:
    rows = big_tables(ON_THE_SECOND)
    # No sheet tells what a service costs in which money.
    rows["cost_option"] = []
    sheet = write_flat(whole(rows))
    # A sheet holds codes, from which ids are made, and not the ids: what has come through one is the same ever after.
    package = preview(EMPTY, read_flat(sheet, EMPTY), date(2026, 11, 24), replace=False).new
    assert len(package.tables["service"]) == ON_THE_SECOND
    store.apply(changes(EMPTY, package, keep_missing=True), by="Prueba", expected=0)
    for form, suffix in FORMS.items():
        out = tmp_path / f"out.{suffix}"
        assert run(app, "export", "--format", form, "--out", out).exit_code == 0
        other = make_app_in(tmp_path / form, {})
        done = run(other, "import", out, "--yes", *ANA)
        assert done.exit_code == 0, done.output
        engine = engine_for(other.config["SETTINGS"].sql_url)
        assert DirectoryStore(engine, SEAL_KEY, time.time).read()[0].digest == package.digest, form
        engine.dispose()


_DYING = """
import os, signal, sys
from sqlalchemy import Engine, event
written = 0

@event.listens_for(Engine, "after_cursor_execute")
def die(connection, cursor, statement, parameters, context, many):
    global written
    written += statement.startswith(("INSERT", "UPDATE", "DELETE"))
    if written == int(os.environ["DIE_AFTER"]):
        os.kill(os.getpid(), signal.SIGKILL)

from flask.cli import main
sys.argv = ["flask", "--app", "webhook", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize("statements", [2, 9])
def test_a_process_that_is_killed_while_it_stores_leaves_the_old_directory(
    app: Flask, store: DirectoryStore, tmp_path: Path, statements: int
) -> None:
    store.apply(changes(EMPTY, DIRECTORY, keep_missing=True), by="Prueba", expected=0)
    other = with_cells(without(DIRECTORY, "phone", "norte"), "organization", "maya", name="Centro Maya Nueva")
    for table in ("service", "location", "schedule", "language", "closure"):
        column = {"service": "alert", "schedule": "notes", "language": "note", "closure": "reason"}.get(table, "name")
        other = with_cells(other, table, "romero", **{column: "otra cosa"})
    file = tmp_path / "sent.zip"
    file.write_bytes(write_zip(other))
    settings = app.config["SETTINGS"]
    environ = {
        **os.environ,
        "ENVIRONMENT": "test",
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.sql_url,
        "DIE_AFTER": str(statements),
    }
    command = [sys.executable, "-c", _DYING, "directory", "import", str(file), "--replace", "--yes", *ANA]
    died = subprocess.run(command, cwd=REPOSITORY, env=environ, capture_output=True, text=True, timeout=SECONDS)
    assert died.returncode == -signal.SIGKILL, (died.stdout, died.stderr)
    package, version = store.read()
    assert package.digest == DIRECTORY.digest and version == 1
    whole = run(app, "import", file, "--replace", "--yes", *ANA)
    assert whole.exit_code == 0 and store.read()[0].digest == other.digest, whole.output
