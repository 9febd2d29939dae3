"""Postal codes of five digits that are not those of the United States: which department of Guatemala, which state of Mexico.

A Guatemalan code is the number of the department (01 to 22), then that of the municipality in it; in the capital the last digits are
the zone, so that 01010 is its zone 10. The first two digits of a Mexican code are those of the state or a part of it.
``directory/postal_codes.tsv``; sources in the README beside it. Finer than that no table here goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from bot.directory.fold import fold
from bot.directory.gazetteer import Gazetteer
from bot.directory.place import Level
from bot.directory.sheet import Row, read_sheet

COLUMNS = ["country", "first", "last", "admin1", "seat"]
COUNTRIES = ("GT", "MX")
LAST_ZONE = 25  # of Guatemala City
_CAPITAL = "01"  # its codes end in the zone
# Municipalities of a department have numbers to 33; around the capital the post office began again at 51.
_MUNICIPALITIES = frozenset(range(1, 41))
_AROUND_THE_CAPITAL = frozenset(range(51, 70))


class _Area(Struct, frozen=True):
    """The rows of a state or department, and of the town whose own codes are known, if there is one."""

    region: int
    seat: int | None


class PostalCodes:
    """Rows of the gazetteer by country and code."""

    def __init__(self, areas: Mapping[tuple[str, str], _Area]) -> None:
        self._areas = dict(areas)

    def row(self, country: str, code: str) -> int | None:
        """What five digits are in that country (GT, MX): a department or state, or its town; None where no code begins so."""
        area = self._areas.get((country, code[:2]))
        if area is None:
            return None
        return area.region if area.seat is None or not _is_of_the_seat(country, code) else area.seat

    def sure_rows(self, code: str) -> list[int]:
        """The same in either country, for a code that nobody would take for a slip in a ZIP."""
        rows = (self.row(country, code) for country in COUNTRIES if _is_plain(country, code))
        return [row for row in rows if row is not None]


def _is_of_the_seat(country: str, code: str) -> bool:
    if country == "MX":
        return True
    return is_zone_of_the_capital(code) or code.endswith("001")


def is_zone_of_the_capital(code: str) -> bool:
    """Whether five digits are the code of a zone of Guatemala City, the only ones there that people know by heart."""
    return code[:2] == _CAPITAL and 1 <= int(code[2:]) <= LAST_ZONE


def _is_plain(country: str, code: str) -> bool:
    """Whether it is a code as towns have it: 09001, and in Mexico, where all numbers are given out, the round one of a centre, 29000."""
    if country == "MX":
        return code.endswith("00")
    number = int(code[2:])
    return number in _MUNICIPALITIES or (code[:2] == _CAPITAL and number in _AROUND_THE_CAPITAL)


def read_postal_codes(file: Path, gazetteer: Gazetteer) -> PostalCodes:
    """Reads postal_codes.tsv. Raises DirectoryFileError for a row that leads nowhere."""
    areas: dict[tuple[str, str], _Area] = {}
    for line in read_sheet(file, COLUMNS, separator="\t"):
        country = line.one_of("country", COUNTRIES)
        area = _area(line, gazetteer, country)
        if not (line["first"].isdigit() and line["last"].isdigit()):
            raise line.wrong("first or last is not a number.", "Write the first two digits of the codes.")
        for digits in range(int(line["first"]), int(line["last"]) + 1):
            if areas.setdefault((country, f"{digits:02}"), area) != area:
                raise line.wrong(f"{digits:02} stands twice.", "Keep one row.")
    return PostalCodes(areas)


def _area(line: Row, known: Gazetteer, country: str) -> _Area:
    regions = _rows(known, line["admin1"], (country, line["admin1"]), Level.REGION)
    seats = _rows(known, line["seat"], (country, line["admin1"]), Level.TOWN)
    if not regions or (line["seat"] and not seats):
        raise line.wrong(f"No {line['seat'] or 'state'} in {line['admin1']}.", "Spell it as the table of places does.")
    return _Area(regions[0], seats[0] if seats else None)


def _rows(known: Gazetteer, name: str, state: tuple[str, str], level: Level) -> list[int]:
    rows = (row for row in known.keys.get(fold(name), ()) if known.level[row] is level)
    inside = (row for row in rows if (known.country[row], known.admin1[row]) == state)
    return sorted(inside, key=lambda row: -known.population[row])
