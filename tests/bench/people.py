"""Who writes in the benchmarks: people in the middle of a conversation who choose lines of the menus that they were sent."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from bot.answer import Answer
from bot.app import Puente
from bot.carried import CarriedSessions
from bot.message import Channel, InboundMessage
from tests.bench.load import request

ACCOUNT, TOKEN = "AC" + "0" * 32, "test-token"
TURNS = 10
"""Digits of one person: a talk as families have it, far under the limit of an hour (bot/flood.py)."""
# Where a person of the team would be asked for, or all be erased: those have their own costs.
AVOIDED = frozenset(("human", "forget_me", "notices"))
OPENS = {"es": "ESPAÑOL", "en": "ENGLISH", "quc": "K'ICHE'"}
_MENU = re.compile(r"^([1-8]) \S", re.MULTILINE)
_SAID = re.compile(rb"x-puente-turn: *(\{.*\})", re.IGNORECASE)
_sids, _numbers = itertools.count(1), itertools.count(2_025_550_000)


@dataclass(frozen=True, slots=True)
class Walk:
    """What one person writes after ``opens``, and the flow and step that each answer must come from, where that is known."""

    channel: Channel
    opens: str
    says: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]


def walks(puente: Puente, turns: int = TURNS) -> list[Walk]:
    """Walks through the menus of all languages, the same every time."""
    kinds = itertools.product(Channel, OPENS.values(), range(4))
    return [_walk(puente, channel, opens, turns, seed) for channel, opens, seed in kinds]


def _walk(puente: Puente, channel: Channel, opens: str, turns: int, seed: int) -> Walk:
    memory, chance = CarriedSessions(), random.Random(f"{channel} {opens} {seed}")
    conversation, sids = puente.tried(memory), itertools.count()

    def say(text: str) -> Answer:
        return conversation.answer(InboundMessage(f"SM{next(sids)}", "bench", channel, text))

    said, digits, steps = say(opens), list[str](), list[tuple[str, str]]()
    while len(digits) < turns:
        state, choices = memory.state, _MENU.findall("\n".join(said.reply.texts))
        chance.shuffle(choices)
        for digit in [*choices, "9"]:
            memory.state = state
            answer = say(digit)
            if answer.explain["flow"] not in AVOIDED and _MENU.search("\n".join(answer.reply.texts)):
                break
        else:
            raise AssertionError(f"no way on from {said.explain}")
        said = answer
        digits.append(digit)
        steps.append(_spot(answer.explain))
    return Walk(channel, opens, tuple(digits), tuple(steps))


def _spot(explain: Mapping[str, object]) -> tuple[str, str]:
    return str(explain.get("flow")), str(explain.get("step"))


Posts = Callable[[str], bytes]
"""Makes the request in which one person's text comes."""


def writer(port: int, channel: Channel = Channel.SMS) -> Posts:
    """Somebody of whom nobody has heard, who writes to our web server on this port."""
    number = f"+1{next(_numbers)}"
    return partial(_post, port, f"whatsapp:{number}" if channel is Channel.WHATSAPP else number)


def _post(port: int, address: str, text: str) -> bytes:
    """This text as Twilio posts it, with all that it tells of an SMS."""
    sid = f"SM{next(_sids):032x}"
    form = {
        **dict.fromkeys(("MessageSid", "SmsSid", "SmsMessageSid"), sid),
        **{"AccountSid": ACCOUNT, "From": address, "To": "+15005550006", "Body": text, "SmsStatus": "received"},
        **{"NumMedia": "0", "NumSegments": "1", "ApiVersion": "2010-04-01", "ToCountry": "US", "FromCountry": "US"},
        **{"FromCity": "CHICAGO", "FromState": "IL", "FromZip": "60623", "ToCity": "", "ToState": "IL", "ToZip": ""},
    }
    signature = RequestValidator(TOKEN).compute_signature(f"http://127.0.0.1:{port}/messages", form)
    kind = "application/x-www-form-urlencoded; charset=UTF-8"
    headers = {"X-Twilio-Signature": signature, "Content-Type": kind, "User-Agent": "TwilioProxy/1.1"}
    return request(port, "/messages", urlencode(form).encode(), headers)


@dataclass(frozen=True, slots=True)
class Crowd:
    """People with a walk each: what they write first, what each of the clients then sends, and where the answers come from."""

    opening: list[list[bytes]]
    scripts: list[list[bytes]]
    steps: list[tuple[str, str]]


def crowd(walks: Iterator[Walk], clients: int, each: int, new: Callable[[Channel], Posts]) -> Crowd:
    """So many people at each of so many clients, one after the other; ``new`` makes a person."""
    written = Crowd([[]], [], [])
    for _ in range(clients):
        script: list[bytes] = []
        for walk in itertools.islice(walks, each):
            posts = new(walk.channel)
            written.opening[0].append(posts(walk.opens))
            script += map(posts, walk.says)
            written.steps.extend(walk.steps)
        written.scripts.append(script)
    return written


def explained(answers: Sequence[bytes]) -> list[dict[str, object]]:
    """How each answer came about, as ours says it."""
    found = (_SAID.search(answer) for answer in answers)
    return [json.loads(said[1]) if said else {} for said in found]


def came_from(answers: Sequence[bytes]) -> list[tuple[str, str]]:
    """The flow and step of each answer."""
    return [_spot(each) for each in explained(answers)]
