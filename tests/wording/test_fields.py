"""What stands for ``$area_line``: a number, when it opens, who answers meanwhile - in as few letters as can be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import content
from bot.directory.hotline import Hotline
from bot.directory.hours import parse_schedule
from bot.directory.place import Place
from bot.engine.actions import Say
from bot.engine.flow import Group, Script
from bot.engine.read import read_flow
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.settings import Settings, from_environment
from bot.wording.fields import fields_of, longest_area_line, shorter_fields
from bot.wording.gsm7 import fold_for_sms, non_gsm, segments
from bot.wording.opening import opening
from bot.wording.render import Renderer
from bot.wording.voice import Voice

RELEASE = content.load()
DEVELOPMENT = from_environment({"ENVIRONMENT": "test"})
PRODUCTION = replace(DEVELOPMENT, environment="production", send_unconfirmed_numbers=False)
DENVER, MOUNTAIN = Place("Denver", "CO", "US", 39.74, -104.98), "America/Denver"
NIGHT, NOON = "2026-11-24 22:00", "2026-11-24 12:00"  # a Tuesday


def at(local: str, zone: str = MOUNTAIN) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))


def confirmed(line: Hotline, hours: str, zone: str = MOUNTAIN, **changes: object) -> Hotline:
    """A line that an invented person has called."""
    called = {"verified_on": date(2026, 11, 20), "verified_by": "Ana Example"}
    return replace(line, schedule=parse_schedule(hours, zone), **called, **changes)  # type: ignore[arg-type]


STATE = confirmed(RELEASE.hotlines["co_rapid"], "Mo-Fr 09:00-17:30")
CIRCLE = confirmed(
    STATE, "Mo-Fr 10:00-14:00", id="denver", text="303-555-0100", latitude=39.74, longitude=-104.98, radius_km=50.0
)
NATION = confirmed(STATE, "24/7", id="us", text="1-800-555-0199", area="national")


def area_line(
    *lines: Hotline,
    now: str = NIGHT,
    language: Language | None = Language.ES,
    settings: Settings = PRODUCTION,
    place: Place = DENVER,
) -> str | None:
    return fields_of({line.id: line for line in lines}, settings, place, language, at(now)).get("area_line")


SHOWN = [
    # what happens; the lines; now; in Spanish; in English
    ("open", (CIRCLE, NATION), NOON, "303-555-0100", "303-555-0100"),
    ("of unknown hours", (replace(CIRCLE, schedule=None), NATION), NIGHT, "303-555-0100", "303-555-0100"),
    (
        "closed, another answers",
        (CIRCLE, STATE, NATION),
        NIGHT,
        "303-555-0100 (abre mié 10:00); ahora 1-800-555-0199",
        "303-555-0100 (opens Wed 10 am); now 1-800-555-0199",
    ),
    (
        "closed, another may answer",
        (CIRCLE, replace(STATE, schedule=None)),
        NIGHT,
        "303-555-0100 (abre mié 10:00); o 1-844-864-8341",
        "303-555-0100 (opens Wed 10 am); or 1-844-864-8341",
    ),
    ("closed, nobody else", (CIRCLE,), NIGHT, "303-555-0100 (abre mié 10:00)", "303-555-0100 (opens Wed 10 am)"),
    ("opens today", (STATE,), "2026-11-25 06:00", "1-844-864-8341 (abre 9:00)", "1-844-864-8341 (opens 9 am)"),
    (
        "over the weekend",
        (STATE,),
        "2026-11-27 17:30",
        "1-844-864-8341 (abre lun 9:00)",
        "1-844-864-8341 (opens Mon 9 am)",
    ),
    ("nobody is near", (), NIGHT, None, None),
]


@pytest.mark.parametrize(
    ("lines", "now", "spanish", "english"), [row[1:] for row in SHOWN], ids=[row[0] for row in SHOWN]
)
def test_the_line_of_the_area(lines: tuple[Hotline, ...], now: str, spanish: str | None, english: str | None) -> None:
    assert area_line(*lines, now=now) == spanish
    assert area_line(*lines, now=now, language=None) == spanish
    assert area_line(*lines, now=now, language=Language.QUC) == spanish
    assert area_line(*lines, now=now, language=Language.EN) == english


def test_without_a_place_there_is_no_line() -> None:
    assert "area_line" not in fields_of({"a": STATE}, PRODUCTION, None, Language.ES, at(NOON))
    assert shorter_fields({"a": STATE}, PRODUCTION, None, at(NIGHT)) == {}


def test_in_production_the_next_wider_confirmed_line_takes_the_place_of_one_that_nobody_called() -> None:
    nobody_called = replace(CIRCLE, verified_on=None, verified_by="")
    assert area_line(nobody_called, NATION) == "1-800-555-0199"
    assert area_line(nobody_called) is None
    both = "303-555-0100(?) (abre mié 10:00); ahora 1-800-555-0199"
    assert area_line(nobody_called, NATION, settings=DEVELOPMENT) == both
    meanwhile = replace(NATION, verified_on=None, verified_by="")
    assert area_line(CIRCLE, meanwhile) == "303-555-0100 (abre mié 10:00)"


CLOCKS = [
    ("a circle", replace(CIRCLE, area="TX", country="US"), "TX", "abre mié 10:00"),
    ("a state with one clock", STATE, "CO", "abre mié 9:00"),
    ("a state with two", replace(STATE, area="TX"), "TX", "abre mié 9:00, hora de Denver"),
    ("the whole country", replace(STATE, area="national"), "CO", "abre mié 9:00, hora de Denver"),
]


@pytest.mark.parametrize(("line", "state", "said"), [row[1:] for row in CLOCKS], ids=[row[0] for row in CLOCKS])
def test_the_zone_is_named_where_it_may_be_another(line: Hotline, state: str, said: str) -> None:
    place = replace(DENVER, admin1=state)
    assert area_line(line, place=place) == f"{line.text} ({said})"


def test_a_small_country_has_one_clock() -> None:
    line = confirmed(
        replace(STATE, country="GT", area="national", text="1572"), "Mo-Fr 09:00-17:00", "America/Guatemala"
    )
    xela = Place("Quetzaltenango", "Quetzaltenango", "GT", 14.84, -91.52)
    assert area_line(line, place=xela) == "1572 (abre mié 9:00)"


OPENINGS = [
    ("noon", "2026-11-25 12:00", "abre mié 12:00", "opens Wed 12 pm"),
    ("midnight", "2026-11-26 00:00", "abre jue 0:00", "opens Thu 12 am"),
    ("half past one", "2026-11-27 13:30", "abre vie 13:30", "opens Fri 1:30 pm"),
    ("Saturday", "2026-11-28 08:05", "abre sáb 8:05", "opens Sat 8:05 am"),
    ("six days ahead", "2026-11-30 09:00", "abre lun 9:00", "opens Mon 9 am"),
    ("a week ahead, which is a Tuesday too", "2026-12-01 09:00", "cerrada", "closed"),
]


@pytest.mark.parametrize(
    ("when", "spanish", "english"), [row[1:] for row in OPENINGS], ids=[row[0] for row in OPENINGS]
)
def test_when_it_opens(when: str, spanish: str, english: str) -> None:
    assert opening(at(when), at(NIGHT), Language.ES, name_zone=False) == spanish
    assert opening(at(when), at(NIGHT), Language.EN, name_zone=False) == english
    # The day is the one by the line's clocks, wherever the reader's may stand.
    abroad = at(NIGHT).astimezone(ZoneInfo("Asia/Tokyo"))
    assert opening(at(when), abroad, Language.ES, name_zone=False) == spanish


def test_the_zone_in_english_and_without_a_name() -> None:
    nine = at("2026-11-25 09:00", "America/New_York")
    assert opening(nine, nine - timedelta(days=1), Language.EN, name_zone=True) == "opens Wed 9 am, New York time"
    assert opening(nine.astimezone(UTC), at(NIGHT), Language.ES, name_zone=True) == "abre 14:00, hora de UTC"


@pytest.mark.parametrize("language", Language)
def test_the_longest_line_is_as_long_as_any_that_can_come(language: Language) -> None:
    """Every hour of two weeks, with hours for the real lines that make the words longest."""
    hours = {"la_network": "We 10:30-11:00", "co_rapid": "We 10:30-11:00"}
    lines = {
        name: replace(RELEASE.hotlines[name], schedule=parse_schedule(each, MOUNTAIN)) for name, each in hours.items()
    }
    wide = replace(RELEASE.hotlines["co_rapid"], id="us", area="national", schedule=parse_schedule("24/7", ""))
    lines["us"] = wide
    longest = longest_area_line(lines, DEVELOPMENT, language)
    assert len(longest_area_line(RELEASE.hotlines, PRODUCTION, language)) <= 60
    for place in (DENVER, Place("Los Angeles", "CA", "US", 34.05, -118.24)):
        for hour in range(14 * 24):
            now = at(NIGHT) + timedelta(hours=hour)
            shown = fields_of(lines, DEVELOPMENT, place, language, now)["area_line"]
            assert len(shown) <= len(longest), shown
            assert not non_gsm(fold_for_sms(shown)), shown
    assert longest_area_line({}, DEVELOPMENT, language) == ""


def renderer(script: Script, language: Language, channel: Channel, now: datetime) -> Renderer:
    """By night Colorado's line is closed and the country's is open."""
    lines = {**RELEASE.hotlines, "co_rapid": STATE, "us": NATION}
    fields = fields_of(lines, DEVELOPMENT, DENVER, language, now)
    shorter = shorter_fields(lines, DEVELOPMENT, DENVER, now)
    voice = Voice(RELEASE.texts, language, frozenset(), fields, shorter=shorter)
    return Renderer(script, voice, channel)


WHOLE = "1-844-864-8341 (opens Wed 9 am); now 1-800-555-0199."
ROOM = [
    ("both fit into one SMS", 90, Channel.SMS, NIGHT, f"Help: {WHOLE}"),
    ("only one number does", 120, Channel.SMS, NIGHT, "Help: 1-800-555-0199."),
    ("it needs two anyway", 165, Channel.SMS, NIGHT, f"Help: {WHOLE}"),
    ("WhatsApp has room", 120, Channel.WHATSAPP, NIGHT, f"Help: {WHOLE}"),
    ("by day there is one number", 120, Channel.SMS, NOON, "Help: 1-844-864-8341."),
]


@pytest.mark.parametrize(("letters", "channel", "now", "said"), [row[1:] for row in ROOM], ids=[row[0] for row in ROOM])
def test_when_it_opens_is_said_where_it_costs_no_sms(letters: int, channel: Channel, now: str, said: str) -> None:
    step = {"say": "x" * letters, "also": [{"id": "line", "text": "Help: $area_line."}], "end": True}
    flow = read_flow({"name": "x", "title": "x", "intents": [], "steps": {"first": step}}, "x.yml", Group.URGENT)
    script = Script.of({**RELEASE.script.flows, "x": flow})
    reply = renderer(script, Language.EN, channel, at(now)).reply([Say("x", "first")])
    assert reply.texts == (f"{'x' * letters} {said}",)


@pytest.mark.parametrize("language", Language)
def test_a_closed_line_never_costs_another_sms_and_who_answers_is_always_named(language: Language) -> None:
    day = renderer(RELEASE.script, language, Channel.SMS, at(NOON))
    night = renderer(RELEASE.script, language, Channel.SMS, at(NIGHT))
    named = 0
    for flow in RELEASE.script.flows.values():
        for step in flow.steps.values():
            if step.say:
                by_day = "".join(day.reply([Say(flow.name, step.name)]).texts)
                by_night = "".join(night.reply([Say(flow.name, step.name)]).texts)
                assert segments(by_night) <= segments(by_day), f"{flow.name}.{step.name}"
                assert (STATE.text in by_day) is (NATION.text in by_night), f"{flow.name}.{step.name}"
                named += STATE.text in by_day
    assert named
