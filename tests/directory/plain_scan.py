"""The rules of bot/directory/nearest.py once more, as plainly as they can be written: every service is looked at, then sorted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.directory.ball_tree import place_in_order
from bot.directory.distance import distance_km
from bot.directory.entry import Weeks, entry_of
from bot.directory.fold import fold
from bot.directory.freshness import Freshness, freshness
from bot.directory.holidays import public_holidays
from bot.directory.hours import open_by_the_clock
from bot.directory.nearest import ANY, REACH_KM, Way, far_km
from bot.directory.offer import is_offered, local_day
from bot.directory.place import WIDE_COUNTRIES, Level, Place
from bot.directory.ranking import CALL_FIRST_KM, closed_km, language_km
from bot.directory.service_at_location import ServiceAtLocation, without
from bot.language import Language

Shown = tuple[str, float | None, Way]
WEEKS: Weeks = {}
NOTED = {"new arrivals only", "women only", "men only", "nationals only"}


def scan(
    services: Iterable[ServiceAtLocation],
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
) -> tuple[list[Shown], bool, bool]:
    """The page as ids with distance and way; whether others follow; whether something is near."""
    ranked = []
    for service in services:
        left = without(service, exclude)
        if not _is_for_her(left, place, kind, now, government, unconfirmed):
            continue
        if unknown_to_her := exclude & {service.id, service.service_id, service.organization_id}:
            assert unknown_to_her
            continue
        cost = _cost(service, kind, now, language)
        noted = bool(service.exclusions & NOTED)
        for group, km in _groups(service, place):
            far = cost + km if group != 1 and group != 4 else cost
            ranked.append(((group, noted, far, _tie(service, group)), service, km))
    told, page = set(), []
    for key, service, km in sorted(ranked, key=lambda each: each[0]):
        if service.organization_id not in told:
            told.add(service.organization_id)
            page.append((key[0], service, km))
    measured = place.level in (Level.ZIP, Level.TOWN)
    ways: dict[float, Way] = {1: Way.STATE, 4: Way.COUNTRY}
    shown = [
        (service.id, km if measured and group not in ways else None, ways.get(group, Way.PLACE))
        for group, service, km in page[skip : skip + limit]
    ]
    return shown, len(page) > skip + limit, bool(page) and page[0][0] in (0, 0.5)


def _tie(service: ServiceAtLocation, group: float) -> tuple[object, ...]:
    """What comes first of the same cost: where there is a way to go as in_order says, else the name."""
    entry = entry_of(service, WEEKS)
    return place_in_order(entry) if entry and group in (0, 3) else (service.name, service.id)


def _is_for_her(
    service: ServiceAtLocation, place: Place, kind: str, now: datetime, government: bool, unconfirmed: bool
) -> bool:
    return (
        service.country == place.country
        and service.status == "active"
        and "do not route" not in service.exclusions
        and (government or not service.exclusions & {"government", "consulate"})
        and (bool(service.kinds) if kind == ANY else kind in service.kinds)
        and not service.closed_on(local_day(now, service.zone))
        and is_offered(service, local_day(now), unconfirmed)
    )


def _cost(service: ServiceAtLocation, kind: str, now: datetime, language: Language) -> float:
    cost: float = language_km(service, language)
    if freshness(service.confirmed_on, local_day(now)) is not Freshness.FRESH:
        cost += CALL_FIRST_KM
    if service.schedule is None:
        return cost + closed_km(None, kind)
    local = now.astimezone(service.schedule.zone)
    holidays = public_holidays(service.country, local.date())
    return cost + closed_km(
        open_by_the_clock(service.schedule, local.date(), local.hour * 60 + local.minute, holidays), kind
    )


def _groups(service: ServiceAtLocation, place: Place) -> Iterable[tuple[float, float]]:
    """Where it can stand: 0 near (0.5: without a point), 1 for the whole state, 3 far, 4 for the whole country."""
    km = None
    if service.latitude is not None and service.longitude is not None:
        km = distance_km(place.latitude, place.longitude, service.latitude, service.longitude)
    here = fold(service.state) == fold(place.admin1)
    if place.level is Level.COUNTRY:
        if place.country not in WIDE_COUNTRIES:
            yield from _whole(service, km)
            yield from ((1, 0) for _ in service.states)
    elif place.level is Level.REGION and here:
        yield from _whole(service, km)
    elif km is not None:
        if place.level is not Level.REGION and km <= far_km(place.country):
            yield 0, km
        elif km <= REACH_KM:
            yield 3, km
    if place.level is not Level.COUNTRY and fold(place.admin1) in map(fold, service.states):
        yield 1, 0
    if service.area == "national":
        yield 4, 0


def _whole(service: ServiceAtLocation, km: float | None) -> Iterable[tuple[float, float]]:
    if km is not None:
        yield 0, km
    elif service.area == "local":
        yield 0.5, 0
