"""The guards of production one by one: what does not start, in words; and what is off, hidden or held back once it runs."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from bot.clock import clock_for
from bot.console.try_phone import MOST_A_MINUTE
from bot.settings import DEVELOPMENT_ACCOUNT, REPOSITORY, SettingsError, from_environment
from bot.store.errors import MasterKeyUnsafe
from bot.store.key_store import make_key_store, open_key_store
from bot.store.models import Escalation
from tests.phone import texts
from tests.servers import RedisServer, free_port, make_app_in, running
from tests.test_settings import REAL

CONFIGURATION_ERROR = 78
SAME = "KEYSTORE_URL must be another database"

REFUSED: dict[str, tuple[Mapping[str, str], str]] = {
    "nothing is set": ({name: "" for name in REAL}, "TWILIO_AUTH_TOKEN is not set"),
    "no token of Twilio": ({"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN is not set"),
    "no account": ({"TWILIO_ACCOUNT_SID": ""}, "TWILIO_ACCOUNT_SID is not set"),
    "the token as the account": ({"TWILIO_ACCOUNT_SID": "0" * 32}, "TWILIO_ACCOUNT_SID begins with AC"),
    "the account in quotes": ({"TWILIO_ACCOUNT_SID": '"AC1"'}, "TWILIO_ACCOUNT_SID begins with AC"),
    "the address that Twilio is given": (
        {"PUBLIC_BASE_URL": "https://bot.example.org/messages"}, "PUBLIC_BASE_URL ends before /messages",
    ),
    "the account of development": ({"TWILIO_ACCOUNT_SID": DEVELOPMENT_ACCOUNT}, "development keys are set"),
    "the token of the tests": ({"TWILIO_AUTH_TOKEN": "test-token"}, "development keys are set"),
    "the token of the tests beside a true one": ({"TWILIO_AUTH_TOKEN": "true,test-token"}, "development keys are set"),
    "an address over http": ({"PUBLIC_BASE_URL": "http://bot.example.org"}, "PUBLIC_BASE_URL must be the https"),
    "an address that only begins like https": ({"PUBLIC_BASE_URL": "httpsx://bot.example.org"}, "PUBLIC_BASE_URL"),
    "no address": ({"PUBLIC_BASE_URL": ""}, "PUBLIC_BASE_URL must be the https"),
    "no master key": ({"MASTER_KEY_FILE": ""}, "MASTER_KEY_FILE is not set"),
    "a master key in DATA_DIR": (
        {"DATA_DIR": "/srv/puente", "MASTER_KEY_FILE": "/srv/puente/keys/master"}, "must not lie inside DATA_DIR",
    ),
    "a master key in DATA_DIR by a way around": (
        {"DATA_DIR": "/srv/puente", "MASTER_KEY_FILE": "/srv/other/../puente/master"}, "must not lie inside DATA_DIR",
    ),
    "another address for Twilio": ({"TWILIO_API_BASE": "http://127.0.0.1:9"}, "TWILIO_API_BASE is for tests"),
    "a key of Twilio without its secret": ({"TWILIO_API_KEY": "SK1"}, "go together"),
    "a secret of Twilio without its key": ({"TWILIO_API_SECRET": "s"}, "go together"),
    "keys in the database": ({"DATABASE_URL": "postgresql://db/p", "KEYSTORE_URL": "postgresql://db/p"}, SAME),
    "keys in the database, spelt otherwise": (
        {"DATABASE_URL": "postgres://web@DB:5432/p", "KEYSTORE_URL": "postgresql+psycopg://keys:x@db/p"}, SAME,
    ),
    "keys in the database by a socket": (
        {"DATABASE_URL": "postgresql://a@/p?host=/run/pg", "KEYSTORE_URL": "postgresql://b@/p?host=/run/pg"}, SAME,
    ),
    "keys in the file of the database": (
        {"DATABASE_URL": "sqlite:////srv/p.db", "KEYSTORE_URL": "sqlite:////srv/x/../p.db"}, SAME,
    ),
    "a country that is none": ({"COUNTRIES": "US,ATLANTIS"}, "COUNTRIES"),
    "an environment that is none": ({"ENVIRONMENT": "prod"}, "ENVIRONMENT must be production"),
}  # fmt: skip

LET_PASS: dict[str, Mapping[str, str]] = {
    "all that is needed": {},
    "two tokens while rotating": {"TWILIO_AUTH_TOKEN": "one,two"},
    "keys on another server": {"DATABASE_URL": "postgresql://db/p", "KEYSTORE_URL": "postgresql://keys/p"},
    "keys in another database": {"DATABASE_URL": "postgresql://db/p", "KEYSTORE_URL": "postgresql://db/keys"},
    "Twilio's key with its secret": {"TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": "s"},
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_production(name: str) -> None:
    changed, words = REFUSED[name]
    with pytest.raises(SettingsError, match=re.escape(words)):
        from_environment({**REAL, **changed})


@pytest.mark.parametrize("name", LET_PASS)
def test_not_refused_without_need(name: str) -> None:
    assert from_environment({**REAL, **LET_PASS[name]}).production


def test_what_nobody_chose_is_production_and_careful() -> None:
    for environ in (REAL, {**REAL, "ENVIRONMENT": ""}, {**REAL, "ENVIRONMENT": " production "}):
        settings = from_environment(environ)
        assert settings.production and settings.require_approval and not settings.explains
        assert not settings.send_unconfirmed_numbers and not settings.try_phone


def test_the_token_of_the_tests_is_for_tests_alone() -> None:
    assert from_environment({"ENVIRONMENT": "test"}).twilio_auth_token == ("test-token",)
    with pytest.raises(SettingsError, match="ENVIRONMENT=test"):
        from_environment({"ENVIRONMENT": "development", "TWILIO_AUTH_TOKEN": "test-token"})


def test_the_token_of_a_developers_machine_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("0123456789abcdef")
    with pytest.raises(SettingsError, match="development keys"):
        from_environment({**REAL, "DATA_DIR": str(tmp_path), "TWILIO_AUTH_TOKEN": "0123456789abcdef"})


def test_the_master_key_of_a_developers_machine_opens_nothing_in_production(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    developed = from_environment({"ENVIRONMENT": "development", "DATA_DIR": str(tmp_path / "data")})
    make_key_store(developed)
    moved = tmp_path / "elsewhere" / "master"
    developed.master_key_path.rename(moved)
    production = from_environment({**REAL, "DATA_DIR": str(tmp_path / "data"), "MASTER_KEY_FILE": str(moved)})
    with pytest.raises(MasterKeyUnsafe):
        open_key_store(production)


@pytest.mark.parametrize(
    ("environ", "moved"),
    [({**REAL, "ENVIRONMENT": ""}, False), ({"ENVIRONMENT": "development"}, False), ({"ENVIRONMENT": "test"}, True)],
    ids=["production", "development", "test"],
)
def test_only_tests_move_the_clock(
    environ: Mapping[str, str], moved: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "clock").write_text("86400")
    monkeypatch.setenv("PUENTE_CLOCK_FILE", str(tmp_path / "clock"))
    ahead = clock_for(from_environment({**environ, "DATA_DIR": str(tmp_path)}))() - time.time()
    assert (ahead > 80_000) is moved


class Caller:
    """Twilio, calling an installation in production."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.sent = 0

    def post(
        self, text: str, token: str = REAL["TWILIO_AUTH_TOKEN"], **more: str
    ) -> tuple[int, str, Mapping[str, str]]:
        self.sent += 1
        form = {"AccountSid": "AC1", "MessageSid": f"SM{self.sent}", "From": "+12025550177", "Body": text, **more}
        signed = RequestValidator(token).compute_signature("https://bot.example.org/messages", form)
        response = self.client.post("/messages", data=form, headers={"X-Twilio-Signature": signed})
        said = "\n".join(texts(response.data)) if response.status_code == 200 else ""
        return response.status_code, said, dict(response.headers)


