"""Odd input for every route: nothing of it may end in a 5xx. Drawn by a seed, so that a finding can be had again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient

from tests.attacks.routes import Route, routes
from tests.attacks.strings import corpus
from tests.attacks.things import Things
from tests.console.browsing import NORTE, Account, Console
from tests.console.clients import Hand
from tests.phone import ACCOUNT, signature

IDS = (
    *(
        "0",
        "-1",
        "1e9",
        "99999999999999999999999",
        str(2**31),
        str(2**63),
        str(2**64),
        "0x10",
        "٣",
        "１",
        "null",
        "NaN",
        "true",
    ),
    *(
        "%00",
        "a%00b",
        "%FF%FE",
        "%ED%A0%80",
        "%C0%AF",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "..%5c..%5c",
        "%25252e",
        ".",
        "..",
        "~",
        "%20",
    ),
    *(
        "'%20OR%201=1--",
        "%22;DROP%20TABLE%20users;--",
        "$%7B7*7%7D",
        "%F0%9F%98%AD",
        "%E2%80%AE",
        "a" * 5_000,
        "%0d%0aSet-Cookie:x=y",
    ),
    *(
        "new",
        "export",
        "list",
        "con",
        "__proto__",
        "constructor",
        "%7B%7B7*7%7D%7D",
        "*",
        "%25",
        "|",
        "-",
        "_",
        "quc",
        "es",
        "\u00f1",
    ),
)
NAMES = (
    "id",
    "flow",
    "text",
    "note",
    "act",
    "step",
    "language",
    "csrf_token",
    "seen",
    "number",
    "email",
    "file",
    "marks",
    "form",
    "since",
    "page",
)
VALUES = (
    *(
        "",
        "0",
        "-1",
        str(2**63),
        "9" * 400,
        "nan",
        "inf",
        "1e400",
        "\x00",
        "a\x00b",
        "\ud7ff",
        "\uffff",
        "{",
        "[]",
        '{"a":',
        "null",
        "%",
        "٣",
    ),
    *(
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "24:61",
        "-",
        "|",
        "||||",
        "a|b|c|d",
        ".",
        "..",
        "a.b.c",
        ",",
        ";",
        "\r\n",
        " ",
        "on",
        "es",
        "xx",
    ),
)
TYPES = (
    *(
        "application/json",
        "text/plain",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "application/xml",
        "",
        "x",
        "text/html; charset=x",
    ),
    *(
        "application/x-www-form-urlencoded; charset=utf-7",
        "multipart/form-data; boundary=" + "a" * 300,
        "application/octet-stream",
        "\u00f1/x",
    ),
)
BODIES = (
    *(
        b"",
        b"{",
        b"null",
        b"\x00" * 100,
        b"\xff\xfe" * 50,
        b"a=" + b"b" * 1_000_000,
        b"&" * 3_000,
        b"=" * 500,
        b"%" * 500,
        b"%zz=%zz&%",
    ),
    *(
        b"--edge\r\n",
        b"--edge\r\nContent-Disposition: form-data\r\n\r\nx\r\n--edge--",
        b'--edge\r\nContent-Disposition: form-data; name="a',
    ),
    *(
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="../../x"\r\n\r\nx\r\n--edge--\r\n',
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
    ),
    b"a=1&" * 2_000,
)
HEADERS: tuple[dict[str, str], ...] = (
    {"Range": "bytes=0-"}, {"Range": "bytes=-1,5-2,99999999999999999999-"}, {"Range": "x=1"}, {"If-None-Match": '"' * 99},
    {"If-Modified-Since": "yesterday"}, {"If-Range": "\u00f1"}, {"Accept-Language": "x" * 3_000}, {"Accept-Language": "*;q=nan,es;q=9e999"},
    {"Accept": ";;;,/*"}, {"Host": "evil.example"}, {"Host": "[::1"}, {"Host": "a:b:c"}, {"Host": "127.0.0.1:99999"},
    {"X-Forwarded-Host": "evil.example"},
    {"Cookie": "console=" + "a" * 3_000}, {"Cookie": "console=login."}, {"Cookie": "console=login.\u00f1\x7f"},
    {"Cookie": "console=.eJw.x.y; console=;;="},
    {"Cookie": "console-language=quc; console-known=x.y.z"}, {"Cookie": "=; ; a"}, {"Sec-Fetch-Site": "\u00f1"}, {"Origin": "null"},
    {"Origin": "http://["},
    {"HX-Request": "true", "X-Poll": "\u00f1"}, {"Transfer-Encoding": "x"}, {"Content-Length": "-1"}, {"Content-Length": "x"},
    {"Expect": "200-ok"},
    {"X-HTTP-Method-Override": "DELETE"}, {"Referer": "\u00f1" * 100}, {"X-Twilio-Signature": "\u00f1"}, {"Authorization": "Basic \u00f1"},
)  # fmt: skip
WAYS_OUT = frozenset({"log_out", "end_login", "end_logins", "change_password", "deactivate", "change_roles"})
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "FOO")
_TEXTS = tuple(attack.text for attack in corpus())


@dataclass
class Swept:
    """How many requests, what came back, and which ended in a 5xx."""

    asked: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


class Sweep:
    """Odd requests at one console, from a visitor and from somebody who may open everything."""

    def __init__(self, console: Console, things: Things, account: Account, seed: int) -> None:
        self.console, self.things, self.account = console, things, account
        self.random, self.swept = random.Random(seed), Swept()
        self.client: FlaskClient = console.app.test_client(use_cookies=False)
        self.routes = routes(console.app)

    def run(self, each: int, but: frozenset[str] = frozenset()) -> Swept:
        """So many odd requests at every route, ``but`` at some."""
        self._log_in()
        for route in self.routes:
            if route.name in but:
                continue
            for number in range(each):
                self.ask(route, self.word if number % 4 or each < 4 else "")
            if route.name in WAYS_OUT:
                self._log_in()
        return self.swept

    def _log_in(self) -> None:
        self.word = self.console.cookie(self.account)
        made = Hand(self.console.app.test_client(), self.console)
        made.client.set_cookie("console", self.word, path="/")
        self.token = made.token()

    def ask(self, route: Route, word: str) -> None:
        """One of them."""
        sent = self.request(route)
        path, method, more = (
            sent["path"],
            sent["method"],
            {key: sent[key] for key in ("data", "content_type", "headers")},
        )
        if word and "Cookie" not in sent["headers"]:
            more["headers"] = {**sent["headers"], "Cookie": f"console={word}"}
        try:
            with self.client.open(path, method=method, **more) as answer:
                status = answer.status_code
        except Exception as error:
            # The test client refuses to send what no browser and no proxy would: that is no answer of ours.
            if type(error).__module__.startswith(("werkzeug", "builtins")) and not _from_the_app(error):
                return
            status = 599
        self.swept.asked += 1
        self.swept.statuses[status] = self.swept.statuses.get(status, 0) + 1
        if status >= 500:
            said = str(more["data"])[:200]
            self.swept.failed.append(f"{status} {method} {path[:200]} {more['content_type']} {more['headers']} {said}")

    def request(self, route: Route) -> dict[str, Any]:
        """Path, method, body, type and headers."""
        draw = self.random
        values = self._named(route)
        odd = {name: draw.choice(IDS) if draw.random() < 0.5 else value for name, value in values.items()}
        path = route.rule
        for name, value in odd.items():
            for kind in ("", "int:", "path:"):
                path = path.replace(f"<{kind}{name}>", value)
        method = route.method if draw.random() < 0.8 else draw.choice(METHODS)
        if draw.random() < 0.6:
            path += "?" + "&".join(
                f"{draw.choice(NAMES)}={self._quoted(self._value())}" for _ in range(draw.randrange(1, 6))
            )
        headers = dict(draw.choice(HEADERS)) if draw.random() < 0.4 else {}
        data, kind = self._body(route, method)
        return {"path": path, "method": method, "data": data, "content_type": kind, "headers": headers}

    def _named(self, route: Route) -> dict[str, str]:
        return self.things.of(route, NORTE)

    def _body(self, route: Route, method: str) -> tuple[Any, str | None]:
        draw, way = self.random, self.random.random()
        if method in ("GET", "HEAD", "OPTIONS") and way < 0.9:
            return None, None
        if way < 0.55:
            form = [(draw.choice(NAMES), self._value()) for _ in range(draw.randrange(0, 9))]
            form = [(name, value) for name, value in form if name != "csrf_token"]
            if route.of_console:
                form.append(("csrf_token", self.token))
            body = "&".join(f"{name}={self._quoted(value)}" for name, value in form)
            return body.encode(), "application/x-www-form-urlencoded"
        return draw.choice(BODIES), draw.choice(
            (*TYPES, "multipart/form-data; boundary=edge", "application/x-www-form-urlencoded")
        )

    def _value(self) -> str:
        return self.random.choice(VALUES if self.random.random() < 0.7 else _TEXTS)

    @staticmethod
    def _quoted(value: str) -> str:
        return quote(value.encode("utf-8", "surrogatepass"), safe="%" if value.startswith("%") else "")


def signed(sweep: Sweep, many: int) -> Iterator[tuple[str, int]]:
    """The webhook with odd parameters, signed as Twilio signs them: path and status of each."""
    names = "Body From To MessageSid AccountSid NumMedia MediaUrl0 Latitude Longitude OptOutType ButtonText ListTitle".split()
    names += ["Forwarded", "MessageStatus", "ErrorCode"]
    for number in range(many):
        path = sweep.random.choice(("/messages", "/status"))
        form = {
            "MessageSid": f"SM{number:032x}",
            "From": f"+1202555{number % 10_000:04}",
            "AccountSid": ACCOUNT,
            "MessageStatus": "sent",
        }
        for _ in range(sweep.random.randrange(1, 6)):
            form[sweep.random.choice(names)] = sweep._value().encode("utf-8", "replace").decode()
        headers = {"X-Twilio-Signature": signature(form, path=path)}
        status = sweep.client.post(path, data=form, headers=headers).status_code
        sweep.swept.asked += 1
        sweep.swept.statuses[status] = sweep.swept.statuses.get(status, 0) + 1
        if status >= 500:
            sweep.swept.failed.append(f"{status} {path} {form}")
        yield path, status


def _from_the_app(error: BaseException) -> bool:
    """Whether it came out of our own code, and not out of the client's encoding of the request."""
    frame, files = error.__traceback__, []
    while frame is not None:
        files.append(frame.tb_frame.f_code.co_name)
        frame = frame.tb_next
    return "wsgi_app" in files
