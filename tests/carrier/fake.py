"""A Twilio on this machine: npm's ``emulate``, which none of us wrote, and before it a front that breaks things on order.

What ``emulate`` 0.8.0 does: lists (``From``, ``To``, pages by number), deletes messages, checks keys, receives messages.
What it does not, the front adds: the filter by date, and deleting media. It forgets every filter from the second page on,
which is left as it is: whoever deletes must look at each message.

It also takes messages of ours and reports about them, signed, and its first report comes before its answer. Reports go
through the front too, where ours say PUBLIC_BASE_URL is the front: there they may be lost, doubled or held back.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from twilio.request_validator import RequestValidator

from bot.launch import carrier
from bot.settings import REPOSITORY
from tests.servers import free_port

HERE = Path(__file__).parent
ACCOUNT, KEY, SECRET = "AC" + "0" * 32, "SK" + "0" * 32, "secret-of-the-fake"
SMS, WHATSAPP, ANOTHER = "+13125550100", "whatsapp:+13125550100", "+13125550199"
"""Our two senders, and the number of another project in the same account."""
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"
SEED = f"""
twilio:
  account: {{sid: {ACCOUNT}, auth_token: test-token}}
  api_keys: [{{sid: {KEY}, secret: {SECRET}}}]
  phone_numbers: [{{phone_number: "{SMS}"}}, {{phone_number: "{WHATSAPP}"}}, {{phone_number: "{ANOTHER}"}}]
"""


class Emulate:
    """The process. Its clock is real time plus what ``hours_ago`` says."""

    def __init__(self, folder: Path) -> None:
        self.port, self.clock = free_port(), folder / "clock"
        seed = folder / "seed.yaml"
        seed.write_text(SEED, "utf-8")
        program = carrier.folder(REPOSITORY) / "node_modules" / "emulate" / "dist" / "index.js"
        self.process = subprocess.Popen(
            [carrier.node(REPOSITORY), "-r", HERE / "loopback.cjs", program, "start"]
            + ["--service", "twilio", "--port", str(self.port), "--seed", str(seed)],
            env={**os.environ, "CLOCK_FILE": str(self.clock)},
            stdout=subprocess.DEVNULL,
        )
        give_up = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                self.ask("GET", f"{MESSAGES}.json")
                return
            assert self.process.poll() is None and time.monotonic() < give_up, "the fake Twilio does not start"
            time.sleep(0.05)

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> tuple[int, bytes]:
        """A request with the right key, unless ``headers`` says otherwise."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body or None, {"Authorization": _basic()} if headers is None else headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def post(self, path: str, **values: str) -> Any:
        status, body = self.ask("POST", path, _form(_basic()), urlencode(values).encode())
        assert status in (200, 201), body
        return json.loads(body)

    def hours_ago(self, hours: float) -> None:
        """From now on its clock is so much behind."""
        self.clock.write_text(str(-3600 * hours), "ascii")


@dataclass
class Exchange:
    """One request on its way, for a fault to do something with."""

    handler: BaseHTTPRequestHandler
    twilio: Twilio

    body: bytes = b""

    def forward(self) -> tuple[int, bytes]:
        headers = self.handler.headers
        if self.handler.path.startswith("/status"):
            return self.twilio.report(self.handler.path, self.body, headers["X-Twilio-Signature"])
        if self.handler.command == "POST":
            status, body = self.twilio.emulate.ask(
                "POST", self.handler.path, _form(headers.get("Authorization")), self.body
            )
            if status == 201:
                self.twilio.taken.append(json.loads(body)["sid"])
            return status, body
        return self.twilio.through(self.handler.command, self.handler.path, headers.get("Authorization"))

    def answer(self, status: int, body: bytes = b"", kind: str = "application/json") -> None:
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", kind)
        self.handler.send_header("Connection", "close")
        if status != 204:
            self.handler.send_header("Content-Length", str(len(body)))
        self.handler.end_headers()
        self.handler.wfile.write(body)


@dataclass
class Fault:
    """What goes wrong, at which requests and how often."""

    do: Callable[[Exchange], None]
    method: str = "DELETE"
    part: str = "/Messages/"
    times: int = 1_000_000


