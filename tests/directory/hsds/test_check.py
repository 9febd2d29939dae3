"""The rules of the tables: each is seen to fail and to pass, and one error is told once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from bot.directory.hsds.changes import changes
from bot.directory.hsds.check import Raw, check
from bot.directory.hsds.package import EMPTY, Package, made_id, our_terms, row
from bot.directory.hsds.tables import TABLES

TODAY = date(2026, 11, 26)
ORGANIZATION, SERVICE, LOCATION = made_id("o"), made_id("s"), made_id("l")
PLACE, PHONE, LANGUAGE, SCHEDULE = made_id("p"), made_id("f"), made_id("g"), made_id("h")
Cells = Mapping[str, str]
GOOD: dict[str, dict[str, str]] = {
    "organization": {
        "id": ORGANIZATION,
        "name": "Centro",
        "description": "Helps.",
        "code": "centro",
        "kind": "partner",
        "member": "no",
        "member_evidence": "asked",
        "source": "a call",
        "source_date": "2026",
        "source_seen": "yes",
    },
    "service": {"id": SERVICE, "organization_id": ORGANIZATION, "name": "Clinic", "status": "active"},
    "location": {"id": LOCATION, "location_type": "physical"},
    "address": {"id": made_id("a"), "location_id": LOCATION, "country": "US", "address_type": "physical"},
    "service_at_location": {"id": PLACE, "service_id": SERVICE, "location_id": LOCATION},
    "phone": {"id": PHONE, "service_at_location_id": PLACE, "number": "+13125550100"},
    "schedule": {"id": SCHEDULE, "service_id": SERVICE, "byday": "MO", "opens_at": "09:00", "closes_at": "17:00"},
    "language": {"id": LANGUAGE, "phone_id": PHONE, "code": "es"},
    "service_area": {"id": made_id("r"), "service_id": SERVICE, "area": "local", "country": "US"},
    "cost_option": {"id": made_id("c"), "service_id": SERVICE, "option": "free"},
    "required_document": {"id": made_id("d"), "service_id": SERVICE, "document": "none"},
    "taxonomy_term": dict(our_terms()[0]),
    "attribute": {
        "id": made_id("t"),
        "link_id": SERVICE,
        "link_entity": "service",
        "taxonomy_term_id": our_terms()[0]["id"],
    },
    "exclusion": {"id": made_id("e"), "service_id": SERVICE, "kind": "women only", "reason": "a shelter"},
    "closure": {"id": made_id("z"), "location_id": LOCATION, "starts": "2026-12-20"},
}


def raws(table: str = "", cells: Cells | None = None) -> list[Raw]:
    """The good directory, with some cells of one table changed."""
    return [
        Raw(name, f"{name}.csv, row 2", {**good, **(cells or {} if name == table else {})})
        for name, good in GOOD.items()
    ]


def told(some: list[Raw]) -> list[str]:
    """Everything that is wrong."""
    return [str(each) for each in check(some, TODAY).problems]


def test_nothing_is_wrong_with_the_good_directory_and_every_table_is_in_it() -> None:
    assert told(raws()) == []
    assert set(GOOD) == {table.name for table in TABLES}


RULES: list[tuple[str, str, Cells, str]] = [
    # table; what is wrong; the cells; what is told
    ("organization", "no name", {"name": " "}, "name: It is empty."),
    (
        "service",
        "of an organization that is not there",
        {"organization_id": PHONE},
        "organization_id: There is no organization",
    ),
    (
        "service",
        "confirmed by nobody",
        {"assured_date": "2026-11-01"},
        "assured_date: A confirmation has a day and a person.",
    ),
    ("service", "confirmed on no day", {"assured_by": "Ana"}, "assured_date: A confirmation has a day and a person."),
    ("service", "confirmed tomorrow", {"assured_date": "2026-11-27", "assured_by": "Ana"}, "has not come yet"),
    (
        "service",
        "ages turned around",
        {"minimum_age": "18", "maximum_age": "9.5"},
        "minimum_age: It is above maximum_age.",
    ),
    ("location", "half a point", {"latitude": "41"}, "latitude: Only one of latitude and longitude"),
    ("address", "of no location", {"location_id": ""}, "location_id: It is empty."),
    ("phone", "of nobody", {"service_at_location_id": ""}, "It belongs to nothing."),
    ("phone", "verified without saying how", {"verified_on": "2026-11-01", "verified_by": "Ana"}, "verified_how: "),
    (
        "phone",
        "verified by nobody",
        {"verified_on": "2026-11-01", "verified_how": "call"},
        "verified_on: A confirmation",
    ),
    ("phone", "how, but never verified", {"verified_how": "call"}, "verified_how: "),
    ("schedule", "never closes", {"closes_at": ""}, "opens_at: Only one"),
    ("schedule", "closes when it opens", {"closes_at": "09:00"}, "closes_at: It closes when it opens."),
    ("schedule", "no days", {"byday": ""}, "byday: Hours without days."),
    (
        "schedule",
        "ends before it begins",
        {"valid_from": "2026-02-01", "valid_to": "2026-01-01"},
        "valid_to: It lies before",
    ),
    ("closure", "ends before it begins", {"ends": "2026-12-19"}, "ends: It lies before starts."),
    ("cost_option", "ends before it begins", {"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "valid_to: "),
    ("service_area", "a state without its name", {"area": "state"}, "state_province: A state-wide service"),
    ("attribute", "of nothing", {"link_id": PHONE}, "link_id: There is no service"),
    ("attribute", "of another table", {"link_entity": "location"}, "link_id: There is no location"),
    ("exclusion", "of nobody", {"service_id": ""}, "It belongs to nothing."),
    ("language", "of a phone that is not there", {"phone_id": SERVICE}, "phone_id: There is no phone"),
]
FINE: list[tuple[str, str, Cells]] = [
    ("service", "confirmed today", {"assured_date": "2026-11-26", "assured_by": "Ana"}),
    ("service", "one age", {"minimum_age": "9", "maximum_age": "10"}),
    ("location", "a point", {"latitude": "41", "longitude": "-87"}),
    ("phone", "verified", {"verified_on": "2026-11-26", "verified_by": "Ana", "verified_how": "call"}),
    ("phone", "its source, not verified", {"verified_source": "https://example.org"}),
    ("schedule", "until the next morning", {"opens_at": "20:00", "closes_at": "02:00"}),
    ("schedule", "holidays only", {"byday": "", "public_holidays": "yes"}),
    ("schedule", "words only", {"byday": "", "opens_at": "", "closes_at": "", "description": "ask"}),
    ("service_area", "a state", {"area": "state", "state_province": "IL"}),
    ("closure", "one day", {"ends": "2026-12-20"}),
]


@pytest.mark.parametrize(
    ("table", "cells", "words"), [(a, c, d) for a, _, c, d in RULES], ids=[f"{a}: {b}" for a, b, *_ in RULES]
)
def test_a_rule_is_told_once_with_its_row(table: str, cells: Cells, words: str) -> None:
    (problem,) = told(raws(table, cells))
    assert problem.startswith(f"{table}.csv, row 2") and words in problem


@pytest.mark.parametrize(("table", "cells"), [(a, c) for a, _, c in FINE], ids=[f"{a}: {b}" for a, b, _ in FINE])
def test_what_is_right_passes(table: str, cells: Cells) -> None:
    assert told(raws(table, cells)) == []


CASCADES: list[tuple[str, Cells]] = [
    ("organization", {"id": "no uuid"}),
    ("organization", {"kind": "club"}),
    ("service", {"id": ""}),
    ("service", {"status": "open"}),
    ("location", {"latitude": "141"}),
    ("service_at_location", {"location_id": SERVICE}),
    ("phone", {"number": "5300"}),
    ("taxonomy_term", {"name": ""}),
]


@pytest.mark.parametrize(("table", "cells"), CASCADES, ids=[f"{a}.{next(iter(c))}" for a, c in CASCADES])
def test_who_refers_to_a_wrong_row_is_not_blamed_for_it(table: str, cells: Cells) -> None:
    assert len(told(raws(table, cells))) == 1


def test_an_id_stands_once_however_it_is_written() -> None:
    twice = Raw("phone", "phones.csv, row 3", {**GOOD["phone"], "id": PHONE.replace("-", "").upper()})
    (problem,) = told([*raws(), twice])
    assert problem.startswith("phones.csv, row 3, id: The id stands at phone.csv, row 2 too.")


def test_a_code_stands_once_in_its_table() -> None:
    twice = Raw("organization", "row 3", {**GOOD["organization"], "id": made_id("another")})
    (problem,) = told([*raws(), twice])
    assert problem == "row 3, code: The code stands at organization.csv, row 2 too. Give every row a code of its own."


def test_an_id_and_what_refers_to_it_may_be_written_differently() -> None:
    some = raws("service", {"id": SERVICE.replace("-", ""), "organization_id": ORGANIZATION.upper()})
    assert told(some) == []
    assert check(some, TODAY).package.get("service", SERVICE)


def test_the_first_problem_is_that_of_the_first_column() -> None:
    backwards = {"source_seen": "perhaps", **{name: "" for name in ("name", "description")}}
    (problem,) = told(raws("organization", backwards))
    assert problem.startswith("organization.csv, row 2, name:")


def test_a_problem_is_told_in_the_words_of_the_file() -> None:
    good = GOOD["phone"] | {"verified_on": "2026-11-01", "verified_how": "call"}
    raw = Raw("phone", "row 2", good, {"verified_on": "phone_verified_on", "verified_by": "phone_verified_by"})
    (problem,) = told([each for each in raws() if each.table != "phone"] + [raw])
    assert problem.startswith("row 2, phone_verified_on: ") and "phone_verified_by, or neither" in problem


def test_a_row_has_every_column_and_no_other() -> None:
    assert row("closure", starts="2026-01-01")["reason"] == ""
    with pytest.raises(KeyError, match="no column name"):
        row("closure", name="x")


def test_what_a_file_takes_away_goes_though_the_rest_stays() -> None:
    whole = check(raws(), TODAY).package
    gone = {("phone", PHONE)}
    (change,) = changes(whole, EMPTY, keep_missing=True, gone=gone)
    assert (change.table, change.id, change.new) == ("phone", PHONE, None)
    assert changes(whole, EMPTY, keep_missing=True) == ()
    assert len(changes(whole, Package.of({}), keep_missing=False)) == len(GOOD)