@contextlib.contextmanager
def in_production(folder: Path, **environ: str) -> Iterator[tuple[Flask, RedisServer]]:
    data = folder / "data"
    data.mkdir()
    with running(data) as redis:
        key = {"MASTER_KEY_FILE": str(_master_key(folder))}
        yield make_app_in(data, {**REAL, "ENVIRONMENT": "production", **key, **environ}), redis


def _master_key(folder: Path) -> Path:
    path = folder / "master"
    path.touch(0o600)
    path.write_bytes(os.urandom(32))
    return path


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with in_production(tmp_path_factory.mktemp("production")) as (app, _):
        yield app


@pytest.fixture(scope="module")
def trying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, RedisServer]]:
    with in_production(tmp_path_factory.mktemp("trying"), TRY_PHONE="on") as made:
        yield made


def test_no_answer_tells_how_it_came_about(production: Flask) -> None:
    status, said, headers = Caller(production).post("menu")
    assert status == 200 and said and [name for name in headers if name.lower().startswith("x-puente")] == []


def test_only_what_twilio_signed_for_this_account_is_answered(production: Flask) -> None:
    caller = Caller(production)
    assert caller.post("menu", token="test-token")[0] == 403
    assert caller.post("menu", AccountSid=DEVELOPMENT_ACCOUNT)[0] == 403


def test_numbers_that_nobody_confirmed_stay_here(production: Flask) -> None:
    caller = Caller(production)
    for text in ("se llevaron a mi hijo", "menu", "3", "60629", "0", "menu", "2"):
        said = caller.post(text)[1]
        assert said and "(?)" not in said
        assert re.findall(r"\d{3}[-. ]\d{3,4}[-. ]\d{4}", said) == [], text


