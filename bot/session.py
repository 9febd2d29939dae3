"""What the machine remembers about one person between two messages. Pure and versioned; never free text, never a number."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from bot import flood
from bot.flood import Meter
from bot.frozen import replace
from bot.language import Language

VERSION = 1
# A way back of five steps is more than anybody walks on a phone, and keeps the session small.
LONGEST_TRAIL = 5


class Writer(StrEnum):
    """Who writes, where a step told it: a child for itself, somebody for another of the family, who said to be an adult."""

    CHILD = "c"
    RELAY = "r"
    ADULT = "a"


class Spot(Struct, frozen=True):
    """A place in the scripts: a step of a flow."""

    flow: str
    step: str


class Under(Struct, frozen=True):
    """The release with which the bot asked what it waits for, and a mark of what an answer may mean (bot/scripts/begun.py)."""

    release: str
    mark: str


class Session(Struct, frozen=True):
    """State of one person. ``at`` is where the bot waits for an answer; ``updated`` is in seconds since 1970.

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


def _spot_list(spot: Spot | None) -> list[str] | None:
    return [spot.flow, spot.step] if spot else None


def _spot(value: Any) -> Spot | None:
    return Spot(str(value[0]), str(value[1])) if value else None


def to_dict(session: Session) -> dict[str, Any]:
    """A small JSON object; what is empty is left out."""
    full = {
        "l": session.language.value if session.language else None,
        "a": _spot_list(session.at),
        "b": [session.under.release, session.under.mark] if session.under else None,
        "d": session.unseen,
        "t": [_spot_list(s) for s in session.trail],
        "r": _spot_list(session.resume),
        "o": list(session.offered),
        "p": session.place,
        "s": session.shown,
        "i": list(session.listed),
        "e": session.ended,
        "g": list(session.flagged),
        "w": session.writer.value if session.writer else None,
        "k": session.gave,
        "q": session.needs,
        "m": session.misses,
        # Somebody who has had no answer yet, as while the service is paused.
        "n": not session.known,
        "f": flood.to_list(session.meter),
    }
    return {"v": VERSION, "u": session.updated} | {key: value for key, value in full.items() if value}


def from_dict(value: Mapping[str, Any] | None) -> Session:
    """The session that was stored; a fresh one for nothing, for another version and for what cannot be read."""
    if not value or value.get("v") != VERSION:
        return Session()
    try:
        return Session(
            language=Language(value["l"]) if value.get("l") else None,
            at=_spot(value.get("a")),
            under=Under(str(value["b"][0]), str(value["b"][1])) if value.get("b") else None,
            unseen=bool(value.get("d")),
            trail=tuple(s for s in map(_spot, value.get("t", ())) if s),
            resume=_spot(value.get("r")),
            offered=tuple(str(name) for name in value.get("o", ())),
            place=str(value["p"]) if value.get("p") else None,
            shown=int(value.get("s", 0)),
            listed=tuple(str(code) for code in value.get("i", ())),
            ended=bool(value.get("e")),
            flagged=tuple(str(code) for code in value.get("g", ())),
            writer=Writer(value["w"]) if value.get("w") else None,
            gave=bool(value.get("k")),
            needs=str(value["q"]) if value.get("q") else None,
            misses=int(value.get("m", 0)),
            updated=float(value["u"]),
            known=not value.get("n"),
            meter=flood.from_list(value.get("f")),
        )
    except (KeyError, ValueError, TypeError, IndexError):
        return Session()
