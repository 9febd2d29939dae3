"""The list with which two volunteers launch a city: whom to call, who of the two, what is claimed, and the sheet for the answers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain

from msgspec import Struct

from bot.cells import written
from bot.directory.call_again import where
from bot.directory.distance import distance_km
from bot.directory.formats.sheet_rows import sheet_rows
from bot.directory.freshness import Freshness
from bot.directory.hotline import NATIONAL, Hotline
from bot.directory.hsds.package import Package
from bot.directory.listed import Listed, line_of
from bot.frozen import replace

SHEET_COLUMNS = tuple(
    """code org_name phone phone_verified_on phone_verified_by phone_verified_how status do_not_route service_terms cost
    documents hours hours_es hours_en languages interpreters interpretation""".split()
)
"""Columns of the sheet that goes back through ``directory import``: those that a call can settle."""
# Nobody has measured it: a call with a second try, the same with a search for the number before it, one question to a line.
MINUTES_WITH_NUMBER = 10
MINUTES_WITHOUT = 20
MINUTES_FOR_A_LINE = 5
_SAME_TOWN_KM = 100.0


class Entry(Struct, frozen=True):
    """One call. ``who`` is A or B. ``line`` is the line of hotlines.csv instead of an organization, or that has the same number."""

    listed: Listed | None
    line: Hotline | None
    who: str = ""

    @property
    def minutes(self) -> int:
        """How long it may take, by guess."""
        if self.listed is None:
            return MINUTES_FOR_A_LINE
        return MINUTES_WITH_NUMBER if self.listed.numbers else MINUTES_WITHOUT


class City(Struct, frozen=True):
    """Everybody to call for a city; ``name`` as people write it, empty city for those that are reached by phone alone."""

    name: str
    city: str
    country: str
    entries: tuple[Entry, ...]

    def of(self, who: str) -> tuple[Entry, ...]:
        """The calls of one of the two."""
        return tuple(each for each in self.entries if each.who == who)

    @property
    def minutes(self) -> int:
        """Until both are done, calling at the same time."""
        return max(sum(each.minutes for each in self.of(who)) for who in ("A", "B"))

    @property
    def to_find(self) -> int:
        """How many have no number."""
        return sum(1 for each in self.entries if each.listed and not each.listed.numbers)


def call_list(rows: Iterable[Listed], hotlines: Iterable[Hotline], today: date) -> list[City]:
    """The cities, most calls first, then what is reached by phone alone, a country at a time.

    In it is what nobody confirmed within 90 days: organizations, also those held back for want of a number, and the lines of
    hotlines.csv that work there. Sites and emergency numbers
    are not called.
    """
    lines = [line for line in hotlines if line.kind == "hotline" and line.verified_on is None]
    open_rows = [
        each for each in rows if each.has_a_door and (each.flags or each.freshness(today) is not Freshness.FRESH)
    ]
    towns: dict[tuple[str, str, str], list[Entry]] = {}
    for each in open_rows:
        shared = next((line for line in lines if line.id == line_of(each, lines)), None)
        towns.setdefault(each.place, []).append(Entry(each, shared))
    told = {entry.line.id for entries in towns.values() for entry in entries if entry.line}
    for line in lines:
        if line.id not in told:
            towns.setdefault(_town_of(line, towns), []).append(Entry(None, line))
    cities = [_city(place, entries) for place, entries in towns.items()]
    return sorted(cities, key=lambda city: (not city.city, -len(city.entries), city.country, city.name))


def _town_of(line: Hotline, towns: Mapping[tuple[str, str, str], Sequence[Entry]]) -> tuple[str, str, str]:
    """The town of its area with most calls; nowhere for a line of a whole country, or of a state that has none in the list."""
    if line.area == NATIONAL:
        return line.country, "", ""
    near = [place for place, entries in towns.items() if place[2] and _works_in(line, place, entries)]
    return max(near, key=lambda place: (len(towns[place]), place), default=(line.country, "", ""))


def _works_in(line: Hotline, place: tuple[str, str, str], entries: Sequence[Entry]) -> bool:
    if place[:2] != (line.country, line.state):
        return False
    if line.latitude is None or line.longitude is None:
        return True
    at = next((each.listed.point for each in entries if each.listed and each.listed.point), None)
    reach = line.radius_km or _SAME_TOWN_KM
    return at is not None and distance_km(*at, line.latitude, line.longitude) <= reach


def _city(place: tuple[str, str, str], entries: Sequence[Entry]) -> City:
    named = next((where(each.listed) for each in entries if each.listed), f"by phone, {place[0]}")
    ordered = sorted(
        entries, key=lambda each: (each.listed is None, not (each.listed and each.listed.numbers), _name(each))
    )
    return City(named, place[2], place[0], tuple(_shared_out(ordered)))


def _name(entry: Entry) -> str:
    return entry.listed.name if entry.listed else entry.line.id if entry.line else ""


def _shared_out(entries: Sequence[Entry]) -> list[Entry]:
    """The longest first to whom has less to do, so that both are done at about the same time; the order stays."""
    minutes = {"A": 0, "B": 0}
    who: dict[int, str] = {}
    for number in sorted(range(len(entries)), key=lambda number: (-entries[number].minutes, number)):
        who[number] = min(minutes, key=lambda name: (minutes[name], name))
        minutes[who[number]] += entries[number].minutes
    return [replace(entry, who=who[number]) for number, entry in enumerate(entries)]


def answer_sheet(cities: Iterable[City], package: Package) -> bytes:
    """The CSV file for the answers: a row for each organization of these cities, in their order, with what is known.

    An old confirmation stands in it, to be written over: an empty cell would take it away from a row that nobody came to.
    The file goes back through ``directory import`` as it is.
    """
    by_code = {row.code: row.cells for row in sheet_rows(package)}
    codes = dict.fromkeys(entry.listed.code for city in cities for entry in city.entries if entry.listed)
    rows = ([by_code[code][name] for name in SHEET_COLUMNS] for code in codes)
    return written(chain([SHEET_COLUMNS], rows))
