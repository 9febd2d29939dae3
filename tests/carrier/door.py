"""Twilio's door for ``twilio setup``: every product that it asks, on one loopback socket, with state and with faults on order.

Written by us, because no Twilio of others has these products. The shapes of its answers are those of the examples in Twilio's
own OpenAPI description (twilio-oai; geo permissions: the documents of twilio-python 9.13). What ``emulate`` has,
``test_twilio_setup_emulated.py`` asks there.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ACCOUNT, TOKEN = "AC" + "1" * 32, "the-token-of-the-account"
KEY, SECRET = "SK" + "2" * 32, "the-secret-of-the-key"
NUMBER, FREE, ANOTHER = "+13125550100", "+18885550100", "+13125550199"
SERVICE = "MG" + "3" * 32
HERE = "https://bot.example.org"
MESSAGES, STATUS = f"{HERE}/messages#rc=5&rp=ct,5xx", f"{HERE}/status"
BIN = "https://handler.twilio.com/twiml/EH" + "4" * 32
RIGHTS = [f"/twilio/messaging/messages/{each}" for each in ("create", "read", "list", "delete")] + [
    "/twilio/messaging/messages.media/read"
]
Answer = tuple[int, Any]


@dataclass
class Asked:
    """A request as it came over the wire."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, list[str]]
    json: Any
    user: str


@dataclass
class Fault:
    """What goes wrong at requests of this method to paths with this part in them, after so many that go well."""

    answer: Callable[[BaseHTTPRequestHandler], Answer]
    method: str = ""
    part: str = ""
    after: int = 0
    times: int = 1_000


