"""The worker's duties, the commands of the terminal, and content that is broken."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from bot import content
from bot.content import ContentError
from bot.settings import REPOSITORY
from bot.store.errors import StoreDown
from bot.worker import Duty
from tests.phone import Phone
from tests.servers import RedisServer

pytestmark = pytest.mark.slow

FLASK = [sys.executable, "-m", "flask", "--app", "webhook"]


def run(*arguments: str, data_dir: Path, said: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """A command of the terminal, as a person runs it."""
    variables = {**os.environ, "ENVIRONMENT": "test", "DATA_DIR": str(data_dir), **environ}
    return subprocess.run(
        [*FLASK, *arguments], input=said, capture_output=True, text=True, cwd=REPOSITORY, env=variables, timeout=60
    )


def test_a_duty_is_done_when_due_and_again_sooner_after_a_failure() -> None:
    done: list[float] = []
    duty = Duty("count", 60, lambda: done.append(1))
    for now in (0.0, 30.0, 60.0):
        duty.attempt(now)
    assert len(done) == 2

    def broken() -> None:
        done.append(2)
        raise StoreDown("redis", ValueError())

    failing = Duty("broken", 60, broken)
    for now in (0.0, 6.0):
        failing.attempt(now)
    assert done.count(2) == 2


def test_the_worker_writes_counts_and_ends_when_told(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    app = make_app()
    for _ in range(6):
        Phone(app.test_client()).send("menu")
    environ = {**os.environ, "ENVIRONMENT": "test", "DATA_DIR": str(tmp_path)}
    worker = subprocess.Popen([sys.executable, "-m", "bot.worker"], cwd=REPOSITORY, env=environ)
    try:
        engine = app.extensions["puente"]().engine
        give_up = time.monotonic() + 30
        rows: list[tuple[object, ...]] = []
        while not rows:
            assert time.monotonic() < give_up, "no counts were written"
            with engine.connect() as connection:
                rows = list(connection.exec_driver_sql("SELECT topic, language, channel, n FROM topic_counts"))
            time.sleep(0.1)
        assert rows == [("menu", "es", "sms", 6)]
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0


def test_a_worker_without_keys_says_what_to_do(tmp_path: Path) -> None:
    environ = {**os.environ, "ENVIRONMENT": "test", "DATA_DIR": str(tmp_path / "none")}
    done = subprocess.run(
        [sys.executable, "-m", "bot.worker"], cwd=REPOSITORY, env=environ, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 78 and "db upgrade" in done.stderr and "Traceback" not in done.stderr


def test_chat_in_the_terminal(tmp_path: Path, redis_of_app: RedisServer) -> None:
    run("db", "upgrade", data_dir=tmp_path)
    done = run("chat", "--explain", data_dir=tmp_path, said="la migra esta en mi puerta\n/pin x y\n/voice\nSTOP\n")
    assert done.returncode == 0 and "No abra" in done.stdout and '"flow": "agents_here_now"' in done.stdout
    assert "[no answer is sent]" in done.stdout and "Traceback" not in done.stderr


COMMANDS = {
    "content check": (("content", "check"), 0, "0 to mend"),
    "phrases": (("phrases", "try", "la migra esta aqui"), 0, "agents_here_now (es)"),
    "phrases of nothing": (("phrases", "try", "hola"), 0, "no urgent phrase"),
    "content words": (("content", "words", "home_visit"), 0, ""),
    "content due": (("content", "due", "--days", "1000"), 0, "nobody has taken it"),
    "content to-verify": (("content", "to-verify"), 0, "# To verify"),
    "content words of nothing": (("content", "words", "pizza"), 1, "There is no flow"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands(app_with: Callable[..., Flask], name: str) -> None:
    arguments, code, expected = COMMANDS[name]
    done = app_with().test_cli_runner().invoke(args=arguments)
    assert done.exit_code == code and expected in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_a_command_is_run_from_the_terminal(tmp_path: Path) -> None:
    done = run("token", data_dir=tmp_path)
    assert done.returncode == 0 and "test-token" in done.stdout and "Traceback" not in done.stderr


def test_the_catalogs_are_in_line_with_the_flows(tmp_path: Path) -> None:
    """`make catalogs` has nothing to do; if it has, somebody changed a sentence and did not run it."""
    copy = tmp_path / "copy"
    for folder in ("flows", "locales", "directory", "nlu/phrases", "bot"):
        shutil.copytree(REPOSITORY / folder, copy / folder)
    for file in ("webhook.py", "nlu/intents.yml"):
        shutil.copy(REPOSITORY / file, copy / file)
    before = {path: path.read_bytes() for path in (copy / "locales").rglob("*.po*")}
    environ = {**os.environ, "ENVIRONMENT": "test", "DATA_DIR": str(tmp_path / "data")}
    subprocess.run([*FLASK, "content", "merge"], cwd=copy, env=environ, check=True, capture_output=True, timeout=60)
    assert {path: path.read_bytes() for path in (copy / "locales").rglob("*.po*")} == before


def test_production_refuses_to_start_in_words(tmp_path: Path) -> None:
    done = run("token", data_dir=tmp_path, ENVIRONMENT="production")
    assert done.returncode == 78 and "TWILIO_AUTH_TOKEN" in done.stderr and "Traceback" not in done.stderr
    assert "ENVIRONMENT=development before the command; never where families write to" in done.stderr


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of all content, to be broken."""
    for folder in ("flows", "locales", "directory", "nlu/phrases"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    shutil.copy(REPOSITORY / "nlu" / "intents.yml", tmp_path / "nlu" / "intents.yml")
    return tmp_path


def test_a_broken_file_is_named(copied: Path) -> None:
    path = copied / "flows" / "rights" / "home_visit.yml"
    path.write_text("name: home_visit\n  title: [\n")
    with pytest.raises(ContentError, match="home_visit.yml: not YAML"):
        content.load(copied)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ContentError, match="cannot be read"):
        content.load(copied)


