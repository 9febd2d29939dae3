"""A service made up for a test, and the moments of its clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.directory.hours import Schedule, parse_schedule
from bot.directory.place import Level, Place
from bot.directory.service_at_location import Phone, ServiceAtLocation
from bot.frozen import replace

CHICAGO = Place("Chicago", "IL", "US", 41.85, -87.65)
CHICAGO_CLOCKS = "America/Chicago"
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
TODAY = date(2026, 11, 24)
LAST_WEEK = TODAY - timedelta(7)


def hours(text: str, zone: str = CHICAGO_CLOCKS) -> Schedule:
    """Opening hours as a volunteer writes them."""
    made = parse_schedule(text, zone)
    assert made is not None
    return made


def at(local: str, zone: str = CHICAGO_CLOCKS) -> datetime:
    """A moment by the clocks of a zone."""
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))


def phone(number: str = "+13125550100", verified_on: date | None = LAST_WEEK, **more: object) -> Phone:
    """A number that somebody confirmed last week."""
    return replace(Phone(f"phone {number}", number, verified_on=verified_on), **more)  # type: ignore[arg-type]


def a_service(name: str = "A", **changes: object) -> ServiceAtLocation:
    """Legal help in the middle of Chicago in Spanish, confirmed last week, hours not known; each its own organization."""
    plain = ServiceAtLocation(
        id=name,
        service_id=name,
        organization_id=f"organization of {name}",
        name=name,
        name_es="",
        name_quc="",
        kinds=("legal",),
        status="active",
        country="US",
        city="Chicago",
        state="IL",
        latitude=41.85,
        longitude=-87.65,
        phones=(phone(),),
        languages=("es",),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def km_north(km: float, of: Place = CHICAGO) -> dict[str, object]:
    """A point so far north of a place."""
    return {"latitude": of.latitude + km / 111.195, "longitude": of.longitude}


def state(name: str, code: str, latitude: float, longitude: float) -> Place:
    """A place that is only a state."""
    return Place(name, code, "US", latitude, longitude, level=Level.REGION)
