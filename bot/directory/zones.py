"""Which clocks a state, a department or a country has: its IANA time zone, where it has one. Pure.

The zones are those of the tz database (``zone.tab`` and ``zone1970.tab``, with the areas that they name). The states of two clocks follow
49 CFR part 71 for the United States, and for Mexico the Ley de los Husos Horarios of 28 October 2022 (DOF), which ended summer time but for
the municipalities on the northern border. Two towns keep other clocks than their state's law: Phenix City and its neighbours in Alabama
those of Georgia, West Wendover and Jackpot in Nevada those of Utah and Idaho. So these two states count as states of two clocks as well.
Who is unsure asks: a wrong hour sends a family to a closed door.
"""

from __future__ import annotations

from bot.directory.fold import fold

# A country of one zone.
_COUNTRIES = {
    "GT": "America/Guatemala",
    "HN": "America/Tegucigalpa",
    "SV": "America/El_Salvador",
    "NI": "America/Managua",
    "BZ": "America/Belize",
    "CR": "America/Costa_Rica",
}
_STATES_BY_ZONE = {
    "US": {
        "America/New_York": "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
        "America/Chicago": "AR IA IL LA MN MO MS OK WI",
        "America/Denver": "CO MT NM UT WY",
        "America/Los_Angeles": "CA WA",
        "Pacific/Honolulu": "HI",
        "America/Puerto_Rico": "PR",
    },
    "MX": {
        "America/Mexico_City": """aguascalientes chiapas ciudad_de_mexico colima estado_de_mexico guanajuato guerrero hidalgo
            jalisco michoacan morelos oaxaca puebla queretaro san_luis_potosi tabasco tlaxcala veracruz zacatecas""",
        "America/Monterrey": "durango",
        "America/Merida": "campeche yucatan",
        "America/Cancun": "quintana_roo",
        "America/Mazatlan": "baja_california_sur sinaloa",
        "America/Hermosillo": "sonora",
        "America/Tijuana": "baja_california",
    },
}
_ZONES = {
    (country, fold(state.replace("_", " "))): zone
    for country, zones in _STATES_BY_ZONE.items()
    for zone, states in zones.items()
    for state in states.split()
}

