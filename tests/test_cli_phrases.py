"""Phrases at the terminal: listed, added, and put into a copy of nlu/ as its own checks accept it, twice the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine

from bot.escalation.viewer import Role, Viewer
from bot.scripts.phrases import Verdict
from bot.settings import REPOSITORY
from bot.store.phrases import Origin, Phrases, keep

VERA = Viewer(5, "Vera", frozenset({Role.VOLUNTEER}))


def run(app: Flask, *arguments: str) -> Result:
    """``flask --app webhook phrases ...`` as somebody types it."""
    return app.test_cli_runner().invoke(args=["phrases", *arguments])


@pytest.fixture
def engine(app: Flask) -> Engine:
    engine: Engine = app.extensions["puente"]().engine
    return engine


@pytest.fixture
def store(engine: Engine) -> Phrases:
    return Phrases(engine, lambda: 1_795_521_600.0)


def judge(engine: Engine, store: Phrases, text: str, verdict: Verdict, topic: str = "", language: str = "es") -> None:
    with engine.begin() as connection:
        keep(connection, 1_795_521_600.0, language, text, "services_legal", "")
    (waiting,) = store.waiting(VERA)
    store.judge(VERA, waiting.id, verdict, topic)


def test_what_is_added_is_listed(app: Flask, store: Phrases) -> None:
    assert "Kept: kwaj jun ajkun" in run(app, "add", "quc", "services_health", "kwaj jun ajkun", "--by", "Rosa").output
    shown = run(app, "list", "--texts").output
    assert "quc: 0 to look at, 1 judged, 0 exported\n  services_health: kwaj jun ajkun\n" in shown
    assert "of 2026Q4; it goes when" in shown or "The oldest" in shown


def test_the_list_says_that_what_a_family_agreed_to_goes_soon(app: Flask, engine: Engine) -> None:
    assert "30 days" not in run(app, "list").output
    with engine.begin() as connection:
        keep(connection, 1_795_521_600.0, "es", "la escuela cierra en verano", "school_rights", origin=Origin.AGREED)
    assert "agreed to keep goes within 30 days" in run(app, "list").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "quc", "pizza", "kwaj jun ajkun", "--by", "Rosa"), "no such topic"),
        (("add", "mam", "greet", "hola a todos", "--by", "Rosa"), "Invalid value"),
        (("add", "es", "greet", "***", "--by", "Rosa"), "letters"),
        (("export",), "--by"),
        (("export", "--by", "Rosa", "--nlu", "/nowhere"), "does not exist"),
    ],
)
def test_what_cannot_be_is_said_in_words(app: Flask, arguments: tuple[str, ...], said: str) -> None:
    result = run(app, *arguments)
    assert result.exit_code and said in result.output and "Traceback" not in result.output


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_an_export_adds_what_the_checks_accept_and_the_second_time_nothing(
    app: Flask, engine: Engine, store: Phrases, tmp_path: Path
) -> None:
    nlu = tmp_path / "nlu"
    shutil.copytree(REPOSITORY / "nlu", nlu, ignore=shutil.ignore_patterns("models", "__pycache__"))
    judge(
        engine, store, "ando buscando onde curen a mi chamaco *** que trae calentura", Verdict.OTHER, "services_health"
    )
    judge(engine, store, "ocupo licenciado que no salga caro pa mi hermano", Verdict.RIGHT)
    judge(engine, store, "venden tamales los domingos", Verdict.NONE)
    judge(engine, store, "que hago si viene la migra a mi casaa", Verdict.OTHER, "street_stop")
    judge(engine, store, "kwaj jun ajkun rech ri nunan yawab", Verdict.OTHER, "services_health", "quc")
    before = {path: path.read_bytes() for path in nlu.rglob("*") if path.is_file()}

    told = run(app, "export", "--by", "Rosa", "--nlu", str(nlu))
    assert told.exit_code == 0, told.output
    assert "left out: que hago si viene la migra a mi casaa (street_stop): nlu/lint.py objects" in told.output
    now = (path for path in nlu.rglob("*") if path.is_file() and path.suffix != ".pyc")
    changed = {path for path in now if before.get(path) != path.read_bytes()}
    heard = (nlu / "data" / "es" / "heard.yml").read_text("utf-8")
    assert {path.name for path in changed} <= {"heard.yml", "es.tsv", "quc.tsv"} and len(changed) >= 2
    written = heard + "".join(path.read_text("utf-8") for path in (nlu / "kept_back").glob("*.tsv"))
    assert "ando buscando onde curen a mi chamaco que trae calentura" in written and "casaa" not in written
    assert "out_of_scope" in written and "venden tamales" in written

    after = {path: path.read_bytes() for path in nlu.rglob("*.yml")}
    assert "3 judged" not in run(app, "list").output
    again = run(app, "export", "--by", "Rosa", "--nlu", str(nlu))
    assert again.exit_code == 0 and "0 to learn\n0 kept back" in again.output
    assert after == {path: path.read_bytes() for path in nlu.rglob("*.yml")}
    # Another database that has the same sentences finds them there.
    shown = run(app, "list").output
    assert "es: 0 to look at, 1 judged, 3 exported" in shown and "quc: 0 to look at, 0 judged, 1 exported" in shown


def test_without_anything_to_export_the_files_are_checked_and_left(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "nlu").mkdir()
    (tmp_path / "nlu" / "heard.py").write_text("import sys\nsys.exit('data/es/x.yml: broken')\n", "utf-8")
    told = run(app, "export", "--by", "Rosa", "--nlu", str(tmp_path / "nlu"))
    assert told.exit_code == 1 and "data/es/x.yml: broken" in told.output and "Nothing was written" in told.output
