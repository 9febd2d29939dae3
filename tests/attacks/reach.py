"""Whom a real web process speaks to: gunicorn as the Procfile starts it, with a hook of the interpreter that notes every connection.

The hook (PEP 578) is told of each socket that connects or looks a name up, and of each process that is begun, whatever library
does it. While it listens every route is asked, with addresses of inner and outer hosts in everything that may be said to it.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from bot.settings import REPOSITORY
from tests.attacks.odd import WAYS_OUT
from tests.attacks.planting import ASKED
from tests.attacks.routes import Route, routes
from tests.attacks.things import Things
from tests.console.browsing import NORTE, Account, Console
from tests.console.clients import Hand
from tests.phone import ACCOUNT, signature
from tests.servers import free_port

HOOK = """
import json, os, sys
_FILE = os.open({file!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
_EVENTS = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg", "subprocess.Popen",
           "os.system", "os.exec", "os.posix_spawn", "urllib.Request", "ftplib.connect", "smtplib.connect", "webbrowser.open")
def _noted(event, args):
    if event in _EVENTS:
        os.write(_FILE, (json.dumps([os.getpid(), event, repr(args[1:] if event == "socket.connect" else args)]) + "\\n").encode())
sys.addaudithook(_noted)
"""
INNER = (
    "http://127.0.0.1:{port}/", "http://localhost:{port}/", "//127.0.0.1:{port}/", "http://[::1]:{port}/x.ogg", "http://2130706433:{port}/",
    "http://169.254.169.254/latest/meta-data/", "http://metadata.google.internal/", "http://evil.example/", "https://evil.example/a.xlsx",
    "gopher://127.0.0.1:{port}/_x", "ftp://127.0.0.1:{port}/x", "file:///etc/passwd", "\\\\127.0.0.1\\x", "smb://127.0.0.1/x",
    "http://user:pw@127.0.0.1:{port}/", "http://127.0.0.1:{port}%23@example.org/", "dict://127.0.0.1:{port}/x", "jar:http://127.0.0.1:{port}!/",
)  # fmt: skip
NAMES = (
    "url",
    "website",
    "link",
    "file",
    "MediaUrl0",
    "source",
    "text",
    "note",
    "email",
    "name",
    "next",
    "webhook",
    "callback",
    "image",
)


@dataclass
class Reached:
    """To how many requests the process answered, and whom it spoke to: event and address, with how often."""

    asked: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    spoken: dict[tuple[str, str], int] = field(default_factory=dict)

    def strangers(self, *allowed: str) -> list[str]:
        """What was spoken to that is none of these."""
        return [f"{event} {said}" for event, said in self.spoken if not any(each in said for each in allowed)]


@dataclass
class Web:
    """A running web process. ``rasa``: where it would look for the model; nobody is there."""

    port: int
    rasa: int
    notes: Path
    data: Path

    def spoken(self) -> dict[tuple[str, str], int]:
        """What the hook noted so far."""
        found: dict[tuple[str, str], int] = {}
        for line in self.notes.read_text("utf-8").splitlines():
            _, event, said = json.loads(line)
            found[event, said] = found.get((event, said), 0) + 1
        return found


@contextmanager
def web(console: Console, folder: Path) -> Iterator[Web]:
    """gunicorn on the data of this console, with the hook."""
    folder.mkdir()
    notes, port, rasa = folder / "notes", free_port(), free_port()
    notes.touch()
    (folder / "sitecustomize.py").write_text(HOOK.format(file=str(notes)), "utf-8")
    environ = {
        **os.environ, "ENVIRONMENT": "test", "DATA_DIR": str(console.folder), "PORT": str(port), "WEB_CONCURRENCY": "1",
        "RASA_URL": f"http://127.0.0.1:{rasa}", "RASA_TOKEN": "none", "PYTHONPATH": str(folder),
        "PUENTE_CLOCK_FILE": str(console.clock_file),
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "--config", "bot/gunicorn.py", "webhook:app"]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environ, stdout=output, stderr=output)
        try:
            _until_it_answers(process, port, folder)
            yield Web(port, rasa, notes, console.folder)
        finally:
            process.terminate()
            process.wait(30)


def _until_it_answers(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    give_up = time.monotonic() + 120
    while True:
        assert process.poll() is None and time.monotonic() < give_up, (folder / "output").read_text("utf-8", "replace")[
            -2000:
        ]
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)


def asked_everything(running: Web, console: Console, things: Things, account: Account, trap: int) -> Reached:
    """Asks every route with addresses, one of them of ``trap``, a port on which somebody would notice. Whom did it speak to?"""
    reached = Reached()
    addresses = itertools.cycle(each.replace("{port}", str(trap)) for each in INNER)
    word, token = _logged_in(console, account)
    for route in routes(console.app):
        status = _ask(running, route, things, addresses, word, token)
        reached.asked += 1
        reached.statuses[status] = reached.statuses.get(status, 0) + 1
        if route.name in WAYS_OUT:
            word, token = _logged_in(console, account)
    reached.spoken = running.spoken()
    return reached


def _logged_in(console: Console, account: Account) -> tuple[str, str]:
    hand = Hand(console.app.test_client(), console)
    word = console.cookie(account)
    hand.client.set_cookie("console", word, path="/")
    return word, hand.token()


def _ask(running: Web, route: Route, things: Things, addresses: Iterator[str], word: str, token: str) -> int:
    path = route.path(things.of(route, NORTE))
    headers = {"Cookie": f"console={word}", "Host": f"127.0.0.1:{running.port}", "X-Forwarded-Host": next(addresses)}
    if route.method == "GET":
        path += "?" + urlencode({name: next(addresses) for name in (*ASKED[:12], *NAMES)})
        body = None
    else:
        form = {name: next(addresses) for name in NAMES} | {"csrf_token": token}
        if route.rule in ("/messages", "/status"):
            form |= {
                "MessageSid": "SM" + "7" * 32,
                "From": "+12025550177",
                "Body": "hola, vea esto",
                "AccountSid": ACCOUNT,
            }
            form |= {"NumMedia": "1", "MediaContentType0": "image/jpeg", "MessageStatus": "sent"}
            headers["X-Twilio-Signature"] = signature(form, path=route.rule)
        body = urlencode(form)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    try:
        connection.request(route.method, path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()
