"""A large directory made up by numbers: cities with thousands of services, towns with one, deserts with none. The same every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.directory.hours import Hours, parse_schedule
from bot.directory.hsds.tables import SERVICES
from bot.directory.place import Place
from bot.directory.service_at_location import Phone, ServiceAtLocation

TODAY = date(2026, 11, 24)
CITIES = (
    ("Los Angeles", "CA", "US", 34.05, -118.24, "America/Los_Angeles", 0.25),
    ("Chicago", "IL", "US", 41.85, -87.65, "America/Chicago", 0.15),
    ("Houston", "TX", "US", 29.76, -95.37, "America/Chicago", 0.12),
    ("Boston", "MA", "US", 42.36, -71.06, "America/New_York", 0.1),
    ("El Paso", "TX", "US", 31.76, -106.49, "America/Denver", 0.03),
    ("Ciudad Juárez", "Chihuahua", "MX", 31.72, -106.46, "America/Ciudad_Juarez", 0.03),
    ("Tapachula", "Chiapas", "MX", 14.91, -92.26, "America/Mexico_City", 0.02),
    ("Quetzaltenango", "Quetzaltenango", "GT", 14.84, -91.52, "America/Guatemala", 0.03),
    ("San Pedro Sula", "Cortés", "HN", 15.5, -88.03, "America/Tegucigalpa", 0.02),
)
# Shares out of a hundred: there and nowhere else, scattered over the land.
_SCATTERED = 0.25
_LANGUAGES = (("es", "en"), ("es",), ("en",), ("es", "quc"), (), ("en", "es", "ht"), ("es", "mam"))
_WEEKS = ("Mo-Fr {}-{}", "Mo-Fr {}-{}; PH off", "Mo-Sa {}-{}", "Tu,Th {}-{}", "Mo-Su {}-{}")


def services(number: int, seed: int = 1) -> tuple[ServiceAtLocation, ...]:
    """So many of them. A third of the organizations have several services or places."""
    random = Random(seed)
    timetables = {zone: _timetables(zone, random) for zone in {city[5] for city in CITIES}}
    return tuple(_service(each, random, timetables) for each in range(number))


def places(number: int, seed: int = 2) -> Iterator[Place]:
    """Where people ask from: mostly cities, some places far from everything."""
    random = Random(seed)
    for _ in range(number):
        name, state, country, latitude, longitude, *_ = random.choice(CITIES)
        wide = 0.05 if random.random() < 0.7 else 4
        yield Place(name, state, country, latitude + random.gauss(0, wide), longitude + random.gauss(0, wide))


def _timetables(zone: str, random: Random) -> Sequence[Hours | None]:
    made: list[Hours | None] = [None, parse_schedule("24/7", zone)]
    for week in _WEEKS:
        for opens in range(6, 14):
            for closes in (15, 17, 18, 20, 22):
                made.append(parse_schedule(week.format(f"{opens:02}:30", f"{closes}:20"), zone))
    return made


def _service(number: int, random: Random, timetables: dict[str, Sequence[Hours | None]]) -> ServiceAtLocation:
    weights = [city[6] for city in CITIES]
    name, state, country, latitude, longitude, zone, _ = random.choices(CITIES, weights)[0]
    if random.random() < _SCATTERED:
        latitude, longitude = latitude + random.gauss(0, 3), longitude + random.gauss(0, 3)
    elif random.random() < 0.7:
        # The others are known by their city alone and stand at its middle.
        latitude, longitude = latitude + random.gauss(0, 0.08), longitude + random.gauss(0, 0.08)
    organization = random.randrange(max(1, number)) if random.random() < 0.3 else number
    area = random.choices(("local", "state", "national"), (90, 8, 2))[0]
    confirmed = (
        TODAY - timedelta(random.choice((10, 60, 89, 91, 200, 364, 366, 500))) if random.random() < 0.8 else None
    )
    excluded = random.choices(((), ("new arrivals only",), ("do not route",), ("government",)), (90, 4, 3, 3))[0]
    return ServiceAtLocation(
        id=f"s{number}",
        service_id=f"s{number}",
        organization_id=f"o{organization}",
        name=f"Centro {organization % 977}",
        name_es="",
        name_quc="",
        kinds=tuple(sorted(random.sample(SERVICES, random.choice((1, 1, 2, 3))))),
        status=random.choices(("active", "defunct"), (97, 3))[0],
        country=country,
        address="1 Main St" if random.random() < 0.8 else "",
        city=name,
        state=state,
        latitude=latitude,
        longitude=longitude,
        zone=ZoneInfo(zone),
        phones=(Phone(f"p{number}", f"+1312555{number:04}", verified_on=confirmed),) if random.random() < 0.9 else (),
        schedule=random.choice(timetables[zone]),
        languages=random.choice(_LANGUAGES),
        interpreters=("quc",) if random.random() < 0.05 else (),
        area=area,
        states=(state,) if area == "state" else (),
        exclusions=frozenset(excluded),
        closed=((TODAY - timedelta(3), TODAY + timedelta(3)),) if random.random() < 0.02 else (),
        assured_on=confirmed,
    )
