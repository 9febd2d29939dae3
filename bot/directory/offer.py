"""What of a service may be given out today: the age of a confirmation decides (freshness.py). Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone, tzinfo

from bot.directory.freshness import Freshness, freshness
from bot.directory.service_at_location import Phone, ServiceAtLocation

# The clocks of Guatemala, in the middle of the countries that we know, where those of a service are not known.
_MIDDLE = timezone(timedelta(hours=-6))
_BELIEVED = (Freshness.FRESH, Freshness.CALL_FIRST)


def local_day(now: datetime, zone: tzinfo | None = None) -> date:
    """The day that it is there."""
    return now.astimezone(zone or _MIDDLE).date()


def phone_to_give(service: ServiceAtLocation, today: date, unconfirmed: bool) -> Phone | None:
    """The number to give out: one that somebody has confirmed within a year, before others one that can be spoken into.

    ``unconfirmed``: where there is no such number, any other will do (development; it is marked).
    """
    confirmed = [each for each in service.phones if is_confirmed(each, today)]
    chosen = confirmed or (service.phones if unconfirmed else ())
    return min(chosen, key=lambda phone: phone.type == "text", default=None)


def is_confirmed(phone: Phone, today: date) -> bool:
    """Whether somebody of the network has confirmed the number, not longer than a year ago."""
    return freshness(phone.verified_on, today) in _BELIEVED


def is_offered(service: ServiceAtLocation, today: date, unconfirmed: bool) -> bool:
    """Whether a family may be told of it: confirmed within a year, or never while ``unconfirmed`` ones may go out; and to be reached."""
    state = freshness(service.confirmed_on, today)
    if state not in _BELIEVED and not (unconfirmed and state is Freshness.NEVER_CONFIRMED):
        return False
    return bool(service.address) or phone_to_give(service, today, unconfirmed) is not None


def calls_first(service: ServiceAtLocation, today: date) -> bool:
    """Whether she should call before she goes: nobody has confirmed it for 90 days."""
    return freshness(service.confirmed_on, today) is not Freshness.FRESH