def test_a_rights_answer_that_nobody_approved_is_its_safe_minimum(production: Flask) -> None:
    caller = Caller(production)
    for text in ("menu", "6", "5"):
        said = caller.post(text)[1]
    assert "Un abogado" in said or "no firme" in said
    assert "puede perder su derecho" not in said


def test_the_phone_in_the_browser_is_not_there(production: Flask) -> None:
    client = production.test_client()
    for path in ("/try", "/try/save"):
        assert client.get(path).status_code == client.post(path).status_code == 404


def test_no_token_is_printed(production: Flask) -> None:
    with production.app_context():
        done = production.test_cli_runner().invoke(args=["token"])
    assert done.exit_code == 1 and "is not printed" in done.output and "secret" not in done.output


def test_who_tries_it_in_production_leaves_nothing(trying: tuple[Flask, RedisServer]) -> None:
    app, _ = trying
    client, puente = app.test_client(), app.extensions["puente"]()
    for text in ("abogado 60629", "0", "1", "si", "ALTO", "BORRAR"):
        page = client.post("/try", data={"text": text, "channel": "sms"})
        assert page.status_code == 200 and "X-Puente-Turn" not in page.headers
    left = [key.decode() for key in puente.redis.keys("*")]
    assert [key for key in left if not key.startswith(("try:", "day:", "{pause}"))] == [], "no counts, no session"
    with puente.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Escalation)) == 0


def test_who_tries_it_has_a_limit_of_its_own(trying: tuple[Flask, RedisServer]) -> None:
    app, redis = trying
    client = app.test_client()
    minute = f"try:{int(time.time() // 60)}"
    for name in (minute, f"try:{int(time.time() // 60) + 1}"):
        app.extensions["puente"]().redis.set(name, MOST_A_MINUTE)
    assert client.post("/try", data={"text": "hola"}).status_code == 429
    assert Caller(app).post("hola")[0] == 200, "families are answered all the same"
    redis.kill()
    assert client.post("/try", data={"text": "hola"}).status_code == 429, "nobody counts, nobody tries"
    assert Caller(app).post("hola")[0] == 200


def test_a_developers_machine_answers_itself_alone(make_app: Callable[..., Flask]) -> None:
    client = make_app(ENVIRONMENT="development").test_client()
    for host, status in (
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
    ):
        assert client.get("/healthz", headers={"Host": host}).status_code == status, host


STARTS = ("nothing is set", "an address over http", "a master key in DATA_DIR", "another address for Twilio")


def _start(environ: Mapping[str, str], folder: Path, port: int) -> subprocess.Popen[str]:
    """The line of the Procfile, as it is run in production."""
    command = [sys.executable, "-m", "bot.keep", "--", sys.executable, "-m", "gunicorn", "--config", "bot/gunicorn.py"]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    variables = {**kept, "DATA_DIR": str(folder), "PORT": str(port), "WEB_CONCURRENCY": "1", **environ}
    return subprocess.Popen(
        [*command, "webhook:app"],
        cwd=REPOSITORY, env=variables, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


@pytest.mark.slow
def test_a_start_that_is_refused_says_why_and_is_not_tried_again(tmp_path: Path) -> None:
    started = {name: _start({**REAL, **REFUSED[name][0]}, tmp_path, free_port()) for name in STARTS}
    try:
        told = {name: (process.communicate(timeout=60)[0], process) for name, process in started.items()}
    finally:
        for process in started.values():
            process.kill()
    for name, (said, process) in told.items():
        assert process.returncode == CONFIGURATION_ERROR, f"{name}: {said}"
        assert said.startswith("Puente cannot start: ") and REFUSED[name][1] in said, name
        assert (
            "Giving up until they are changed" in said and "Traceback" not in said and "starting it again" not in said
        )


@pytest.mark.slow
def test_with_all_that_is_needed_it_starts(tmp_path: Path) -> None:
    folder, port = tmp_path / "data", free_port()
    environ = {**REAL, "MASTER_KEY_FILE": str(_master_key(tmp_path)), "DATA_DIR": str(folder)}
    upgrade = [sys.executable, "-m", "flask", "--app", "webhook", "db", "upgrade"]
    subprocess.run(upgrade, cwd=REPOSITORY, env={"PATH": os.environ["PATH"], **environ}, check=True, timeout=60)
    process = _start(environ, folder, port)
    try:
        give_up = time.monotonic() + 60
        while not _answers(f"http://127.0.0.1:{port}/healthz"):
            assert process.poll() is None and time.monotonic() < give_up, "it does not start"
            time.sleep(0.1)
        assert not _answers(f"http://127.0.0.1:{port}/try")
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _answers(url: str) -> bool:
    try:
        return urllib.request.urlopen(url, timeout=2).status == 200
    except (urllib.error.URLError, OSError):
        return False
