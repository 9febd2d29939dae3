"""One service of one organization at one place (or by phone alone), as a family is told of it: HSDS service_at_location, read once."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date, tzinfo

from msgspec import Struct

from bot.directory.hours import Hours
from bot.frozen import replace

_US_NUMBER = re.compile(r"\+1(\d{3})(\d{3})(\d{4})")
_COUNTRY_CODES = re.compile(r"\+(50[1-6]|52)(\d{4})(\d{4})")


class Phone(Struct, frozen=True):
    """A number that families may be given. ``verified_on`` is the day on which somebody of the network confirmed it, and how."""

    id: str
    number: str
    extension: str = ""
    type: str = "voice"
    whatsapp: bool = False
    verified_on: date | None = None

    @property
    def text(self) -> str:
        """As it is written in an answer: ``773-508-5300``, ``+502 7761-2179``, ``773-508-5300 ext 12``."""
        said = self.number
        if us := _US_NUMBER.fullmatch(self.number):
            said = "-".join(us.groups())
        elif other := _COUNTRY_CODES.fullmatch(self.number):
            said = "+{} {}-{}".format(*other.groups())
        return f"{said} ext {self.extension}" if self.extension else said


class ServiceAtLocation(Struct, frozen=True):
    """``kinds``: what help it is (hsds.tables.SERVICES), only what its source shows. Degrees; no point where nobody knows one.

    ``id`` is that of the service_at_location, of the service where it has no location. The names are those of its organization,
    which is who answers the phone. ``precision`` of the point: street, zip, city or not known. ``by_phone``: it has no door; a
    point is that of its organization. ``zone``: the clocks there. ``phones``: the nearest to the door first. ``area``: local, state
    (all of each of ``states``) or national. ``closed``: days from ... to (None: not known when) on which it is closed.
    """

    id: str
    service_id: str
    organization_id: str
    name: str
    name_es: str
    name_quc: str
    kinds: tuple[str, ...]
    status: str
    country: str
    address: str = ""
    city: str = ""
    state: str = ""
    latitude: float | None = None
    longitude: float | None = None
    precision: str = ""
    by_phone: bool = False
    zone: tzinfo | None = None
    phones: tuple[Phone, ...] = ()
    schedule: Hours | None = None
    hours_es: str = ""
    hours_en: str = ""
    languages: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    area: str = "local"
    states: tuple[str, ...] = ()
    exclusions: frozenset[str] = frozenset()
    closed: tuple[tuple[date, date | None], ...] = ()
    alert: str = ""
    assured_on: date | None = None

    @property
    def confirmed_on(self) -> date | None:
        """The last day on which somebody of the network confirmed a phone of it, or that it is there."""
        days = [each.verified_on for each in self.phones if each.verified_on]
        return max([*days, *([self.assured_on] if self.assured_on else [])], default=None)

    @property
    def address_text(self) -> str:
        """Street and town; empty where the street is not known."""
        if not self.address:
            return ""
        return f"{self.address}, {self.city}" if self.city else self.address

    def closed_on(self, day: date) -> bool:
        """Whether it is closed for some days or for good, and the day is one of them."""
        return any(first <= day and (last is None or day <= last) for first, last in self.closed)


def without(service: ServiceAtLocation, phones: Container[str]) -> ServiceAtLocation:
    """The service without the phones of these ids; the same where it has none of them."""
    kept = tuple(phone for phone in service.phones if phone.id not in phones)
    return service if len(kept) == len(service.phones) else replace(service, phones=kept)
