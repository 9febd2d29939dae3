"""A changed entry follows the rules of an import: numbers and their confirmations, towns and their points, shelters without a street."""

from __future__ import annotations

from datetime import date

import pytest

from bot.directory.assemble import assemble
from bot.directory.editing.edited import edited
from bot.directory.editing.held_back import Why, held_back
from bot.directory.editing.whole_number import WrongNumber, wrong_number
from bot.directory.formats.sheet_rows import sheet_rows
from bot.directory.hsds.package import Package
from bot.directory.importing.preview import Preview
from bot.directory.places import Places, load_places
from bot.frozen import replace
from tests.directory.made import TODAY as NOW
from tests.directory.made import a_service, phone
from tests.directory.seeded import FOLDER, read_seed, with_cells

TODAY = date(2026, 11, 26)
CONFIRMED = {
    "phone_verified_on": "2026-11-01",
    "phone_verified_by": "Rosa",
    "phone_verified_how": "call",
}


@pytest.fixture(scope="module")
def places() -> Places:
    return load_places(FOLDER)


@pytest.fixture(scope="module")
def package() -> Package:
    return with_cells(read_seed()[0], centro_romero=CONFIRMED)


def cells(made: Preview, code: str = "centro_romero") -> dict[str, str]:
    assert not made.problems
    return next(row.cells for row in sheet_rows(made.new) if row.code == code)


def test_hours_change_and_nothing_else(package: Package, places: Places) -> None:
    made = edited(package, "centro_romero", {"hours": "Mo-Fr 09:00-17:00"}, TODAY, places)
    assert cells(made)["hours"] == "Mo-Fr 09:00-17:00"
    assert {change.table for change in made.changes} == {"schedule"}
    assert cells(made)["phone_verified_on"] == "2026-11-01"


def test_another_number_is_not_confirmed(package: Package, places: Places) -> None:
    made = edited(package, "centro_romero", {"phone": "773 508 5301"}, TODAY, places)
    assert cells(made)["phone"] == "+17735085301" and cells(made)["phone_verified_on"] == ""
    assert any("not confirmed" in each.words for each in made.consequences)


def test_a_label_does_not_touch_the_confirmation(package: Package, places: Places) -> None:
    assert cells(edited(package, "centro_romero", {"phone_note": "Pida a Ana"}, TODAY, places))["phone_verified_on"]


def test_a_number_takes_its_confirmation_to_another_place(package: Package, places: Places) -> None:
    """The new one stands first now, and it is not the one that somebody called."""
    changes = {"phone": "773-508-5301", "phone2": "773-508-5300"}
    found = cells(edited(package, "centro_romero", changes, TODAY, places))
    days = {found[slot]: found[f"{slot}_verified_on"] for slot in ("phone", "phone2")}
    assert days == {"+17735085300": "2026-11-01", "+17735085301": ""}


def test_an_extension_is_another_desk(package: Package, places: Places) -> None:
    assert not cells(edited(package, "centro_romero", {"phone_ext": "12"}, TODAY, places))["phone_verified_on"]


def test_the_only_number_may_go(package: Package, places: Places) -> None:
    found = cells(edited(package, "centro_romero", {"phone": ""}, TODAY, places))
    assert not found["phone"] and not found["phone_verified_on"] and not found["phone_type"]


def test_a_confirmation_in_a_form_is_nobodys(package: Package, places: Places) -> None:
    forged = {"phone": "773-508-5301", "phone_verified_on": "2026-11-26", "phone_verified_by": "Rosa"}
    assert not cells(edited(package, "centro_romero", forged, TODAY, places))["phone_verified_on"]


def test_another_town_is_another_point_and_other_clocks(package: Package, places: Places) -> None:
    moved = {"city": "Quetzaltenango", "state": "Quetzaltenango", "country": "GT", "address": "", "postal_code": ""}
    found = cells(edited(package, "centro_romero", moved, TODAY, places))
    assert (found["lat"], found["geo_precision"], found["timezone"]) == ("14.8446", "city", "America/Guatemala")


def test_a_town_that_nobody_knows_has_no_point(package: Package, places: Places) -> None:
    moved = {"city": "Xyzzyville", "postal_code": ""}
    assert cells(edited(package, "centro_romero", moved, TODAY, places))["lat"] == ""


def test_a_shelter_has_no_street_and_no_exact_point(package: Package, places: Places) -> None:
    made = edited(package, "centro_romero", {"sensitive": "yes"}, TODAY, places)
    found = cells(made)
    assert (found["address"], found["postal_code"], found["geo_precision"]) == ("", "", "city")
    assert (found["lat"], found["lon"]) == ("41.85", "-87.65"), "that of the town"
    assert "6216" not in str([dict(row) for row in made.new.rows("address")])


def test_a_street_that_came_in_with_a_file_is_not_told_either(package: Package) -> None:
    row = next(row for row in sheet_rows(package) if row.code == "centro_romero")
    hidden = with_cells(package, centro_romero={"sensitive": "yes"})
    before, after = (
        next(each for each in assemble(some) if each.id == row.ids["service_at_location"]) for some in (package, hidden)
    )
    assert before.address and not after.address and after.precision == "city" and after.city == "Chicago"


@pytest.mark.parametrize(
    ("written", "country", "wrong"),
    [
        ("773-508-5300", "US", None),
        ("(773) 508 5300 ext 12", "US", None),
        ("773508530", "US", WrongNumber(9, 10, "US")),
        ("7761-217", "GT", WrongNumber(7, 8, "GT")),
        ("+502 7761-2179", "US", None),
        ("+1 773508530", "GT", WrongNumber(9, 10, "US")),
        ("77350853001", "US", WrongNumber(11, 10, "US")),
        ("llame", "US", WrongNumber(0, 10, "US")),
        ("55 1234 567", "MX", WrongNumber(9, 10, "MX")),
    ],
)
def test_how_many_digits_a_number_lacks(written: str, country: str, wrong: WrongNumber | None) -> None:
    assert wrong_number(written, country) == wrong


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ()),
        ({"status": "inactive"}, (Why.PAUSED,)),
        ({"status": "defunct"}, (Why.CLOSED,)),
        ({"exclusions": frozenset({"do not route"})}, (Why.NOT_ROUTED,)),
        ({"closed": ((NOW, None),)}, (Why.SHUT_TODAY,)),
        ({"kinds": ()}, (Why.NO_HELP,)),
        ({"phones": (phone(verified_on=None),)}, (Why.NEVER_CONFIRMED,)),
        ({"phones": (phone(verified_on=date(2025, 1, 1)),)}, (Why.TOO_OLD,)),
        ({"phones": (), "assured_on": NOW}, (Why.NO_WAY,)),
        ({"latitude": None}, (Why.NOWHERE,)),
    ],
    ids=lambda each: str(each) if isinstance(each, tuple) else "",
)
def test_why_families_do_not_get_it(changes: dict[str, object], why: tuple[Why, ...]) -> None:
    assert held_back([replace(a_service(), **changes)], NOW, False) == why  # type: ignore[arg-type]
