"""Which help families asked for where nothing was near, and the nearest that we know. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from bot.directory.call_again import where
from bot.directory.distance import distance_km, miles
from bot.directory.freshness import Freshness
from bot.directory.listed import Listed
from bot.directory.state_points import StatePoints

OTHER = "other"
"""What small counts are merged into, for a state or a kind."""


class Gap(Struct, frozen=True):
    """``times`` in all weeks. ``state`` is ``US-IL``, or "other" for states that asked too seldom to be named."""

    state: str
    kind: str
    times: int


class Near(Struct, frozen=True):
    """The nearest of that kind; ``km`` from where most people of the state live, None for one that is reached by phone."""

    listed: Listed
    km: float | None


def gaps(counts: Iterable[tuple[str, str, int]]) -> list[Gap]:
    """The counts of all weeks together (state, kind, times), the most often asked first, "other" last."""
    sums: dict[tuple[str, str], int] = {}
    for state, kind, times in counts:
        sums[state, kind] = sums.get((state, kind), 0) + times
    found = [Gap(state, kind, times) for (state, kind), times in sums.items()]
    return sorted(found, key=lambda gap: (gap.state == OTHER, -gap.times, gap.state, gap.kind))


def nearest(gap: Gap, rows: Iterable[Listed], states: StatePoints) -> Near | None:
    """Of that kind, in that country, and not held back; None where we know of nobody, or the state is not told."""
    country, _, state = gap.state.partition("-")
    at = states.get((country, state))
    able = [each for each in rows if _helps(each, gap.kind, country)]
    if at is None or not able:
        return None
    found = [Near(each, distance_km(*at, *each.point) if each.point else None) for each in able]
    return min(found, key=lambda near: (near.km is None, near.km or 0.0, near.listed.code))


def _helps(each: Listed, kind: str, country: str) -> bool:
    return kind in each.kinds and each.country == country and not each.held_back and each.status == "active"


def told(found: list[Gap], rows: Iterable[Listed], states: StatePoints, today: date) -> str:
    """As a person reads it in the terminal, with what the counts do not say."""
    known = tuple(rows)
    width = max((len(_asked(gap)) for gap in found), default=0)
    lines = []
    for gap in found:
        near = nearest(gap, known, states)
        lines.append(f"{gap.times:5}  {_asked(gap):{width}}  {_near(gap, near, today)}")
    return "\n".join([*lines, "", _SMALL])


_SMALL = (
    'A state or a kind that fewer than five families asked for in a week stands in "other", so that no family can be made out:'
    " a small town's need does not show here."
)


def _asked(gap: Gap) -> str:
    kind = "kinds asked for too seldom to be named" if gap.kind == OTHER else gap.kind.replace("_", " ")
    return f"{'states not named' if gap.state == OTHER else gap.state}: {kind}"


def _near(gap: Gap, near: Near | None, today: date) -> str:
    if OTHER in (gap.state, gap.kind):
        return "which, is not kept"
    if near is None:
        return "we know of nobody"
    state = near.listed.freshness(today)
    doubt = "" if state is Freshness.FRESH else f", {state.value}"
    if near.km is None:
        return f"only by phone: {near.listed.name}{doubt}"
    far = f"{miles(near.km):.0f} miles" if near.listed.country == "US" else f"{near.km:.0f} km"
    return f"nearest: {near.listed.name}, {where(near.listed)}, about {far}{doubt}"
