"""Packages and JSON as other publishers of HSDS write them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping

import pytest

from bot.directory.errors import DirectoryFormatError
from bot.directory.formats.json_tree import read_json, write_json
from bot.directory.formats.read import Read
from bot.directory.formats.source import read_any
from bot.directory.formats.tabular import read_tabular, write_tabular
from bot.directory.hsds.check import check
from bot.directory.hsds.package import EMPTY, Package, made_id
from tests.directory.formats.packages import TODAY
from tests.directory.formats.sheets import CENTRE, package

ORGANIZATION, SERVICE, LOCATION, LINK, PHONE = (made_id("theirs", name) for name in "oslkp")
Tables = dict[str, list[dict[str, str]]]


def theirs() -> Tables:
    """A package of another publisher: columns and tables that we do not keep, none of ours."""
    return {
        "organizations.csv": [
            {"id": ORGANIZATION, "name": "Casa", "description": "Helps.", "website": "https://casa.org", "year_incorporated": "1990"}
        ],
        "services.csv": [
            {"id": SERVICE.upper(), "organization_id": ORGANIZATION, "name": "Clinic", "status": "active", "wait_time": "2 weeks"}
        ],
        "locations.csv": [{"id": LOCATION, "location_type": "physical", "name": "Main"}],
        "addresses.csv": [{"id": made_id("a"), "location_id": LOCATION, "country": "GT", "address_type": "physical"}],
        "service_at_location.csv": [{"id": LINK, "service_id": SERVICE, "location_id": LOCATION}],
        "phones.csv": [
            {"id": PHONE, "service_id": SERVICE, "number": "7761 2179", "extension": "ext. 12", "type": "TTY"},
            {"id": made_id("p2"), "contact_id": made_id("c"), "number": "(312) 555-0100"},
            {"id": made_id("p3"), "organization_id": ORGANIZATION, "number": "+1 (773) 508-5300", "type": "Voice"},
        ],
        "schedules.csv": [
            {"id": made_id("h"), "location_id": LOCATION, "byday": "MO", "opens_at": "09:00:00-06:00", "closes_at": "17:00"},
            {"id": made_id("h2"), "location_id": LOCATION, "freq": "MONTHLY", "bymonthday": "1", "opens_at": "09:00", "closes_at": "17:00"},
            {"id": made_id("h3"), "location_id": LOCATION, "freq": "WEEKLY", "byday": "1MO", "opens_at": "09:00", "closes_at": "17:00"},
        ],
        "languages.csv": [
            {"id": made_id("g"), "service_id": SERVICE, "name": "Spanish"},
            {"id": made_id("g2"), "phone_id": made_id("p2"), "name": "English"},
            {"id": made_id("g3"), "service_id": SERVICE, "code": "en-US"},
        ],
        "service_areas.csv": [{"id": made_id("r"), "service_id": SERVICE, "name": "Chicago"}],
        "contacts.csv": [{"id": made_id("c"), "name": "Ana"}, {"id": made_id("c2"), "name": "Eva"}],
        "funding.csv": [{"id": made_id("m"), "source": "x"}],
        "README.csv": [{"id": "1", "a": "b"}],
    }  # fmt: skip


def files(tables: Mapping[str, list[dict[str, str]]]) -> dict[str, bytes]:
    """The tables as CSV files with a byte order mark."""
    made = {}
    for name, rows in tables.items():
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, list(dict.fromkeys(column for row in rows for column in row)))
        writer.writeheader()
        writer.writerows(rows)
        made[f"export/{name}"] = out.getvalue().encode("utf-8-sig")
    return made


def taken(read: Read) -> Package:
    """The directory that was read, in which nothing is wrong."""
    checked = check(read.raws, TODAY)
    assert [*read.problems, *checked.problems] == []
    return checked.package


def test_a_package_of_another_publisher_is_taken_and_nothing_is_made_up() -> None:
    read = read_tabular(files(theirs()), EMPTY, "theirs.zip")
    directory = taken(read)
    (organization,) = directory.rows("organization")
    assert (organization["kind"], organization["member"], organization["source_seen"]) == (
        "partner",
        "unverified",
        "no",
    )
    assert (organization["source"], organization["source_date"]) == ("https://casa.org", "n.d.")
    assert organization["member_evidence"] == "imported, nothing known"
    phone = directory.get("phone", PHONE)
    assert phone and (phone["number"], phone["extension"], phone["type"]) == ("+50277612179", "12", "textphone")
    assert {each["number"] for each in directory.rows("phone")} == {"+50277612179", "+17735085300"}
    assert [(each["opens_at"], each["closes_at"]) for each in directory.rows("schedule")] == [("09:00", "17:00")]
    assert sorted(each["code"] for each in directory.rows("language")) == ["en", "es"]
    (area,) = directory.rows("service_area")
    assert (area["area"], area["country"]) == ("local", "GT")


NOTES = [
    "organizations.csv: columns that we do not keep: 'year_incorporated' (1)",
    "services.csv: columns that we do not keep: 'wait_time' (1)",
    "export/contacts.csv: 2 rows left out; names of persons are never kept",
    "export/funding.csv: 1 rows left out; nothing that is said to families comes from this table",
    "export/README.csv: left out; it is no table of HSDS",
    "1 phones of persons (contacts) are left out",
    "2 schedules that are not of every week are left out",
    "1 organizations came without our columns: taken as partners of which nothing is known",
    "1 services have none of our kinds of help, so families are not sent to them yet",
]


@pytest.mark.parametrize("note", NOTES)
def test_what_is_left_out_is_told(note: str) -> None:
    assert note in read_tabular(files(theirs()), EMPTY, "theirs.zip").notes


def test_our_own_columns_are_not_guessed_where_the_file_has_them() -> None:
    tables = theirs()
    tables["organizations.csv"][0]["kind"] = ""
    read = read_tabular(files(tables), EMPTY, "theirs.zip")
    assert [str(each) for each in check(read.raws, TODAY).problems] == [
        "organizations.csv, row 2, kind: It is empty. Fill it in."
    ]


def test_what_we_know_of_an_organization_stays_when_its_publisher_sends_it_again() -> None:
    first = taken(read_tabular(files(theirs()), EMPTY, "theirs.zip"))
    known = {**next(iter(first.rows("organization"))), "kind": "member", "member": "yes", "member_evidence": "asked"}
    directory = Package.of({**{name: rows.values() for name, rows in first.tables.items()}, "organization": [known]})
    (raw,) = (raw for raw in read_tabular(files(theirs()), directory, "theirs.zip").raws if raw.table == "organization")
    assert (raw.cells["kind"], raw.cells["member"]) == ("member", "yes")


def test_a_phone_sent_by_itself_is_understood_where_its_service_stands() -> None:
    directory = taken(read_tabular(files(theirs()), EMPTY, "theirs.zip"))
    row = {"id": PHONE, "service_id": SERVICE, "number": "7761-2180"}
    read = read_any("phones.csv", files({"phones.csv": [row]})["export/phones.csv"], directory)
    assert [raw.cells["number"] for raw in read.raws] == ["+50277612180"]


def _trees() -> dict[str, object]:
    address = {"id": made_id("a"), "country": "US", "address_type": "physical", "attention": "x"}
    location = {
        "id": LOCATION,
        "location_type": "physical",
        "latitude": 41.99,
        "addresses": [address],
        "longitude": -87,
    }
    link = {"id": LINK, "location": location, "schedules": [], "phones": [{"id": PHONE, "number": "773 508 5300"}]}
    term = {"id": made_id("term"), "name": "Food", "description": "Food", "taxonomy_detail": {"name": "x"}}
    attribute = {"id": made_id("t"), "taxonomy_term": term, "link_id": SERVICE, "link_entity": "service"}
    service = {
        "id": SERVICE,
        "name": "Clinic",
        "status": "active",
        "service_at_locations": [link],
        "attributes": [attribute],
    }
    organization = {
        "id": ORGANIZATION,
        "name": "Casa",
        "description": "Helps.",
        "contacts": [{"id": "1", "name": "Ana"}],
    }
    inside = {**service, "organization": organization}
    return {
        "organizations with their services": [{**organization, "services": [service]}],
        "services with their organization": [inside],
        "a page of an API": {"total_items": 2, "contents": [inside, {**inside, "alert": "moved"}]},
        "one service": inside,
        "one organization": {**organization, "services": [service], "locations": [location]},
    }


@pytest.mark.parametrize("content", _trees().values(), ids=_trees())
def test_json_is_taken_apart_whatever_is_inside_what(content: object) -> None:
    read = read_json(json.dumps(content).encode(), EMPTY, "their.json")
    directory = taken(read)
    counted = {name: len(rows) for name, rows in directory.tables.items() if rows}
    names = (
        "organization",
        "service",
        "location",
        "address",
        "service_at_location",
        "phone",
        "taxonomy_term",
        "attribute",
    )
    assert counted == dict.fromkeys(names, 1)
    (location,), (phone,) = directory.rows("location"), directory.rows("phone")
    assert (location["latitude"], location["longitude"], phone["number"]) == ("41.99", "-87", "+17735085300")
    assert phone["service_at_location_id"] == LINK
    assert "'organization.contacts': 1 left out" in read.notes or "'organization.contacts': 2 left out" in read.notes


def test_one_object_in_two_places_must_say_the_same() -> None:
    content = [
        {"id": ORGANIZATION, "name": "Casa", "description": "x"},
        {"id": ORGANIZATION, "name": "Home", "description": "x"},
    ]
    read = read_json(json.dumps(content).encode(), EMPTY, "their.json")
    (problem,) = check(read.raws, TODAY).problems
    assert str(problem) == "their.json, [1], id: The id stands at their.json, [0] too. Give every row an id of its own."


BROKEN = [
    (b"{", "It is no JSON"),
    (b'{"contents": NaN}', "NaN is no number"),
    (b"[" * 100_000, "nested too deep"),
    (b'{"id": "a", "id": "b"}', "'id' stands twice"),
    (b"[1]", "is no object"),
    (b'"text"', "no list of organizations"),
    (b'{"contents": {}}', "contents is no list"),
    (b'[{"id": "\xff"}]', "not in UTF-8"),
    (b"[" + b'{"services": [{"organization":' * 9 + b"{}" + b"}]}" * 9 + b"]", "nested too deep"),
]


@pytest.mark.parametrize(("data", "words"), BROKEN, ids=[each[1] for each in BROKEN])
def test_broken_json_says_what_is_wrong(data: bytes, words: str) -> None:
    with pytest.raises(DirectoryFormatError, match=words):
        read_json(data, EMPTY, "their.json")


def test_a_number_of_a_million_digits_is_a_cell_that_is_refused() -> None:
    content = b'[{"id": "x", "name": ' + b"1" * 1_000_000 + b"}]"
    assert check(read_json(content, EMPTY, "their.json").raws, TODAY).problems


def test_our_json_is_one_line_for_each_organization() -> None:
    lines = write_json(package(CENTRE)).decode().splitlines()
    assert lines[:2] == ["{", '"contents": ['] and lines[2].startswith('{"id": ')
    assert json.loads(write_json(EMPTY)) == {"contents": []}


def test_the_description_names_every_file_and_what_is_ours() -> None:
    made = write_tabular(package(CENTRE))
    resources = json.loads(made["datapackage.json"])["resources"]
    assert {each["path"] for each in resources} == set(made) - {"datapackage.json"}
    fields = {
        field["name"]: field for each in resources if each["name"] == "phones" for field in each["schema"]["fields"]
    }
    assert fields["verified_on"]["ours"] and "ours" not in fields["number"]
    header = made["phones.csv"].decode().splitlines()[0]
    assert header.split(",") == list(fields)
