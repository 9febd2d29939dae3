"""An organization of the network that answers at the desk: when, in which languages, for which places and topics. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from bot.directory.errors import ScheduleError
from bot.directory.holidays import public_holidays
from bot.directory.hours import Open, Opens, State, Unknown, parse_schedule, parse_zone, state
from bot.directory.zones import country_of_zone

LONGEST = {
    "id": 32,
    "name": 80,
    "hours": 200,
    "zone": 64,
    "languages": 64,
    "states": 400,
    "topics": 400,
    "debrief": 200,
}
"""Letters of each, in a list with its commas: what the table holds."""
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LISTED = {
    "languages": (re.compile(r"[a-z]{2,8}"), "codes of languages, such as es,quc"),
    "states": (re.compile(r"[A-Z]{2}(-[^,;]+)?"), "countries or their states, such as US-IL,GT"),
    "topics": (re.compile(r"[a-z][a-z0-9_]*"), "names of flows, such as car_stop,food"),
}


class DeskOrganization(Struct, frozen=True):
    """``hours`` and ``zone`` as bot/directory/hours.py reads them; empty hours: nobody has said when, and none are promised.

    ``languages`` are codes; ``states`` a country and its state (US-IL) or a country (GT); ``topics`` names of flows. Empty
    means any. ``debrief`` is whom the team calls after a hard conversation. ``urgent_a_day``: after so many urgent ones a
    responder is asked to stop for the day; 0 for no such line.
    """

    id: str
    name: str
    hours: str = ""
    zone: str = "America/Chicago"
    languages: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    is_default: bool = False
    active: bool = True
    debrief: str = ""
    urgent_a_day: int = 0

    def state(self, now: datetime) -> State:
        """Whether somebody answers ``now`` (aware), and else when again. Hours that cannot be read are unknown.

        So are those of a public holiday of which the hours say nothing (``PH off`` says that nobody is there).
        """
        holidays = public_holidays(country_of_zone(self.zone) or "", now.date())
        try:
            return state(parse_schedule(self.hours, self.zone), now, holidays)
        except ScheduleError:
            return Unknown()

    def is_open(self, now: datetime) -> bool:
        """Whether somebody answers now; unknown hours are none."""
        return isinstance(self.state(now), Open)

    def back_at(self, now: datetime) -> datetime | None:
        """When somebody answers again, by the organization's own clocks; None while it is open and where nobody knows."""
        found = self.state(now)
        return found.at if isinstance(found, Opens) else None


def problems_of(organization: DeskOrganization) -> tuple[str, ...]:
    """Why it cannot be so, in words, one sentence each; none where it can."""
    return tuple(_problems(organization))


def _problems(organization: DeskOrganization) -> Iterator[str]:
    if not _ID.fullmatch(organization.id):
        yield "The id is made of small letters, digits and single hyphens, such as centro-del-sol."
    if not organization.name.strip():
        yield "The name is missing: families read it."
    for field, longest in LONGEST.items():
        value = getattr(organization, field)
        if len(value if isinstance(value, str) else ",".join(value)) > longest:
            yield f"{field}: {longest} letters at most."
    for field, (pattern, wanted) in _LISTED.items():
        if wrong := [each for each in getattr(organization, field) if not pattern.fullmatch(each)]:
            yield f"{field}: {wrong[0][:40]!r} is none; write {wanted}."
    for read in (lambda: parse_schedule(organization.hours, organization.zone), lambda: parse_zone(organization.zone)):
        try:
            read()
        except ScheduleError as error:
            yield str(error)
            break
    if organization.urgent_a_day < 0:
        yield "So many urgent ones a day is a number from 0 on; 0 sets no line."
