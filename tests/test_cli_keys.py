"""``flask --app webhook keys`` and what ``db upgrade`` does for the keys, as a person runs them."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from click.testing import Result

from bot.app import create_app
from bot.cli import add_commands
from bot.settings import REPOSITORY, Settings, from_environment
from bot.store.key_drill import drill
from bot.store.key_store import KeyStore, make_key_store, open_key_store

PRODUCTION = {
    "ENVIRONMENT": "production",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "secret",
    "PUBLIC_BASE_URL": "https://bot.example.org",
}


def run(*words: str, data_dir: Path, **environ: str) -> Result:
    """A command of the terminal in an app with these variables."""
    app = create_app(from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(data_dir), **environ}))
    add_commands(app.cli)
    done = app.test_cli_runner().invoke(args=list(words))
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done


def line(name: str) -> str:
    return f"{name}:{b64encode(secrets.token_bytes(32)).decode()}\n"


def test_a_year_of_keys_in_production(tmp_path: Path) -> None:
    """Made, used, rotated, drilled: the steps of docs/keys.md in their order. No key is ever shown."""
    file, data = tmp_path / "etc" / "master_key", tmp_path / "data"
    file.parent.mkdir()
    old, new = line("2026-11"), line("2027-11")
    file.write_text(old)
    file.chmod(0o600)
    real = {**PRODUCTION, "MASTER_KEY_FILE": str(file)}
    settings = Settings(data_dir=data, master_key_file=str(file))
    said: list[str] = []

    def command(*words: str) -> str:
        done = run(*words, data_dir=data, **real)
        said.append(done.stdout + done.stderr)
        assert done.exit_code == 0, said[-1]
        return done.stdout

    assert "new and empty" in command("db", "upgrade")
    assert command("db", "upgrade") == ""
    assert not (data / "keys" / "master").exists()
    store = open_key_store(settings)
    made = [store.create(f"esc-{number}") for number in range(3)]
    store.close()
    status = command("keys", "status")
    assert "2026-11 (current): 3 keys" in status and str(file) in status and "esc-" not in status

    file.write_text(new + old)
    assert "2026-11 (former): 3 keys" in command("keys", "status")
    assert "3 keys were wrapped anew; all are under 2027-11 now" in command("keys", "rotate")
    assert "2026-11 (former, not needed: take its line out): 0 keys" in command("keys", "status")
    file.write_text(new)
    assert "0 keys were wrapped anew" in command("keys", "rotate")
    assert re.search(r"tried with each of 4 keys that are left, master keys too: 0 opened it", command("keys", "drill"))
    store = open_key_store(settings)
    assert [store.get(key.name) for key in made] == made
    store.close()
    everything = "".join(said)
    for secret in (*(key.secret for key in made), *(text.partition(":")[2].strip() for text in (old, new))):
        shown = secret.hex() if isinstance(secret, bytes) else secret
        assert shown not in everything


REFUSED = {
    "one that is not there": ("none", "There is no master key file"),
    "one that was never made": ("none", "docs/keys.md says how it is made"),
    "one that others may read": ("open", "chmod 600"),
    "that of a developer": ("development", "developer's machine"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_production_refuses_in_words(tmp_path: Path, name: str) -> None:
    file, expected = REFUSED[name]
    etc = tmp_path / "etc"
    etc.mkdir()
    for made, content, mode in (("open", line("1"), 0o644), ("development", line("development-1"), 0o600)):
        (etc / made).write_text(content)
        (etc / made).chmod(mode)
    done = run("db", "upgrade", data_dir=tmp_path / "data", **PRODUCTION, MASTER_KEY_FILE=str(etc / file))
    assert done.exit_code == 1 and expected in done.stderr


@pytest.mark.slow
def test_from_the_terminal(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "flask", "--app", "webhook"]
    environ = {**os.environ, "ENVIRONMENT": "test", "DATA_DIR": str(tmp_path)}
    for command in (["db", "upgrade"], ["keys", "drill"]):
        done = subprocess.run(
            [*words, *command], capture_output=True, text=True, cwd=REPOSITORY, env=environ, timeout=60
        )
        assert done.returncode == 0, done.stderr
    assert "Everything went as it must." in done.stdout and " NO " not in done.stdout


def test_commands_before_there_is_a_key_store_say_what_to_do(tmp_path: Path) -> None:
    for words in ("status", "rotate", "drill"):
        done = run("keys", words, data_dir=tmp_path / "data")
        assert done.exit_code == 1 and "db upgrade" in done.stderr


def test_a_master_key_that_is_gone_is_said_by_every_command(tmp_path: Path) -> None:
    settings = Settings(environment="test", data_dir=tmp_path / "data")
    make_key_store(settings)
    store = open_key_store(settings)
    store.create("esc-1")
    store.close()
    settings.master_key_path.unlink()
    for words in (("keys", "status"), ("keys", "rotate"), ("keys", "drill"), ("db", "upgrade")):
        done = run(*words, data_dir=tmp_path / "data")
        assert done.exit_code == 1 and "Put it back" in done.stderr


def test_the_drill_leaves_no_key_and_touches_no_other(tmp_path: Path) -> None:
    settings = Settings(environment="test", data_dir=tmp_path)
    make_key_store(settings)
    store = open_key_store(settings)
    made = store.create("esc-1")
    assert all(finding.holds for finding in drill(settings))
    assert store.names() == ("esc-1",) and store.get("esc-1") == made
    store.close()


def test_the_drill_finds_a_key_that_was_not_destroyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(environment="test", data_dir=tmp_path)
    make_key_store(settings)
    monkeypatch.setattr(KeyStore, "destroy", lambda store, name: True)
    findings = drill(settings)
    assert [finding.holds for finding in findings] == [True, True, True, False, False, False]
    assert "1 opened it" in findings[4].words


def test_the_drill_finds_what_a_file_beside_the_store_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(environment="test", data_dir=tmp_path)
    make_key_store(settings)
    file, destroy = tmp_path / "keystore" / "keys.db", KeyStore.destroy

    def copied_before(store: KeyStore, name: str) -> bool:
        if not (tmp_path / "keystore" / "copy").exists():
            (tmp_path / "keystore" / "copy").write_bytes(file.read_bytes())
        return destroy(store, name)

    monkeypatch.setattr(KeyStore, "destroy", copied_before)
    assert [finding.holds for finding in drill(settings)] == [True, True, True, True, True, False]
