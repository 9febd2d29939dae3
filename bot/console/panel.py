"""What stands beside a conversation: who could interpret, which other conversations may be of the same family."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from bot.console import moments
from bot.console.desk import desk
from bot.console.spans import Words
from bot.console.thread_view import Reader
from bot.escalation.escalation import alias_of
from bot.escalation.family_hint import Hint, Sign
from bot.escalation.speakers import OnCall
from bot.escalation.viewer import Viewer


class Speakers(Struct, frozen=True):
    """``now``: who can be called now, and how; ``next``: else who and when. Both empty: nobody is known."""

    now: tuple[str, ...] = ()
    next: str = ""


def speakers(on_call: Sequence[OnCall], reader: Reader) -> Speakers:
    """Who interprets what is wanted. A day is named only where somebody's hours name it."""
    now = tuple(_speaker(each, reader.words) for each in on_call if each.at is None)
    later = next((each for each in on_call if each.at is not None), None)
    if now or later is None or later.at is None:
        return Speakers(now)
    at = later.at.timestamp()
    when = f"{moments.day(at, reader.zone, reader.language)} {moments.clock(at, reader.zone, reader.language)}"
    return Speakers((), f"{_speaker(later, reader.words)}, {when}")


def _speaker(each: OnCall, words: Words) -> str:
    known = ", ".join(part for part in (each.speaker.name, each.speaker.variety, each.speaker.contact) if part)
    if each.same_variety:
        return known
    return words(
        "needs.other-variety", "%(who)s (another way of speaking: ask whether they understand each other)", who=known
    )


class Kin(Struct, frozen=True):
    """Another conversation that may be of the same family, and why."""

    id: str
    alias: str
    words: str


def kin(id: str, viewer: Viewer, words: Words, joined: frozenset[str]) -> tuple[Kin, ...]:
    """The hints about this conversation; not those that were joined already."""
    return tuple(
        Kin(other, alias_of(other), _sign(hint, words))
        for hint in desk().inbox.hints(viewer)
        if id in hint.ids
        for other in hint.ids
        if other != id and other not in joined
    )


def _sign(hint: Hint, words: Words) -> str:
    if hint.sign is Sign.NUMBER:
        return words("join.number", "The same number, on the other channel.")
    return words("join.words", "The same rare words, near in place and time.")
