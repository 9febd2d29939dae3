"""``purge``, ``hold`` and ``audit`` at the terminal, as a person runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, text

from bot.message import Channel
from bot.settings import Settings
from bot.store.database import engine_for
from bot.store.escalations import Escalations
from bot.store.key_store import make_key_store, open_key_store
from bot.store.keys import DayKeys, load_keys
from tests.servers import RedisServer

ANA = "+15005550006"
Say = Callable[..., Result]


@pytest.fixture
def installation(make_app: Callable[..., Flask]) -> Flask:
    """An installation of this test's own."""
    app = make_app()
    make_key_store(app.config["SETTINGS"])
    return app


@pytest.fixture
def say(installation: Flask) -> Say:
    """Runs a command there, as at the terminal."""
    return lambda *words: installation.test_cli_runner().invoke(args=words)


@pytest.fixture
def engine(installation: Flask) -> Iterator[Engine]:
    settings: Settings = installation.config["SETTINGS"]
    engine = engine_for(settings.sql_url)
    yield engine
    engine.dispose()


@pytest.fixture
def opened(installation: Flask, engine: Engine, redis_of_app: RedisServer) -> Iterator[str]:
    """The id of an escalation that was opened there long ago."""
    settings: Settings = installation.config["SETTINGS"]
    client, keys = redis_of_app.client(), open_key_store(settings)
    peppers = load_keys(settings.data_dir)
    yield Escalations(engine, client, peppers, DayKeys(client), keys, lambda: 1_600_000_000.0).open(ANA, Channel.SMS)
    keys.close()


def test_a_hold_from_set_to_purge(say: Say, opened: str) -> None:
    done = say("hold", "set", opened, "--counsel", "Obviously Invented, Esq.", "--by", "Prueba Inventada")
    assert done.exit_code == 0 and f"hold release {opened}" in done.output
    listed = say("hold", "list").output
    assert opened in listed and "Obviously Invented, Esq." in listed and "1 escalations are held." in listed
    assert "0  escalations\n" in say("purge").output
    assert say("hold", "release", opened, "--by", "Prueba Inventada").exit_code == 0
    purged = say("purge")
    assert purged.exit_code == 0 and "1  escalations\n" in purged.output and "went in all" in purged.output
    verified = say("audit", "verify")
    assert verified.exit_code == 0 and verified.output.startswith("2 rows hold. Newest: 3, seal ")
    assert ANA not in listed + purged.output + verified.output


REFUSED = {
    "nothing of that id": (("set", "none", "--counsel", "A", "--by", "B"), 1, "no escalation of that id"),
    "nothing held": (("release", "none", "--by", "B"), 1, "no escalation of that id is held"),
    "a number for a name": (("set", "none", "--counsel", ANA, "--by", "B"), 1, "only letters"),
    "nobody's name": (("set", "none", "--counsel", "A", "--by", " "), 1, "your name"),
    "no name at all": (("set", "none", "--counsel", "A"), 2, "--by"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_said_in_words(say: Say, name: str) -> None:
    words, code, told = REFUSED[name]
    done = say("hold", *words)
    assert done.exit_code == code and told in done.output


def test_a_changed_audit_is_found(say: Say, opened: str, engine: Engine) -> None:
    say("hold", "set", opened, "--counsel", "A", "--by", "B")
    with engine.begin() as connection:
        # Who may write all of the database may take its guards away too.
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET actor = 'C'"))
    done = say("audit", "verify")
    assert done.exit_code == 1 and "from row 1 on" in done.output


def test_an_erasing_that_was_cut_off_is_said_to_whoever_holds(say: Say, opened: str, installation: Flask) -> None:
    keys = open_key_store(installation.config["SETTINGS"])
    keys.destroy(opened)
    keys.close()
    done = say("hold", "set", opened, "--counsel", "A", "--by", "B")
    assert done.exit_code == 1 and "nobody can read it" in done.output


def test_purge_says_what_it_could_not_do(say: Say, tmp_path: Path, redis_of_app: RedisServer) -> None:
    (tmp_path / "keystore" / "keys.db").unlink()
    done = say("purge")
    assert done.exit_code == 1 and "0  audit" in done.output
    assert "keys without a row: There is no key store" in done.output
    redis_of_app.kill()
    done = say("purge")
    assert done.exit_code == 1 and "  Redis: redis is down (ConnectionError)" in done.output


def test_without_keys_it_says_what_to_do(say: Say, tmp_path: Path) -> None:
    (tmp_path / "keys" / "routing").unlink()
    for words in (("purge",), ("hold", "list"), ("audit", "verify")):
        done = say(*words)
        assert done.exit_code == 1 and "db upgrade" in done.output
