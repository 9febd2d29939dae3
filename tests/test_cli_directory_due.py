"""``flask --app webhook directory due, confirm, gaps`` as a person runs them, with a database of its own."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import insert, select

from bot.app import create_app
from bot.cli import add_commands
from bot.directory.hsds.changes import changes
from bot.settings import from_environment
from bot.store.database import engine_for
from bot.store.directory import DirectoryStore
from bot.store.directory_flags import DirectoryFlags
from bot.store.directory_models import DirectoryFlag
from bot.store.keys import load_release_key
from bot.store.models import GapCount
from bot.store.redis_client import connect
from bot.store.redis_server import redis_url
from bot.store.staff_models import AuditRow
from tests.directory.seeded import read_seed, returned
from tests.servers import RedisServer

# Starts an app with a database.
pytestmark = pytest.mark.slow

SEED, _ = read_seed()
ROMERO = next(row["id"] for row in SEED.rows("phone") if row["number"] == "+17735085300")
NOW = 1_795_680_000.0  # 2026-11-26 08:00 UTC
TODAY = date(2026, 11, 26)


@pytest.fixture
def app(tmp_path: Path, redis_of_app: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Flask:
    made = create_app(from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(tmp_path)}))
    add_commands(made.cli)
    monkeypatch.setattr("bot.cli_directory_due.clock_for", lambda settings: lambda: NOW)
    assert run(made, "db", "upgrade").exit_code == 0
    return made


def run(app: Flask, *words: str) -> Result:
    done = app.test_cli_runner().invoke(args=list(words))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def store(app: Flask) -> DirectoryStore:
    settings = app.config["SETTINGS"]
    return DirectoryStore(engine_for(settings.sql_url), load_release_key(settings.data_dir), lambda: NOW)


@pytest.fixture
def filled(app: Flask) -> Flask:
    """After the seed was stored, and three families said that a number does not work."""
    at = store(app)
    before, version = at.read()
    at.apply(changes(before, SEED, keep_missing=False), by="Rosa", expected=version)
    flags = DirectoryFlags(engine_for(app.config["SETTINGS"].sql_url), connect(redis_url(app.config["SETTINGS"])))
    flags.raise_flag(ROMERO, NOW - 9 * 86_400)
    flags.flush()
    for _ in range(2):
        flags.raise_flag(ROMERO, NOW)
    return app


def test_at_the_beginning_it_is_the_seed_that_is_told(app: Flask) -> None:
    told = run(app, "directory", "due", "--city", "chicago").output
    assert "Centro Romero (centro_romero): 773-508-5300" in told and "NEVER CONFIRMED" in told
    assert "Los Angeles" not in told


def test_a_flag_comes_first_and_a_call_settles_it(filled: Flask) -> None:
    before = run(filled, "directory", "due").output
    assert before.startswith("Chicago, IL\n  Centro Romero") and "FLAGGED: 3 families say" in before
    done = run(filled, "directory", "confirm", "centro_romero", "--by", "Ana López", "--how", "call")
    assert done.output == "centro_romero: +17735085300 is confirmed on 2026-11-26 by Ana López (call).\n"
    after = run(filled, "directory", "due").output
    assert "FLAGGED" not in after and "centro_romero" not in after
    package, _ = store(filled).read()
    phone = package.get("phone", ROMERO)
    assert phone and (phone["verified_on"], phone["verified_by"], phone["verified_how"]) == (
        "2026-11-26",
        "Ana López",
        "call",
    )
    entries = store(filled).history("phone", ROMERO)
    assert {each.field: each.replacement for each in entries if each.action == "update"} == {
        "verified_on": "2026-11-26",
        "verified_by": "Ana López",
        "verified_how": "call",
    }
    with engine_for(filled.config["SETTINGS"].sql_url).connect() as connection:
        assert "Ana López" in connection.scalars(select(AuditRow.actor)).all()
        assert not connection.scalars(select(DirectoryFlag.record)).all()


REFUSED: list[tuple[str, tuple[str, ...], str]] = [
    ("tomorrow", ("salef", "--by", "Ana", "--how", "call", "--on", "2026-11-27"), "has not come yet"),
    ("nobody", ("salef", "--by", " ", "--how", "call"), "Nobody's name"),
    ("a number for a name", ("salef", "--by", "Ana 773 508 5300", "--how", "call"), "Nobody's name"),
    (
        "a name of signs that the audit does not take",
        ("salef", "--by", "Ana <a>", "--how", "call"),
        "Nothing was changed",
    ),
    ("another's number", ("salef", "--by", "Ana", "--how", "call", "--phone", "773-508-5300"), "of centro_romero"),
    ("a mistyped code", ("centro_rome", "--by", "Ana", "--how", "call"), "Did you mean centro_romero"),
]


@pytest.mark.parametrize(("words", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_call_that_confirms_nothing_is_refused_and_nothing_is_stored(
    filled: Flask, words: tuple[str, ...], told: str
) -> None:
    before = store(filled).read()
    refused = run(filled, "directory", "confirm", *words)
    assert refused.exit_code == 1 and told in refused.output
    assert store(filled).read() == before


def test_the_launch_list_goes_out_comes_back_and_is_never_written_over(filled: Flask, tmp_path: Path) -> None:
    out = tmp_path / "chicago"
    words = ("directory", "due", "--launch", "--city", "Chicago", "--language", "en", "--out", str(out))
    assert run(filled, *words).exit_code == 0
    page, sheet = (out / "calls-en.html").read_text("utf-8"), (out / "calls-en.csv").read_bytes()
    assert "Centro Romero" in page and "SALEF" not in page and "3 families say" in page
    rows = list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))))
    assert "mujeres_latinas" in [row["code"] for row in rows]
    package, _ = store(filled).read()
    assert returned(package, sheet) == ()
    again = run(filled, *words)
    assert again.exit_code == 1 and "may be filled in" in again.output
    assert (out / "calls-en.csv").read_bytes() == sheet


def test_a_city_where_nobody_is_to_be_called_is_said(filled: Flask) -> None:
    refused = run(filled, "directory", "due", "--launch", "--city", "Paris")
    assert refused.exit_code == 1 and "nobody to call in 'Paris'" in refused.output
    assert "Los Angeles, CA: 8 calls" in run(filled, "directory", "due", "--launch").output


def test_gaps_are_told_by_state_and_kind(filled: Flask) -> None:
    assert "Nothing was counted" in run(filled, "directory", "gaps").output
    week = TODAY - timedelta(days=10)
    rows = [
        ("US-IL", "legal", 6, week),
        ("other", "other", 3, week),
        ("US-IL", "legal", 50, week - timedelta(weeks=40)),
    ]
    with engine_for(filled.config["SETTINGS"].sql_url).begin() as connection:
        connection.execute(insert(GapCount), [{"state": s, "help": h, "n": n, "week": w} for s, h, n, w in rows])
    told = run(filled, "directory", "gaps").output
    assert "    6  US-IL: legal" in told and "nearest: PASO" in told
    assert "states not named: kinds asked for too seldom to be named" in told
    assert "   56  US-IL: legal" in run(filled, "directory", "gaps", "--weeks", "56").output


def test_without_a_database_it_is_said(tmp_path: Path) -> None:
    made = create_app(from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(tmp_path / "none")}))
    add_commands(made.cli)
    refused = run(made, "directory", "due")
    assert refused.exit_code == 1 and "Traceback" not in refused.output and "Nothing was changed" in refused.output
