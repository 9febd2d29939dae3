"""What we ask of Twilio, held against Twilio's own description (``twilio.yaml``) by npm's Stoplight Prism.

Prism answers each request as the description says, or tells what does not fit it. Our code hears only the answer, so a front before
Prism keeps what was told. It also looks at the names in queries and forms: Prism passes over those that it does not know.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import yaml

from bot.launch import carrier
from bot.settings import REPOSITORY
from tests.servers import free_port

HERE = Path(__file__).parent
DESCRIPTION = HERE / "twilio.yaml"
METHODS = ("get", "post", "patch", "put", "delete")
FORM = "application/x-www-form-urlencoded"
SENT = ("Authorization", "Content-Type", "Accept")
"""Headers that are handed on."""
Answer = tuple[int, str, bytes]


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked: Twilio's name of it, its method, its path with names in braces, the names of its query and form."""

    name: str
    method: str
    path: str
    query: frozenset[str]
    form: frozenset[str]

    def fits(self, method: str, path: str) -> bool:
        """Whether a request is this one."""
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(self.path))
        return method == self.method and re.fullmatch(pattern, path) is not None

    def unknown(self, query: str, form: str) -> list[str]:
        """Names that are not described."""
        faults = [f"query.{name}: unknown" for name, _ in parse_qsl(query, True) if name not in self.query]
        return faults + [f"body.{name}: unknown" for name, _ in parse_qsl(form, True) if name not in self.form]


@dataclass(frozen=True)
class Asked:
    """A request as it came over the wire. ``operation`` is empty where nothing described fits it; ``faults``: what does not fit."""

    method: str
    path: str
    operation: str
    faults: tuple[str, ...]


def operations() -> list[Operation]:
    """All that is described."""
    described = yaml.safe_load(DESCRIPTION.read_text("utf-8"))
    shared = described["components"]["parameters"]
    found = []
    for path, item in described["paths"].items():
        for method in METHODS:
            if method in item:
                given = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                parameters = [shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each for each in given]
                query = frozenset(each["name"] for each in parameters if each["in"] == "query")
                body = item[method].get("requestBody", {"content": {}})["content"]
                form = frozenset(body[FORM]["schema"]["properties"] if FORM in body else ())
                found.append(Operation(item[method]["operationId"], method.upper(), path, query, form))
    return found


class Prism:
    """The process. It listens on this machine only and can connect to nobody; ``log`` is what it says."""

    def __init__(self, log: Path) -> None:
        self.port, self.log = free_port(), log
        program = carrier.folder(REPOSITORY, carrier.PRISM) / "node_modules/@stoplight/prism-cli/dist/index.js"
        command = [carrier.node(REPOSITORY), "-r", HERE / "alone.cjs", program, "mock", "--errors"]
        with open(log, "wb") as said:
            self.process = subprocess.Popen(
                [*command, "-h", "127.0.0.1", "-p", str(self.port), DESCRIPTION], stdout=said, stderr=subprocess.STDOUT
            )
        give_up = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                self.ask("GET", "/", {}, b"")
                return
            assert self.process.poll() is None and time.monotonic() < give_up, log.read_text("utf-8")
            time.sleep(0.05)

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """A request as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()


@dataclass
class Front:
    """Hands everything on to Prism and keeps what was asked."""

    prism: Prism
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=operations)

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "", key: str | None = "AC0:token") -> Asked:
        """A request that our code does not make."""
        headers = {"Authorization": f"Basic {base64.b64encode(key.encode()).decode()}"} if key else {}
        self.hand_on(method, path, headers | ({"Content-Type": kind} if kind else {}), body)
        return self.asked[-1]

    def hand_on(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Asks Prism: status, kind and body of its answer."""
        parts = urlsplit(path)
        # Prism looks for DateSent< under the name DateSent%3C.
        query = urlencode([(quote(name, safe=""), value) for name, value in parse_qsl(parts.query, True)])
        answer, said = self.prism.ask(method, f"{parts.path}?{query}" if query else parts.path, headers, body)
        operation = next((each for each in self.operations if each.fits(method, parts.path)), None)
        faults = _faults(answer, said)
        if operation:
            faults += operation.unknown(parts.query, body.decode() if headers.get("Content-Type") == FORM else "")
        self.asked.append(Asked(method, parts.path, operation.name if operation else "", tuple(faults)))
        return answer.status, answer.headers.get("Content-Type", "application/json"), said


def _faults(answer: http.client.HTTPResponse, said: bytes) -> list[str]:
    """What Prism has against a request: where and what, in its own words; or against its own answer."""
    told: list[dict[str, Any]] = json.loads(answer.headers.get("sl-violations") or "[]")
    if answer.status >= 400:
        problem = json.loads(said)
        told = problem.get("validation") or [{"location": [], "code": problem["type"].rpartition("#")[2]}]
    return [f"{unquote('.'.join(each['location']))}: {each.get('code') or each['message']}" for each in told]


class _Handler(BaseHTTPRequestHandler):
    front: Front

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        sent = {name: self.headers[name] for name in SENT if name in self.headers}
        status, kind, said = self.front.hand_on(self.command, self.path, sent, body)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _serve

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextlib.contextmanager
def front_of(prism: Prism) -> Iterator[Front]:
    """The front, on a free port of this machine."""
    front = Front(prism)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"front": front}))
    server.daemon_threads = True
    front.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield front
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Prism]:
    """Prism with its log in this folder; installed first where `make` has not done it."""
    if not carrier.installed(REPOSITORY, carrier.PRISM):
        subprocess.run([sys.executable, "-m", "bot.launch", "carrier"], cwd=REPOSITORY, check=True, timeout=300)
    prism = Prism(folder / "prism.log")
    try:
        yield prism
    finally:
        prism.process.kill()
        prism.process.wait()