@dataclass
class Twilio:
    """The front: remembers what was asked, breaks what it was told to break, hands on the rest."""

    emulate: Emulate
    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    media_gone: set[str] = field(default_factory=set)
    app: Flask | None = None
    """Who gets the reports."""
    held: list[Exchange] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    """The sids of what was sent through the front, in their order."""

    def report(self, path: str, body: bytes, signature: str) -> tuple[int, bytes]:
        """Hands a report on to the app."""
        if self.app is None:
            return 204, b""
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        answer = self.app.test_client().post(path, data=body, headers=headers)
        return answer.status_code, answer.data

    def say(self, name: str, sid: str, status: str, code: int | None = None) -> int:
        """A report with an error code, which ``emulate`` has none of, signed by us; the status of its answer."""
        form = {"MessageSid": sid, "MessageStatus": status, "AccountSid": ACCOUNT, "To": "+12025550101", "From": SMS}
        form |= {"ErrorCode": str(code)} if code else {}
        path = f"/status?o={name}"
        signed = RequestValidator("test-token").compute_signature(f"{self.url}{path}", form)
        return self.report(path, urlencode(form).encode(), signed)[0]

    def carry(self, sid: str, *statuses: str) -> None:
        """The phone company goes on with a message of ours, and ``emulate`` reports each step."""
        for status in statuses:
            self.emulate.post("/_twilio/simulate/message-status", MessageSid=sid, Status=status)

    def messages(self) -> list[dict[str, Any]]:
        """All that is there, the newest first."""
        found: list[dict[str, Any]] = []
        path = f"{MESSAGES}.json?PageSize=1000"
        while path:
            page = json.loads(self.emulate.ask("GET", path)[1])
            found += page["messages"]
            path = page.get("next_page_uri") or ""
        return found

    def ours(self) -> list[dict[str, Any]]:
        """What we sent, the oldest first."""
        return [each for each in reversed(self.messages()) if each["direction"] == "outbound-api"]

    def receive(self, sender: str, to: str, text: str = "hola") -> str:
        """Somebody writes to us."""
        return str(self.emulate.post("/_twilio/simulate/inbound-message", From=sender, To=to, Body=text)["sid"])

    def send(self, sender: str, to: str, text: str = "respuesta", media: str = "", status: str = "delivered") -> str:
        """We answer, perhaps with a recording; ``queued`` has no date of sending."""
        more = {"MediaUrl": media} if media else {}
        sid = str(self.emulate.post(f"{MESSAGES}.json", From=sender, To=to, Body=text, **more)["sid"])
        for each in () if status == "queued" else ("sent", status):
            self.emulate.post("/_twilio/simulate/message-status", MessageSid=sid, Status=each)
        return sid

    def sids(self) -> set[str]:
        """All that is there."""
        return {each["sid"] for each in self.messages()}

    def clear(self) -> None:
        for sid in self.sids():
            self.emulate.ask("DELETE", f"{MESSAGES}/{sid}.json")
        self.emulate.hours_ago(0)
        self.asked.clear()
        self.faults.clear()
        self.media_gone.clear()
        self.held.clear()
        self.taken.clear()

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append((handler.command, handler.path))
        exchange = Exchange(handler, self, handler.rfile.read(int(handler.headers.get("Content-Length") or 0)))
        for fault in self.faults:
            if fault.times > 0 and fault.method == handler.command and fault.part in handler.path:
                fault.times -= 1
                fault.do(exchange)
                return
        exchange.answer(*exchange.forward())

    def through(self, method: str, path: str, key: str | None) -> tuple[int, bytes]:
        """What ``emulate`` answers, with what it does not know added."""
        headers = {"Authorization": key} if key else {}
        parts = urlsplit(path)
        if method == "DELETE" and "/Media/" in path:
            status, body = self.emulate.ask("GET", path, headers)
            if status == 200:
                self.media_gone.add(json.loads(body)["sid"])
                return 204, b""
            return status, body
        status, body = self.emulate.ask(method, path, headers)
        before = parse_qs(parts.query).get("DateSent<")
        if status == 200 and before and parts.path.endswith("/Messages.json"):
            limit = datetime.strptime(before[0], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            page = json.loads(body)
            page["messages"] = [
                each
                for each in page["messages"]
                if each["date_sent"] and parsedate_to_datetime(each["date_sent"]) <= limit
            ]
            body = json.dumps(page).encode()
        return status, body


def _form(key: str | None) -> dict[str, str]:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return kind | ({"Authorization": key} if key else {})


def _basic() -> str:
    return "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()


@contextlib.contextmanager
def front_of(emulate: Emulate) -> Iterator[Twilio]:
    """The front, listening on a port of its own."""
    twilio = Twilio(emulate)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

        def do_GET(self) -> None:
            # Who asked may have been killed meanwhile.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                twilio.handle(self)
            self.close_connection = True

        do_DELETE = do_POST = do_GET

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    twilio.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield twilio
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def emulated(folder: Path) -> Iterator[Emulate]:
    """The independent Twilio with its files in this folder; installed first where `make` has not done it."""
    if not carrier.installed(REPOSITORY):
        subprocess.run([sys.executable, "-m", "bot.launch", "carrier"], cwd=REPOSITORY, check=True, timeout=300)
    started = Emulate(folder)
    try:
        yield started
    finally:
        started.process.kill()
        started.process.wait()


@pytest.fixture(scope="session")
def emulate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulate]:
    """The independent Twilio, for the whole run."""
    with emulated(tmp_path_factory.mktemp("twilio")) as started:
        yield started


@pytest.fixture
def twilio(emulate: Emulate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Twilio]:
    """An empty account at a Twilio that can be told to fail."""
    # Behind a proxy too, this machine is asked directly.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with front_of(emulate) as front:
        front.clear()
        yield front
