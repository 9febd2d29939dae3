"""The table of places in memory: columns, not objects, because some 76,000 places are known and few are asked for."""

from __future__ import annotations

import gzip
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from pathlib import Path
from sys import intern

from bot.directory.distance import KM_PER_DEGREE_OF_LATITUDE, distance_km
from bot.directory.errors import DirectoryFileError
from bot.directory.place import Level, Place

_COLUMNS = 8
_MEND = "Build it again: python -m directory.build_places"


class Gazetteer:
    """Rows by number, sorted by latitude, and where to find them. Never changes.

    ``keys``: every spelling (fold.py) of towns, regions and countries -> rows; ``areas``: the same without towns.
    """

    def __init__(self, lines: list[str]) -> None:
        level, country, admin1, name, latitude, longitude, population, keys = zip(
            *(line.split("\t") for line in lines), strict=True
        )
        self.level = [Level(intern(each)) for each in level]
        self.country = list(map(intern, country))
        self.admin1 = list(map(intern, admin1))
        self.name = list(map(intern, name))
        self.latitude = array("d", map(float, latitude))
        self.longitude = array("d", map(float, longitude))
        self.population = array("I", map(int, population))
        self.keys: dict[str, tuple[int, ...]] = {}
        self.areas: dict[str, tuple[int, ...]] = {}
        self._zips: dict[int, int] = {}
        for row, (size, written) in enumerate(zip(self.level, keys, strict=True)):
            if size is Level.ZIP:
                self._zips[int(written)] = row
            else:
                self._file(row, [self.name[row].lower(), *written.split("|")])

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
        if self.level[row] is not Level.ZIP:
            return None
        # Only for a pin or an alias: a search through the ZIPs is cheaper than a second index kept for ever.
        return next(f"{digits:05}" for digits, at in self._zips.items() if at == row)

    def within(self, latitude: float, longitude: float, km: float) -> Iterator[tuple[float, int]]:
        """ZIPs and towns at most ``km`` kilometres from a point, as (kilometres, row), in no order."""
        reach = km / KM_PER_DEGREE_OF_LATITUDE
        first = bisect_left(self.latitude, latitude - reach)
        last = bisect_right(self.latitude, latitude + reach)
        for row in range(first, last):
            if self.level[row] is Level.ZIP or self.level[row] is Level.TOWN:
                away = distance_km(latitude, longitude, self.latitude[row], self.longitude[row])
                if away <= km:
                    yield away, row


def read_gazetteer(file: Path) -> Gazetteer:
    """Reads places.tsv.gz (0.3 s). Raises DirectoryFileError where it is missing or not what was built."""
    try:
        lines = gzip.decompress(file.read_bytes()).decode().splitlines()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise DirectoryFileError(file, 0, f"It cannot be read ({error}).", _MEND) from error
    if not lines:
        raise DirectoryFileError(file, 0, "It has no rows.", _MEND)
    for number, line in enumerate(lines, start=1):
        if line.count("\t") != _COLUMNS - 1:
            raise DirectoryFileError(file, number, f"It does not have {_COLUMNS} columns.", _MEND)
    try:
        return Gazetteer(lines)
    except ValueError as error:
        raise DirectoryFileError(file, 0, f"It holds a value that does not fit ({error}).", _MEND) from error