def test_a_flow_cut_off_half_way_is_named(copied: Path) -> None:
    path = copied / "flows" / "rights" / "home_visit.yml"
    path.write_text(path.read_text()[:400])
    with pytest.raises(ContentError, match="home_visit"):
        content.load(copied)


BROKEN = [
    ("a number that is none", "directory/hotlines.csv", "1-800-203-7001", "call us", "hotlines.csv, line 4: 'call us'"),
    ("a phrase list without its intents", "nlu/phrases/en.yml", "\n", "\n: [", "en.yml: not YAML"),
    ("a catalog that breaks off", "locales/es/LC_MESSAGES/answers.po", 'msgstr "', "msgstr ", "answers.po"),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_whatever_file_is_broken_the_error_is_one_that_the_start_can_say(
    copied: Path, file: str, old: str, new: str, told: str
) -> None:
    path = copied / file
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError) as error:
        content.load(copied)
    assert told in str(error.value)


def test_another_file_is_another_release(copied: Path) -> None:
    first = content.load(copied)
    (copied / "flows" / "extra.yml").write_text("a: b\n")
    assert content.load(copied).number != first.number
    assert len(first.number) == 12


def test_a_recording_is_sent_on_whatsapp_beside_its_words(copied: Path, tmp_path: Path) -> None:
    from dataclasses import replace

    from bot.engine.actions import Media, Say
    from bot.language import Language
    from bot.message import Channel
    from tests.wording.test_render import renderer

    folder = copied / "locales" / "es" / "media"
    folder.mkdir()
    (folder / "puerta.ogg").write_bytes(b"OggS")
    release = content.load(copied)
    sha = hashlib.sha256(b"OggS").hexdigest()
    assert release.recordings == {"es/puerta": sha}
    made = replace(
        renderer(Language.ES, Channel.WHATSAPP), media_base="https://bot.example.org", recordings=release.recordings
    )
    reply = made.reply([Say("menu", "first"), Media("puerta"), Media("ventana")])
    assert reply.texts and reply.media == (f"https://bot.example.org/media/{sha}.ogg",)
    assert made.reply([Media("puerta")]).media == (), "never instead of the words"
    assert replace(made, channel=Channel.SMS).reply([Say("menu", "first"), Media("puerta")]).media == ()


def test_only_recordings_of_ours_are_served(app: Flask) -> None:
    client = app.test_client()
    for path in (
        "/media/none.ogg",
        "/media/es/none.ogg",
        "/media/..%2f..%2fanswers.ogg",
        "/media/../../webhook.ogg",
        "/media/",
    ):
        assert client.get(path).status_code in (404, 308)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: home_visit\n  title: [\n", "home_visit.yml: not YAML"),
        ("name: home_visit\ntitle: visit\nintents: []\nsteps:\n  first: {say: Yes.}\n", "the step is a dead end"),
    ],
    ids=["no YAML", "a dead end"],
)
def test_merge_says_in_words_what_is_broken(
    text: str, words: str, copied: Path, app_with: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    (copied / "flows" / "rights" / "home_visit.yml").write_text(text)
    monkeypatch.setattr("bot.cli.REPOSITORY", copied)
    result = app_with().test_cli_runner().invoke(args=["content", "merge"])
    assert result.exit_code == 1 and result.output.startswith("Error: flows/rights/home_visit.yml") and words in result.output
