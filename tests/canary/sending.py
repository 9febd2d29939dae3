"""Sends what people write, as Twilio does: signed, the same message again while nobody answers, and never twice otherwise."""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from twilio.request_validator import RequestValidator

from tests.canary.people import Person
from tests.phone import ACCOUNT, TOKEN

SENDERS = 6
TRIES, PAUSE = 240, 0.5
"""Longer than any carrier tries: that nobody is kept waiting is another measurement."""
PATHS = ("/messages", "/status", "/try", "raw")


@dataclass(frozen=True, slots=True)
class Post:
    """One request. ``refused`` when it must not be answered with words."""

    path: str
    form: Mapping[str, str]
    token: str = TOKEN
    body: bytes | None = None
    """The bytes that go out, where they are not simply the form."""


@dataclass(slots=True)
class Tally:
    """What went out and what came back, by HTTP status; ``flows`` are those that answered."""

    statuses: Counter[str] = field(default_factory=Counter)
    flows: Counter[str] = field(default_factory=Counter)
    degraded: Counter[str] = field(default_factory=Counter)
    again: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def sent(self) -> int:
        return sum(self.statuses.values())


def message(person: Person, text: str, **more: str) -> Post:
    """A message as Twilio posts it, with all that it tells about a person."""
    sid = person.sid()
    of_whatsapp = {"ProfileName": person.name, "WaId": person.number[1:]} if person.channel == "whatsapp" else {}
    form = {
        "MessageSid": sid,
        "SmsSid": sid,
        "AccountSid": ACCOUNT,
        "From": person.address,
        "To": "+15005550006",
        "Body": text,
        "NumMedia": "0",
        "FromCity": person.street.upper(),
        **of_whatsapp,
        **more,
    }
    return Post("/messages", form)


class Sender:
    """Posts to one web server and notes what comes back."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self.tally = Tally()

    def send(self, post: Post) -> str:
        """Posts until there is an answer; the answer's text. Nobody answering at all is counted as ``unanswered``."""
        url = f"http://{self._host}:{self._port}{post.path}"
        signed = RequestValidator(post.token).compute_signature(url, dict(post.form))
        body = post.body if post.body is not None else urllib.parse.urlencode(post.form).encode()
        headers = {"X-Twilio-Signature": signed, "Content-Type": "application/x-www-form-urlencoded"}
        for _ in range(TRIES):
            try:
                status, explain, text = self._once(post.path, body, headers)
            except (OSError, http.client.HTTPException):
                with self.tally.lock:
                    self.tally.again += 1
                time.sleep(PAUSE)
                continue
            self._note(post.path, str(status), explain)
            return text
        self._note(post.path, "unanswered", {})
        return ""

    def raw(self, data: bytes) -> None:
        """Bytes that are no request at all; the answer does not matter."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=15)
        try:
            connection.connect()
            connection.sock.sendall(data)
            connection.sock.settimeout(15)
            while connection.sock.recv(65536):
                pass
        except OSError:
            pass
        finally:
            connection.close()
        self._note("raw", "sent", {})

    def all(self, conversations: Iterable[Iterable[Post]]) -> None:
        """Sends many people's messages at once, each person's one after the other."""
        with ThreadPoolExecutor(SENDERS) as pool:
            list(pool.map(lambda posts: [self.send(post) for post in posts], conversations))

    def _once(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, object], str]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=15)
        try:
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            explain = json.loads(answer.headers.get("X-Puente-Turn") or "{}")
            return answer.status, explain, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def _note(self, path: str, status: str, explain: Mapping[str, object]) -> None:
        with self.tally.lock:
            # What stands in the path is of one person.
            known = path if path in PATHS else "elsewhere"
            self.tally.statuses[f"{known} {status}"] += 1
            for name, counter in (("flow", self.tally.flows), ("degraded", self.tally.degraded)):
                if explain.get(name):
                    counter[str(explain[name])] += 1
