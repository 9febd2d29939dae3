"""The table of places in memory: columns, not objects, because some 76,000 places are known and few are asked for."""

from __future__ import annotations

import gzip
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from math import asin, cos, degrees, pi, radians, sin
from pathlib import Path
from sys import intern

from bot.directory.distance import EARTH_RADIUS_KM, KM_PER_DEGREE_OF_LATITUDE, distance_km
from bot.directory.errors import DirectoryFileError
from bot.directory.place import Level, Place

_MEND = "Build it again: python -m directory.build_places"
# What rounding can make of an angle.
_SLACK_DEGREES = 1e-6
_LEVELS = {level.value: level for level in Level}


class Gazetteer:
    """Rows by number, sorted by latitude, and where to find them. Never changes.

    ``keys``: every spelling (fold.py) of towns, regions and countries -> rows; ``areas``: the same without towns.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.level: list[Level] = []
        self.country: list[str] = []
        self.admin1: list[str] = []
        self.name: list[str] = []
        self.latitude = array("d")
        self.longitude = array("d")
        self.population = array("I")
        self.keys: dict[str, tuple[int, ...]] = {}
        self.areas: dict[str, tuple[int, ...]] = {}
        self._zips: dict[int, int] = {}
        self._digits = array("I")  # of a ZIP, else 0
        for row, line in enumerate(lines):
            self._add(row, line)

    def _add(self, row: int, line: str) -> None:
        level, country, admin1, name, latitude, longitude, population, keys = line.split("\t")
        self.level.append(_LEVELS[level])
        self.country.append(intern(country))
        self.admin1.append(intern(admin1))
        self.name.append(intern(name))
        self.latitude.append(float(latitude))
        self.longitude.append(float(longitude))
        self.population.append(int(population))
        self._digits.append(int(keys) if level == Level.ZIP else 0)
        if level == Level.ZIP:
            self._zips[int(keys)] = row
        else:
            self._file(row, [name.lower(), *keys.split("|")])

    def _file(self, row: int, keys: list[str]) -> None:
        for key in filter(None, keys):
            self.keys[key] = (*self.keys.get(key, ()), row)
            if self.level[row] is not Level.TOWN:
                self.areas[key] = (*self.areas.get(key, ()), row)

    def __len__(self) -> int:
        return len(self.name)

    def zip_row(self, digits: str) -> int | None:
        """The row of a US ZIP of five digits."""
        return self._zips.get(int(digits))

    def place(self, row: int, zip_code: str | None = None) -> Place:
        """The row as a value."""
        return Place(
            name=self.name[row],
            admin1=self.admin1[row],
            country=self.country[row],
            latitude=self.latitude[row],
            longitude=self.longitude[row],
            population=self.population[row],
            zip=zip_code or self._zip_of(row),
            level=self.level[row],
        )

    def _zip_of(self, row: int) -> str | None:
        return f"{self._digits[row]:05}" if self.level[row] is Level.ZIP else None

    def within(self, latitude: float, longitude: float, km: float) -> Iterator[tuple[float, int]]:
        """ZIPs and towns at most ``km`` kilometres from a point, as (kilometres, row), in no order."""
        reach = km / KM_PER_DEGREE_OF_LATITUDE
        first = bisect_left(self.latitude, latitude - reach)
        last = bisect_right(self.latitude, latitude + reach)
        across = _degrees_across(latitude, km)
        for row in range(first, last):
            # Most of what lies as far north lies far away: that is seen before anything is worked out.
            if across < abs(self.longitude[row] - longitude) < 360 - across:
                continue
            if self.level[row] is Level.ZIP or self.level[row] is Level.TOWN:
                away = distance_km(latitude, longitude, self.latitude[row], self.longitude[row])
                if away <= km:
                    yield away, row


def _degrees_across(latitude: float, km: float) -> float:
    """So many degrees of longitude a circle of so many kilometres around a point of this latitude reaches at most."""
    reach = km / EARTH_RADIUS_KM
    if abs(radians(latitude)) + reach >= pi / 2:
        return 180.0
    return degrees(asin(min(1.0, sin(reach) / cos(radians(latitude))))) + _SLACK_DEGREES


def read_gazetteer(file: Path) -> Gazetteer:
    """Reads places.tsv.gz, row by row so that no more is held than is kept.

    Raises DirectoryFileError where it is missing or not what was built.
    """
    try:
        with gzip.open(file, "rt", encoding="utf-8", newline="\n") as lines:
            gazetteer = Gazetteer(line.rstrip("\n") for line in lines)
    except (OSError, EOFError, zlib.error) as error:
        raise DirectoryFileError(file, 0, f"It cannot be read ({error}).", _MEND) from error
    except (KeyError, ValueError, OverflowError) as error:
        raise DirectoryFileError(file, 0, f"It holds a row that does not fit ({error}).", _MEND) from error
    if not len(gazetteer):
        raise DirectoryFileError(file, 0, "It has no rows.", _MEND)
    return gazetteer
