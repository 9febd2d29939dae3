"""Which line answers raids around a place: the smallest area's, and a wider one while that is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.directory.area_lines import AreaLines, area_lines
from bot.directory.hotline import Hotline
from bot.directory.hours import Open, Opens, Unknown, parse_schedule
from bot.directory.place import Place
from bot.directory.places import Places
from bot.frozen import replace

LOS_ANGELES = Place("Los Angeles", "CA", "US", 34.05, -118.24)
WEEKDAYS = "Mo-Fr 09:00-17:00"
# A Tuesday and Thanksgiving, by the clocks of Los Angeles.
NOON, NIGHT = "2026-11-24 12:00", "2026-11-24 22:00"
HOLIDAY = "2026-11-26 12:00"


def at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("America/Los_Angeles"))


AREAS = [
    ("a ZIP of Los Angeles", "90057", "la_network"),
    ("Long Beach", "Long Beach", "la_network"),
    ("Palmdale, inside the circle", "Palmdale", "la_network"),
    ("Fresno, in California and far", "Fresno", None),
    ("Denver", "Denver", "co_rapid"),
    ("all of Colorado", "Colorado", "co_rapid"),
    ("all of California: most of it is far", "California", None),
    ("Chicago", "Chicago", None),
    ("Tijuana, near and in another country", "Tijuana", None),
    ("Xela", "Xela", None),
]


@pytest.mark.parametrize(("where", "line"), [row[1:] for row in AREAS], ids=[row[0] for row in AREAS])
def test_the_line_of_an_area(places: Places, hotlines: Mapping[str, Hotline], where: str, line: str | None) -> None:
    place = places.find(where).found
    assert place is not None
    found = area_lines(hotlines.values(), place, at(NOON))
    assert (found.nearest.id if found else None) == line
    assert found is None or (found.state, found.meanwhile) == (Unknown(), None)


@pytest.fixture
def lines(hotlines: Mapping[str, Hotline]) -> dict[str, Hotline]:
    """One line for each width of area around Los Angeles; nothing is known of their hours."""
    circle = hotlines["la_network"]
    state = replace(circle, area="CA", latitude=None, longitude=None, radius_km=None)
    made = {
        "county": replace(circle, area="Los Angeles County, CA", zips=("900",)),
        "small": replace(circle, radius_km=30),
        "circle": circle,
        "state": state,
        "nation": replace(state, area="national"),
    }
    return {name: replace(line, id=name) for name, line in made.items()}


def chosen(lines: Mapping[str, Hotline], hours: str, now: str, place: Place = LOS_ANGELES) -> AreaLines | None:
    """``hours``: ``circle=Mo-Fr 09:00-17:00 | state=24/7 | nation=?``."""
    offered = []
    for each in hours.split(" | "):
        name, _, when = each.partition("=")
        schedule = None if when == "?" else parse_schedule(when, "America/Los_Angeles")
        offered.append(replace(lines[name], schedule=schedule))
    return area_lines(reversed(offered), place, at(now))


CASES = [
    # what happens; who is there and when; now; nearest, its state; who answers meanwhile
    ("open", f"circle={WEEKDAYS} | state=24/7", NOON, "circle", "open", None),
    ("nobody knows its hours", "circle=? | state=24/7", NIGHT, "circle", "unknown", None),
    ("closed, the state's answers", f"circle={WEEKDAYS} | state=24/7", NIGHT, "circle", "Wed 09:00", "state"),
    ("closed, as is the state's", f"circle={WEEKDAYS} | state={WEEKDAYS} | nation=24/7", NIGHT, "circle", "Wed 09:00", "nation"),
    ("open is better than unknown", f"circle={WEEKDAYS} | state=? | nation=24/7", NIGHT, "circle", "Wed 09:00", "nation"),
    ("unknown is better than closed", f"circle={WEEKDAYS} | state=? | nation={WEEKDAYS}", NIGHT, "circle", "Wed 09:00", "state"),
    ("of two that answer the nearer one", f"circle={WEEKDAYS} | state=24/7 | nation=24/7", NIGHT, "circle", "Wed 09:00", "state"),
    ("all are closed", f"circle={WEEKDAYS} | state={WEEKDAYS}", NIGHT, "circle", "Wed 09:00", None),
    ("there is no other", f"circle={WEEKDAYS}", NIGHT, "circle", "Wed 09:00", None),
    ("the smaller circle first", "small=? | circle=24/7", NOON, "small", "unknown", None),
    ("a county before a circle", "county=24/7 | small=24/7", NOON, "county", "open", None),
    ("only the state's", "state=24/7 | nation=24/7", NOON, "state", "open", None),
    ("only the country's", f"nation={WEEKDAYS}", NIGHT, "nation", "Wed 09:00", None),
    ("a holiday: nobody knows", f"circle={WEEKDAYS} | state=24/7", HOLIDAY, "circle", "unknown", None),
    ("closed on holidays", f"circle={WEEKDAYS}; PH off | state=24/7", HOLIDAY, "circle", "Fri 09:00", "state"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "now", "nearest", "state", "meanwhile"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_the_nearest_line_and_who_answers_meanwhile(
    lines: Mapping[str, Hotline], hours: str, now: str, nearest: str, state: str, meanwhile: str | None
) -> None:
    found = chosen(lines, hours, now)
    assert found is not None
    shown = {Open: "open", Unknown: "unknown"}.get(type(found.state))
    if isinstance(found.state, Opens):
        shown = f"{found.state.at:%a %H:%M}"
    assert (found.nearest.id, shown) == (nearest, state)
    assert (found.meanwhile.id if found.meanwhile else None) == meanwhile
    assert found.to_call_now.id == (meanwhile or nearest)
    assert (found.meanwhile_state is None) is (meanwhile is None)


def test_of_two_lines_of_one_area_the_open_one_comes_first(lines: Mapping[str, Hotline]) -> None:
    other = replace(lines["state"], id="a_closed_one", schedule=parse_schedule("Mo 09:00-10:00", "America/Los_Angeles"))
    open_one = replace(lines["state"], schedule=parse_schedule("24/7", ""))
    found = area_lines([other, open_one], LOS_ANGELES, at(NOON))
    assert found == AreaLines(open_one, Open())


def test_who_covers_nothing_here_or_is_not_for_emergencies_is_never_named(lines: Mapping[str, Hotline]) -> None:
    tijuana = Place("Tijuana", "Baja California", "MX", 32.5, -117.0)
    assert chosen(lines, "circle=24/7 | state=24/7 | nation=24/7", NOON, tijuana) is None
    reports = replace(lines["circle"], for_emergencies=False)
    assert area_lines([reports], LOS_ANGELES, at(NOON)) is None
    found = area_lines([reports, lines["nation"]], LOS_ANGELES, at(NOON))
    assert found and found.nearest == lines["nation"]
    assert area_lines([], LOS_ANGELES, datetime(2026, 1, 1, tzinfo=UTC)) is None
