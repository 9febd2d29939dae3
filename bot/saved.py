"""A tried conversation as tests/conversations keeps it: what they wrote, what the bot said, which flow. Text in, text out.

Never with real numbers: a saved conversation is published with the tests. ``numbers_in`` finds what looks like one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.message import Channel, InboundMessage
from bot.settings import Settings, from_environment

FOLDER = "tests/conversations"
NAME = re.compile(r"[a-z][a-z0-9_]{2,60}")
# Seven digits, whatever stands between them, are a phone number or an A-number; a ZIP has five.
_NUMBER = re.compile(r"(?:\d[\s().+-]*){7,}")
# What decides what is said. A conversation tried with other settings than those of the tests names them.
_SPEAKING = (
    "service_owner", "default_language", "require_approval", "send_unconfirmed_numbers", "send_draft_kiche"
)  # fmt: skip


class SavedTurn(Struct, frozen=True):
    """One message and its answer. ``more`` are fields of the message beside its text, by the carrier's names."""

    they: str
    bot: str
    flow: str | None
    more: Mapping[str, str] = {}
    without_model: bool = False


def beside_text(message: InboundMessage) -> dict[str, str]:
    """What a message has beside its words, as the carrier names it: a pin, a recording."""
    if message.pin is not None:
        return {"Latitude": str(message.pin.latitude), "Longitude": str(message.pin.longitude)}
    return {"NumMedia": str(message.media)} if message.media else {}


def numbers_in(turns: Sequence[SavedTurn]) -> tuple[str, ...]:
    """The messages that hold what looks like somebody's number."""
    return tuple(turn.they for turn in turns if _NUMBER.search(turn.they))


def saved(title: str, channel: Channel, turns: Sequence[SavedTurn], settings: Settings) -> str:
    """The conversation as YAML, in the form that ``make golden`` writes."""
    head: dict[str, Any] = {"title": title, "channel": channel.value}
    if any(turn.without_model for turn in turns):
        head["model"] = "none"
    if other := _other_settings(settings):
        head["settings"] = other
    return written({**head, "turns": [_turn(turn) for turn in turns]})


def _turn(turn: SavedTurn) -> dict[str, Any]:
    more = {"with": dict(turn.more)} if turn.more else {}
    return {"they": turn.they, **more, "bot": said(turn.bot), "flow": turn.flow}


def said(text: str) -> str:
    """An answer as it stands in the file: line by line; nothing for silence."""
    return LiteralScalarString(f"{text.strip()}\n") if text.strip() else ""


def written(conversation: Mapping[str, Any]) -> str:
    """A conversation in the form of tests/conversations."""
    yaml = YAML()
    yaml.width = 10_000
    text = io.StringIO()
    yaml.dump(conversation, text)
    return text.getvalue()


def _other_settings(settings: Settings) -> dict[str, str]:
    usual = from_environment({"ENVIRONMENT": "test"})
    values = {name: getattr(settings, name) for name in _SPEAKING if getattr(settings, name) != getattr(usual, name)}
    words = {True: "on", False: "off"}
    return {name.upper(): words.get(value, value) for name, value in values.items()}
