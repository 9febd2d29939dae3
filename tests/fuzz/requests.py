"""Requests at the door as Twilio makes them, and broken in every way; most of them signed, so that they come in."""

from __future__ import annotations

import base64
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_from_bytes

from twilio.request_validator import RequestValidator
from werkzeug.wrappers import Request

from tests.fuzz import writing
from tests.phone import ACCOUNT, BASE_URL, TOKEN

KINDS = ("sms", "whatsapp")
FORM = "application/x-www-form-urlencoded"
TYPES = (
    FORM,
    f"{FORM}; charset=latin-1",
    f"{FORM}; charset=utf-16",
    f"{FORM};charset=\x00",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "x" * 500,
    "application/json",
    "text/plain",
    "",
    "/",
    "application/x-www-form-urlencoded, text/xml",
)
ADDRESSES = (
    "+1",
    "+",
    "72323",
    "PUENTE",
    "whatsapp:",
    "whatsapp:+",
    "whatsapp:US.13491208655302741918",
    "whatsapp:+50255550100",
    "+50255550100",
    "+525512345678",
    "+99999999999999",
    "sms:+12025550100",
    "+1 202 555 0100",
    "ñ",
    "\x00",
    "messenger:123",
    "client:x",
    " +12025550100 ",
    "+1202555０100",
    "tel:+12025550100;ext=1",
    "whatsapp:whatsapp:+12025550100",
    "a" * 256,
    "a" * 257,
    "rcs:puente_agent",
)
STATUSES = "queued sending sent delivered undelivered failed read accepted scheduled canceled receiving partially_delivered".split()
CODES = ("30003", "30007", "21610", "63016", "20003", "0", "-1", "abc", "99999999999999999999", "", "3０007")
TO_A_PERSON = ("0", "1", "si", "quiero hablar con una persona")
"""Who writes these in this order has a conversation with staff; by chance alone hardly anybody would."""
Pairs = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Sent:
    """A request: ``url`` is path and query as they stand in the request line; all that is text is latin-1."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def to_json(self) -> dict[str, Any]:
        return {
            "method": self.method,
            "url": self.url,
            "headers": [list(each) for each in self.headers],
            "body": base64.b64encode(self.body).decode(),
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Sent:
        headers = tuple((name, said) for name, said in value["headers"])
        return cls(value["method"], value["url"], headers, base64.b64decode(value["body"]))

    def environ(self) -> dict[str, Any]:
        """As a WSGI server hands it on."""
        path, _, query = self.url.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "CONTENT_LENGTH": str(len(self.body)),
            "HTTP_HOST": "127.0.0.1:8000",
        }
        for name, said in self.headers:
            key = name.upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = said
        return environ


class Mutator:
    """Draws requests of some people, one after the other."""

    def __init__(self, dice: random.Random, first: int, people: int = 60) -> None:
        self.dice, self.number = dice, 0
        self.people = [
            f"{'whatsapp:' if each % 3 == 0 else ''}+1{2_025_550_100 + first % 900_000_000 + each}"
            for each in range(people)
        ]
        self.sids: list[str] = []

    def next(self) -> Sent:
        """One request: mostly a message, now and then a report or something for another address."""
        draw = self.dice.random()
        pairs = self._report() if draw < 0.12 else self._message()
        path = "/status" if draw < 0.12 else "/messages"
        if self.dice.random() < 0.25:
            pairs = self._bent(pairs)
        body, kind = self._encoded(pairs)
        if self.dice.random() < 0.05:
            body = self._bytes_broken(body)
        url = path + self._query(path)
        method = (
            self.dice.choice(("GET", "PUT", "HEAD", "DELETE", "OPTIONS", "post", "X" * 30))
            if self.dice.random() < 0.02
            else "POST"
        )
        headers = [("Content-Type", kind), *self._odd_headers()]
        sent = Sent(method, url, tuple(headers), body)
        return Sent(method, url, (*headers, *self._signature(sent, pairs)), body)

    def _address(self) -> str:
        return self.dice.choice(ADDRESSES) if self.dice.random() < 0.04 else self.dice.choice(self.people)

    def _sid(self) -> str:
        """A new one; now and then one that was there before, as on a retry."""
        if self.sids and self.dice.random() < 0.04:
            return self.dice.choice(self.sids)
        self.number += 1
        self.sids.append(f"SM{self.number:032x}")
        return self.sids[-1]

    def _message(self) -> Pairs:
        address, sid, dice = self._address(), self._sid(), self.dice
        form = {
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": address,
            "To": "+15005550006",
        }
        form |= {
            "Body": dice.choice(TO_A_PERSON) if dice.random() < 0.2 else writing.text(dice),
            "NumMedia": "0",
            "NumSegments": "1",
            "ApiVersion": "2010-04-01",
            "SmsStatus": "received",
        }
        if dice.random() < 0.3:
            form |= self._kind()
        return [(key.encode(), _utf8(value)) for key, value in form.items()]

    def _kind(self) -> dict[str, str]:
        """What WhatsApp and the carriers send beside or instead of words (Twilio's parameters of an incoming message)."""
        dice = self.dice
        odd = dice.choice(writing.ODD)
        kinds: list[Callable[[], dict[str, str]]] = [
            lambda: {
                "Body": "",
                "Latitude": dice.choice(("41.88", "14.8", "nan", "1e309", "-91", "", odd)),
                "Longitude": dice.choice(("-87.6", "-91.5", "181", "inf", odd)),
                "Address": odd,
                "Label": odd,
            },
            lambda: {
                "Body": dice.choice(("", odd)),
                "NumMedia": dice.choice(("1", "10", "-1", "1e3", "9" * 30, "٣", odd)),
                "MediaUrl0": odd,
                "MediaContentType0": dice.choice(("audio/ogg", "image/jpeg", odd)),
            },
            lambda: {
                "ButtonText": writing.text(dice),
                "ButtonPayload": odd,
                "Body": dice.choice(("", odd)),
                "MessageType": "button",
            },
            lambda: {"ListTitle": writing.text(dice), "ListId": odd, "Body": "", "MessageType": "interactive"},
            lambda: {
                "Forwarded": dice.choice(("true", "false", odd)),
                "FrequentlyForwarded": dice.choice(("true", odd)),
            },
            lambda: {"OptOutType": dice.choice(("STOP", "START", "HELP", "stop", "MAYBE", odd))},
            lambda: {
                "ProfileName": odd,
                "WaId": dice.choice(("12025550100", odd)),
                "ExternalUserId": "whatsapp:US.1",
                "ChannelMetadata": odd,
            },
            lambda: {
                "OriginalRepliedMessageSid": odd,
                "OriginalRepliedMessageSender": odd,
                "ReferralBody": odd,
                "ReferralNumMedia": "0",
            },
            lambda: {f"OtherRecipients{number}": odd for number in range(dice.randrange(1, 12))},
            lambda: {"FromZip": odd, "FromCity": odd, "FromState": odd, "ToCountry": odd, "MessagingServiceSid": odd},
        ]
        return dice.choice(kinds)()

    def _report(self) -> Pairs:
        dice = self.dice
        form = {
            "MessageSid": self._sid(),
            "MessageStatus": dice.choice((*STATUSES, *writing.ODD[:20])),
            "AccountSid": ACCOUNT,
        }
        form |= {"To": self._address(), "From": "+15005550006"}
        if dice.random() < 0.5:
            form["ErrorCode"] = dice.choice(CODES)
        return [(key.encode(), _utf8(value)) for key, value in form.items()]

    def _bent(self, pairs: Pairs) -> Pairs:
        """Fields missing, twice, empty, huge, of odd bytes, in another order, hundreds of new ones."""
        dice, pairs = self.dice, list(pairs)
        for _ in range(dice.randrange(1, 4)):
            at = dice.randrange(len(pairs)) if pairs else 0
            match dice.randrange(10):
                case 0 if pairs:
                    del pairs[at]
                case 1 if pairs:
                    pairs.append((pairs[at][0], _utf8(writing.text(dice))))
                case 2 if pairs:
                    pairs[at] = (pairs[at][0], b"")
                case 3 if pairs:
                    pairs[at] = (pairs[at][0], bytes(dice.randrange(256) for _ in range(dice.randrange(1, 60))))
                case 4 if pairs:
                    pairs[at] = (pairs[at][0], _utf8(dice.choice(writing.ODD)))
                case 5:
                    dice.shuffle(pairs)
                case 6:
                    pairs += [(f"New{number}".encode(), b"x") for number in range(dice.choice((10, 400, 1_200)))]
                case 7 if pairs:
                    pairs[at] = (pairs[at][0], pairs[at][1][:2000] * dice.choice((10, 40, 100)))
                case 8:
                    pairs.append((bytes(dice.randrange(256) for _ in range(dice.randrange(20))), b"1"))
                case _ if pairs:
                    pairs[at] = (pairs[at][0].swapcase(), pairs[at][1])
        return pairs

    def _encoded(self, pairs: Pairs) -> tuple[bytes, str]:
        draw = self.dice.random()
        if draw < 0.9:
            return urlencoded(pairs), FORM
        if draw < 0.94:
            return multipart(pairs), "multipart/form-data; boundary=x"
        if draw < 0.97:
            # As nobody should: bytes as they are, other separators.
            return self.dice.choice((b"&", b";", b"&&")).join(key + b"=" + value for key, value in pairs), FORM
        return urlencoded(pairs), self.dice.choice(TYPES)

    def _bytes_broken(self, body: bytes) -> bytes:
        at = self.dice.randrange(len(body) + 1)
        odd = (b"%", b"%zz", b"%ED%A0%BD", b"%F1", b"%00", b"\xff\xfe", b"&=&=", b"+", b"%u0041", b"\r\n")
        match self.dice.randrange(3):
            case 0:
                return body[:at]
            case 1:
                return body[:at] + self.dice.choice(odd) + body[at:]
            case _:
                return body[:at] + bytes([self.dice.randrange(256)]) + body[at + 1 :]

    def _query(self, path: str) -> str:
        dice = self.dice
        if path == "/status" and dice.random() < 0.7:
            return "?o=" + dice.choice(
                ("abcDEF_-12.1", "x.0", "x.99999", ".1", "x." + "9" * 30, "", "%00", "%F1.1", "a" * 33 + ".1")
            )
        if dice.random() < 0.95:
            return ""
        return dice.choice(
            ("?", "?a=%ff", "?Body=1", "?" + "x" * 3000, "?l=%C3%B1&o=casa%20latina", "?From=%2B1", "?\xff")
        )

    def _odd_headers(self) -> list[tuple[str, str]]:
        dice = self.dice
        if dice.random() < 0.93:
            return []
        return [
            dice.choice(
                (
                    ("Content-Length", dice.choice(("-1", "abc", "", "999999999999", "5", "0"))),
                    ("Host", "evil.example:99999"),
                    ("Host", "\xff"),
                    ("X-Forwarded-Host", "evil"),
                    ("X-Forwarded-For", "1.2.3.4, x"),
                    ("Transfer-Encoding", "chunked"),
                    ("Cookie", "a=\xff; ;="),
                    ("Range", "bytes=0-"),
                    ("If-Match", "*"),
                    ("Accept", "\xff"),
                    ("Authorization", "Basic \xff"),
                    ("Expect", "100-continue"),
                    ("Content-Encoding", "gzip"),
                    ("I-Twilio-Idempotency-Token", "\xff"),
                    ("X-HTTP-Method-Override", "DELETE"),
                )
            )
        ]

    def _signature(self, sent: Sent, pairs: Pairs) -> list[tuple[str, str]]:
        """Mostly over what our side will read, so that whatever is odd comes in; else as Twilio would, or none that fits."""
        draw = self.dice.random()
        if draw < 0.06:
            return self.dice.choice(
                ([], [("X-Twilio-Signature", self.dice.choice(("", "\xff" * 28, "a" * 28, "=" * 5_000, "AAAA")))])
            )
        if draw < 0.14:
            read = {key.decode("utf-8", "replace"): value.decode("utf-8", "replace") for key, value in pairs}
            return [("X-Twilio-Signature", _signed(sent.url, read))]
        return [("X-Twilio-Signature", as_read(sent))]


def as_read(sent: Sent) -> str:
    """The true signature of a request over the form that the server reads in it; empty where it reads none."""
    try:
        form = Request(sent.environ()).form
        return _signed(sent.url, form)
    except Exception:
        return ""


def _signed(url: str, form: Any) -> str:
    return str(RequestValidator(TOKEN).compute_signature(BASE_URL + url, form))


def urlencoded(pairs: Pairs) -> bytes:
    """As a browser sends a form."""
    return "&".join(f"{quote_from_bytes(key)}={quote_from_bytes(value)}" for key, value in pairs).encode()


def multipart(pairs: Pairs) -> bytes:
    """The same fields as parts."""
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="' + quote(key, safe="").encode() + b'"\r\n\r\n' + value
        for key, value in pairs
    ]
    return b"\r\n".join((*parts, b"--x--\r\n"))


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")
