"""What a family is told of, in which order, when it asks for help near a place. Pure: all comes in, an order comes out.

1. Never over a border. Only what is active, of the kind asked for, not closed on that day, and confirmed as offer.py wants it.
   What is marked "do not route" never; governments and consulates only where the step lets them in.
2. An organization stands once, by its best service at its best place.
3. What is near comes first: by its distance, and what ranking.py adds for language, age of the confirmation and hours; where that is
   the same, as ball_tree.in_order says (at one point: language, the latest confirmed, name). Who is for some people only ("new
   arrivals only") comes after those for everybody.
4. Then what works for the whole state, by phone. Then what is far, in the same order as what is near. Then what works for the
   whole country. Something two hours away may be for its own town only; a line for the state is for her.
5. Who names only a state gets all of it, then what works for all of it, then what is over its edge but within reach of its middle.
   Who names only a small country gets all of that; "the US" or "Mexico" is near nothing and gets what works for the country.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import Enum
from heapq import heapify, heappop, heappush, heapreplace
from itertools import islice
from math import dist, inf

from msgspec import Struct

from bot.directory.ball_tree import Ball, Point, straight_km
from bot.directory.directory import Country, Directory, State, state_key
from bot.directory.distance import KM_PER_MILE
from bot.directory.entry import ANY, Entry
from bot.directory.place import WIDE_COUNTRIES, Level, Place
from bot.directory.question import Question
from bot.directory.service_at_location import ServiceAtLocation, without
from bot.language import Language

__all__ = ["ANY", "FAR_KM", "REACH_KM", "Found", "NearestResult", "Way", "far_km", "nearest"]

FAR_KM = 40.0
"""Farther is told as far: about an hour and a half by bus on the roads of the highlands."""
FAR_KM_US = 30 * KM_PER_MILE
"""In the United States, where the longest ways that many people go to work every day end: 30 miles."""
REACH_KM = 160.0
"""Farther is not shown: 100 miles, a day to go there and come back."""
ANYWHERE_KM = 30_000.0


class Way(Enum):
    """Why something is shown: it can be gone to, or it works for a whole state or country."""

    PLACE = "place"
    STATE = "state"
    COUNTRY = "country"


class Found(Struct, frozen=True):
    """``km`` is None where the distance says nothing: by phone, or from the middle of a state."""

    service: ServiceAtLocation
    km: float | None
    way: Way = Way.PLACE


class NearestResult(Struct, frozen=True):
    """One page. ``more``: others follow. ``near``: something is near, on whichever page; a gap of the directory where not.

    ``far``: the first of this page can be gone to, but is far.
    """

    found: tuple[Found, ...] = ()
    more: bool = False
    near: bool = False
    far: bool = False


def nearest(
    directory: Directory,
    place: Place,
    kind: str,
    *,
    now: datetime,
    language: Language = Language.ES,
    government: bool = False,
    limit: int = 3,
    skip: int = 0,
    unconfirmed: bool = False,
    exclude: frozenset[str] = frozenset(),
) -> NearestResult:
    """The organizations for a kind of help (hsds.tables.SERVICES, or ANY) from the ``skip``-th on, ``limit`` at most.

    ``now`` is aware; at one ``now`` pages neither repeat nor skip. ``unconfirmed``: what nobody of the network ever confirmed may
    be offered (development). ``exclude``: ids of services, organizations and phones that she is not told of.
    """
    country = directory.countries.get(place.country)
    if country is None:
        return NearestResult()
    question = Question(kind, place.country, now, language, government, unconfirmed, exclude)
    ordered = _once(_groups(country, place, question))
    first = list(islice(ordered, skip + limit + 1))
    page = tuple(_shown(each, exclude) for each, _ in first[skip : skip + limit])
    near = bool(first) and first[0][1]
    far = bool(page) and not first[skip][1] and page[0].way is Way.PLACE and page[0].km is not None
    return NearestResult(page, len(first) > skip + limit, near, far)


def far_km(country: str) -> float:
    """From where on something is far, in that country."""
    return FAR_KM_US if country == "US" else FAR_KM


def _shown(found: Found, exclude: frozenset[str]) -> Found:
    return Found(without(found.service, exclude), found.km, found.way) if exclude else found


def _once(groups: Iterable[tuple[Found, bool]]) -> Iterator[tuple[Found, bool]]:
    """Each organization where it stands first."""
    told: set[str] = set()
    for found, near in groups:
        if found.service.organization_id not in told:
            told.add(found.service.organization_id)
            yield found, near


def _groups(country: Country, place: Place, question: Question) -> Iterator[tuple[Found, bool]]:
    """Everything in its order, an organization perhaps several times; with each, whether it is near."""
    search = _Search(place, question)
    if place.level is Level.COUNTRY:
        if place.country not in WIDE_COUNTRIES:
            yield from search.whole(country.whole)
            for entries in country.statewide.values():
                yield from search.by_phone(entries, Way.STATE)
    elif place.level is Level.REGION:
        if own := country.states.get(key := state_key(place.admin1)):
            yield from search.whole(own)
        yield from search.by_phone(country.statewide.get(key, ()), Way.STATE)
        others = [state for name, state in country.states.items() if name != key]
        yield from search.within(others, -1, REACH_KM, near=False)
    else:
        far = far_km(place.country)
        yield from search.within([country.whole], -1, far, near=True)
        yield from search.by_phone(country.statewide.get(state_key(place.admin1), ()), Way.STATE)
        yield from search.within([country.whole], far, REACH_KM, near=False)
    yield from search.by_phone(country.national, Way.COUNTRY)


_Waiting = tuple[float, int, float, Ball | Entry]
"""What it costs at least, with its way; the rank of its first entry, which no two have; how far it or its middle is; it."""


class _Search:
    """One question, asked around one place."""

    def __init__(self, place: Place, question: Question) -> None:
        self._question = question
        self._point = Point.at(place.latitude, place.longitude)
        # From the middle of a state or country a distance says nothing to her.
        self._measured = place.level in (Level.ZIP, Level.TOWN)

    def whole(self, state: State) -> Iterator[tuple[Found, bool]]:
        """All of a state, what has no point on the map at the end."""
        yield from self.within([state], -1, ANYWHERE_KM, near=True)
        yield from ((Found(entry.service, None), True) for entry in self._without_way(state.unplaced))

    def within(self, states: Iterable[State], over: float, most: float, *, near: bool) -> Iterator[tuple[Found, bool]]:
        """What is more than ``over`` and at most ``most`` km away: first what is for everybody."""
        states = list(states)
        for balls in ([state.open_to_all for state in states], [state.noted for state in states]):
            kind = self._question.kind
            for entry, km in self._by_cost([each[kind] for each in balls if kind in each], over, most):
                yield Found(entry.service, km if self._measured else None), near

    def by_phone(self, entries: Sequence[Entry], way: Way) -> Iterator[tuple[Found, bool]]:
        """What works wherever in the state or country she is."""
        yield from ((Found(entry.service, None, way), False) for entry in self._without_way(entries))

    def _without_way(self, entries: Sequence[Entry]) -> Iterator[Entry]:
        """Entries, which are by_name, without their distance: for everybody first, then the cheapest, those of the same cost by name.

        What an entry costs is asked only when nothing comes before what its languages alone cost: most are never asked.
        """
        spoken, kinds = self._question.spoken, self._question.kinds
        heap: list[tuple[bool, float, int, bool]] = [
            (entry.noted, entry.language_km[spoken], at, False)
            for at, entry in enumerate(entries)
            if entry.kinds & kinds
        ]
        heapify(heap)
        while heap:
            noted, _, at, asked = heap[0]
            if asked:
                heappop(heap)
                yield entries[at]
            elif (cost := self._question.cost(entries[at])) is None:
                heappop(heap)
            else:
                heapreplace(heap, (noted, cost, at, True))

    def _by_cost(self, balls: Iterable[Ball], over: float, most: float) -> Iterator[tuple[Entry, float]]:
        """Entries with their distance, the cheapest first, those of the same cost by rank.

        Balls are opened only when nothing comes before what they may hold.
        """
        heap: list[_Waiting] = []
        self._push(heap, balls, over, most)
        while heap:
            _, _, km, thing = heappop(heap)
            if isinstance(thing, Entry):
                yield thing, km
            elif thing.parts:
                self._push(heap, thing.parts, over, most)
            else:
                self._push_held(heap, thing, over, most)

    def _push(self, heap: list[_Waiting], balls: Iterable[Ball], over: float, most: float) -> None:
        """Balls in which something may be more than ``over`` and at most ``most`` away."""
        here, least_of, straight_over = self._point.vector, self._question.least, straight_km(over)
        for ball in balls:
            km, radius_km = dist(ball.middle, here), ball.radius_km
            if km - radius_km <= most and km + radius_km > straight_over and (least := least_of(ball)) < inf:
                heappush(heap, (km - radius_km + least, ball.rank, km, ball))

    def _push_held(self, heap: list[_Waiting], ball: Ball, over: float, most: float) -> None:
        """Those in a smallest ball to which she may be sent."""
        for point, entry in ball.spots:
            if (cost := self._question.cost(entry)) is not None and over < (km := point.km(self._point)) <= most:
                heappush(heap, (km + cost, entry.rank, km, entry))
