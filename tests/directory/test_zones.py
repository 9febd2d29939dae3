"""Which clocks a state has, and a point in a state of two clocks."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import zipcodes

from bot.directory import zones
from bot.directory.gazetteer import read_gazetteer
from bot.directory.place import Level
from bot.directory.places import Places
from bot.directory.zones import has_two_clocks, zone_at, zone_of

STATES = [
    ("US", "NY", "America/New_York"),
    ("US", "il", "America/Chicago"),
    ("US", "CA", "America/Los_Angeles"),
    ("US", "PR", "America/Puerto_Rico"),
    ("US", "TX", None),
    ("US", "AZ", None),
    ("US", "XX", None),
    ("US", "", None),
    ("MX", "Chiapas", "America/Mexico_City"),
    ("MX", "Michoacan", "America/Mexico_City"),
    ("MX", "Sonora", "America/Hermosillo"),
    ("MX", "Quintana Roo", "America/Cancun"),
    ("MX", "Baja California", "America/Tijuana"),
    ("MX", "Chihuahua", None),
    ("MX", "Tamaulipas", None),
    ("GT", "Quiché", "America/Guatemala"),
    ("HN", "", "America/Tegucigalpa"),
    ("CR", "San José", "America/Costa_Rica"),
    ("CA", "Ontario", None),
]


@pytest.mark.parametrize(("country", "state", "zone"), STATES, ids=[f"{row[0]} {row[1]}" for row in STATES])
def test_the_zone_of_a_state(country: str, state: str, zone: str | None) -> None:
    assert zone_of(country, state) == zone


POINTS = [
    ("Houston TX", "America/Chicago"),
    ("El Paso TX", "America/Denver"),
    ("Miami FL", "America/New_York"),
    ("Pensacola FL", "America/Chicago"),
    ("Nashville TN", "America/Chicago"),
    ("Morristown TN", "America/New_York"),
    ("Louisville KY", "America/New_York"),
    ("Bowling Green KY", "America/Chicago"),
    ("Indianapolis IN", "America/Indiana/Indianapolis"),
    ("Hammond IN", "America/Chicago"),
    ("Phoenix AZ", "America/Phoenix"),
    ("Kayenta AZ", None),
    ("Omaha NE", "America/Chicago"),
    ("Nampa ID", "America/Boise"),
    ("Las Vegas NV", "America/Los_Angeles"),
    ("West Wendover NV", None),
    ("Birmingham AL", "America/Chicago"),
    ("Phenix City AL", None),
    ("Ciudad Juárez Chihuahua", "America/Ciudad_Juarez"),
    ("Delicias Chihuahua", "America/Chihuahua"),
    ("Ojinaga Chihuahua", None),
    ("Saltillo Coahuila", "America/Monterrey"),
    ("Piedras Negras Coahuila", "America/Matamoros"),
    ("Reynosa Tamaulipas", "America/Matamoros"),
    ("Nuevo Laredo Tamaulipas", "America/Matamoros"),
    ("Ciudad Victoria Tamaulipas", "America/Monterrey"),
    ("Monterrey Nuevo León", "America/Monterrey"),
    ("Bucerías Nayarit", "America/Bahia_Banderas"),
    ("Tepic Nayarit", "America/Mazatlan"),
    ("Tapachula Chiapas", "America/Mexico_City"),
    ("Xela", "America/Guatemala"),
]


@pytest.mark.parametrize(("town", "zone"), POINTS, ids=[town for town, _ in POINTS])
def test_the_zone_of_a_town(places: Places, town: str, zone: str | None) -> None:
    place = places.find(town).found
    assert place is not None
    assert zone_at(place.country, place.admin1, place.latitude, place.longitude) == zone


def test_every_state_has_a_zone_or_two_clocks(folder: Path) -> None:
    """One state forgotten would be one whose offices never open."""
    known = read_gazetteer(folder / "places.tsv.gz")
    regions = {(known.country[row], known.admin1[row]) for row in range(len(known)) if known.level[row] is Level.REGION}
    assert len(regions) > 160
    for country, state in sorted(regions):
        assert (zone_of(country, state) is None) == has_two_clocks(country, state), (country, state)


def test_every_zone_is_one_of_the_machine() -> None:
    named = {*zones._COUNTRIES.values(), *zones._ZONES.values()}
    named |= {zone for boxes in zones._BOXES.values() for zone, _ in boxes}
    for zone in named:
        assert ZoneInfo(zone).key == zone


# What GeoNames says of these ZIPs, its neighbours and the county say otherwise: a post office far from where it stands on the map.
_WRONG_IN_THE_SOURCE = {"86003", "37405", "79942", "86004"}


def test_no_zip_of_a_state_of_two_clocks_gets_the_wrong_hour() -> None:
    """Against the zones of the zipcodes package, which come from GeoNames: in winter and in summer."""
    told = 0
    for entry in zipcodes.list_all():  # type: ignore[no-untyped-call]
        if not (entry["active"] and has_two_clocks("US", entry["state"]) and "/" in (entry["timezone"] or "")):
            continue
        zone = zone_at("US", entry["state"], float(entry["lat"]), float(entry["long"]))
        if zone is None or entry["zip_code"] in _WRONG_IN_THE_SOURCE:
            continue
        told += 1
        assert _offsets(zone) == _offsets(entry["timezone"]), entry["zip_code"]
    assert told > 9_000


def _offsets(zone: str) -> list[timedelta | None]:
    return [datetime(2026, month, 15, 12, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7)]
