"""What goes back for one message, and what is told of how it came about. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, json

from bot.engine.actions import Action, Ask, Say
from bot.engine.turn import Turn
from bot.message import Reply
from bot.scripts.release import Release
from bot.session import Session
from bot.wording.gsm7 import segments
from bot.wording.performed import Performed
from bot.wording.render import NOTICES

_TIERS = {"model": "no_model", "memory": "no_memory", "paused": "paused", "everything": "last_resort"}


class Answer(Struct, frozen=True):
    """What goes back: the reply, and how it came about (for X-Puente-Turn, never in production)."""

    reply: Reply
    explain: Mapping[str, Any]
    flows: tuple[str, ...] = ()
    """Whose words are in it: one of these that is withdrawn takes the answer with it."""

    def to_bytes(self) -> bytes:
        """As it is stored for a retry of the same message."""
        return json.encode({"t": self.reply.texts, "m": self.reply.media, "x": dict(self.explain), "f": self.flows})

    @classmethod
    def from_bytes(cls, stored: bytes) -> Answer:
        """The answer that was stored."""
        value = json.decode(stored) if stored else {"t": (), "m": (), "x": {}}
        return cls(Reply(tuple(value["t"]), tuple(value["m"])), value["x"], tuple(value.get("f", ())))


def tier_of(answer: Answer) -> str:
    """How whole the service was behind an answer, for the figures: a word of a closed list."""
    if not answer.reply.texts:
        return "silent"
    return _TIERS.get(answer.explain.get("degraded") or "", "whole")


def flows_of(performed: Sequence[Performed]) -> tuple[str, ...]:
    """The flows whose words these say, but for sentences of the bot itself."""
    said = [getattr(each, "flow", None) for each in performed]
    return tuple(dict.fromkeys([flow for flow in said if flow and flow != NOTICES]))


def explain(
    release: Release, session: Session, turn: Turn, actions: tuple[Action, ...], reply: Reply
) -> dict[str, Any]:
    """How an answer came about, for X-Puente-Turn."""
    heard = turn.corrected or turn.understanding
    top = heard.ranking[0] if heard and heard.ranking else None
    said = next((action for action in actions if isinstance(action, (Say, Ask))), None)
    return {
        "language": session.language.value if session.language else None,
        "intent": turn.urgent or (top.name if top else None),
        "confidence": 1.0 if turn.urgent else round(top.confidence, 3) if top else None,
        "flow": said.flow if said else None,
        "step": said.step if said else None,
        "release": release.number,
        "segments": sum(segments(text) for text in reply.texts),
        # Danger in words is answered whole without it.
        "degraded": "model" if turn.model_down and not turn.urgent else None,
    }
