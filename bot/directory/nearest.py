"""Which organizations are near a place, for one kind of help. Pure: the list and the place come in, an order comes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.directory.distance import distance_km
from bot.directory.organization import Organization
from bot.directory.place import WIDE_COUNTRIES, Level, Place

ANY = "any"


@dataclass(frozen=True, slots=True)
class NearestResult:
    """``found``: organizations with their distance in kilometres, nearest first. ``more``: others follow.

    ``beyond``: where nothing at all is near, those that work for the whole state, then for the whole country.
    """

    found: tuple[tuple[Organization, float], ...] = ()
    more: bool = False
    beyond: tuple[Organization, ...] = ()


def nearest(
    organizations: Iterable[Organization],
    place: Place,
    kind: str,
    *,
    government: bool = False,
    limit: int = 3,
    skip: int = 0,
    max_km: float = 160.0,
    require_confirmed_phone: bool = False,
) -> NearestResult:
    """The organizations for a kind of help (organization.SERVICES, or "any") from the ``skip``-th on, ``limit`` at most.

    Never crosses a border. Consulates and offices come only where ``government`` lets them in. An organization counts
    if families may be sent there, it is active, and it can be reached by a phone that may be given out or an address.
    """
    usable = [
        each
        for each in organizations
        if each.country == place.country
        and (kind == ANY or kind in each.services)
        and each.route
        and each.status == "active"
        and (government or not each.is_government)
        and each.can_be_reached(require_confirmed_phone=require_confirmed_phone)
    ]
    near = sorted(_near(usable, place, max_km), key=lambda each: (each[1], each[0].name, each[0].id))
    page = tuple(near[skip : skip + limit])
    beyond = () if near else tuple(sorted(_beyond(usable, place), key=_state_first))[:limit]
    return NearestResult(page, len(near) > skip + limit, beyond)


def _near(usable: Iterable[Organization], place: Place, max_km: float) -> Iterator[tuple[Organization, float]]:
    """Those within reach. Who names only a state means all of it; "México" or "the US" is near nothing."""
    if place.level is Level.COUNTRY and place.country in WIDE_COUNTRIES:
        return
    for each in usable:
        if each.latitude is None or each.longitude is None:
            continue
        km = distance_km(place.latitude, place.longitude, each.latitude, each.longitude)
        in_region = place.level is Level.REGION and each.state == place.admin1
        if km <= max_km or in_region:
            yield each, km


def _beyond(usable: Iterable[Organization], place: Place) -> Iterator[Organization]:
    for each in usable:
        if each.area == "national" or (each.area == "state" and each.state == place.admin1):
            yield each


def _state_first(organization: Organization) -> tuple[bool, str, str]:
    return organization.area == "national", organization.name, organization.id
