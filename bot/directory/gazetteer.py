"""The table of places in memory: columns, not objects, because some 76,000 places are known and few are asked for.

So does the file have them, and every spelling with its rows: to turn rows into columns would take each start twice as long.
"""

from __future__ import annotations

import gzip
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
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
COLUMNS = (
    *("level", "country", "admin1", "name", "latitude", "longitude", "population", "zip"),
    *("spelling", "its rows", "spelling of an area", "rows of the area"),
)
"""What the file has, a line for each; all but the last four have a cell for each row."""
_OF_A_ROW = 8


class Gazetteer:
    """Rows by number, sorted by latitude, and where to find them. Never changes.

    ``keys``: every spelling (fold.py) of towns, regions and countries -> rows; ``areas``: the same without towns.
    """

    def __init__(self, table: str) -> None:
        """``table``: a line for each of COLUMNS, its name first. ``KeyError``, ``ValueError`` or ``OverflowError`` for another."""
        named = [line.split("\t") for line in table.removesuffix("\n").split("\n")]
        if [cells.pop(0) for cells in named] != list(COLUMNS):
            raise ValueError("other columns")
        if len({len(cells) for cells in named[:_OF_A_ROW]}) != 1:
            raise ValueError("columns of several lengths")
        level, country, admin1, name, latitude, longitude, population, digits, *filed = named
        self.level: list[Level] = [_LEVELS[each] for each in level]
        self.country: list[str] = [*map(intern, country)]
        self.admin1: list[str] = [*map(intern, admin1)]
        self.name: list[str] = [*map(intern, name)]
        self.latitude = array("d", map(float, latitude))
        self.longitude = array("d", map(float, longitude))
        self.population = array("I", map(int, population))
        self._digits = array("I", [int(each) if each else 0 for each in digits])  # of a ZIP, else 0
        self._zips = {each: row for row, each in enumerate(self._digits) if each}
        self.keys, self.areas = _filed(*filed[:2]), _filed(*filed[2:])

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


def _filed(keys: Sequence[str], rows: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Each spelling with its rows; most have one."""
    pairs = zip(keys, rows, strict=True)
    return {key: (int(at),) if at.isdigit() else tuple(map(int, at.split())) for key, at in pairs}


def read_gazetteer(file: Path) -> Gazetteer:
    """Reads places.tsv.gz. Raises DirectoryFileError where it is missing or not what was built."""
    try:
        gazetteer = Gazetteer(gzip.decompress(file.read_bytes()).decode())
    except (OSError, EOFError, zlib.error) as error:
        raise DirectoryFileError(file, 0, f"It cannot be read ({error}).", _MEND) from error
    except (KeyError, ValueError, OverflowError) as error:
        raise DirectoryFileError(file, 0, f"It holds a row that does not fit ({error}).", _MEND) from error
    if not len(gazetteer):
        raise DirectoryFileError(file, 0, "It has no rows.", _MEND)
    return gazetteer
