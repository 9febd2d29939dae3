"""One person's talk with the flows, step by step: engine, words, directory and content are the real ones, memory is a dict.

A step is a small JSON object, so that a talk that went wrong can be kept in a file and talked again. The model that listens is
drawn too: whatever it may say, the talk must hold.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from bot import content
from bot.carried import CarriedSessions, CarriedTurn, NobodyOptsOut, NoDesk, NothingFlagged, NothingToErase
from bot.channels.inbound import read_message
from bot.channels.twiml import to_twiml
from bot.conversation import Conversation
from bot.escalation.board import BadDay, Board
from bot.escalation.organization import DeskOrganization
from bot.intents.intent import Intent, Understanding
from bot.language import Language
from bot.scripts.release import Release
from bot.session import Beside, from_dict
from bot.settings import Settings, from_environment
from bot.spending import NoLedger, Spending
from tests.fuzz import grammar, twiml
from tests.fuzz.grammar import Menu

BEGAN = 1_795_521_600.0
Step = Mapping[str, Any]
"""``form``: what comes in; ``wait``: seconds before it; and of the rest what is not as ever: ``heard``: [[intent, confidence] ...],
``spoken``: [[language, probability] ...], ``foreign``, ``model``: False for none; ``desk``: 0 for nobody, 1, 2 for a bad day;
``beside``: what else is known of the person; ``spent``: the share of the day's money."""


@cache
def release() -> Release:
    """What stands in this repository, read once."""
    return content.load()


@cache
def _settings() -> Settings:
    return from_environment({"ENVIRONMENT": "test"})


DESK = DeskOrganization("casa", "Casa Latina", hours="Mo-Fr 09:00-17:00", is_default=True)
BOARDS = (Board(), Board((DESK,)), Board((DESK,), BadDay(int(BEGAN), 900)))


class _Memory(CarriedSessions):
    """What is carried, and what is known beside it."""

    beside = Beside(whole=True)

    def begin(self, address: str, sid: str, deadline: float) -> CarriedTurn:
        return CarriedTurn(from_dict(self.state), beside=self.beside)


class _Heard:
    """A model that hears what the step says."""

    def __init__(self) -> None:
        self.step: Step = {}

    def parse(self, text: str, timeout: float | None = None) -> Understanding | None:
        if self.step.get("model") is False or not {"heard", "spoken", "foreign"} & self.step.keys():
            return None
        ranking = tuple(Intent(name, sure) for name, sure in self.step.get("heard", ()))
        languages = tuple((Language(name), sure) for name, sure in self.step.get("spoken", ()))
        return Understanding(ranking, languages, self.step.get("foreign", 0.0))


@dataclass
class Talk:
    """A talk from its beginning."""

    now: float = BEGAN
    menu: Menu = Menu()
    memory: _Memory = field(default_factory=_Memory)
    model: _Heard = field(default_factory=_Heard)
    seen: set[str] = field(default_factory=set)
    """Where it has been, as flow.step."""

    def __post_init__(self) -> None:
        self.board, self.spent = BOARDS[0], 0
        conversation = Conversation(
            settings=_settings(),
            release=release,
            sessions=self.memory,
            opt_outs=NobodyOptsOut(),
            erasing=NothingToErase(),
            notices=lambda: (),
            model=self.model,
            spending=Spending(10_000, 1, NoLedger(), lambda: self.now),
            clock=lambda: self.now,
            unavailable=(),
            flags=NothingFlagged(),
            desk=NoDesk(),
            board=lambda: self.board,
        )
        self.conversation = conversation

    def turn(self, step: Step) -> list[str]:
        """One message and its answer; what is wrong then."""
        self.now += step.get("wait", 1.0)
        self.model.step, self.board = step, BOARDS[step.get("desk", 0)]
        share = step.get("spent", 0.0)
        known = {"whole": True, **step.get("beside", {}), "spent": int(share * 10_000), "heavy": int(share * 7_500)}
        self.memory.beside = Beside(**known)
        before = self.memory.state
        answer = self.conversation.answer(read_message(dict(step["form"])))
        self.seen.add(f"{answer.explain.get('flow')}.{answer.explain.get('step')}")
        reply, after = answer.reply, self.memory.state
        wrong = grammar.faults_of_words(reply.texts) + twiml.faults(to_twiml(reply))
        if answer.explain.get("degraded") in ("memory", "everything"):
            wrong.append(f"something broke in the turn: answered as {answer.explain['degraded']}")
        if not reply.texts and not self._may_be_silent(step, before):
            wrong.append("silence")
        if after is not None:
            # As it goes through Redis.
            after = self.memory.state = json.loads(json.dumps(after, ensure_ascii=False))
            wrong += grammar.faults_of_session(after)
        self.menu = self.menu.after(after, "\n".join(reply.texts)) if after is not None else Menu()
        return wrong + grammar.faults_of_menu(self.menu, after)

    def _may_be_silent(self, step: Step, before: Mapping[str, Any] | None) -> bool:
        """The carrier has answered, or the limits of bot/flood.py may have made it so: much was written, or money is short."""
        form = step["form"]
        if form.get("OptOutType") or step.get("spent", 0.0) >= 0.5 or step.get("beside", {}).get("today", 0) > 10:
            return True
        word = "".join(each for each in form.get("Body", "").casefold() if each.isalnum())
        if word in (
            "stop",
            "stopall",
            "unsubscribe",
            "end",
            "quit",
            "cancel",
            "revoke",
            "optout",
            "start",
            "unstop",
            "help",
            "info",
        ):
            return True
        meter = (before or {}).get("f")
        return meter is not None and (meter[1] + meter[2] >= 60 or meter[4] >= 3)


def retold(steps: Sequence[Step]) -> list[str]:
    """What goes wrong in a talk that was kept."""
    talk, wrong = Talk(), list[str]()
    for number, step in enumerate(steps, 1):
        wrong += [f"turn {number}: {each}" for each in talk.turn(step)]
    return wrong


def form(text: str, channel: str = "sms", **more: str) -> dict[str, str]:
    """What Twilio would post."""
    address = "whatsapp:+12025550100" if channel == "whatsapp" else "+12025550100"
    return {"MessageSid": "SM1", "From": address, "Body": text, **more}
