"""Who is near: borders, governments, phones that may not be given out, pages, and what is said where nobody is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.directory.nearest import ANY, nearest
from bot.directory.organization import SERVICES, Organization
from bot.directory.place import COUNTRY_NAMES, Level, Place
from bot.directory.places import Places

CHICAGO = Place("Chicago", "IL", "US", 41.85, -87.65)
TIJUANA = Place("Tijuana", "Baja California", "MX", 32.5027, -117.0037)


def an_organization(**changes: object) -> Organization:
    plain = Organization(
        id="a",
        name="A",
        name_es="A",
        kind="partner",
        description="d",
        services=("legal",),
        member="no",
        member_evidence="none",
        status="active",
        route=True,
        route_reason="",
        address="",
        city="Chicago",
        state="IL",
        country="US",
        postal_code="",
        latitude=41.85,
        longitude=-87.65,
        phone="+13125550100",
        phone_kind="voice",
        hours_es="",
        hours_en="",
        languages=("es",),
        area="local",
        url="",
        assured_on=None,
        assured_by="",
        source="https://example.org",
        source_date="2026",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def ids(found: tuple[tuple[Organization, float], ...]) -> list[str]:
    return [organization.id for organization, _ in found]


LEFT_OUT = [
    ("another kind of help", {"services": ("health",)}),
    ("not to be routed to", {"route": False, "route_reason": "press only"}),
    ("closed", {"status": "defunct"}),
    ("closed for now", {"status": "temporarily closed"}),
    ("neither phone nor address", {"phone": ""}),
    ("a consulate", {"kind": "consulate"}),
    ("an office of a government", {"kind": "government"}),
    ("too far", {"latitude": 39.7}),
    ("over the border, though near", {"country": "MX"}),
    ("without a point", {"latitude": None, "longitude": None}),
]


@pytest.mark.parametrize("changes", [row[1] for row in LEFT_OUT], ids=[row[0] for row in LEFT_OUT])
def test_nobody_is_sent_there(changes: dict[str, object]) -> None:
    stays = an_organization(id="stays")
    assert ids(nearest([an_organization(**changes), stays], CHICAGO, "legal").found) == ["stays"]


def test_a_government_comes_only_when_it_is_let_in() -> None:
    offices = [an_organization(id="office", kind="government"), an_organization(id="consulate", kind="consulate")]
    assert nearest(offices, CHICAGO, "legal").found == ()
    assert set(ids(nearest(offices, CHICAGO, "legal", government=True).found)) == {"office", "consulate"}


def test_an_unconfirmed_phone_does_not_count_where_it_may_not_be_given_out() -> None:
    phone_only = an_organization(id="phone_only")
    address_too = an_organization(id="address_too", address="1 Main St")
    confirmed = an_organization(id="confirmed", assured_on=date(2026, 11, 1), assured_by="Ana")
    everyone = [phone_only, address_too, confirmed]
    assert set(ids(nearest(everyone, CHICAGO, "legal").found)) == {"phone_only", "address_too", "confirmed"}
    strict = nearest(everyone, CHICAGO, "legal", require_confirmed_phone=True)
    assert set(ids(strict.found)) == {"address_too", "confirmed"}


def test_the_nearest_comes_first_and_names_settle_a_tie() -> None:
    far = an_organization(id="far", name="A", latitude=42.0)
    zeta = an_organization(id="zeta", name="Zeta")
    alfa = an_organization(id="alfa", name="Alfa")
    result = nearest([far, zeta, alfa], CHICAGO, "legal")
    assert ids(result.found) == ["alfa", "zeta", "far"]
    assert [round(km) for _, km in result.found] == [0, 0, 17]


def test_more_brings_the_next_page_until_there_is_none() -> None:
    five = [an_organization(id=f"o{n}", name=f"o{n}") for n in range(5)]
    first = nearest(five, CHICAGO, "legal")
    assert (ids(first.found), first.more) == (["o0", "o1", "o2"], True)
    second = nearest(five, CHICAGO, "legal", skip=3)
    assert (ids(second.found), second.more) == (["o3", "o4"], False)
    third = nearest(five, CHICAGO, "legal", skip=6)
    assert (third.found, third.more, third.beyond) == ((), False, ())


def test_where_nobody_is_near_the_state_comes_before_the_country() -> None:
    far = {"latitude": 36.0, "longitude": -95.0}
    country = an_organization(id="country", name="A", area="national", latitude=None, longitude=None, state="")
    state = an_organization(id="state", name="B", area="state", **far)
    other_state = an_organization(id="other_state", area="state", state="OK", **far)
    mexico = an_organization(id="mexico", area="national", country="MX", **far)
    everyone = [country, state, other_state, mexico]
    result = nearest(everyone, CHICAGO, "legal")
    assert result.found == ()
    assert [each.id for each in result.beyond] == ["state", "country"]
    assert nearest([*everyone, an_organization(id="near")], CHICAGO, "legal").beyond == ()


def test_a_state_means_all_of_it_and_a_wide_country_is_near_nothing() -> None:
    upstate = an_organization(id="upstate", latitude=37.0, longitude=-89.2)
    illinois = Place("Illinois", "IL", "US", 41.7, -88.0, level=Level.REGION)
    assert ids(nearest([upstate], illinois, "legal").found) == ["upstate"]
    assert nearest([upstate], CHICAGO, "legal").found == ()
    everywhere = Place("United States", "", "US", 41.85, -87.65, level=Level.COUNTRY)
    assert nearest([an_organization()], everywhere, "legal").found == ()


def test_any_kind_of_help() -> None:
    both = [an_organization(id="legal"), an_organization(id="food", services=("basic_needs",))]
    assert set(ids(nearest(both, CHICAGO, ANY).found)) == {"legal", "food"}


SHIPPED = [
    ("60629", "legal", "latinos_progresando"),
    ("60660", "after_school", "centro_romero"),
    ("Los Angeles", "health", "clinica_romero"),
    ("02128", "legal", "centro_presente"),
    ("Los Angeles", "interpreters", "cielo"),
    ("Xela", "community", "entremundos"),
    ("84119", "legal", "comunidades_unidas"),
]


@pytest.mark.parametrize(("where", "kind", "first"), SHIPPED, ids=[f"{row[1]} in {row[0]}" for row in SHIPPED])
def test_the_shipped_directory_answers(
    places: Places, organizations: tuple[Organization, ...], where: str, kind: str, first: str
) -> None:
    place = places.find(where).found
    assert place is not None
    assert ids(nearest(organizations, place, kind).found)[0] == first


def test_a_network_office_a_closed_shelter_and_a_press_phone_are_never_shown(
    organizations: tuple[Organization, ...],
) -> None:
    shown = {
        each.id
        for country in COUNTRY_NAMES
        for kind in SERVICES
        for each, _ in nearest(
            organizations, replace(CHICAGO, country=country), kind, government=True, limit=100, max_km=30_000
        ).found
    }
    assert "centro_romero" in shown
    assert not shown & {"network_office", "casa_yurumein", "oneca", "casa_juan_diego", "orr", "consular_protection_hn"}


coordinates = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@settings(max_examples=300)
@given(
    country=st.sampled_from(sorted(COUNTRY_NAMES)),
    point=coordinates,
    level=st.sampled_from(list(Level)),
    kind=st.sampled_from([*SERVICES, ANY]),
    government=st.booleans(),
    skip=st.integers(0, 5),
    limit=st.integers(1, 5),
)
def test_no_border_is_ever_crossed(
    organizations: tuple[Organization, ...],
    country: str,
    point: tuple[float, float],
    level: Level,
    kind: str,
    government: bool,
    skip: int,
    limit: int,
) -> None:
    place = Place("somewhere", "IL", country, *point, level=level)
    result = nearest(organizations, place, kind, government=government, skip=skip, limit=limit, max_km=25_000)
    everyone = [*(each for each, _ in result.found), *result.beyond]
    assert all(each.country == country for each in everyone)
    assert all(each.route and (each.phone or each.address) for each in everyone)
    assert government or not any(each.is_government for each in everyone)
    assert len(result.found) <= limit
    assert [km for _, km in result.found] == sorted(km for _, km in result.found)


def test_tijuana_is_not_shown_san_diego() -> None:
    san_diego = an_organization(latitude=32.55, longitude=-117.04, state="CA")
    assert nearest([san_diego], TIJUANA, "legal").found == ()
