"""Which line people near a place may call about a raid: the nearest, and a wider one while that is closed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from bot.directory.holidays import public_holidays
from bot.directory.hotline import AREA_LINE, NATIONAL, Hotline
from bot.directory.hours import Open, Opens, State, Unknown, state
from bot.directory.place import Place

# Of two lines of the same area the one that answers now comes first.
_RANK = {Open: 0, Unknown: 1, Opens: 2}


class AreaLines(Struct, frozen=True):
    """``nearest`` is the line of the smallest area around the place, and whether it is open.

    Only while that one is closed there is a ``meanwhile``: the next wider line that is open, else one of unknown hours, else None.
    """

    nearest: Hotline
    state: State
    meanwhile: Hotline | None = None
    meanwhile_state: State | None = None

    @property
    def to_call_now(self) -> Hotline:
        """The one number for somebody who has no time for two."""
        return self.meanwhile or self.nearest


def area_lines(hotlines: Iterable[Hotline], place: Place, now: datetime) -> AreaLines | None:
    """The lines that answer raids around the place, as they are ``now`` (aware); None where no line is known."""
    covering = [line for line in hotlines if line.topic == AREA_LINE and line.for_emergencies and line.covers(place)]
    lines = [(line, state(line.schedule, now, public_holidays(line.country, now.date()))) for line in covering]
    if not lines:
        return None
    lines.sort(key=lambda each: (_width(each[0]), _RANK[type(each[1])], each[0].id))
    (nearest, at_nearest), *wider = lines
    if not isinstance(at_nearest, Opens):
        return AreaLines(nearest, at_nearest)
    # The sort is stable: among those that are open, and among the others, the smallest area stays first.
    answering = sorted(
        (each for each in wider if not isinstance(each[1], Opens)), key=lambda each: _RANK[type(each[1])]
    )
    return AreaLines(nearest, at_nearest, *answering[0]) if answering else AreaLines(nearest, at_nearest)


def _width(line: Hotline) -> tuple[int, float]:
    """From the smallest area to the largest: ZIPs and counties, circles, states, the whole country."""
    if line.area == NATIONAL:
        return 3, 0
    if line.zips:
        return 0, 0
    return (1, line.radius_km) if line.radius_km is not None else (2, 0)
