"""Who is offered what, in which order: one row for each rule of bot/directory/nearest.py, and the index beside a plain scan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.directory.directory import Directory
from bot.directory.distance import KM_PER_MILE
from bot.directory.hsds.tables import SERVICES
from bot.directory.nearest import ANY, NearestResult, Way, nearest
from bot.directory.place import COUNTRY_NAMES, Level, Place
from bot.directory.service_at_location import ServiceAtLocation
from bot.frozen import replace
from bot.language import Language
from tests.bench.generated import CITIES
from tests.bench.generated import services as generated
from tests.directory.made import CHICAGO, LAST_WEEK, NOW, TODAY, a_service, at, hours, km_north, phone, state
from tests.directory.plain_scan import scan

EL_PASO = Place("El Paso", "TX", "US", 31.7587, -106.4869)
JUAREZ = Place("Ciudad Juárez", "Chihuahua", "MX", 31.7202, -106.4608)
TAPACHULA = Place("Tapachula", "Chiapas", "MX", 14.9054, -92.2634)
TECUN_UMAN = Place("Ciudad Tecún Umán", "San Marcos", "GT", 14.6770, -92.1420)
SPRINGFIELD = Place("Springfield", "MA", "US", 42.1015, -72.5898)
LOS_ANGELES = Place("Los Angeles", "CA", "US", 34.0522, -118.2437)
BOSTON = {"city": "Boston", "state": "MA", "latitude": 42.3584, "longitude": -71.0598}
ILLINOIS = state("Illinois", "IL", 41.7, -88.0)
UNITED_STATES = Place("United States", "", "US", 41.85, -87.65, level=Level.COUNTRY)
HONDURAS = Place("Honduras", "", "HN", 14.08, -87.2, level=Level.COUNTRY)


def asked(
    services: list[ServiceAtLocation], place: Place = CHICAGO, kind: str = "legal", **more: object
) -> NearestResult:
    return nearest(Directory.of(services), place, kind, **{"now": NOW, **more})  # type: ignore[arg-type]


def names(result: NearestResult) -> list[str]:
    return [each.service.id for each in result.found]


def in_kiche(name: str, **more: object) -> ServiceAtLocation:
    return a_service(name, languages=("quc", "es"), **more)


LEFT_OUT: list[tuple[str, dict[str, object]]] = [
    ("another kind of help", {"kinds": ("health",)}),
    ("help of which nobody says what it is", {"kinds": ()}),
    ("marked do not route", {"exclusions": frozenset({"do not route"})}),
    ("defunct", {"status": "defunct"}),
    ("closed for now by its status", {"status": "temporarily closed"}),
    ("closed for these weeks", {"closed": ((TODAY - timedelta(3), TODAY + timedelta(3)),)}),
    ("closed from today on", {"closed": ((TODAY, None),)}),
    ("open until today, its last day closed", {"closed": ((TODAY - timedelta(30), TODAY),)}),
    ("neither phone nor address", {"phones": (), "assured_on": LAST_WEEK}),
    ("a consulate", {"exclusions": frozenset({"consulate"})}),
    ("an office of a government", {"exclusions": frozenset({"government"})}),
    ("too far to go", km_north(161)),
    ("over the border, though in the same street", {"country": "MX"}),
    ("without a point on the map", {"latitude": None, "longitude": None}),
    ("confirmed 366 days ago", {"phones": (phone(verified_on=TODAY - timedelta(366)),)}),
    ("confirmed by nobody", {"phones": (phone(verified_on=None),), "address": "1 Main St"}),
    ("assured, but by a phone that nobody tried", {"phones": (phone(verified_on=None),), "assured_on": LAST_WEEK}),
]


@pytest.mark.parametrize("changes", [row[1] for row in LEFT_OUT], ids=[row[0] for row in LEFT_OUT])
def test_nobody_is_sent_there(changes: dict[str, object]) -> None:
    assert names(asked([a_service("gone", **changes), a_service("stays")])) == ["stays"]


KEPT: list[tuple[str, dict[str, object], dict[str, object]]] = [
    ("confirmed 365 days ago", {"phones": (phone(verified_on=TODAY - timedelta(365)),)}, {}),
    ("assured, with an address", {"phones": (), "assured_on": LAST_WEEK, "address": "1 Main St"}, {}),
    ("closed again only tomorrow", {"closed": ((TODAY + timedelta(1), None),)}, {}),
    ("open again since yesterday", {"closed": ((TODAY - timedelta(9), TODAY - timedelta(1)),)}, {}),
    ("an office, where the step lets it in", {"exclusions": frozenset({"government"})}, {"government": True}),
    ("a consulate, where the step lets it in", {"exclusions": frozenset({"consulate"})}, {"government": True}),
    ("confirmed by nobody, in development", {"phones": (phone(verified_on=None),)}, {"unconfirmed": True}),
    ("any help", {"kinds": ("health",)}, {"kind": ANY}),
]


@pytest.mark.parametrize(("changes", "more"), [row[1:] for row in KEPT], ids=[row[0] for row in KEPT])
def test_a_family_is_told_of(changes: dict[str, object], more: dict[str, object]) -> None:
    assert names(asked([a_service("it", **changes)], **more)) == ["it"]  # type: ignore[arg-type]


def test_in_development_long_ago_is_still_not_offered() -> None:
    old = a_service("old", phones=(phone(verified_on=TODAY - timedelta(366)),), address="1 Main St")
    assert asked([old], unconfirmed=True).found == ()


@dataclass(frozen=True)
class Order:
    """``services`` come in the order in which they are to be told."""

    told: str
    services: tuple[ServiceAtLocation, ...]
    more: Mapping[str, object] = field(default_factory=dict)


TUESDAY_22 = {"now": at("2026-11-24 22:00")}
SUNDAY_NIGHT = {"now": at("2026-11-29 23:30")}
CHRISTMAS = {"now": at("2026-12-25 10:00")}
QUC = {"language": Language.QUC}
DAY, NIGHT = hours("Mo-Fr 09:00-17:00; PH off"), hours("24/7")
OLD = {"phones": (phone(verified_on=TODAY - timedelta(91)),)}

ORDERS = [
    Order("the nearest first", (a_service("near"), a_service("farther", **km_north(5)), a_service("far", **km_north(30)))),
    Order("at the same point by name", (a_service("Alfa"), a_service("Zeta"))),
    Order("who speaks Spanish before who does not", (a_service("es", **km_north(10)), a_service("en", languages=("en",)))),
    Order(
        "K'iche' spoken, then interpreted, then Spanish alone, then neither",
        (
            in_kiche("spoken", **km_north(4)),
            a_service("interpreted", interpreters=("quc",), **km_north(3)),
            a_service("spanish", **km_north(1)),
            a_service("english", languages=("en",)),
        ),
        QUC,
    ),
    Order(
        "an English speaker has English spoken, then interpreted, then Spanish alone",
        (
            a_service("spoken", languages=("en", "es"), **km_north(2)),
            a_service("interpreted", interpreters=("en",), **km_north(1)),
            a_service("spanish"),
        ),
        {"language": Language.EN},
    ),
    Order("K'iche' an hour away, Spanish next door", (a_service("next door"), in_kiche("away", **km_north(30))), QUC),
    Order("confirmed 90 days ago before 91", (a_service("90", **km_north(2)), a_service("91", **OLD))),
    Order("91 days ago next door before 90 in the next town", (a_service("91", **OLD), a_service("90", **km_north(9)))),
    Order(
        "who is for some only comes after everybody near",
        (a_service("all", **km_north(40)), a_service("arrivals", exclusions=frozenset({"new arrivals only"}))),
    ),
    Order("open now breaks a near tie", (a_service("open", schedule=NIGHT, **km_north(1)), a_service("closed", schedule=DAY)), TUESDAY_22),
    Order(
        "a lawyer at 22:00: nobody is sent across the town for an open door",
        (a_service("closed", schedule=DAY), a_service("open", schedule=NIGHT, **km_north(8))),
        TUESDAY_22,
    ),
    Order(
        "food at 22:00: the open door across the town comes first",
        (
            a_service("open", schedule=NIGHT, kinds=("basic_needs",), **km_north(8)),
            a_service("closed", schedule=DAY, kinds=("basic_needs",)),
        ),
        {**TUESDAY_22, "kind": "basic_needs"},
    ),
    Order(
        "a clinic on Sunday night: open, then unknown hours, then closed",
        (
            a_service("open", schedule=NIGHT, kinds=("health",), **km_north(4)),
            a_service("unknown", kinds=("health",), **km_north(2)),
            a_service("closed", schedule=DAY, kinds=("health",)),
        ),
        {**SUNDAY_NIGHT, "kind": "health"},
    ),
    Order(
        "food on a holiday: closed that day is not open",
        (
            a_service("open", schedule=NIGHT, kinds=("basic_needs",), **km_north(8)),
            a_service("closed", schedule=DAY, kinds=("basic_needs",)),
        ),
        {**CHRISTMAS, "kind": "basic_needs"},
    ),
    Order(
        "near, then all the state, then far, then all the country",
        (
            a_service("near", **km_north(47)),
            a_service("state", area="state", states=("IL",), **km_north(150)),
            a_service("far", **km_north(50)),
            a_service("country", area="national", latitude=None, longitude=None, state="DC"),
        ),
        {"limit": 5},
    ),
]  # fmt: skip


@pytest.mark.parametrize("order", ORDERS, ids=[order.told for order in ORDERS])
def test_the_order(order: Order) -> None:
    backwards = list(reversed(order.services))
    assert names(asked(backwards, **{"limit": 9, **order.more})) == [each.id for each in order.services]  # type: ignore[arg-type]


def test_a_holiday_of_which_nothing_is_said_is_neither_open_nor_closed() -> None:
    unsaid = a_service("unsaid", schedule=hours("Mo-Fr 09:00-17:00"), kinds=("health",))
    open_near = a_service("open", schedule=NIGHT, kinds=("health",), **km_north(4))
    open_far = a_service("open_far", schedule=NIGHT, kinds=("health",), **km_north(6))
    told = names(asked([unsaid, open_near, open_far], kind="health", **CHRISTMAS))  # type: ignore[arg-type]
    assert told == ["open", "unsaid", "open_far"]


def test_a_kiche_speaker_in_los_angeles_hears_of_who_speaks_it_first() -> None:
    here = {"city": "Los Angeles", "state": "CA", "latitude": 34.0522, "longitude": -118.2437}
    several = [a_service(f"spanish {n}", **here) for n in range(5)]
    kiche = in_kiche("kiche", **{**here, **km_north(20, LOS_ANGELES)})
    assert names(asked([*several, kiche], LOS_ANGELES, language=Language.QUC))[0] == "kiche"
    assert "kiche" not in names(asked([*several, kiche], LOS_ANGELES, language=Language.ES))


BORDERS = [
    ("El Paso", EL_PASO, "el_paso"),
    ("Ciudad Juárez, 4 km away", JUAREZ, "juarez"),
    ("Tapachula", TAPACHULA, "tapachula"),
    ("Tecún Umán, 28 km away", TECUN_UMAN, "tecun_uman"),
]


@pytest.mark.parametrize(("place", "only"), [row[1:] for row in BORDERS], ids=[row[0] for row in BORDERS])
def test_in_a_border_town_only_this_side_is_shown(place: Place, only: str) -> None:
    towns = {"el_paso": EL_PASO, "juarez": JUAREZ, "tapachula": TAPACHULA, "tecun_uman": TECUN_UMAN}
    everyone = [
        a_service(name, state=town.admin1, country=town.country, latitude=town.latitude, longitude=town.longitude)
        for name, town in towns.items()
    ]
    assert names(asked(everyone, place, limit=9)) == [only]


def test_from_springfield_the_line_for_massachusetts_comes_before_boston() -> None:
    line = a_service("line", area="state", states=("MA",), **BOSTON)
    office = a_service("office", **BOSTON)
    result = asked([line, office], SPRINGFIELD)
    assert [(each.service.id, each.way) for each in result.found] == [("line", Way.STATE), ("office", Way.PLACE)]
    assert not result.near and not result.far
    in_boston = asked([line, office], Place("Boston", "MA", "US", 42.36, -71.06))
    assert {each.way for each in in_boston.found} == {Way.PLACE} and in_boston.near


def test_an_organization_stands_once_by_its_best_service_at_its_best_place() -> None:
    same = {"organization_id": "one"}
    far, near = a_service("far", **same, **km_north(9)), a_service("near", **same)
    wide = a_service("wide", area="state", states=("IL",), latitude=None, longitude=None, **same)
    assert names(asked([far, wide, near, a_service("other")], limit=9)) == ["near", "other"]


def test_more_brings_the_next_page_until_there_is_none() -> None:
    five = [a_service(f"o{n}") for n in range(4)] + [a_service("state", area="state", states=("IL",), **km_north(90))]
    pages = [asked(five, skip=skip) for skip in (0, 3, 6)]
    assert [names(page) for page in pages] == [["o0", "o1", "o2"], ["o3", "state"], []]
    assert [page.more for page in pages] == [True, False, False]
    assert all(page.near for page in pages)


FAR = [
    ("30 miles in the US is near", 30 * KM_PER_MILE - 0.1, "US", True, False),
    ("more than 30 miles in the US is far", 30 * KM_PER_MILE + 0.1, "US", False, True),
    ("40 km elsewhere is near", 39.9, "GT", True, False),
    ("more than 40 km elsewhere is far", 40.1, "GT", False, True),
]


@pytest.mark.parametrize(("km", "country", "near", "far"), [row[1:] for row in FAR], ids=[row[0] for row in FAR])
def test_it_is_said_when_the_nearest_is_far(km: float, country: str, near: bool, far: bool) -> None:
    result = asked([a_service("it", country=country, **km_north(km))], replace(CHICAGO, country=country))
    assert (names(result), result.near, result.far) == (["it"], near, far)
    assert result.found[0].km == pytest.approx(km, abs=0.01)


def test_a_state_means_all_of_it_then_who_works_for_it_then_who_is_over_its_edge() -> None:
    cairo = a_service("cairo", latitude=37.0, longitude=-89.2)
    line = a_service("line", area="state", states=("IL",), state="DC", latitude=38.9, longitude=-77.0)
    gary = a_service("gary", state="IN", latitude=41.6, longitude=-87.3)
    denver = a_service("denver", state="CO", latitude=39.7, longitude=-105.0)
    nowhere = a_service("no point", latitude=None, longitude=None)
    result = asked([denver, gary, line, nowhere, cairo], ILLINOIS, limit=9)
    assert names(result) == ["cairo", "no point", "line", "gary"]
    assert all(each.km is None for each in result.found) and result.near


def test_a_small_country_is_one_place_and_a_wide_one_is_near_nothing() -> None:
    ceiba = a_service("ceiba", country="HN", state="Atlántida", latitude=15.77, longitude=-86.79)
    puerto = a_service("puerto lempira", country="HN", state="Gracias a Dios", latitude=15.26, longitude=-83.77)
    assert names(asked([puerto, ceiba], HONDURAS)) == ["ceiba", "puerto lempira"]
    line = a_service("line", area="national", latitude=None, longitude=None, by_phone=True)
    assert names(asked([a_service("chicago"), line], UNITED_STATES)) == ["line"]


EXCLUDED = [
    ("the service", {"it"}, []),
    ("its organization", {"organization of it"}, []),
    ("its only phone", {"phone +13125550100"}, []),
    ("something else", {"other"}, ["it"]),
]


@pytest.mark.parametrize(("ids", "left"), [row[1:] for row in EXCLUDED], ids=[row[0] for row in EXCLUDED])
def test_who_said_that_a_number_does_not_work_is_not_told_it_again(ids: set[str], left: list[str]) -> None:
    assert names(asked([a_service("it")], exclude=frozenset(ids))) == left


def test_another_phone_or_the_door_is_still_told_without_the_number_that_does_not_work() -> None:
    second = phone("+13125550101")
    two = a_service("two", phones=(phone(), second))
    result = asked([two], exclude=frozenset({"phone +13125550100"}))
    assert result.found[0].service.phones == (second,)
    door = a_service("door", address="1 Main St")
    assert asked([door], exclude=frozenset({"phone +13125550100"})).found[0].service.phones == ()


@cache
def large() -> tuple[tuple[ServiceAtLocation, ...], Directory]:
    made = generated(2500)
    return made, Directory.of(made)


moments = st.datetimes(min_value=datetime(2026, 10, 1), max_value=datetime(2027, 11, 1), timezones=st.just(UTC))
points = st.one_of(
    st.sampled_from([(city[3], city[4]) for city in CITIES]),
    st.tuples(st.floats(10, 50), st.floats(-125, -65)),
    st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
)


@settings(max_examples=400, deadline=None)
@given(
    city=st.sampled_from(CITIES),
    point=points,
    country=st.one_of(st.none(), st.sampled_from(sorted(COUNTRY_NAMES))),
    level=st.sampled_from(list(Level)),
    kind=st.sampled_from([*SERVICES, ANY]),
    now=moments,
    language=st.sampled_from(list(Language)),
    government=st.booleans(),
    unconfirmed=st.booleans(),
    skip=st.integers(0, 40),
    limit=st.integers(1, 6),
    exclude=st.frozensets(st.sampled_from([f"{what}{n}" for what in "sop" for n in range(60)]), max_size=9),
)
def test_the_index_finds_what_a_plain_scan_finds(
    city: tuple[str, str, str, float, float, str, float],
    point: tuple[float, float],
    country: str | None,
    level: Level,
    kind: str,
    now: datetime,
    language: Language,
    government: bool,
    unconfirmed: bool,
    skip: int,
    limit: int,
    exclude: frozenset[str],
) -> None:
    made, directory = large()
    place = Place(city[0], city[1], country or city[2], *point, level=level)
    more = {"now": now, "language": language, "government": government, "limit": limit, "skip": skip}
    more |= {"unconfirmed": unconfirmed, "exclude": exclude}
    result = nearest(directory, place, kind, **more)  # type: ignore[arg-type]
    expected, follows, near = scan(made, place, kind, **more)  # type: ignore[arg-type]
    assert [(each.service.id, each.km, each.way) for each in result.found] == expected
    assert (result.more, result.near) == (follows, near)


@settings(max_examples=30, deadline=None)
@given(city=st.sampled_from(CITIES), kind=st.sampled_from([*SERVICES, ANY]), now=moments, size=st.integers(1, 4))
def test_pages_neither_repeat_nor_skip(
    city: tuple[str, str, str, float, float, str, float], kind: str, now: datetime, size: int
) -> None:
    _, directory = large()
    place = Place(*city[:5])
    whole = names(nearest(directory, place, kind, now=now, limit=1000, unconfirmed=True))
    pages: list[str] = []
    while True:
        page = nearest(directory, place, kind, now=now, limit=size, skip=len(pages), unconfirmed=True)
        pages += names(page)
        if not page.more:
            break
    assert pages == whole and len(set(whole)) == len(whole)
