"""An organization of the network that answers at the desk: when, in which languages, for which places and topics. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.directory.errors import ScheduleError
from bot.directory.hours import Open, Opens, State, Unknown, parse_schedule, state


@dataclass(frozen=True, slots=True)
class DeskOrganization:
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
        """Whether somebody answers ``now`` (aware), and else when again. Hours that cannot be read are unknown."""
        try:
            return state(parse_schedule(self.hours, self.zone), now)
        except ScheduleError:
            return Unknown()

    def is_open(self, now: datetime) -> bool:
        """Whether somebody answers now; unknown hours are none."""
        return isinstance(self.state(now), Open)

    def back_at(self, now: datetime) -> datetime | None:
        """When somebody answers again, by the organization's own clocks; None while it is open and where nobody knows."""
        found = self.state(now)
        return found.at if isinstance(found, Opens) else None