@dataclass
class Door:
    """An account at Twilio, and what it was asked."""

    url: str = ""
    account: dict[str, Any] = field(default_factory=lambda: {"sid": ACCOUNT, "status": "active", "type": "Full"})
    tokens: list[str] = field(default_factory=lambda: [TOKEN])
    policy: dict[str, Any] | None = field(default_factory=lambda: {"allow": RIGHTS})
    numbers: list[dict[str, Any]] = field(default_factory=list)
    short_codes: list[dict[str, Any]] = field(default_factory=list)
    services: list[dict[str, Any]] = field(default_factory=list)
    members: dict[str, list[str]] = field(default_factory=dict)
    campaigns: list[dict[str, Any]] = field(default_factory=list)
    verifications: list[dict[str, Any]] = field(default_factory=list)
    senders: list[dict[str, Any]] = field(default_factory=list)
    open: dict[str, bool] = field(default_factory=dict)
    refused_countries: dict[str, int] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def changes(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Every request that was to change something: method, path, what was sent."""
        return [
            (each.method, each.path, each.json or {name: value[-1] for name, value in each.form.items()})
            for each in self.asked
            if each.method != "GET"
        ]

    def number(self, number: str = NUMBER, **more: Any) -> dict[str, Any]:
        """A number of the account, as Twilio sells it."""
        made = {
            **{"sid": f"PN{len(self.numbers) + 5:032}", "phone_number": number, "friendly_name": number},
            **{"capabilities": {"voice": True, "sms": True, "mms": True, "fax": False}, "sms_application_sid": ""},
            **{"sms_url": "https://demo.twilio.com/welcome/sms/reply", "sms_method": "POST", "sms_fallback_url": ""},
            **{"sms_fallback_method": "POST", "status_callback": "", "status": "in-use", **more},
        }
        self.numbers.append(made)
        return made

    def service(self, *numbers: str, **more: Any) -> dict[str, Any]:
        """A Messaging Service with these numbers."""
        made = {
            **{"sid": SERVICE, "account_sid": ACCOUNT, "friendly_name": "Puente", "inbound_request_url": None},
            **{"inbound_method": "POST", "fallback_url": None, "fallback_method": "POST", "status_callback": None},
            **{"sticky_sender": True, "smart_encoding": True, "validity_period": 36000},
            **{"use_inbound_webhook_on_number": False, "usecase": "undeclared", **more},
        }
        self.services.append(made)
        self.members[made["sid"]] = [each["sid"] for each in self.numbers if each["phone_number"] in numbers]
        return made

    def sender(self, number: str = NUMBER, **webhook: Any) -> dict[str, Any]:
        """A WhatsApp sender."""
        made = {
            **{"sid": "XE" + "6" * 32, "status": "ONLINE", "sender_id": f"whatsapp:{number}"},
            **{"configuration": {"waba_id": "1"}, "profile": {"name": "Puente"}, "webhook": dict(webhook)},
        }
        self.senders.append(made)
        return made

    def answer(self, asked: Asked) -> Answer:
        """What Twilio answers, by product."""
        for pattern, method in ROUTES:
            if found := re.fullmatch(pattern, asked.path):
                return method(self, asked, *found.groups())
        return _error(404, 20404)


def _error(status: int, code: int) -> Answer:
    words = "The text of Twilio with +12025550123 in it"
    return status, {"code": code, "message": words, "more_info": "https://www.twilio.com/docs", "status": status}


def _page(key: str, found: list[Any]) -> Answer:
    return 200, {key: found, "meta": {"key": key, "next_page_url": None, "page": 0, "page_size": 1000}}


def _old_page(key: str, found: list[Any]) -> Answer:
    return 200, {key: found, "end": 0, "next_page_uri": None, "page": 0, "page_size": 1000, "start": 0, "uri": "/"}


def _by_sid(found: list[dict[str, Any]], sid: str) -> dict[str, Any] | None:
    return next((each for each in found if each["sid"] == sid), None)


def _account(door: Door, asked: Asked) -> Answer:
    return 200, door.account


def _numbers(door: Door, asked: Asked) -> Answer:
    return _old_page("incoming_phone_numbers", door.numbers)


def _number(door: Door, asked: Asked, sid: str) -> Answer:
    return _change(_by_sid(door.numbers, sid), asked)


def _short_codes(door: Door, asked: Asked) -> Answer:
    found = [each for each in door.short_codes if each["short_code"] == asked.query.get("ShortCode")]
    return _old_page("short_codes", found)


def _short_code(door: Door, asked: Asked, sid: str) -> Answer:
    return _change(_by_sid(door.short_codes, sid), asked)


def _messages(door: Door, asked: Asked) -> Answer:
    assert asked.method == "GET" and asked.query["DateSent<"] == "2000-01-01T00:00:00Z", (
        "no message of a family is read"
    )
    return _old_page("messages", [])


def _key(door: Door, asked: Asked, sid: str) -> Answer:
    if sid != KEY:
        return _error(404, 20404)
    return 200, {"sid": sid, "friendly_name": "worker", "policy": door.policy}


def _services(door: Door, asked: Asked) -> Answer:
    return _page("services", door.services)


def _service(door: Door, asked: Asked, sid: str) -> Answer:
    return _change(_by_sid(door.services, sid), asked)


def _members(door: Door, asked: Asked, service: str) -> Answer:
    if asked.method == "POST":
        sid = asked.form["PhoneNumberSid"][0]
        if _by_sid(door.numbers, sid) is None:
            return _error(404, 21701)
        door.members[service].append(sid)
        return 201, {"sid": sid, "phone_number": "", "capabilities": ["SMS"]}
    found = [each for each in door.numbers if each["sid"] in door.members[service]]
    return _page("phone_numbers", [{**each, "capabilities": ["MMS", "SMS"], "country_code": "US"} for each in found])


def _no_codes(door: Door, asked: Asked, service: str) -> Answer:
    return _page("short_codes", [])


def _campaigns(door: Door, asked: Asked, service: str) -> Answer:
    return _page("compliance", door.campaigns)


def _verifications(door: Door, asked: Asked) -> Answer:
    number = asked.query["TollfreePhoneNumberSid"]
    return _page("verifications", [each for each in door.verifications if each["tollfree_phone_number_sid"] == number])


def _senders(door: Door, asked: Asked) -> Answer:
    assert asked.query["Channel"] == "whatsapp"
    return _page("senders", door.senders)


def _sender(door: Door, asked: Asked, sid: str) -> Answer:
    found = _by_sid(door.senders, sid)
    if found is None:
        return _error(404, 20404)
    if asked.method == "POST":
        # All of what it has of addresses is replaced, which is the worst that Twilio may do with it.
        found["webhook"] = asked.json["webhook"]
        return 202, found
    return 200, found


def _countries(door: Door, asked: Asked) -> Answer:
    if asked.method == "GET":
        codes = asked.query["CountryCode"].split(",")
        told = [
            {"country_code": each, "type": "country", "enabled": door.open[each]} for each in codes if each in door.open
        ]
        return 200, {"permissions": told}
    done = []
    for each in map(json.loads, asked.form["Permissions"]):
        code = door.refused_countries.get(each["country_code"], 0)
        if not code:
            door.open[each["country_code"]] = each["enabled"]
        done.append({**each, "error_code": code, "error_messages": ["no"] if code else []})
    return 200, {"permissions": done}


def _change(found: dict[str, Any] | None, asked: Asked) -> Answer:
    """A form in Twilio's spelling (SmsUrl) into a record in its other one (sms_url)."""
    if found is None:
        return _error(404, 20404)
    for name, values in asked.form.items():
        spelt = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        assert spelt in found, f"{name} is no part of this"
        value: Any = values[-1]
        found[spelt] = value == "true" if value in ("true", "false") else int(value) if value.isdigit() else value
    return 200, found


_BASE = rf"/2010-04-01/Accounts/{ACCOUNT}"
ROUTES: list[tuple[str, Callable[..., Answer]]] = [
    (rf"{_BASE}\.json", _account),
    (rf"{_BASE}/IncomingPhoneNumbers\.json", _numbers),
    (rf"{_BASE}/IncomingPhoneNumbers/(\w+)\.json", _number),
    (rf"{_BASE}/SMS/ShortCodes\.json", _short_codes),
    (rf"{_BASE}/SMS/ShortCodes/(\w+)\.json", _short_code),
    (rf"{_BASE}/Messages\.json", _messages),
    (r"/iam/v1/Keys/(\w+)", _key),
    (r"/content/v1/Content", lambda door, asked: _page("contents", [])),
    (r"/messaging/v1/Services", _services),
    (r"/messaging/v1/Services/(\w+)", _service),
    (r"/messaging/v1/Services/(\w+)/PhoneNumbers", _members),
    (r"/messaging/v1/Services/(\w+)/ShortCodes", _no_codes),
    (r"/messaging/v1/Services/(\w+)/Compliance/Usa2p", _campaigns),
    (r"/messaging/v1/Tollfree/Verifications", _verifications),
    (r"/messaging/v2/Channels/Senders", _senders),
    (r"/messaging/v2/Channels/Senders/(\w+)", _sender),
    (r"/accounts/v1/Messaging/GeoPermissions", _countries),
]


class _Handler(BaseHTTPRequestHandler):
    door: Door

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        is_json = "json" in self.headers.get("Content-Type", "")
        user, _, word = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode().partition(":")
        asked = Asked(
            self.command,
            parts.path,
            {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()},
            {} if is_json else parse_qs(body.decode(), keep_blank_values=True),
            json.loads(body) if is_json and body else None,
            user,
        )
        self.door.asked.append(asked)
        try:
            status, answer = self._fault() or self._refusal(user, word, parts.path) or self.door.answer(asked)
        except AssertionError as error:
            status, answer = 400, {"code": 1, "message": str(error)}
        except ConnectionAbortedError:
            return
        self._send(status, answer)

    def _fault(self) -> Answer | None:
        for fault in self.door.faults:
            if fault.method in ("", self.command) and fault.part in self.path:
                if fault.after > 0:
                    fault.after -= 1
                elif fault.times > 0:
                    fault.times -= 1
                    return fault.answer(self)
        return None

    def _refusal(self, user: str, word: str, path: str) -> Answer | None:
        if user == ACCOUNT and word in self.door.tokens:
            return None
        if (user, word) != (KEY, SECRET):
            return _error(401, 20003)
        allowed = self.door.policy is None or "/twilio/messaging/messages/list" in self.door.policy["allow"]
        may = (allowed and path.endswith("/Messages.json")) or path.startswith("/content/")
        return None if may else _error(401, 70051)

    def _send(self, status: int, answer: Any) -> None:
        is_text = isinstance(answer, str)
        data = answer.encode() if is_text else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if is_text else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _serve

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@contextmanager
def opened() -> Iterator[Door]:
    """A door on a free port of this machine."""
    door = Door()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"door": door}))
    door.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield door
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def status(code: int, own: int | None = None) -> Callable[[BaseHTTPRequestHandler], Answer]:
    """An error of Twilio, with its own code."""
    return lambda handler: _error(code, own or code)


def problem(code: int, own: int) -> Callable[[BaseHTTPRequestHandler], Answer]:
    """An error in the newer form of Twilio (RFC 9457)."""
    return lambda handler: (code, {"type": "about:blank", "title": "no", "status": code, "code": own})


def page(code: int) -> Callable[[BaseHTTPRequestHandler], Answer]:
    """A page of something in between, with a tag that must not reach a terminal."""
    return lambda handler: (code, "<html><body>Down for maintenance \x1b[2J</body></html>")


def silence(seconds: float) -> Callable[[BaseHTTPRequestHandler], Answer]:
    """No answer for longer than anybody waits."""

    def wait(handler: BaseHTTPRequestHandler) -> Answer:
        time.sleep(seconds)
        raise ConnectionAbortedError

    return wait
