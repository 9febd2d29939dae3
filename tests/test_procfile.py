"""`make run` whole, and each of its processes killed in turn: families are answered all the while, and everything comes back."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from twilio.request_validator import RequestValidator

from bot.launch.offspring import descendants
from tests.canary.places import memory_of
from tests.launch.running import Running, environ_of
from tests.phone import ACCOUNT, texts

SENDER = "+15005550123"
"""A setting of Twilio's that only web and worker need."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

URGENT = "la migra esta en mi puerta"
WHOLE = {"redis": True, "sql": True, "nlu": True}


class Texter:
    """Somebody who texts with the running service, signed with this machine's token."""

    def __init__(self, running: Running) -> None:
        self.running, self.sent = running, 0
        self.token = (running.data_dir / "token").read_text("ascii").strip()

    def form(self, text: str, sender: str = "+12025550142") -> dict[str, str]:
        self.sent += 1
        return {"AccountSid": ACCOUNT, "MessageSid": f"SM{self.sent:032d}", "From": sender, "Body": text}

    def post(
        self, form: dict[str, str], token: str | None = None, chunk: int | None = None
    ) -> tuple[bytes, dict[str, object]]:
        url = f"{self.running.url}/messages"
        signed = RequestValidator(token or self.token).compute_signature(url, form)
        body = urllib.parse.urlencode(form).encode()
        # An iterator goes out in chunks, without a length.
        data = iter([body[at : at + chunk] for at in range(0, len(body), chunk)]) if chunk else body
        request = urllib.request.Request(url, data, {"X-Twilio-Signature": signed})  # type: ignore[arg-type]
        with urllib.request.urlopen(request, timeout=15) as response:
            return response.read(), json.loads(response.headers.get("X-Puente-Turn", "{}"))

    def say(self, text: str) -> tuple[str, dict[str, object]]:
        body, explain = self.post(self.form(text))
        return "\n".join(texts(body)), explain

    def parts(self) -> dict[str, object]:
        try:
            with urllib.request.urlopen(f"{self.running.url}/readyz", timeout=15) as response:
                return dict(json.load(response))
        except urllib.error.HTTPError as error:
            with error:
                return dict(json.load(error))
        except OSError:
            return {}


@pytest.fixture(scope="module")
def texter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Texter]:
    """One `make run` for all of these tests, as a newcomer starts it: no setting at all."""
    folder = tmp_path_factory.mktemp("run") / "data"
    with Running(folder, {"ENVIRONMENT": "development", "TWILIO_SMS_FROM": SENDER}) as running:
        running.wait_until_ready()
        yield Texter(running)


def _until(holds: Callable[[], bool], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.2)


def _whole(texter: Texter) -> None:
    _until(lambda: texter.parts().items() >= WHOLE.items(), "everything is whole again")


@pytest.mark.always
def test_a_signed_message_gets_twiml_and_a_forged_one_does_not(texter: Texter) -> None:
    form = texter.form("hola")
    first, explain = texter.post(form)
    assert b"<Response><Message>" in first and explain["flow"] == "greet"
    assert texter.post(form)[0] == first, "the same MessageSid gets the same bytes"
    with pytest.raises(urllib.error.HTTPError) as refused:
        texter.post(texter.form("hola"), token="another")
    assert refused.value.code == 403
    refused.value.close()


@pytest.mark.always
def test_a_proxy_may_send_a_message_on_in_chunks(texter: Texter) -> None:
    assert texter.post(texter.form("menu"), chunk=7)[1]["flow"] == "menu"
    with pytest.raises(urllib.error.HTTPError) as refused:
        texter.post(texter.form("a" * 70_000), chunk=7_000)
    assert refused.value.code == 400
    refused.value.close()


def test_the_phone_in_the_browser_is_there(texter: Texter) -> None:
    with urllib.request.urlopen(f"{texter.running.url}/try", timeout=15) as page:
        assert b"<form" in page.read()


def test_the_model_killed(texter: Texter) -> None:
    _whole(texter)
    os.kill(texter.running.pid("nlu"), signal.SIGKILL)
    text, explain = texter.say(URGENT)
    assert text.startswith("No abra") and explain["degraded"] is None, "urgent phrases need no model"
    text, explain = texter.say("mi primo quiere saber que puede hacer en la corte")
    assert text and explain["degraded"] in ("model", None)
    _whole(texter)
    assert texter.say("que hago si la migra viene a mi casa")[1]["flow"] == "home_visit"


def test_redis_killed(texter: Texter) -> None:
    _whole(texter)
    texter.say("menu")
    os.kill(texter.running.pid("redis"), signal.SIGKILL)
    text, explain = texter.say(URGENT)
    assert text.startswith("No abra")
    _whole(texter)
    texter.say("menu")
    assert texter.say("1")[1]["flow"] == "agents_here_now"


def test_the_worker_killed(texter: Texter) -> None:
    _whole(texter)
    killed = texter.running.pid("worker")
    os.kill(killed, signal.SIGKILL)
    assert texter.say(URGENT)[0].startswith("No abra")
    _until(lambda: texter.running.pid("worker") != killed, "there is a worker again")


def test_a_web_worker_killed(texter: Texter) -> None:
    _whole(texter)
    master = texter.running.pid("web")
    workers = descendants(master)
    os.kill(workers[0], signal.SIGKILL)
    for _ in range(8):
        assert texter.say(URGENT)[0].startswith("No abra")
    _until(lambda: len(descendants(master)) == len(workers), "as many web workers as before")


def test_the_web_server_itself_killed(texter: Texter) -> None:
    _whole(texter)
    killed = texter.running.pid("web")
    # Its orphaned workers may still answer for a moment; what counts is the server that comes back.
    former = {killed, *descendants(killed)}
    os.kill(killed, signal.SIGKILL)
    _until(lambda: texter.running.pid("web") not in former, "there is a web server again")
    _whole(texter)
    assert texter.say(URGENT)[0].startswith("No abra")


def test_what_needs_no_secret_inherits_none(texter: Texter) -> None:
    _whole(texter)
    first = texter.running.pid("nlu")
    held = [environ_of(process) for process in (first, *descendants(first))]
    assert all(each.get("DATA_DIR") == str(texter.running.data_dir) for each in held)
    assert not [name for each in held for name in each if name in ("PORT", "ENVIRONMENT") or "TWILIO" in name]


def test_redis_inherits_none_either(texter: Texter) -> None:
    """It writes its title over its environment, so all of its memory is looked at."""
    _whole(texter)
    memory = b"".join(part for _, part in memory_of(texter.running.pid("redis")))
    assert str(texter.running.data_dir).encode() in memory and SENDER.encode() not in memory


def test_nothing_of_a_family_is_in_the_log(texter: Texter) -> None:
    _whole(texter)
    texter.say("soy Xicotencatl Perez y vivo en 60629")
    log = texter.running.output
    for trace in ("Xicotencatl", "2025550142", "SM0000", "60629"):
        assert trace not in log


def test_what_is_on_disk_names_nobody(texter: Texter, tmp_path: Path) -> None:
    _whole(texter)
    texter.say("soy Xicotencatl Perez y vivo en 60629")
    for file in texter.running.data_dir.rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            assert b"Xicotencatl" not in held and b"2025550142" not in held, file.name
