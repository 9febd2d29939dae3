"""Who interprets a language for the desk: now, or on which day next. A day is named only if somebody's hours name it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct

from bot.directory.errors import ScheduleError
from bot.directory.hours import Open, Opens, Unknown, parse_schedule, state


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who interprets. ``variety``: the town whose way of speaking it is; ``hours`` as an organization's."""

    name: str
    language: str
    variety: str = ""
    contact: str = field(default="", repr=False)
    hours: str = ""
    zone: str = "America/Chicago"


class OnCall(Struct, frozen=True):
    """Who can be called. ``at`` None: now; else when, by the clocks of her own zone. ``same_variety``: she speaks as in that town."""

    speaker: Speaker
    at: datetime | None = None
    same_variety: bool = True


def on_call(speakers: Iterable[Speaker], language: str, variety: str | None, now: datetime) -> tuple[OnCall, ...]:
    """Who speaks it, the best first: who can be called now before who can be later, and then whose town it is.

    Empty: nobody is known, and no day is promised. Somebody whose hours nobody knows is never named with a time, nor as being
    there now; she is not in it.
    """
    found = []
    for each in speakers:
        if each.language != language:
            continue
        same = not variety or _folded(variety) == _folded(each.variety)
        at = _state(each, now)
        if isinstance(at, Open):
            found.append(OnCall(each, None, same))
        elif isinstance(at, Opens):
            found.append(OnCall(each, at.at, same))
    return tuple(sorted(found, key=_rank))


def _rank(each: OnCall) -> tuple[bool, bool, float, str]:
    if each.at is None:
        return (False, not each.same_variety, 0.0, each.speaker.name)
    # One who understands on another day is worth more than one tomorrow who may not.
    return (True, not each.same_variety, each.at.timestamp(), each.speaker.name)


def _state(each: Speaker, now: datetime) -> Open | Opens | Unknown:
    try:
        return state(parse_schedule(each.hours, each.zone), now)
    except ScheduleError:
        return Unknown()


def _folded(variety: str) -> str:
    return " ".join(variety.casefold().split())
