"""A point that has a name: a ZIP, a town, a state or department, a country."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

COUNTRY_NAMES = {
    "US": "United States",
    "MX": "México",
    "GT": "Guatemala",
    "HN": "Honduras",
    "SV": "El Salvador",
    "NI": "Nicaragua",
    "BZ": "Belize",
    "CR": "Costa Rica",
}
# So large that a distance means a day's journey, and so many towns that one name is many.
WIDE_COUNTRIES = frozenset({"US", "MX"})


class Level(StrEnum):
    """How large the thing is that the name stands for."""

    ZIP = "zip"
    TOWN = "town"
    REGION = "region"
    COUNTRY = "country"


class Place(Struct, frozen=True):
    """Where somebody says that they are, no finer than a ZIP or a town.

    ``admin1`` is the state or department (two letters in the US), ``country`` the ISO code of two letters,
    latitude and longitude are degrees of a centre point. ``population`` is 0 where it is not known (every ZIP);
    that of a region or country is the population of its biggest town.
    """

    name: str
    admin1: str
    country: str
    latitude: float
    longitude: float
    population: int = 0
    zip: str | None = None
    level: Level = Level.TOWN

    @property
    def label(self) -> str:
        """As families read it: ``Chicago, IL``, ``60629 (Chicago, IL)``, ``Quetzaltenango``."""
        if self.country != "US" or self.level in (Level.REGION, Level.COUNTRY):
            return self.name
        town = f"{self.name}, {self.admin1}"
        return f"{self.zip} ({town})" if self.zip else town

    @property
    def long_label(self) -> str:
        """The label with what tells it from its namesakes: ``San Marcos, Carazo, Nicaragua``."""
        if self.country == "US" and self.level is Level.REGION:
            return f"{self.name} ({self.admin1})"
        if self.country == "US" or self.level is Level.COUNTRY:
            return self.label
        parts = [self.name, COUNTRY_NAMES.get(self.country, self.country)]
        if self.level is Level.TOWN and self.admin1 not in ("", *parts):
            parts.insert(1, self.admin1)
        return ", ".join(parts)


class PlaceMatch(Struct, frozen=True):
    """What a text says: one place, or two to five that it may mean (biggest first), or nothing."""

    found: Place | None = None
    candidates: tuple[Place, ...] = ()
