"""Where most people of a state or department live, from the table of places. Pure."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

from bot.directory.errors import DirectoryFileError
from bot.directory.place import Level

StatePoints = Mapping[tuple[str, str], tuple[float, float]]
"""Country (ISO) and state -> latitude and longitude in degrees."""


def read_state_points(file: Path) -> StatePoints:
    """The states of places.tsv.gz. Raises DirectoryFileError where it cannot be read."""
    points: dict[tuple[str, str], tuple[float, float]] = {}
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                level, country, state, _, latitude, longitude, *_ = line.split("\t")
                if level == Level.REGION:
                    points[country, state] = float(latitude), float(longitude)
    except (OSError, EOFError, ValueError) as error:
        mend = "Build it again: python -m directory.build_places"
        raise DirectoryFileError(file, 0, f"It cannot be read ({error}).", mend) from error
    return points
