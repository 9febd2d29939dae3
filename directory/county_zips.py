"""Prints the area of a county as the cells ``zips``, ``lat``, ``lon`` and ``radius_km`` of hotlines.csv want it.

    python -m directory.county_zips "Cook County" IL

Needs zipcodes==3.0.0, as build_places.py beside it. A ZIP of two counties counts for one. The circle, for towns, reaches the farthest ZIP.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

import zipcodes

from bot.directory.distance import distance_km


def county_area(county: str, state: str) -> tuple[str, float, float, int]:
    """ZIPs (as short as their beginnings can be), latitude, longitude and radius in km. Raises KeyError for no such county."""
    inside = zipcodes.filter_by(county=county, state=state, active=True)
    if not inside:
        raise KeyError(f"{county}, {state}")
    points = [(float(each["lat"]), float(each["long"])) for each in inside]
    latitude, longitude = (round(sum(axis) / len(points), 4) for axis in zip(*points, strict=True))
    radius = max(distance_km(latitude, longitude, *point) for point in points)
    return ";".join(beginnings(each["zip_code"] for each in inside)), latitude, longitude, int(radius) + 1


def beginnings(zips: Iterable[str]) -> list[str]:
    """The fewest beginnings of three to five digits that these ZIPs have and no other active ZIP has."""
    wanted = set(zips)
    everywhere = {each["zip_code"] for each in zipcodes.filter_by(active=True)}
    found: set[str] = set()
    for length in (3, 4, 5):
        there = Counter(each[:length] for each in everywhere)
        here = Counter(each[:length] for each in wanted)
        whole = {start for start, count in here.items() if count == there[start]}
        found |= whole
        wanted = {each for each in wanted if each[:length] not in whole}
    return sorted(found)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit('Usage: python -m directory.county_zips "Cook County" IL')
    try:
        print(*county_area(*sys.argv[1:]), sep="\n")
    except KeyError as error:
        sys.exit(f"There is no {error.args[0]} with ZIPs. Counties are written in full, such as Cook County.")
