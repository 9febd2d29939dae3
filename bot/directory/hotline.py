"""Every number and site that an answer may name, as a field (``directory/hotlines.csv``): ``$orr``, ``$locator``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.directory.distance import distance_km
from bot.directory.place import COUNTRY_NAMES, Level, Place
from bot.directory.sheet import Row, read_sheet

KINDS = ("emergency", "hotline", "site")
NATIONAL = "national"
AREA_LINE = "area_line"
COLUMNS = tuple(
    """id text kind topic country area lat lon radius_km hours_es hours_en note source_url evidence checked
    confirmed_on""".split()
)
_ID = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER = re.compile(r"\+?[0-9][0-9 -]+")
_SITE = re.compile(r"[a-z0-9.-]+\.[a-z]+(/[\w./-]+)?")
_KNOWN_TO_ALL = frozenset({"911", "988"})
_GOVERNMENT_ENDINGS = (".gov", ".gob.gt", ".gob.mx", ".gob.hn", ".gob.sv")


@dataclass(frozen=True, slots=True)
class Hotline:
    """``text`` is what stands in the message: a number as people dial it, or a site without its ``https``.

    ``area`` is "national" or a state; with a point (degrees) and ``radius_km`` it is that circle within the state.
    ``evidence`` is "seen" (read on the source on the day ``checked``) or "recalled"; neither is a confirmation:
    ``confirmed_on`` is the day on which somebody of the network called, or asked the owner.
    """

    id: str
    text: str
    kind: str
    topic: str
    country: str
    area: str
    latitude: float | None
    longitude: float | None
    radius_km: float | None
    hours_es: str
    hours_en: str
    note: str
    source: str
    evidence: str
    checked: date | None
    confirmed_on: date | None

    def sendable(self, send_unconfirmed: bool) -> bool:
        """Whether it may stand in an answer.

        911, 988, emergency numbers read on a source and sites of a government always; all others when somebody has
        confirmed them, or when unconfirmed numbers may be sent (development).
        """
        return send_unconfirmed or self.confirmed_on is not None or self._is_certain()

    def _is_certain(self) -> bool:
        if self.kind == "emergency":
            return self.text in _KNOWN_TO_ALL or self.evidence == "seen"
        return self.kind == "site" and self.text.split("/")[0].endswith(_GOVERNMENT_ENDINGS)

    def covers(self, place: Place) -> bool:
        """Whether the line works for people at the place."""
        if self.country != place.country:
            return False
        if self.area == NATIONAL:
            return True
        if self.area != place.admin1:
            return False
        if self.latitude is None or self.longitude is None or self.radius_km is None:
            return True
        if place.level is Level.REGION:
            return False
        return distance_km(place.latitude, place.longitude, self.latitude, self.longitude) <= self.radius_km


def area_line(hotlines: Iterable[Hotline], place: Place) -> Hotline | None:
    """The line that answers raids around the place, None where none is known. Of several the smallest area wins."""
    near = [line for line in hotlines if line.topic == AREA_LINE and line.covers(place)]
    return min(near, key=lambda line: (line.radius_km is None, line.area == NATIONAL, line.id), default=None)


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
    return Hotline(
        id=row["id"],
        text=row["text"],
        kind=row["kind"],
        topic=row.required("topic"),
        country=row.one_of("country", tuple(COUNTRY_NAMES)),
        area=row.required("area"),
        latitude=row.number("lat", -90, 90),
        longitude=row.number("lon", -180, 180),
        radius_km=row.number("radius_km", 1, 1000),
        hours_es=row["hours_es"],
        hours_en=row["hours_en"],
        note=row["note"],
        source=row.required("source_url"),
        evidence=row["evidence"],
        checked=row.day("checked"),
        confirmed_on=row.day("confirmed_on"),
    )


def _check(row: Row) -> None:
    """The id is a placeholder, the text a number or a site, and only what was read has a day of reading."""
    if not _ID.fullmatch(row["id"]):
        raise row.wrong(f"The id {row['id']!r} cannot be a field.", "Use small letters, digits and _.")
    form = _SITE if row.one_of("kind", KINDS) == "site" else _NUMBER
    if not form.fullmatch(row["text"].lower()):
        raise row.wrong(f"{row['text']!r} does not look like a {row['kind']}.", "Write it as it is dialled or typed.")
    if (row.one_of("evidence", ("seen", "recalled")) == "seen") != bool(row["checked"]):
        raise row.wrong("Only what was seen has a day in checked.", "Fill in checked, or write recalled.")
    point = [bool(row[column]) for column in ("lat", "lon", "radius_km")]
    if any(point) != all(point):
        raise row.wrong("Half a circle: lat, lon and radius_km go together.", "Fill in all three or none.")
