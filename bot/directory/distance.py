"""How far two points are apart, over the ground as the crow flies."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
KM_PER_MILE = 1.609344
KM_PER_DEGREE_OF_LATITUDE = 111.195


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometres between two points given in degrees (haversine; centre points, so always an "about")."""
    north, other_north = radians(latitude), radians(other_latitude)
    half_up = sin((other_north - north) / 2)
    half_across = sin(radians(other_longitude - longitude) / 2)
    chord = half_up * half_up + cos(north) * cos(other_north) * half_across * half_across
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))


def miles(km: float) -> float:
    """Kilometres as miles: families in the United States count in miles."""
    return km / KM_PER_MILE
