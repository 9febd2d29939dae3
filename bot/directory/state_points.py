"""Where most people of a state or department live, from the table of places. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.directory.gazetteer import Gazetteer
from bot.directory.place import Level

StatePoints = Mapping[tuple[str, str], tuple[float, float]]
"""Country (ISO) and state -> latitude and longitude in degrees."""


def state_points(known: Gazetteer) -> StatePoints:
    """The states and departments of the table of places."""
    return {
        (known.country[row], known.admin1[row]): (known.latitude[row], known.longitude[row])
        for row in range(len(known))
        if known.level[row] is Level.REGION
    }
