"""From the tables to what families are told: what belongs to what, and that one damaged row harms nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from bot.directory.assemble import assemble
from bot.directory.hours import Open, Opens, Unknown, state
from bot.directory.hsds.package import Package, Row, made_id, our_terms, row
from bot.directory.service_at_location import ServiceAtLocation
from tests.directory.made import at

Rows = dict[str, list[Row]]
ORG, SERVICE, LOCATION, LINK = (made_id("test", name) for name in ("organization", "service", "location", "link"))
EVERY_DAY = "MO,TU,WE,TH,FR,SA,SU"


def base(**more: list[Row]) -> Rows:
    """A house in Chicago that gives legal help there."""
    legal = next(term for term in our_terms() if term["code"] == "legal")
    rows = {
        "organization": [row("organization", id=ORG, name="House", name_es="Casa", name_quc="Ja", kind="member")],
        "service": [
            row("service", id=SERVICE, organization_id=ORG, name="Help", status="active", interpreters="quc;mam")
        ],
        "location": [
            row(
                "location",
                id=LOCATION,
                organization_id=ORG,
                location_type="physical",
                latitude="41.99",
                longitude="-87.66",
                geo_precision="zip",
                timezone="America/Chicago",
            )
        ],
        "address": [address(LOCATION)],
        "service_at_location": [row("service_at_location", id=LINK, service_id=SERVICE, location_id=LOCATION)],
        "taxonomy_term": list(our_terms()),
        "attribute": [attribute(legal["id"])],
    }
    return {**rows, **more}


def address(location: str, country: str = "US", state: str = "IL", kind: str = "physical") -> Row:
    return row(
        "address",
        id=made_id("address", location),
        location_id=location,
        address_1="6216 N Clark St",
        city="Chicago",
        state_province=state,
        country=country,
        address_type=kind,
    )


def attribute(term: str, link: str = SERVICE, number: int = 0) -> Row:
    return row(
        "attribute",
        id=made_id("attribute", link, term, str(number)),
        link_id=link,
        taxonomy_term_id=term,
        link_entity="service",
    )


def a_phone(number: str, **cells: str) -> Row:
    return row("phone", id=made_id("phone", number), number=number, **cells)


def a_schedule(number: int = 0, **cells: str) -> Row:
    return row("schedule", id=made_id("schedule", str(number)), **{"service_id": SERVICE, **cells})


def assembled(rows: Rows) -> tuple[ServiceAtLocation, ...]:
    return assemble(Package.of(rows))


def one(**more: list[Row]) -> ServiceAtLocation:
    (service,) = assembled(base(**more))
    return service


def test_a_service_at_its_place() -> None:
    service = one()
    assert (service.id, service.service_id, service.organization_id) == (LINK, SERVICE, ORG)
    assert (service.name, service.name_es, service.name_quc) == ("House", "Casa", "Ja")
    assert (service.kinds, service.status, service.country, service.state) == (("legal",), "active", "US", "IL")
    assert (service.address_text, service.latitude, service.precision) == ("6216 N Clark St, Chicago", 41.99, "zip")
    assert (service.interpreters, service.area, service.by_phone) == (("quc", "mam"), "local", False)


def test_phones_come_by_nearness_to_the_door_each_once_and_never_a_fax() -> None:
    phones = [
        a_phone("+13125550104", organization_id=ORG),
        a_phone("+13125550103", location_id=LOCATION, verified_on="2026-11-20"),
        a_phone("+13125550102", service_id=SERVICE, whatsapp="yes"),
        a_phone("+13125550101", service_at_location_id=LINK, extension="12"),
        a_phone("+13125550100", service_at_location_id=LINK, type="fax"),
        a_phone("+13125550105", service_at_location_id=LINK, type="textphone"),
        row("phone", id=made_id("again"), number="+13125550102", organization_id=ORG),
    ]
    found = one(phone=phones).phones
    assert [each.number[-1] for each in found] == ["1", "2", "3", "4"]
    assert found[0].text == "312-555-0101 ext 12"
    assert [each.whatsapp for each in found] == [False, True, False, False]
    assert [each.verified_on for each in found] == [None, None, date(2026, 11, 20), None]


NUMBERS = [
    ("+17735085300", "773-508-5300"),
    ("+50277612179", "+502 7761-2179"),
    ("+525512345678", "+525512345678"),
]


@pytest.mark.parametrize(("number", "text"), NUMBERS)
def test_a_phone_is_written_as_people_dial_it(number: str, text: str) -> None:
    assert one(phone=[a_phone(number, service_id=SERVICE)]).phones[0].text == text


NINE_TO_FIVE = {"byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"}
TUESDAY_NOON = "2026-11-24 12:00"
HOURS: list[tuple[str, list[dict[str, str]], str, str]] = [
    # what is told; the rows; by its clocks it is; open, unknown, or when it opens
    ("open on a weekday", [NINE_TO_FIVE], TUESDAY_NOON, "open"),
    ("opens on Monday", [NINE_TO_FIVE], "2026-11-29 23:00", "2026-11-30 09:00"),
    (
        "until the next morning",
        [{**NINE_TO_FIVE, "opens_at": "20:00", "closes_at": "02:00"}],
        "2026-11-25 01:00",
        "open",
    ),
    ("around the clock", [{"byday": EVERY_DAY, "opens_at": "00:00", "closes_at": "24:00"}], "2026-11-25 03:00", "open"),
    ("closed on holidays", [{**NINE_TO_FIVE, "public_holidays": "closed"}], "2026-11-26 12:00", "2026-11-27 09:00"),
    ("open on holidays too", [{**NINE_TO_FIVE, "public_holidays": "yes"}], "2026-11-26 12:00", "open"),
    ("of holidays nothing is said", [NINE_TO_FIVE], "2026-11-26 12:00", "unknown"),
    (
        "other hours on holidays",
        [NINE_TO_FIVE, {"public_holidays": "yes", "opens_at": "10:00", "closes_at": "12:00"}],
        "2026-11-26 11:00",
        "open",
    ),
    (
        "closed on holidays, told apart",
        [NINE_TO_FIVE, {"public_holidays": "closed"}],
        "2026-11-26 11:00",
        "2026-11-27 09:00",
    ),
    ("in its season", [{**NINE_TO_FIVE, "valid_from": "2026-11-01", "valid_to": "2026-11-30"}], TUESDAY_NOON, "open"),
    ("after its season nobody knows", [{**NINE_TO_FIVE, "valid_to": "2026-11-23"}], TUESDAY_NOON, "unknown"),
    ("before its season nobody knows", [{**NINE_TO_FIVE, "valid_from": "2026-11-25"}], TUESDAY_NOON, "unknown"),
    (
        "the usual hours beside those of a season",
        [NINE_TO_FIVE, {"byday": "SA", "opens_at": "10:00", "closes_at": "12:00", "valid_from": "2026-11-01"}],
        TUESDAY_NOON,
        "unknown",
    ),
    (
        "one season after another",
        [{**NINE_TO_FIVE, "valid_to": "2026-11-29"}, {**NINE_TO_FIVE, "opens_at": "11:00", "valid_from": "2026-11-30"}],
        "2026-11-29 20:00",
        "2026-11-30 11:00",
    ),
    ("rows that overlap", [NINE_TO_FIVE, {**NINE_TO_FIVE, "closes_at": "13:00"}], TUESDAY_NOON, "unknown"),
    ("the day without its times", [{"byday": "TU"}, {**NINE_TO_FIVE, "byday": "WE"}], TUESDAY_NOON, "unknown"),
    ("only words", [{"description": "Tuesdays at noon"}], TUESDAY_NOON, "unknown"),
    ("a time that cannot be read", [{**NINE_TO_FIVE, "opens_at": "nine"}], TUESDAY_NOON, "unknown"),
    ("a day that cannot be read", [{**NINE_TO_FIVE, "byday": "XX"}], TUESDAY_NOON, "unknown"),
    ("times without days", [{"opens_at": "09:00", "closes_at": "17:00"}], TUESDAY_NOON, "unknown"),
    ("it closes when it opens", [{**NINE_TO_FIVE, "closes_at": "09:00"}], TUESDAY_NOON, "unknown"),
]


@pytest.mark.parametrize(("rows", "local", "told"), [row[1:] for row in HOURS], ids=[row[0] for row in HOURS])
def test_hours(rows: list[dict[str, str]], local: str, told: str) -> None:
    service = one(schedule=[a_schedule(number, **cells) for number, cells in enumerate(rows)])
    thanksgiving = {date(2026, 11, 26)}
    found = state(service.schedule, at(local), thanksgiving)
    if told == "open":
        assert found == Open()
    elif told == "unknown":
        assert found == Unknown()
    else:
        assert isinstance(found, Opens) and found.at.strftime("%Y-%m-%d %H:%M") == told


def test_hours_of_the_place_stand_before_those_of_the_service_and_none_without_a_clock() -> None:
    both = [
        a_schedule(0, **NINE_TO_FIVE),
        a_schedule(1, **{**NINE_TO_FIVE, "byday": "SU", "service_id": "", "service_at_location_id": LINK}),
    ]
    assert state(one(schedule=both).schedule, at("2026-11-22 12:00")) == Open()
    no_zone: list[Row] = [{**base()["location"][0], "timezone": ""}]
    assert one(schedule=both, location=no_zone).schedule is None


def test_the_words_of_the_hours_are_kept() -> None:
    service = one(schedule=[a_schedule(description="Tuesdays", description_es="los martes")])
    assert (service.hours_en, service.hours_es) == ("Tuesdays", "los martes")


def test_exclusions_closures_and_languages_come_from_everything_that_it_belongs_to() -> None:
    service = one(
        organization=[row("organization", id=ORG, name="Office", kind="consulate")],
        exclusion=[row("exclusion", id=made_id("e"), service_id=SERVICE, kind="women only", reason="r")],
        closure=[
            row("closure", id=made_id("c1"), organization_id=ORG, starts="2026-12-24", ends="2027-01-02"),
            row("closure", id=made_id("c2"), location_id=LOCATION, starts="2027-03-01"),
            row("closure", id=made_id("c3"), service_id=SERVICE, starts="when?"),
        ],
        language=[
            row("language", id=made_id("l1"), service_id=SERVICE, code="quc"),
            row("language", id=made_id("l2"), location_id=LOCATION, code="es"),
        ],
    )
    assert service.exclusions == {"consulate", "women only"}
    assert service.closed_on(date(2026, 12, 24)) and service.closed_on(date(2028, 1, 1))
    # A closure whose beginning cannot be read is taken for one that has begun.
    assert service.closed_on(date(2026, 11, 24))
    assert service.languages == ("quc", "es")


AREAS = [
    ("local where nothing is said", [], ("local", ())),
    ("a whole state", [("state", "US", "IL")], ("state", ("IL",))),
    ("two states", [("state", "US", "IL"), ("state", "US", "IN")], ("state", ("IL", "IN"))),
    ("the widest counts", [("state", "US", "IL"), ("national", "US", "")], ("national", ())),
    ("another country's does not", [("national", "MX", "")], ("local", ())),
]


@pytest.mark.parametrize(("areas", "told"), [row[1:] for row in AREAS], ids=[row[0] for row in AREAS])
def test_for_which_area_it_works(areas: list[tuple[str, str, str]], told: tuple[str, tuple[str, ...]]) -> None:
    service = one(service_area=[an_area(number, *area) for number, area in enumerate(areas)])
    assert (service.area, service.states) == told


def an_area(number: int, area: str, country: str, state_province: str) -> Row:
    return row(
        "service_area",
        id=made_id("area", str(number)),
        service_id=SERVICE,
        area=area,
        country=country,
        state_province=state_province,
    )


def test_by_phone_alone_it_works_in_each_country_that_is_named() -> None:
    areas = [an_area(0, "national", "US", ""), an_area(1, "national", "MX", "")]
    found = assembled(base(service_at_location=[], service_area=areas))
    assert [(each.id, each.country, each.area, each.by_phone) for each in found] == [
        (SERVICE, "MX", "national", True),
        (SERVICE, "US", "national", True),
    ]
    assert all(not each.address for each in found)


def test_by_phone_alone_it_is_where_its_organization_is() -> None:
    (found,) = assembled(base(service_at_location=[]))
    assert (found.country, found.state, found.latitude, found.address, found.by_phone) == ("US", "IL", 41.99, "", True)
    assert assembled(base(service_at_location=[], address=[])) == ()


def test_a_letter_box_is_no_door() -> None:
    service = one(address=[address(LOCATION, kind="postal")])
    assert service.by_phone and service.address == ""


def damaged(**cells: str) -> list[Row]:
    return [{**base()["location"][0], **cells}]


DAMAGE: list[tuple[str, Rows]] = [
    ("a point that is no number", {"location": damaged(latitude="north")}),
    ("a point off the globe", {"location": damaged(latitude="141.9")}),
    ("a point that is not a number", {"location": damaged(latitude="nan")}),
    ("a zone that nobody knows", {"location": damaged(timezone="Mars/Olympus")}),
    ("a kind of help that nobody knows", {"attribute": [attribute("no such term")]}),
    ("a phone without a number", {"phone": [a_phone("", service_id=SERVICE)]}),
    ("a confirmation on no day", {"phone": [a_phone("+13125550100", service_id=SERVICE, verified_on="soon")]}),
    ("an area of no kind", {"service_area": [an_area(0, "moon", "US", "")]}),
    ("no address", {"address": []}),
    ("a location that is not there", {"location": []}),
    ("no organization", {"organization": []}),
]


@pytest.mark.parametrize("damage", [row[1] for row in DAMAGE], ids=[row[0] for row in DAMAGE])
def test_a_damaged_row_does_not_take_down_the_others(damage: Rows) -> None:
    fine = made_id("fine")
    rows = base(**damage)
    rows["organization"] = [*rows["organization"], row("organization", id=fine, name="Fine", kind="member")]
    rows["service"] = [*rows["service"], row("service", id=fine, organization_id=fine, name="Fine", status="active")]
    rows["location"] = [
        *rows["location"],
        row("location", id=fine, location_type="physical", latitude="1", longitude="2"),
    ]
    rows["address"] = [*rows["address"], address(fine)]
    link = row("service_at_location", id=fine, service_id=fine, location_id=fine)
    rows["service_at_location"] = [*rows["service_at_location"], link]
    found = {each.id: each for each in assembled(rows)}
    assert found[fine].latitude == 1
    if LINK in found:
        latitude = found[LINK].latitude
        assert latitude is None or -90 <= latitude <= 90
        assert found[LINK].area in ("local", "state", "national")
