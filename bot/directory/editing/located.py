"""A town that somebody wrote as a point on the map and as clocks; and what of a place that is nobody's business is not kept. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.directory.place import Level, Place
from bot.directory.places import Places
from bot.directory.zones import zone_at, zone_of

_BLANK = {"lat": "", "lon": "", "geo_precision": ""}
_TOWN = ("city", "state", "country", "postal_code")


def located(cells: Mapping[str, str], now: Mapping[str, str], places: Places) -> dict[str, str]:
    """The cells that follow from those of the place. ``now``: as the entry stands.

    Of a sensitive one the street goes, and its point becomes that of its town: what is not kept cannot be told by mistake.
    """
    sensitive = cells.get("sensitive") == "yes"
    changed = any(cells.get(name, "") != now.get(name, "") for name in _TOWN)
    made: dict[str, str] = {}
    if sensitive:
        made |= {"address": "", "address_2": "", "postal_code": ""}
    becomes_sensitive = sensitive and now.get("sensitive") != "yes"
    if not (changed or becomes_sensitive):
        return made
    place = _place({**cells, **made}, places)
    made |= _point(place) if place else _BLANK
    made |= _clocks(cells, place)
    return made


def _place(cells: Mapping[str, str], places: Places) -> Place | None:
    """The ZIP of the United States, else the town with its state. None where nobody knows such a one, or several."""
    country = cells.get("country", "").upper()
    town = ", ".join(filter(None, (cells.get("city", ""), cells.get("state", ""))))
    wanted = [cells.get("postal_code", "") if country == "US" else "", town]
    for each in filter(None, wanted):
        match = places.find(each, country or None)
        found = match.found or next((one for one in match.candidates if _is_there(one, cells, country)), None)
        if found and found.level in (Level.ZIP, Level.TOWN) and _is_there(found, cells, country):
            return found
    return None


def _is_there(place: Place, cells: Mapping[str, str], country: str) -> bool:
    state = cells.get("state", "").strip().casefold()
    return place.country == country and (not state or place.admin1.casefold() == state)


def _point(place: Place) -> dict[str, str]:
    precision = "zip" if place.level is Level.ZIP else "city"
    return {"lat": repr(place.latitude), "lon": repr(place.longitude), "geo_precision": precision}


def _clocks(cells: Mapping[str, str], place: Place | None) -> dict[str, str]:
    """The clocks of the new place; those that stand there where nobody can say."""
    country, state = cells.get("country", "").upper(), cells.get("state", "")
    zone = zone_at(country, state, place.latitude, place.longitude) if place else zone_of(country, state)
    return {"timezone": zone} if zone else {}
