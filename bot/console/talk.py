"""The talk that the page of /try carries in its form: what was said, and where the conversation stands. Nothing is kept here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple

from bot.message import Channel, Reply
from bot.saved import SavedTurn, numbers_in

# The talk travels in a hidden field of a form that may hold 64 kB, three bytes for many a letter.
MOST_BUBBLES = 24
LONGEST_TALK = 12_000
_SOUND = re.compile(r"[0-9a-f]{64}")


class Bubble(Struct, frozen=True):
    """One message of the talk as the page shows it.

    ``note`` tells segments and price of an answer, ``explain`` (JSON) how it came about: the page's own words have none.
    ``beside`` is what a message has beside its words (bot/saved.py), ``sounds`` the recordings that WhatsApp sends beside an
    answer, each by the SHA-256 of its bytes.
    """

    mine: bool
    text: str
    note: str = ""
    explain: str = ""
    beside: Mapping[str, str] = {}
    sounds: tuple[str, ...] = ()


class Talk(Struct, frozen=True):
    """All that the page carries. ``channels``: how it travelled so far; ``cut``: its beginning no longer fitted."""

    state: dict[str, Any] | None = None
    bubbles: tuple[Bubble, ...] = ()
    channels: tuple[Channel, ...] = ()
    cut: bool = False

    def to_field(self) -> str:
        """For the hidden field."""
        bubbles = [astuple(bubble) for bubble in self.bubbles]
        carried = {"s": self.state, "b": bubbles, "h": self.channels, "c": self.cut}
        return json.dumps(carried, ensure_ascii=False)

    def grown(self, state: dict[str, Any] | None, channel: Channel, *bubbles: Bubble) -> Talk:
        """The talk with more said, its beginning left out where a form could not carry it."""
        every = (*self.bubbles, *bubbles)
        kept = _last(every)
        channels = tuple(dict.fromkeys((*self.channels, channel)))
        return Talk(state, kept, channels, self.cut or len(kept) < len(every))

    @property
    def turns(self) -> tuple[SavedTurn, ...]:
        """Each message with its answer, to be saved. The page's own words are no answers."""
        turns: list[tuple[Bubble, list[Bubble]]] = []
        for bubble in self.bubbles:
            if bubble.mine:
                turns.append((bubble, []))
            elif turns and bubble.explain:
                turns[-1][1].append(bubble)
        return tuple(_turn(mine, answers) for mine, answers in turns)


def _turn(mine: Bubble, answers: list[Bubble]) -> SavedTurn:
    explain = _explained(answers[0].explain) if answers else {}
    return SavedTurn(
        they="" if mine.beside else mine.text,
        bot="\n".join(answer.text for answer in answers),
        flow=str(explain["flow"]) if explain.get("flow") else None,
        more=mine.beside,
        without_model=explain.get("degraded") == "model",
    )


def _explained(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def read_talk(carried: str) -> Talk:
    """The talk that the page carried; an empty one for anything that is none."""
    try:
        value = json.loads(carried or "{}")
        state = value.get("s")
        bubbles = tuple(_bubble(parts) for parts in value.get("b", ()))
        channels = tuple(Channel(name) for name in value.get("h", ()))
        return Talk(state if isinstance(state, dict) else None, bubbles, channels, bool(value.get("c")))
    except (ValueError, TypeError, AttributeError, IndexError, KeyError):
        return Talk()


def _bubble(parts: Any) -> Bubble:
    mine, text, note, explain, beside, *sounds = parts
    more = {str(name): str(worth) for name, worth in beside.items()}
    # A page carries what it likes: an address is only ever made of what can be the name of a recording.
    heard = tuple(sound for sound in map(str, *(sounds or [()])) if _SOUND.fullmatch(sound))
    return Bubble(bool(mine), str(text), str(note), str(explain), more, heard)


def sounds_of(reply: Reply) -> tuple[str, ...]:
    """The recordings that go out with a reply, by the SHA-256 that their addresses name."""
    return tuple(url.rpartition("/")[2].removesuffix(".ogg") for url in reply.media)


def _last(bubbles: tuple[Bubble, ...]) -> tuple[Bubble, ...]:
    """The last of the talk, as much as a form can carry."""
    kept: list[Bubble] = []
    room = LONGEST_TALK
    for bubble in reversed(bubbles[-MOST_BUBBLES:]):
        room -= len(bubble.text) + len(bubble.explain) + sum(map(len, bubble.sounds))
        if room < 0 and kept:
            break
        kept.insert(0, bubble)
    return tuple(kept)


def unsaved(talk: Talk) -> str | None:
    """Why this talk cannot be saved, as the end of a key of the page's words; None when it can."""
    if talk.cut:
        return "long"
    if len(talk.channels) > 1:
        return "channels"
    return "number" if numbers_in(talk.turns) else None


def file_name(talk: Talk) -> str:
    """A name for the file: the first flow that answered, and the language."""
    flow = next((turn.flow for turn in talk.turns if turn.flow), "conversation")
    language = str((talk.state or {}).get("l") or "es")
    kept = "".join(char for char in f"{flow}_{language}" if char.isascii() and (char.isalnum() or char == "_"))
    return f"{kept[:60]}.yml"
