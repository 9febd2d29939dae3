"""One service of one organization at one place (or by phone alone), as a family is told of it: HSDS service_at_location, read once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.directory.hours import Schedule

_US_NUMBER = re.compile(r"\+1(\d{3})(\d{3})(\d{4})")
_COUNTRY_CODES = re.compile(r"\+(50[1-6]|52)(\d{4})(\d{4})")


@dataclass(frozen=True, slots=True)
class Phone:
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


@dataclass(frozen=True, slots=True)
class ServiceAtLocation:
    """``kinds``: what help it is (hsds.tables.SERVICES), only what its source shows. Degrees; no point where there is no door.

    ``id`` is that of the service_at_location, of the service where it has no location. ``closed``: days from ... to (None: not
    known when) on which it is closed. ``area``: local, state or national. ``confirmed_on`` is None where nobody of the network
    has ever confirmed phone or door.
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
    phones: tuple[Phone, ...] = ()
    schedule: Schedule | None = None
    hours_es: str = ""
    hours_en: str = ""
    languages: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    area: str = "local"
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
        return f"{self.address}, {self.city}" if self.address else ""
