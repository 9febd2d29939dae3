"""What people of the canary send: the golden conversations, so that every flow is entered, and what should never arrive."""

from __future__ import annotations

import itertools
import random
import urllib.parse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.canary.people import Person
from tests.canary.sending import Post, message
from tests.phone import ACCOUNT

CONVERSATIONS = Path(__file__).parent.parent / "conversations"
LAST_WORDS = {"es": ("STOP", "SALIR", "MENU"), "en": ("STOP", "EXIT", "MENU"), "quc": ("STOP", "SALIR", "MENU")}


def scripts() -> list[list[dict[str, str]]]:
    """The messages of every golden conversation: text and what came beside it."""
    yaml = YAML(typ="safe")
    told = [yaml.load(path.read_text("utf-8")) for path in sorted(CONVERSATIONS.glob("*.yml"))]
    return [[_fields(turn) for turn in each["turns"]] for each in told]


def _fields(turn: Any) -> dict[str, str]:
    more = {str(name): str(value) for name, value in (turn.get("with") or {}).items()}
    return {"Body": str(turn.get("they") or ""), **more}


def shares(persons: Sequence[Person], seed: int) -> list[list[list[dict[str, str]]]]:
    """Which conversations each person has: all are had by somebody when there are enough people, else a sample."""
    told = scripts()
    random.Random(f"scripts {seed}").shuffle(told)
    each = max(1, -(-len(told) // len(persons))) if len(persons) >= 100 else 2
    rest = itertools.cycle(told)
    return [list(itertools.islice(rest, each)) for _ in persons]


def posts(person: Person, conversations: Sequence[Sequence[dict[str, str]]]) -> Iterator[Post]:
    """A person's messages, in order: the story first, the conversations dressed in the person's word, a way out."""
    yield message(person, person.story())
    for conversation in conversations:
        for turn in conversation:
            text, more = turn["Body"], {name: value for name, value in turn.items() if name != "Body"}
            if more.get("MediaUrl0"):
                more["MediaUrl0"] = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Media/{person.word}"
            yield message(person, person.dressed(text), **more)
    yield message(person, person.story().upper())
    number = int(person.number[-2:])
    if number % 4 == 0:
        words = LAST_WORDS[person.language]
        yield message(person, words[number // 4 % len(words)])


AGREES = {
    "es": ("SALIR", "ESPAÑOL", "xqzt blrp wmnv", "quien gano el partido ayer"),
    "en": ("EXIT", "ENGLISH", "asdkj qwe lkj", "pff blargh"),
    "quc": ("SALIR", "K'ICHE'", "asdkj qwe lkj", "pff blargh"),
}
"""What nobody understands twice; then 1 offers to keep a question, and 1 agrees."""
AGREED = {
    "es": "quiero saber si la escuela cierra en el verano",
    "en": "i want to know if the school closes in summer",
    "quc": "k'o clases pa ri escuela kamik",
}


def agreement(person: Person) -> Iterator[Post]:
    """Somebody agrees that her question is kept, and writes what must not be kept into it: a word, her name, or all of it."""
    secret = (person.word, f"{person.name} {person.word.upper()}", f"{person.number}, {person.story()}")
    for text in (*AGREES[person.language], "1", "1"):
        yield message(person, text)
    yield message(person, f"{AGREED[person.language]} {secret[int(person.number[-1]) % len(secret)]}")


def odd(person: Person) -> Iterator[Post]:
    """What nobody should send, and what a carrier sends too: forged, too large, in broken encodings, reports of delivery."""
    plain = message(person, person.story())
    yield Post("/messages", plain.form, token="another")
    yield message(person, person.story() * 900)
    yield message(
        person, f"\x00\u202e{person.story()}\ud83d".encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    )
    latin = urllib.parse.urlencode({**plain.form, "Body": f"ñandú {person.word} está"}, encoding="latin-1")
    yield Post("/messages", plain.form, body=latin.encode())
    yield Post(
        "/messages",
        plain.form,
        body=b"Body=%FF%FE%00" + person.word.encode() + b"&From=%2B" + person.number[1:].encode(),
    )
    yield Post("/messages", {**plain.form, "AccountSid": "AC" + "9" * 32})
    yield Post("/messages", {name: value for name, value in plain.form.items() if name != "From"})
    yield Post(f"/messages?From={urllib.parse.quote(person.number)}&q={person.word}", plain.form)
    yield Post(f"/nowhere/{person.word}/{person.number}", plain.form)
    yield Post("/try", {"text": person.story(), "channel": "sms", "talk": person.word})
    report = {"MessageSid": person.sid(), "AccountSid": ACCOUNT, "To": person.address, "MessageStatus": "undelivered"}
    for code in ("30003", "30007", "63016", person.number[1:]):
        yield Post("/status", {**report, "ErrorCode": code, "ErrorMessage": person.story()})
    yield Post("/status", {**report, "MessageStatus": person.word})


def no_requests(person: Person) -> Iterator[bytes]:
    """Bytes on the port of the web server that are no request of HTTP."""
    yield f"{person.word} {person.number} HTTP/1.1\r\n\r\n".encode()
    yield f"POST /messages HTTP/1.1\r\nHost: x\r\n{person.story()}\r\n\r\n".encode()
    yield f"POST /messages HTTP/1.1\r\nHost: x\r\nContent-Length: {person.word}\r\n\r\n".encode()
    yield f"GET /{person.word * 900} HTTP/1.1\r\n\r\n".encode()
    yield f"POST /messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{person.word}\r\n".encode()
