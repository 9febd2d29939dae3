"""Why no family is told of an entry today, all reasons together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum

from bot.directory.freshness import Freshness, freshness
from bot.directory.hsds.tables import EXCLUSIONS
from bot.directory.offer import phone_to_give
from bot.directory.service_at_location import ServiceAtLocation


class Why(StrEnum):
    """What keeps it from families."""

    NO_HELP = "no help"
    PAUSED = "paused"
    CLOSED = "closed"
    NOT_ROUTED = "not routed"
    SHUT_TODAY = "shut today"
    NEVER_CONFIRMED = "never confirmed"
    TOO_OLD = "too old"
    NO_WAY = "no way to reach it"
    NOWHERE = "nowhere"


_STATES = {"inactive": Why.PAUSED, "temporarily closed": Why.PAUSED, "defunct": Why.CLOSED}
_NOT_ROUTED = EXCLUSIONS[0]


def held_back(services: Sequence[ServiceAtLocation], today: date, unconfirmed: bool) -> tuple[Why, ...]:
    """The reasons, the first to be mended first; empty where families may get it. ``unconfirmed``: SEND_UNCONFIRMED_NUMBERS."""
    if not services:
        return (Why.NO_HELP,)
    found = [tuple(_of(service, today, unconfirmed)) for service in services]
    return min(found, key=len)


def _of(service: ServiceAtLocation, today: date, unconfirmed: bool) -> Iterator[Why]:
    if not service.kinds:
        yield Why.NO_HELP
    if service.status != "active":
        yield _STATES.get(service.status, Why.PAUSED)
    if _NOT_ROUTED in service.exclusions:
        yield Why.NOT_ROUTED
    if service.closed_on(today):
        yield Why.SHUT_TODAY
    state = freshness(service.confirmed_on, today)
    if state is Freshness.TOO_OLD:
        yield Why.TOO_OLD
    elif state is Freshness.NEVER_CONFIRMED and not unconfirmed:
        yield Why.NEVER_CONFIRMED
    elif not service.address and phone_to_give(service, today, unconfirmed) is None:
        yield Why.NO_WAY
    if service.latitude is None and service.area == "local":
        yield Why.NOWHERE
