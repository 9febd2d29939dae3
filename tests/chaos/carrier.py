"""Posts messages as Twilio does with the address that the README tells operators to set: ``#rc=5&rp=ct,5xx``.

Connect 5 s, read 15 s, total 15 s; five more tries after a connection that was not made and after a 5xx, none after an answer
that was too slow (Twilio's "Webhooks: connection overrides"). A web server of ours has TLS in front of it: whoever does that
answers 502 when our end of the connection breaks, and that is a 5xx.
"""

from __future__ import annotations

import http.client
import random
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from twilio.request_validator import RequestValidator

ACCOUNT, TOKEN = "AC" + "0" * 32, "test-token"
CONNECT_SECONDS, TOTAL_SECONDS = 5.0, 15.0
TRIES = 6
RETRIED = frozenset({"not connected", "cut off", "answer lost on its way"})


@dataclass(slots=True)
class Tally:
    """What happened on the wire. ``first`` counts what the first tries came to, ``later`` all tries after them."""

    first: Counter[str] = field(default_factory=Counter)
    later: Counter[str] = field(default_factory=Counter)
    errors: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, number: int, outcome: str, seconds: float) -> None:
        """One try."""
        with self.lock:
            (self.later if number else self.first)[outcome] += 1
            self.slowest = max(self.slowest, seconds)
            if outcome.startswith("HTTP 5"):
                self.errors[int(outcome.removeprefix("HTTP "))] += 1


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of one message: its answer, None when there was none, and an earlier one that was lost on its way."""

    answer: str | None
    lost: str | None = None
    tries: int = 1


class Carrier:
    """Twilio, before one web server. ``losing``: so many of a hundred answers are lost on their way back."""

    def __init__(self, port: int, seed: int, losing: float = 2.0) -> None:
        self._port, self._losing = port, losing
        self._signer = RequestValidator(TOKEN)
        self._chance = random.Random(f"carrier {seed}")
        self._sent = 0
        self.tally = Tally()

    def deliver(self, address: str, text: str) -> Delivered:
        """Posts one message until it is answered or nobody tries any more."""
        with self.tally.lock:
            self._sent += 1
            form = _form(self._sent, address, text)
            loses = self._chance.random() * 100 < self._losing
        began, lost, number = time.monotonic(), None, 0
        while number < TRIES and time.monotonic() - began < TOTAL_SECONDS:
            at = time.monotonic()
            outcome, answer = self._try(form, TOTAL_SECONDS - (at - began))
            if answer is not None and loses and lost is None and number + 1 < TRIES:
                outcome, lost = "answer lost on its way", answer
            self.tally.note(number, outcome, time.monotonic() - at)
            number += 1
            if outcome == "answered":
                return Delivered(answer, lost, number)
            if outcome not in RETRIED and not outcome.startswith("HTTP 5"):
                break
        return Delivered(None, lost, number)

    def _try(self, form: Mapping[str, str], seconds: float) -> tuple[str, str | None]:
        """What one try came to, and its answer."""
        url = f"http://127.0.0.1:{self._port}/messages"
        headers = {
            "X-Twilio-Signature": self._signer.compute_signature(url, dict(form)),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=min(CONNECT_SECONDS, seconds))
        try:
            connection.connect()
            connection.sock.settimeout(seconds)
        except OSError:
            return "not connected", None
        try:
            connection.request("POST", "/messages", urllib.parse.urlencode(form).encode(), headers)
            response = connection.getresponse()
            body = response.read()
        except TimeoutError:
            return "too slow", None
        except (OSError, http.client.HTTPException):
            return "cut off", None
        finally:
            connection.close()
        return ("answered", _texts(body)) if response.status == 200 else (f"HTTP {response.status}", None)


def _form(number: int, address: str, text: str) -> dict[str, str]:
    sid = f"SM{number:032x}"
    own = {"MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "AccountSid": ACCOUNT, "From": address, "Body": text}
    return {**own, "To": "+15005550006", "NumMedia": "0", "NumSegments": "1", "ApiVersion": "2010-04-01"}


def _texts(twiml: bytes) -> str:
    """The messages of an answer, one after the other."""
    found = ElementTree.fromstring(twiml).iter("Message")
    return "\n".join(each.findtext("Body") or each.text or "" for each in found)
