"""What the machine remembers about one person between two messages. Pure and versioned; never free text, never a number."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from bot.flood import Meter
from bot.frozen import replace
from bot.language import Language

VERSION = 2
# A way back of five steps is more than anybody walks on a phone, and keeps the session small.
LONGEST_TRAIL = 5


class Writer(StrEnum):
    """Who writes, where a step told it: a child for itself, somebody for another of the family, who said to be an adult."""

    CHILD = "c"
    RELAY = "r"
    ADULT = "a"


class Spot(Struct, frozen=True, array_like=True):
    """A place in the scripts: a step of a flow."""

    flow: str
    step: str


class Under(Struct, frozen=True, array_like=True):
    """The release with which the bot asked what it waits for, and a mark of what an answer may mean (bot/scripts/begun.py)."""

    release: str
    mark: str


# As it is kept: one letter for each field.
_LETTERS = {
    "language": "l",
    "at": "a",
    "under": "b",
    "unseen": "d",
    "trail": "t",
    "resume": "r",
    "offered": "o",
    "place": "p",
    "shown": "s",
    "listed": "i",
    "ended": "e",
    "flagged": "g",
    "writer": "w",
    "gave": "k",
    "needs": "q",
    "misses": "m",
    "updated": "u",
    "known": "y",
    "meter": "f",
}


class Session(Struct, frozen=True, omit_defaults=True, rename=_LETTERS, tag_field="v", tag=VERSION):
    """State of one person, kept as a small JSON object without what is empty (``msgspec.json``).

    ``at`` is where the bot waits for an answer; ``updated`` is in seconds since 1970, ``known`` whether she has had an answer yet.
    ``shown``: how many organizations of a list have been shown, ``listed`` short codes of those of its last page whose
    number went out, ``ended`` whether that page was empty. ``flagged``: codes of those of which she said that the number fails.
    ``unseen``: the numbers of the step that waits never went out, as in the shortest answer, or where an offer
    found no room; so they mean nothing.
    ``gave``: she has agreed to keep a question and written it; it says nothing of it, and in this talk no second one is asked for.
    ``needs`` is the language, none of ours, of which she said that she speaks it: a code of ISO 639-3, or ``myn`` for any Mayan one.
    ``writer`` stays when the topic changes, MENU too; None where no step told (bot/engine/who_writes.py).
    """

    language: Language | None = None
    at: Spot | None = None
    under: Under | None = None
    unseen: bool = False
    trail: tuple[Spot, ...] = ()
    resume: Spot | None = None
    offered: tuple[str, ...] = ()
    place: str | None = None
    shown: int = 0
    listed: tuple[str, ...] = ()
    ended: bool = False
    flagged: tuple[str, ...] = ()
    writer: Writer | None = None
    gave: bool = False
    needs: str | None = None
    misses: int = 0
    updated: float = 0.0
    known: bool = False
    meter: Meter = Meter()

    def moved(self, at: Spot | None) -> Session:
        """Waits at ``at``; where it waited before becomes the way back."""
        trail = self.trail
        if self.at is not None and self.at != at:
            trail = (*trail, self.at)[-LONGEST_TRAIL:]
        # Steps behind a list are still about it: "they do not answer", then MAS.
        if self.at is not None and at is not None and self.at.flow == at.flow:
            return replace(self, at=at, trail=trail, offered=())
        return replace(self, at=at, trail=trail, offered=(), shown=0, listed=(), ended=False)

    def forgotten(self) -> Session:
        """The topic is dropped, and who wrote (shared phones); the language stays, and how much was written."""
        return Session(language=self.language, known=self.known, updated=self.updated, meter=self.meter)


class Beside(Struct, frozen=True):
    """What else is known as a turn begins, read in the same round trip.

    ``escalation`` is the id of the person's open escalation, ``kept`` the ids of all that are not erased yet (the open one
    too). ``whole`` says that these two can be believed: not so after a loss of Redis or of the worker, until the worker has
    written all of them again. ``shared`` is whether this is a shelter's phone, ``spent`` the segments that have gone out
    today (UTC) to everybody and ``heavy`` those of them beyond each person's first messages. ``today`` is how many messages
    of this person were answered today: known from the replies kept for retries, whose words BORRAR takes and whose number
    stays. ``counted`` says that ``spent`` and ``heavy`` are known: not so while that node of a Redis Cluster is down.
    ``erasing``: all of ours is gone, and the number waits, sealed, for the carrier's copy to be deleted.
    """

    escalation: str | None = None
    kept: tuple[str, ...] = ()
    whole: bool = False
    shared: bool = False
    spent: int = 0
    heavy: int = 0
    today: int = 0
    counted: bool = True
    erasing: bool = False


_decoder = msgspec.json.Decoder(Session)


def read_session(kept: bytes) -> Session:
    """The session that was kept; a fresh one for another version and for what cannot be read."""
    try:
        return _decoder.decode(kept)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Session()


def to_dict(session: Session) -> dict[str, Any]:
    """As it is kept, for who carries it along."""
    kept: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(session))
    return kept


def from_dict(carried: Mapping[str, Any] | None) -> Session:
    """The session that was carried; a fresh one for nothing, for another version and for what cannot be read."""
    try:
        return read_session(msgspec.json.encode(carried)) if carried else Session()
    except UnicodeEncodeError:
        return Session()
