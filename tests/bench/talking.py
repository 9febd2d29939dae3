"""Talks by digits as people have them: MENU, then a number of what is on the screen, and so on. The same every time."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import thread_time

from bot.carried import CarriedSessions, NobodyOptsOut, NothingToErase
from bot.conversation import Conversation
from bot.intents.intent import Understanding
from bot.message import Channel, InboundMessage
from bot.scripts.release import Release
from bot.settings import from_environment
from bot.spending import NoLedger, Spending

NOW = 1_795_521_600.0
"""The Tuesday of the golden conversations."""
WORDS = ("menu", "60629")
"""What is written beside digits: a word of ours and a place, for which no model is asked."""
_DIGIT = re.compile(r"^(\d) ", re.MULTILINE)
_TURNS_OF_A_TALK = 12


class NoModel:
    """Digits and our own words need none; a turn that asked one says so (``degraded``)."""

    def parse(self, text: str, timeout: float | None = None) -> Understanding | None:
        """Nothing is heard."""
        return None


def conversation(release: Release) -> Conversation:
    """The real one, with a memory that is carried: nothing is read or written anywhere."""
    return Conversation(
        settings=from_environment({"ENVIRONMENT": "test"}),
        release=lambda: release,
        sessions=CarriedSessions(),
        opt_outs=NobodyOptsOut(),
        erasing=NothingToErase(),
        notices=lambda: (),
        model=NoModel(),
        spending=Spending(10_000, 1, NoLedger(), lambda: NOW),
        clock=lambda: NOW,
        unavailable=(),
    )


@dataclass(frozen=True, slots=True)
class Written:
    """One message of a talk; ``first``: a new person writes."""

    message: InboundMessage
    first: bool


def talks(release: Release, turns: int, seed: int = 11) -> list[Written]:
    """So many messages, on both channels, each number one that the answer before offered."""
    dice, speaking, written = random.Random(seed), conversation(release), list[Written]()
    while len(written) < turns:
        channel = dice.choice(list(Channel))
        text = "menu"
        for number in range(_TURNS_OF_A_TALK):
            if number == 0:
                _forget(speaking)
            one = Written(_message(channel, text, len(written)), number == 0)
            written.append(one)
            said = "\n".join(speaking.answer(one.message).reply.texts)
            digits = _DIGIT.findall(said)
            text = dice.choice(digits) if digits and dice.random() < 0.85 else dice.choice(WORDS)
    return written[:turns]


def _message(channel: Channel, text: str, number: int) -> InboundMessage:
    address = "+12025550100" if channel is Channel.SMS else "whatsapp:+12025550100"
    return InboundMessage(sid=f"SM{number:032x}", address=address, channel=channel, text=text)


def _forget(speaking: Conversation) -> None:
    memory = speaking.sessions
    assert isinstance(memory, CarriedSessions)
    memory.state = None


def taken(
    speaking: Conversation, written: Sequence[Written], tell: Callable[[str], None] = lambda text: None
) -> list[float]:
    """Milliseconds of the processor for each message, in their order. ``tell`` gets each answer, outside of that time."""
    times = []
    for one in written:
        if one.first:
            _forget(speaking)
        before = thread_time()
        answer = speaking.answer(one.message)
        times.append((thread_time() - before) * 1000)
        if answer.explain["degraded"]:
            raise SystemExit(f"{one.message.text!r} was no turn of the engine alone: {answer.explain}")
        tell("\n".join(answer.reply.texts))
    return times
