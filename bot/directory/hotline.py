"""Every number and site that an answer may name, as a field (``directory/hotlines.csv``): ``$orr``, ``$locator``."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from msgspec import Struct

from bot.directory.distance import distance_km
from bot.directory.errors import ScheduleError
from bot.directory.hours import Schedule, parse_schedule, parse_zone
from bot.directory.place import COUNTRY_NAMES, Level, Place
from bot.directory.sheet import Row, read_sheet

KINDS = ("emergency", "hotline", "site")
MODES = ("calls", "texts", "whatsapp")
NATIONAL = "national"
AREA_LINE = "area_line"
COLUMNS = tuple(
    """id text kind topic country area zips lat lon radius_km purpose_es purpose_en does_not run_by hours timezone modes
    from_abroad from_countries languages emergencies source source_date evidence checked to_check verified_on
    verified_by owner""".split()
)
_ID = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER = re.compile(r"\+?[0-9][0-9 -]+")
_SITE = re.compile(r"[a-z0-9.-]+\.[a-z]+(/[\w./-]+)?")
_ZIPS = re.compile(r"\d{3,5}")
_COUNTY = re.compile(r"(.+), (.+)")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
# In the US: what 911 reaches elsewhere is read on a source first.
_KNOWN_TO_ALL = frozenset({"911", "988"})
_GOVERNMENT_ENDINGS = (".gov", ".gob.gt", ".gob.mx", ".gob.hn", ".gob.sv")


class Hotline(Struct, frozen=True):
    """``text`` is what stands in the message: a number as people dial it, or a site without its ``https``.

    ``area`` is "national", a state, or a county of one ("Cook County, IL"). ``zips`` (ZIPs or their beginnings) and the circle
    (degrees, km) narrow it. ``schedule`` is None where the hours are not known, ``from_abroad`` where nobody knows whether it can be
    called from outside ``country``; ``from_countries`` are those that it is meant for too. ``for_emergencies`` is False where its
    owner or we say that nobody in danger may be sent there. ``evidence`` is "seen" (read on the source on the day ``checked``) or
    "recalled"; neither is a confirmation: ``verified_on`` is the day on which ``verified_by``, somebody of the network, called or
    asked the owner, and ``to_check`` what that call should settle. ``owner`` is who keeps the row true, empty until somebody does.
    """

    id: str
    text: str
    kind: str
    topic: str
    country: str
    area: str
    zips: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    radius_km: float | None
    purpose_es: str
    purpose_en: str
    does_not: str
    run_by: str
    schedule: Schedule | None
    modes: tuple[str, ...]
    from_abroad: bool | None
    from_countries: tuple[str, ...]
    languages: tuple[str, ...]
    for_emergencies: bool
    source: str
    source_date: str
    evidence: str
    checked: date | None
    to_check: str
    verified_on: date | None
    verified_by: str
    owner: str

    def sendable(self, send_unconfirmed: bool) -> bool:
        """Whether it may stand in an answer.

        911 and 988 of the US, emergency numbers read on a source and sites of a government always; all others when somebody has
        confirmed them, or when unconfirmed numbers may be sent (development).
        """
        return send_unconfirmed or self.verified_on is not None or self._is_certain()

    def _is_certain(self) -> bool:
        if self.kind == "emergency":
            return (self.country == "US" and self.text in _KNOWN_TO_ALL) or self.evidence == "seen"
        return self.kind == "site" and self.text.split("/")[0].endswith(_GOVERNMENT_ENDINGS)

    @property
    def state(self) -> str:
        """The state or department that the area lies in; empty for a whole country."""
        county = _COUNTY.fullmatch(self.area)
        return county[2] if county else "" if self.area == NATIONAL else self.area

    def covers(self, place: Place) -> bool:
        """Whether the line works for people at the place. A ZIP is looked up in ``zips``, a town without one in the circle."""
        if self.country != place.country:
            return False
        if self.area == NATIONAL:
            return True
        if self.state != place.admin1:
            return False
        if self.zips and place.zip:
            return place.zip.startswith(self.zips)
        if self.latitude is None or self.longitude is None or self.radius_km is None:
            return not self.zips
        if place.level is Level.REGION:
            return False
        return distance_km(place.latitude, place.longitude, self.latitude, self.longitude) <= self.radius_km


def can_be(kind: str, text: str) -> bool:
    """Whether this may be the number or the site of a line of that kind, as it is dialled or typed."""
    form = _SITE if kind == "site" else _NUMBER
    return form.fullmatch(text.lower()) is not None


def load_hotlines(folder: Path) -> dict[str, Hotline]:
    """Reads hotlines.csv, by id. Raises DirectoryFileError, which says which line to mend and how."""
    hotlines: dict[str, Hotline] = {}
    for row in read_sheet(folder / "hotlines.csv", COLUMNS):
        line = _hotline(row)
        if line.id in hotlines:
            raise row.wrong(f"The id {line.id!r} stands twice.", "Give every row an id of its own.")
        hotlines[line.id] = line
    return hotlines


def _hotline(row: Row) -> Hotline:
    _check(row)
    _check_area(row)
    return Hotline(
        id=row["id"],
        text=row["text"],
        kind=row["kind"],
        topic=row.required("topic"),
        country=row.one_of("country", tuple(COUNTRY_NAMES)),
        area=row.required("area"),
        zips=row.several_like("zips", _ZIPS, "three to five digits of a ZIP"),
        latitude=row.number("lat", -90, 90),
        longitude=row.number("lon", -180, 180),
        radius_km=row.number("radius_km", 1, 1000),
        purpose_es=row.required("purpose_es"),
        purpose_en=row.required("purpose_en"),
        does_not=row["does_not"],
        run_by=row["run_by"],
        schedule=_schedule(row),
        modes=row.several_of("modes", MODES),
        from_abroad={"yes": True, "no": False}.get(row.one_of("from_abroad", ("yes", "no", ""))),
        from_countries=row.several_like("from_countries", _COUNTRY, "the two letters of a country"),
        languages=row.several_like("languages", _LANGUAGE, "the code of a language, such as es or quc"),
        for_emergencies=row.one_of("emergencies", ("", "no")) != "no",
        source=row.required("source"),
        source_date=row["source_date"],
        evidence=row["evidence"],
        checked=row.day("checked"),
        to_check=row["to_check"],
        verified_on=row.day("verified_on"),
        verified_by=row["verified_by"],
        owner=row["owner"],
    )


def _schedule(row: Row) -> Schedule | None:
    try:
        if row["timezone"]:
            parse_zone(row["timezone"])
        return parse_schedule(row["hours"], row["timezone"])
    except ScheduleError as error:
        raise row.wrong(error.problem, error.mend) from error


def _check(row: Row) -> None:
    """The id is a placeholder, the text a number or a site, and no day, person or country stands without its other half."""
    if not _ID.fullmatch(row["id"]):
        raise row.wrong(f"The id {row['id']!r} cannot be a field.", "Use small letters, digits and _.")
    if not can_be(row.one_of("kind", KINDS), row["text"]):
        raise row.wrong(f"{row['text']!r} does not look like a {row['kind']}.", "Write it as it is dialled or typed.")
    if (row.one_of("evidence", ("seen", "recalled")) == "seen") != bool(row["checked"]):
        raise row.wrong("Only what was seen has a day in checked.", "Fill in checked, or write recalled.")
    if bool(row["verified_on"]) != bool(row["verified_by"]):
        raise row.wrong("A call has a day and a person.", "Fill in verified_on and verified_by after it, or neither.")
    if row["from_countries"] and row["from_abroad"] != "yes":
        raise row.wrong("from_countries names some, but from_abroad is not yes.", "Write yes, or empty from_countries.")
    if row["topic"] == AREA_LINE and row["emergencies"] == "no":
        raise row.wrong("The line of an area is named when agents are there.", "Give it another topic.")


def _check_area(row: Row) -> None:
    """A circle has its three cells; ZIPs lie in a state of the US; a county, of which the places know nothing, has ZIPs or a circle."""
    circle = [bool(row[column]) for column in ("lat", "lon", "radius_km")]
    if any(circle) and not all(circle):
        raise row.wrong("lat, lon and radius_km belong together.", "Fill in all three or none.")
    if row["zips"] and (row["country"] != "US" or row["area"] == NATIONAL):
        raise row.wrong("ZIPs lie in a state of the US.", "Write the state, or the county with its state, into area.")
    if _COUNTY.fullmatch(row["area"]) and not (row["zips"] or all(circle)):
        raise row.wrong(
            f"Nobody knows where {row['area']!r} is.", "Fill in zips and a circle: python -m directory.county_zips"
        )
