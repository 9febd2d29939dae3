"""A talk with a draft: begun at the flow itself in a chosen language, answered by the bot as it would be with the draft."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from bot.answer import Answer
from bot.carried import CarriedSessions
from bot.console.talk import Bubble, Talk, sounds_of
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel, InboundMessage
from bot.scripts.release import Release
from bot.session import Session, from_dict, to_dict
from bot.wording.gsm7 import segments


class Phone(Struct, frozen=True):
    """Where a talk takes place. ``puente``: the parts of the message path; ``release`` holds the draft; ``price`` of an SMS part."""

    puente: Any
    release: Release
    channel: Channel
    price: float

    def begun(self, flow: str, language: Language) -> Talk:
        """Somebody who wrote before in this language chooses the flow from a menu of one line, as kept tests begin."""
        now = self.puente.conversation.clock()
        known = Session(language=language, known=True, updated=now, offered=(flow,))
        return self._answered(Talk(to_dict(known)), "1", ())

    def said(self, talk: Talk, text: str) -> Talk:
        """The talk after one more message and its answer."""
        return self._answered(talk, text, (Bubble(True, text),))

    def _answered(self, talk: Talk, text: str, shown: tuple[Bubble, ...]) -> Talk:
        sessions = CarriedSessions(talk.state)
        bot = replace(self.puente.tried(sessions), release=lambda: self.release, former=lambda name: None)
        answer = bot.answer(InboundMessage(secrets.token_hex(16), "try", self.channel, text=text))
        return talk.grown(sessions.state, self.channel, *shown, *self._bubbles(answer, sessions.state))

    def _bubbles(self, answer: Answer, state: dict[str, Any] | None) -> Iterator[Bubble]:
        at = from_dict(state).at
        explain = {
            "flow": answer.explain.get("flow"),
            "step": answer.explain.get("step"),
            "at": at and [at.flow, at.step],
        }
        *before, last = answer.reply.texts or ("",)
        for text in before:
            yield Bubble(False, text, self._cost(text), json.dumps(explain))
        yield Bubble(False, last, self._cost(last), json.dumps(explain), sounds=sounds_of(answer.reply))

    def _cost(self, text: str) -> str:
        """Parts and US dollars; nothing for WhatsApp and silence."""
        if self.channel is Channel.WHATSAPP or not text:
            return ""
        return f"{segments(text)} {segments(text) * self.price:.3f}"


def path(talk: Talk) -> tuple[tuple[str, str], ...]:
    """The steps that a talk went through, in order: flow and step."""
    found: list[tuple[str, str]] = []
    for bubble in talk.bubbles:
        for spot in () if bubble.mine else _spots(bubble.explain):
            if found[-1:] != [spot]:
                found.append(spot)
    return tuple(found)


def messages(talk: Talk) -> tuple[str, ...]:
    """What was written, after the flow began."""
    return tuple(bubble.text for bubble in talk.bubbles if bubble.mine)


def waits(talk: Talk) -> tuple[str, ...]:
    """Where the bot waited after each message, as a kept test notes it: ``flow.step``, empty where nowhere."""
    answers: list[str] = []
    for number, bubble in enumerate(talk.bubbles):
        if not bubble.mine and (number == 0 or talk.bubbles[number - 1].mine):
            at = _explained(bubble.explain).get("at")
            answers.append(".".join(map(str, at)) if isinstance(at, list) else "")
    return tuple(answers)


def _spots(explain: str) -> Iterator[tuple[str, str]]:
    value = _explained(explain)
    if value.get("flow") and value.get("step"):
        yield str(value["flow"]), str(value["step"])
    at = value.get("at")
    if isinstance(at, list) and len(at) == 2:
        yield str(at[0]), str(at[1])


def _explained(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
