"""An organization of the desk: when it answers by its own clocks, and what it cannot be, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.directory.hours import Open, Opens, Unknown
from bot.escalation.organization import LONGEST, DeskOrganization, problems_of
from bot.frozen import replace
from bot.store.staff_models import DeskOrganizationRow

CASA = DeskOrganization("casa-azul", "Casa Azul", "Mo-Fr 09:00-17:00; Sa 10:00-13:00", "America/Chicago")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# A moment in UTC; Chicago is six hours behind until 8 March 2027, then five.
HOURS = {
    "Thursday at noon": ("2026-11-19 18:00", True, None),
    "the first minute": ("2026-11-19 15:00", True, None),
    "the minute before": ("2026-11-19 14:59", False, "2026-11-19T09:00-06:00"),
    "the first minute after": ("2026-11-19 23:00", False, "2026-11-20T09:00-06:00"),
    "five in the morning": ("2026-11-19 11:00", False, "2026-11-19T09:00-06:00"),
    "Friday night, and Saturday is short": ("2026-11-21 01:00", False, "2026-11-21T10:00-06:00"),
    "Sunday": ("2026-11-22 18:00", False, "2026-11-23T09:00-06:00"),
    "the Monday after the clocks changed": ("2027-03-15 14:00", True, None),
}


@pytest.mark.parametrize("name", HOURS)
def test_when_somebody_answers(name: str) -> None:
    moment, is_open, back = HOURS[name]
    now = at(moment)
    assert CASA.is_open(now) is is_open
    found = CASA.back_at(now)
    assert (found.isoformat(timespec="minutes") if found else None) == back
    assert isinstance(CASA.state(now), Open if is_open else Opens)


def test_on_a_public_holiday_nothing_is_promised() -> None:
    thanksgiving = at("2026-11-26 18:00")
    assert isinstance(CASA.state(thanksgiving), Unknown) and CASA.back_at(thanksgiving) is None
    for before_and_after in ("2026-11-25 23:30", "2026-11-27 03:00"):
        assert CASA.back_at(at(before_and_after)) == at("2026-11-27 15:00")


UNKNOWN = {
    "nobody has said when": replace(CASA, hours=""),
    "hours that cannot be read": replace(CASA, hours="nine to five"),
    "a zone that is none": replace(CASA, zone="Chicago"),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_hours_that_nobody_knows_promise_nothing(name: str) -> None:
    now = at("2026-11-26 18:00")
    assert isinstance(UNKNOWN[name].state(now), Unknown)
    assert not UNKNOWN[name].is_open(now) and UNKNOWN[name].back_at(now) is None


def test_always_is_always() -> None:
    always = replace(CASA, hours="24/7")
    assert always.is_open(at("2026-12-25 03:00")) and always.back_at(at("2026-12-25 03:00")) is None


FINE = {
    "as it is": CASA,
    "with nothing said": DeskOrganization("a", "A"),
    "with all said": replace(
        CASA, languages=("es", "quc", "mam"), states=("US-IL", "MX-Chiapas", "GT"), topics=("car_stop",), urgent_a_day=5
    ),
}


@pytest.mark.parametrize("name", FINE)
def test_what_can_be(name: str) -> None:
    assert problems_of(FINE[name]) == ()


WRONG = {
    "an id with a capital": (replace(CASA, id="Casa"), "The id is made of small letters"),
    "an empty id": (replace(CASA, id=""), "The id is made of small letters"),
    "an id with a comma": (replace(CASA, id="casa,azul"), "The id is made of small letters"),
    "no name": (replace(CASA, name=" \n"), "The name is missing"),
    "a long name": (replace(CASA, name="x" * 81), "name: 80 letters at most."),
    "long lists": (replace(CASA, topics=("x" * 200, "y" * 200)), "topics: 400 letters at most."),
    "a language that is a word": (replace(CASA, languages=("es", "Spanish")), "languages: 'Spanish' is none"),
    "a state without its country": (replace(CASA, states=("Illinois",)), "states: 'Illinois' is none; write countries"),
    "a topic with a space": (replace(CASA, topics=("car stop",)), "topics: 'car stop' is none"),
    "hours of words": (replace(CASA, hours="nine to five"), "cannot be read"),
    "a zone of a city": (replace(CASA, zone="Chicago"), "'Chicago' is not a time zone"),
    "a zone that is wrong without hours": (replace(CASA, hours="", zone="Chicago"), "is not a time zone"),
    "fewer than none": (replace(CASA, urgent_a_day=-1), "a number from 0 on"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_said_in_words(name: str) -> None:
    organization, why = WRONG[name]
    [problem] = problems_of(organization)
    assert why in problem


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert len(problems_of(replace(CASA, id="", name="", hours="x", urgent_a_day=-1))) == 4


def test_the_longest_is_what_the_table_holds() -> None:
    columns = DeskOrganizationRow.__table__.columns
    assert {name: columns[name].type.length for name in LONGEST} == LONGEST  # type: ignore[attr-defined]
