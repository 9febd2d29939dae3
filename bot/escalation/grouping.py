"""The inbox of a bad day: who waits, put together by town, topic and hour, so that one answer may go to several. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from bot.engine.place import from_token
from bot.escalation.escalation import Cause, Escalated, Urgency

HOUR = 3600
_CRISES = frozenset({Cause.DANGER, Cause.CHILD_ALONE})


class Group(Struct, frozen=True):
    """Conversations of one town, one topic and one hour. ``place`` is words (Chicago, IL), empty where nobody knows.

    ``hour`` is where the hour begins in which they began to wait (unix seconds), None for those whose turn it is not.
    ``ids`` stand as in the inbox. ``apart``: those of them that get an answer of their own.
    """

    place: str
    topic: str | None
    hour: int | None
    ids: tuple[str, ...]
    apart: frozenset[str] = frozenset()


def stands_apart(escalated: Escalated) -> bool:
    """Whether it gets no answer that goes to several: danger, children, self-harm, trafficking, whatever is urgent."""
    about = escalated.about
    return escalated.urgency is Urgency.URGENT or about.discreet or about.cause in _CRISES


def place_words(token: str | None) -> str:
    """Town and state of a place as people write them; empty for none. A ZIP stands for its town.

    >>> place_words("US;60629;Chicago;IL;41.78;-87.71;zip")
    'Chicago, IL'
    """
    place = from_token(token)
    if place is None:
        return ""
    return ", ".join(dict.fromkeys(part for part in (place.name, place.admin1 or place.country) if part))


def groups(escalated: Iterable[Escalated]) -> tuple[Group, ...]:
    """Those that are open and that nobody has, as groups: the largest first, then as their first one stands in the inbox."""
    found: dict[tuple[str, str | None, int | None], list[Escalated]] = {}
    for each in escalated:
        if each.closed is None and each.claimed_by is None:
            hour = None if each.waiting_since is None else each.waiting_since // HOUR * HOUR
            found.setdefault((place_words(each.about.place), each.about.topic, hour), []).append(each)
    made = [
        Group(*key, tuple(each.id for each in members), frozenset(each.id for each in members if stands_apart(each)))
        for key, members in found.items()
    ]
    # Sorted is stable: of equal ones that comes first whose first member does.
    return tuple(sorted(made, key=lambda group: -len(group.ids)))
