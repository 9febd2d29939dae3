"""One organization in one line: what it says to whom, and what goes first where there is no room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import content
from bot.directory.nearest import Found, Way
from bot.directory.service_at_location import ServiceAtLocation
from bot.engine.actions import Say
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import from_environment
from bot.wording.gsm7 import Encoding, encoding, fold_for_sms, segments
from bot.wording.listing import DROPPED, Liner
from bot.wording.performed import Listing
from bot.wording.render import notices_of
from tests.directory.made import NOW, TODAY, a_service, at, hours, phone

RELEASE = content.load()
DEVELOPMENT = from_environment({"ENVIRONMENT": "test"})
PRODUCTION = replace(DEVELOPMENT, environment="production", send_unconfirmed_numbers=False)
OFFICE = hours("Mo-Fr 09:00-17:00; PH off")
SUNDAY_NIGHT, THANKSGIVING = at("2026-11-29 23:30"), at("2026-11-26 10:00")
EXACT = {"precision": "street"}


def liner(language: Language = Language.ES, now: datetime = NOW, production: bool = False) -> Liner:
    settings = PRODUCTION if production else DEVELOPMENT
    made = renderer(RELEASE, settings, Session(language=language), Channel.SMS, now.timestamp())
    return Liner(made.voice, notices_of(RELEASE.script), now)


@dataclass(frozen=True)
class Line:
    told: str
    service: Mapping[str, object]
    es: str
    en: str = ""
    quc: str = ""
    km: float | None = 0.0
    way: Way = Way.PLACE
    now: datetime = NOW


DAYS = {days: {"phones": (phone(verified_on=TODAY - timedelta(days)),)} for days in (90, 91)}
LINES = [
    Line("name and number", {}, "- Casa, 312-555-0100", "- House, 312-555-0100", "- Ja, 312-555-0100"),
    Line("how far in miles", EXACT, "- Casa, 312-555-0100, 3 mi", km=4.8),
    Line("how far in km", {**EXACT, "country": "GT"}, "- Casa, 312-555-0100, 5 km", km=4.8),
    Line("Belize counts in miles", {**EXACT, "country": "BZ"}, "- Casa, 312-555-0100, 3 mi", km=4.8),
    Line("a point of the town says nothing within it", {"precision": "city"}, "- Casa, 312-555-0100", km=4.8),
    Line("next door", EXACT, "- Casa, 312-555-0100", km=1.5),
    Line("asked for a state: its town", {}, "- Casa, 312-555-0100, Chicago", km=None),
    Line("open", {"schedule": OFFICE}, "- Casa, 312-555-0100, abierto ahora", "- House, 312-555-0100, open now"),
    Line(
        "closed on Sunday night",
        {"schedule": OFFICE},
        "- Casa, 312-555-0100, abre lun 9:00",
        "- House, 312-555-0100, opens Mon 9 am",
        now=SUNDAY_NIGHT,
    ),
    Line("closed on a holiday", {"schedule": OFFICE}, "- Casa, 312-555-0100, abre vie 9:00", now=THANKSGIVING),
    Line(
        "of the holiday nothing is said",
        {"schedule": hours("Mo-Fr 09:00-17:00"), "hours_es": "9-5"},
        "- Casa, 312-555-0100, 9-5",
        now=THANKSGIVING,
    ),
    Line(
        "opens in more than a week",
        {"schedule": hours("We 10:00-11:00; PH off")},
        "- Casa, 312-555-0100, cerrado ahora",
        "- House, 312-555-0100, closed now",
        now=at("2026-11-25 11:30"),
    ),
    Line(
        "hours in words",
        {"hours_es": "los martes", "hours_en": "Tuesdays"},
        "- Casa, 312-555-0100, los martes", "- House, 312-555-0100, Tuesdays",
    ),
    Line("confirmed 90 days ago", DAYS[90], "- Casa, 312-555-0100"),
    Line("confirmed 91 days ago", DAYS[91], "- Casa, 312-555-0100, llame antes", "- House, 312-555-0100, call first"),
    Line("confirmed by nobody", {"phones": (phone(verified_on=None),)}, "- Casa, 312-555-0100(?)"),
    Line(
        "only an address",
        {"phones": (), "address": "6216 N Clark St", "assured_on": TODAY},
        "- Casa, 6216 N Clark St, Chicago",
    ),
    Line("WhatsApp", {"phones": (phone(whatsapp=True),)}, "- Casa, 312-555-0100 WhatsApp"),
    Line("texts only", {"phones": (phone(type="text"),)}, "- Casa, 312-555-0100 SMS"),
    Line(
        "a number to speak into before one for texts",
        {"phones": (phone("+13125550109", type="text"), phone())},
        "- Casa, 312-555-0100",
    ),
    Line("a confirmed number before a nearer one", {"phones": (phone("+13125550109", None), phone())}, "- Casa, 312-555-0100"),
    Line(
        "they speak K'iche'",
        {"languages": ("es", "quc")},
        "- Casa, 312-555-0100",
        "- House, 312-555-0100, only Spanish, K'iche'",
        "- Ja, 312-555-0100, hablan K'iche'",
    ),
    Line("interpreters", {"interpreters": ("quc",)}, "- Casa, 312-555-0100", quc="- Ja, 312-555-0100, con intérprete"),
    Line(
        "only English",
        {"languages": ("en",)},
        "- Casa, 312-555-0100, solo inglés",
        "- House, 312-555-0100",
        "- Ja, 312-555-0100, solo inglés",
    ),
    Line("only languages that we cannot name", {"languages": ("vi",)}, "- Casa, 312-555-0100"),
    Line("languages unknown", {"languages": ()}, "- Casa, 312-555-0100", "- House, 312-555-0100"),
    Line(
        "new arrivals only",
        {"exclusions": frozenset({"new arrivals only"})},
        "- Casa, 312-555-0100, solo recién llegados",
        "- House, 312-555-0100, only new arrivals",
    ),
    Line("women only", {"exclusions": frozenset({"women only"})}, "- Casa, 312-555-0100, solo mujeres"),
    Line("men only", {"exclusions": frozenset({"men only"})}, "- Casa, 312-555-0100, solo hombres"),
    Line("its citizens only", {"exclusions": frozenset({"nationals only"})}, "- Casa, 312-555-0100, solo ciudadanos de su país"),
    Line("a government's", {"exclusions": frozenset({"government"})}, "- Casa, 312-555-0100, oficina de gobierno"),
    Line(
        "all the state",
        {"area": "state"},
        "- Casa, 312-555-0100, por teléfono, todo el estado",
        "- House, 312-555-0100, by phone, all the state",
        km=None,
        way=Way.STATE,
    ),
    Line("a department", {"country": "GT"}, "- Casa, 312-555-0100, por teléfono, toda la región", km=None, way=Way.STATE),
    Line(
        "all the country, by other clocks",
        {"schedule": hours("Mo-Fr 09:00-17:00", "America/New_York")},
        "- Casa, 312-555-0100, abre lun 9:00, hora de New York, por teléfono, todo el país",
        km=None,
        way=Way.COUNTRY,
        now=at("2026-11-29 20:00"),
    ),
    Line("no door", {"by_phone": True}, "- Casa, 312-555-0100, por teléfono", km=20.0),
]  # fmt: skip


def found(line: Line) -> Found:
    service = a_service("House", name_es="Casa", name_quc="Ja", **{"languages": ("es", "en"), **line.service})
    return Found(service, line.km, line.way)


@pytest.mark.parametrize("line", LINES, ids=[line.told for line in LINES])
def test_a_line(line: Line) -> None:
    for language, expected in ((Language.ES, line.es), (Language.EN, line.en), (Language.QUC, line.quc)):
        if expected:
            assert liner(language, line.now).line(found(line), 0) == expected


def test_in_production_no_unconfirmed_number_goes_out_and_the_door_stands_in() -> None:
    service = a_service(phones=(phone(verified_on=None),), address="6216 N Clark St", assured_on=TODAY)
    assert liner(production=True).line(Found(service, 0), 0) == "- A, 6216 N Clark St, Chicago"
    old = replace(service, phones=(phone(verified_on=TODAY - timedelta(366)),))
    assert "0100" not in liner(production=True).line(Found(old, 0), 0)


FULL: dict[str, object] = {
    **EXACT,
    "hours_es": "los martes y jueves de 9 a 5",
    "languages": ("en",),
    "exclusions": frozenset({"government", "women only"}),
    "phones": (phone(verified_on=TODAY - timedelta(91)),),
}


def test_what_is_left_out_goes_in_its_order_and_never_the_number() -> None:
    service, seen = a_service(**FULL), []  # type: ignore[arg-type]
    for number in range(len(DROPPED) + 1):
        seen.append(liner().line(Found(service, 20), number))
    assert seen[0] == (
        "- A, 312-555-0100, los martes y jueves de 9 a 5, llame antes, solo mujeres, oficina de gobierno, solo inglés, 12 mi"
    )
    assert "los martes" not in seen[1] and "oficina" in seen[1]
    assert "oficina" not in seen[2] and "solo inglés" in seen[2]
    assert "solo inglés" not in seen[4] and "12 mi" in seen[4]
    assert seen[-1] == "- A, 312-555-0100, llame antes, solo mujeres"


def test_a_line_that_would_not_fit_into_one_segment_loses_what_costs_it() -> None:
    long = a_service("Centro de ayuda " * 20, hours_es="los martes " * 8, **EXACT)
    line = liner().line(Found(long, 20), 0)
    assert segments(line) == 1 and "los martes" not in line and "312-555-0100" in line and "12 mi" in line


@pytest.mark.parametrize("language", Language)
def test_every_shipped_line_is_one_segment(language: Language) -> None:
    shown = [each for each in RELEASE.directory.services if "do not route" not in each.exclusions]
    assert len(shown) > 20
    for service in shown:
        for way, km in ((Way.PLACE, 99.0), (Way.STATE, None), (Way.COUNTRY, None)):
            text = liner(language, SUNDAY_NIGHT).line(Found(service, km, way), 0)
            assert segments(fold_for_sms(text)) == 1, text
            number = service.phones[0].text if service.phones else service.address
            assert number in text


def a_list(*services: ServiceAtLocation, near: bool = True, far: bool = False, km: float = 20.0) -> Listing:
    step = RELEASE.script.flows["services_legal"].steps["show"]
    assert step.none
    listed = tuple(Found(each, km) for each in services)
    return Listing(listed, True, "Chicago, IL", step.none, NOW, Say("services_legal", "show"), near=near, far=far)


def said(listing: Listing, language: Language = Language.ES, channel: Channel = Channel.SMS) -> str:
    made = renderer(RELEASE, DEVELOPMENT, Session(language=language), channel, NOW.timestamp())
    return "\n".join(made.reply([listing]).texts)


HEADS = [
    ("near", {}, "Cerca de Chicago, IL:"),
    ("far", {"near": False, "far": True}, "Lo mas cercano a Chicago, IL está lejos:"),
    (
        "a later page, of what is far",
        {"near": True, "far": True, "exhausted": True},
        "Para Chicago, IL, por teléfono o mas lejos:",
    ),
    ("a line for the state, then what is far", {"near": False}, "Para Chicago, IL, por teléfono o mas lejos:"),
]


@pytest.mark.parametrize(("more", "head"), [row[1:] for row in HEADS], ids=[row[0] for row in HEADS])
def test_the_head_says_when_nothing_is_near(more: dict[str, Any], head: str) -> None:
    assert said(replace(a_list(a_service()), **more)).split("\n")[0] == head.replace("está", "esta")


def test_where_all_of_it_is_by_phone_the_head_says_so_once() -> None:
    line = Found(a_service(), None, Way.STATE)
    for near in (True, False):
        text = said(replace(a_list(near=near), found=(line,)))
        assert text.startswith("Para Chicago, IL, por teléfono:\n- A, 312-555-0100, todo el estado\n"), text


def test_words_about_hours_go_where_they_would_cost_a_segment_and_stay_where_they_do_not() -> None:
    long = [a_service(name, hours_es="lunes a viernes de nueve a cinco", **EXACT) for name in ("A", "B", "C")]
    assert segments(said(a_list(*long))) == segments(said(a_list(*(replace(each, hours_es="") for each in long))))
    assert "lunes" not in said(a_list(*long)) and "lunes" in said(a_list(*long), channel=Channel.WHATSAPP)
    short = a_service(hours_es="lunes", **EXACT)
    assert "lunes" in said(a_list(short))


@pytest.mark.parametrize("language", Language)
def test_the_fullest_list_stays_within_an_answer(language: Language) -> None:
    name = "Coalición para los Derechos de los Inmigrantes y Refugiados de la Ciudad"
    full = [a_service(f"{name} {n}", address="1 Main St", **FULL) for n in range(3)]
    text = said(a_list(*full, near=False), language)
    assert segments(text) <= (6 if language is Language.QUC else 4), text
    assert encoding(text) is Encoding.GSM7 and text.count("312-555-0100") == 3
