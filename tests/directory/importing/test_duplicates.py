"""Hints that two organizations may be one: found without comparing everything, and few enough to be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from bot.directory.hsds.package import EMPTY, Package, Row
from bot.directory.importing.alike import LIKELY, likeness, read_name
from bot.directory.importing.duplicates import duplicates
from tests.directory.importing.small import DIRECTORY, an_id, package, rows_of, with_cells

ALIKE = [
    ("Centro Romero", "Centro Romero, Inc."),
    ("Centro Romero", "The Romero Center"),
    ("Latinos Progresando", "Latinos Progressando"),
    ("Asociación de Salvadoreños de Los Ángeles", "Salvadorenos de Los Angeles"),
    ("CARECEN Los Angeles", "C.A.R.E.C.E.N. Los Ángeles"),
]
DIFFERENT = [
    ("Casa Maya", "Clinica Maya"),
    ("Centro Romero", "Centro Presente"),
    ("Clínica 12", "Clínica 13"),
    ("Centro Comunitario", "Centro Cultural"),
    ("American Friends Service Committee", "American Red Cross"),
    ("Centro", "Romero"),
    ("", "Centro Romero"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_are_nearly_the_same(one: str, other: str) -> None:
    mine, theirs = read_name(one), read_name(other)
    assert likeness(mine, theirs) >= LIKELY and likeness(theirs, mine) == likeness(mine, theirs)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_of_different_organizations(one: str, other: str) -> None:
    assert likeness(read_name(one), read_name(other)) < LIKELY


def found(new: Package, old: Package = DIRECTORY) -> list[tuple[str, ...]]:
    return [each.reasons for each in duplicates(old, new)]


def added(name: str, **kind: str) -> Package:
    return package({table: rows.values() for table, rows in DIRECTORY.tables.items()}, rows_of(name, **kind))


ELSEWHERE = {"city": "Houston", "number": "+17135550100"}
FAR = {"latitude": "29.76", "longitude": "-95.36"}


def apart(name: str) -> Package:
    """The directory with one more organization, which shares nothing with the others."""
    return with_cells(with_cells(added(name, **ELSEWHERE), "location", name, **FAR), "address", name, address_1="9 Elm")


def test_one_that_shares_nothing_is_no_duplicate() -> None:
    assert found(apart("oeste")) == [] and found(DIRECTORY) == [] and found(DIRECTORY, EMPTY) == []


HINTS: Mapping[str, tuple[Package, str]] = {
    "the same phone": (
        with_cells(apart("oeste"), "phone", "oeste", number="+17735085300"),
        "the same phone 773-508-5300",
    ),
    "the same host": (
        with_cells(
            with_cells(apart("oeste"), "organization", "oeste", website="https://www.romero.example.org/oeste"),
            "organization",
            "romero",
            website="http://romero.example.org",
        ),
        "the same website romero.example.org",
    ),
    "the same address": (
        with_cells(apart("oeste"), "address", "oeste", address_1="6 N. Clark  St", city="CHICAGO"),
        "the same address 6 N Clark St, Chicago, US",
    ),
    "a like name in the same town": (
        with_cells(
            with_cells(apart("oeste"), "organization", "oeste", name="Romero Center"),
            "address",
            "oeste",
            city="Chicago",
        ),
        "nearly the same name in one town",
    ),
    "a like name within two kilometres": (
        with_cells(
            with_cells(apart("oeste"), "organization", "oeste", name="Romero Center"),
            "location",
            "oeste",
            latitude="42.0",
            longitude="-87.67",
        ),
        "nearly the same name within 2 km",
    ),
}


@pytest.mark.parametrize("name", HINTS)
def test_each_hint(name: str) -> None:
    new, reason = HINTS[name]
    assert found(new) == [(reason,)]
    assert found(new, new) == [], "what is there already is not told again"


NO_HINTS = {
    "a like name far away": with_cells(apart("oeste"), "organization", "oeste", name="Romero Center"),
    "two pages of a shared host": with_cells(
        with_cells(apart("oeste"), "organization", "oeste", website="https://facebook.com/oeste"),
        "organization",
        "romero",
        website="https://www.facebook.com/romero",
    ),
    "an office of it": with_cells(
        with_cells(apart("oeste"), "phone", "oeste", number="+17735085300"),
        "organization",
        "oeste",
        parent_organization_id=an_id("organization", "romero"),
    ),
    "a town without a street": with_cells(
        with_cells(apart("oeste"), "address", "oeste", address_1="", city="Chicago"), "address", "romero", address_1=""
    ),
}


@pytest.mark.parametrize("name", NO_HINTS)
def test_what_is_no_hint(name: str) -> None:
    assert found(NO_HINTS[name], DIRECTORY) == []


def test_reasons_for_the_same_two_stand_together_and_the_surest_comes_first() -> None:
    new = apart("oeste")
    new = with_cells(new, "phone", "oeste", number="+17735085300")
    new = with_cells(new, "organization", "oeste", name="Romero Center")
    new = with_cells(new, "address", "oeste", city="Chicago")
    new = with_cells(new, "address", "norte", address_1="5 N Clark St", city="Evanston")
    new = with_cells(new, "address", "maya", address_1="5 N Clark St", city="Evanston")
    assert found(new) == [
        ("the same phone 773-508-5300", "nearly the same name in one town"),
        ("the same address 5 N Clark St, Evanston, US",),
    ]


def test_five_under_one_number_are_one_hint() -> None:
    many: Iterable[Mapping[str, Iterable[Row]]] = (
        rows_of(name, city=f"Town {name}") for name in ("uno", "dos", "tres", "cuatro", "cinco")
    )
    hints = [each for each in duplicates(EMPTY, package(*many)) if "the same phone" in each.reasons[0]]
    assert len(hints) == 1 and len(hints[0].organizations) == 5