Box = tuple[float, float, float, float]  # south, west, north, east, in degrees
# The parts of a state of two clocks that surely have one zone. Between them, and so near to a border of zones, nothing is said.
_BOXES: dict[tuple[str, str], tuple[tuple[str, Box], ...]] = {
    ("US", "ak"): (("America/Anchorage", (51.0, -169.0, 71.6, -129.9)),),
    ("US", "al"): (
        ("America/Chicago", (30.0, -88.6, 35.1, -85.5)),
        ("America/Chicago", (30.0, -88.6, 31.9, -85.0)),
    ),
    # Without the Navajo Nation, which changes its clocks while the rest of Arizona, and the Hopi in its midst, do not.
    ("US", "az"): (
        ("America/Phoenix", (31.2, -115.0, 34.9, -109.0)),
        ("America/Phoenix", (34.9, -115.0, 35.25, -111.5)),
        ("America/Phoenix", (35.25, -115.0, 37.1, -112.3)),
    ),
    ("US", "fl"): (
        ("America/New_York", (24.0, -84.6, 31.1, -79.8)),
        ("America/Chicago", (29.5, -87.7, 31.1, -85.45)),
    ),
    ("US", "id"): (
        ("America/Boise", (41.9, -117.3, 45.0, -111.0)),
        ("America/Los_Angeles", (46.1, -117.3, 49.1, -114.3)),
    ),
    ("US", "in"): (
        ("America/Indiana/Indianapolis", (37.8, -86.3, 41.8, -84.75)),
        ("America/Indiana/Indianapolis", (39.0, -87.6, 40.6, -84.75)),
        ("America/Chicago", (41.2, -87.6, 41.8, -86.95)),
        ("America/Chicago", (37.8, -88.1, 38.2, -87.45)),
    ),
    ("US", "ks"): (("America/Chicago", (36.9, -101.3, 40.1, -94.5)),),
    ("US", "ky"): (
        ("America/Chicago", (36.4, -89.7, 38.0, -86.6)),
        ("America/Chicago", (36.6, -86.6, 37.1, -86.0)),  # Bowling Green
        ("America/New_York", (36.5, -84.9, 39.2, -81.9)),
        ("America/New_York", (38.0, -86.3, 39.2, -84.9)),
    ),
    ("US", "mi"): (("America/Detroit", (41.6, -87.2, 48.4, -82.2)),),
    ("US", "nd"): (
        ("America/Chicago", (46.5, -100.95, 49.1, -96.5)),
        ("America/Chicago", (48.0, -104.1, 49.1, -96.5)),
        ("America/Denver", (45.9, -104.1, 47.0, -102.3)),
    ),
    ("US", "ne"): (
        ("America/Chicago", (39.9, -100.8, 43.1, -95.3)),
        ("America/Denver", (39.9, -104.1, 43.1, -101.5)),
    ),
    ("US", "nv"): (
        ("America/Los_Angeles", (35.0, -120.1, 39.0, -114.0)),
        ("America/Los_Angeles", (39.0, -120.1, 42.1, -115.5)),
    ),
    ("US", "or"): (
        ("America/Los_Angeles", (41.9, -124.7, 46.4, -118.3)),
        ("America/Los_Angeles", (44.7, -124.7, 46.4, -116.4)),
        ("America/Boise", (43.5, -117.4, 44.2, -116.9)),
    ),
    ("US", "sd"): (
        ("America/Chicago", (42.4, -100.0, 46.0, -96.4)),
        ("America/Denver", (42.9, -104.1, 46.0, -101.7)),
    ),
    ("US", "tn"): (
        ("America/Chicago", (34.9, -90.4, 36.7, -85.9)),
        ("America/New_York", (34.9, -84.5, 36.7, -81.6)),
        ("America/New_York", (34.9, -85.4, 35.2, -84.5)),  # Chattanooga
    ),
    ("US", "tx"): (
        ("America/Chicago", (25.5, -104.7, 36.6, -93.4)),
        ("America/Denver", (31.3, -106.7, 32.1, -105.9)),  # El Paso
    ),
    ("MX", "chihuahua"): (
        ("America/Chihuahua", (25.5, -109.1, 29.0, -104.6)),
        ("America/Ciudad_Juarez", (31.55, -106.65, 31.8, -106.3)),
    ),
    ("MX", "coahuila"): (
        ("America/Monterrey", (24.5, -104.0, 26.2, -100.1)),  # Saltillo, Torreón
        ("America/Monterrey", (26.7, -101.6, 27.2, -101.2)),  # Monclova
        ("America/Matamoros", (28.5, -100.65, 28.85, -100.4)),  # Piedras Negras
        ("America/Matamoros", (29.2, -101.1, 29.45, -100.8)),  # Ciudad Acuña
    ),
    ("MX", "nayarit"): (
        ("America/Mazatlan", (21.2, -105.8, 23.1, -103.7)),
        ("America/Bahia_Banderas", (20.68, -105.6, 20.85, -105.2)),
    ),
    ("MX", "nuevo leon"): (("America/Monterrey", (23.0, -101.3, 26.6, -98.4)),),
    ("MX", "tamaulipas"): (
        ("America/Monterrey", (22.0, -100.2, 24.6, -97.3)),
        ("America/Matamoros", (25.75, -97.7, 25.95, -97.3)),  # Matamoros
        ("America/Matamoros", (25.95, -98.45, 26.15, -98.15)),  # Reynosa
        ("America/Matamoros", (27.3, -99.7, 27.65, -99.4)),  # Nuevo Laredo
    ),
}

_COUNTRY_OF_ZONE = {
    **{zone: country for (country, _), boxes in _BOXES.items() for zone, _ in boxes},
    **{zone: country for country, zones in _STATES_BY_ZONE.items() for zone in zones},
    **{zone: country for country, zone in _COUNTRIES.items()},
}


def zone_of(country: str, state: str) -> str | None:
    """The IANA zone of a state or department as the table of places writes it ("TX", "Chiapas"); None for one of two clocks or unknown.

    The countries of Central America have one zone each, whatever the department.
    """
    return _COUNTRIES.get(country) or _ZONES.get((country, fold(state)))


def zone_at(country: str, state: str, latitude: float, longitude: float) -> str | None:
    """The same for a point in degrees, which tells more in a state of two clocks; None where it lies near their border."""
    if whole := zone_of(country, state):
        return whole
    for zone, (south, west, north, east) in _BOXES.get((country, fold(state)), ()):
        if south <= latitude <= north and west <= longitude <= east:
            return zone
    return None


def has_two_clocks(country: str, state: str) -> bool:
    """Whether two people in that state may read different times on their clocks."""
    return (country, fold(state)) in _BOXES


def country_of_zone(zone: str) -> str | None:
    """The country, of those known here, whose clocks have this name; None for any other."""
    return _COUNTRY_OF_ZONE.get(zone)
