"""The flat sheet: what a row makes, that an unchanged one changes nothing, and that a changed cell changes exactly that."""

from __future__ import annotations

import csv
import io

import pytest

from bot.directory.errors import DirectoryFormatError
from bot.directory.formats.flat import read_flat, write_flat
from bot.directory.hsds.changes import changed
from bot.directory.hsds.package import EMPTY, Package, made_id, row
from tests.directory.formats.sheets import CENTRE, changed_by, package, sheet, told

DOWNTOWN = {**CENTRE, "code": "romero_downtown", "organization": "centro_romero", "service": "centro_romero"}
DOWNTOWN |= {"address": "1 W State St", "phone": "+13125550100", "postal_code": "60601"}
CLASSES = {**CENTRE, "code": "romero_classes", "organization": "centro_romero", "location": "centro_romero"}
CLASSES |= {"service_name": "English classes", "service_terms": "education", "phone": "+17735085301"}
BARE = {
    name: cell for name, cell in CENTRE.items() if name in "org_name kind description aa_member aa_evidence".split()
}
BARE |= {name: CENTRE[name] for name in ("source_url", "source_date", "source_seen")}
BARE |= {"code": "a_network", "status": "active", "country": "US"}
BY_PHONE = {**BARE, "code": "a_line", "service_terms": "legal", "phone": "+18005550100", "service_area": "national"}

SHAPES = {
    "one service at one place": [CENTRE],
    "one service at two places": [CENTRE, DOWNTOWN],
    "two services at one place": [CENTRE, CLASSES],
    "a service by phone alone": [BY_PHONE],
    "an organization and nothing else": [BARE],
    "an organization with its place, without a service": [{**CENTRE, "service_terms": "", "service_area": ""}],
    "several organizations": [CENTRE, DOWNTOWN, CLASSES, BY_PHONE, BARE],
}
FILLED = {
    **CENTRE,
    "org_name_es": "Centro Romero",
    "service_name": "Legal clinic",
    "service_name_quc": "Tob'anem",
    "do_not_route": "moved; nobody knows where",
    "exclusions": "women only: a shelter | new arrivals only: less than a month",
    "phone_ext": "12",
    "phone_whatsapp": "yes",
    "phone_note": "ask for Ana",
    "phone_verified_on": "2026-11-01",
    "phone_verified_by": "M. Lopez",
    "phone_verified_how": "call",
    "phone2": "+17735085301",
    "phone3": "+50277612179",
    "hours_es": "cerrado en la hora del almuerzo",
    "documents": "proof of address; any photo ID",
    "minimum_age": "18",
    "closed_from": "2026-12-20",
    "closed_reason": "holidays",
    "alert": "new door at the back",
    "interpreters": "quc;mam",
    "url": "https://www.centroromero.org",
}


@pytest.mark.parametrize("rows", SHAPES.values(), ids=SHAPES)
def test_what_is_written_is_read_back_as_it_was(rows: list[dict[str, str]]) -> None:
    directory = package(*rows)
    written = write_flat(directory)
    assert changed_by(written, directory) == ()
    _, again, problems = told(written)
    assert problems == []
    assert again.package.digest == directory.digest


def test_every_column_comes_back() -> None:
    directory = package(FILLED)
    _, again, _ = told(write_flat(directory))
    assert again.package.digest == directory.digest
    assert len(directory.tables["phone"]) == 3


def _one(directory: Package, table: str) -> dict[str, str]:
    (row,) = directory.rows(table)
    return dict(row)


CHANGES = [
    # the cells that change; table and columns that change by it
    ({"org_name_es": "Centro Romero de Chicago"}, "organization", ("name_es",)),
    ({"service_name": "Clinic"}, "service", ("name",)),
    ({"phone": "+17735085399"}, "phone", ("number",)),
    ({"phone_note": "ask for Ana"}, "phone", ("description",)),
    ({"postal_code": "60661"}, "address", ("postal_code",)),
    ({"lat": "41.9"}, "location", ("latitude",)),
    ({"service_area": "national"}, "service_area", ("area",)),
    ({"eligibility": "everybody"}, "service", ("eligibility_description",)),
    ({"address": ""}, "address", ("address_1",)),
]


@pytest.mark.parametrize(("cells", "table", "fields"), CHANGES, ids=[",".join(each[0]) for each in CHANGES])
def test_a_changed_cell_changes_exactly_that(cells: dict[str, str], table: str, fields: tuple[str, ...]) -> None:
    directory = package(CENTRE)
    (change,) = changed_by(sheet({**CENTRE, **cells}), directory)
    assert (change.table, change.fields) == (table, fields)


def test_columns_that_are_not_there_keep_what_they_say() -> None:
    directory = package(CENTRE, DOWNTOWN, CLASSES)
    (change,) = changed_by(sheet({"code": "romero_downtown", "phone_note": "ring twice"}), directory)
    assert (change.table, change.fields) == ("phone", ("description",))
    assert change.new and change.new["number"] == "+13125550100"


def test_an_emptied_phone_goes_and_so_do_its_hours() -> None:
    directory = package(CENTRE)
    made = changed_by(sheet({"code": "centro_romero", "phone": "", "phone_type": "", "hours": ""}), directory)
    assert {(each.table, each.new) for each in made} == {("phone", None), ("schedule", None)}
    after = changed(directory, made)
    assert not after.tables["phone"]
    assert changed_by(write_flat(after), after) == ()


def test_a_row_of_a_second_place_brings_only_what_is_new() -> None:
    directory = package(CENTRE)
    made = changed_by(sheet(CENTRE, DOWNTOWN), directory)
    assert {(each.table, each.old) for each in made} == {
        (table, None) for table in ("location", "address", "service_at_location", "phone", "schedule")
    }


def test_ids_come_from_codes() -> None:
    directory = package(CENTRE)
    assert _one(directory, "organization")["id"] == made_id("organization", "centro_romero")
    assert _one(directory, "service_at_location")["code"] == "centro_romero"


PHONES = [
    # as it is written; country; as it is stored
    ("17735085300", "US", "+17735085300"),
    ("773-508-5300", "US", "+17735085300"),
    ("(773) 508-5300", "US", "+17735085300"),
    ("7761 2179", "GT", "+50277612179"),
    ("50277612179", "GT", "+50277612179"),
    ("'+50277612179", "GT", "+50277612179"),
    ("962 625 0187", "MX", "+529626250187"),
    ("+50277612179", "US", "+50277612179"),
]


@pytest.mark.parametrize(("cell", "country", "number"), PHONES, ids=[f"{each[0]} in {each[1]}" for each in PHONES])
def test_a_phone_is_understood_by_the_country_of_its_row(cell: str, country: str, number: str) -> None:
    row = {**CENTRE, "phone": cell, "country": country, "state": ""}
    assert _one(package(row), "phone")["number"] == number


def test_an_extension_in_the_number_is_one() -> None:
    phone = _one(package({**CENTRE, "phone": "773-508-5300 ext. 12"}), "phone")
    assert (phone["number"], phone["extension"]) == ("+17735085300", "12")


WRONG = [
    # what is wrong; the cells; the column that is named
    ("a phone that is too short", {"phone": "508-5300"}, "phone"),
    ("a phone that Excel shortened", {"phone": "1.77351E+10"}, "phone"),
    ("no name", {"org_name": ""}, "org_name"),
    ("an unknown country", {"country": "FR"}, "country"),
    ("no country", {"country": ""}, "country"),
    ("an unknown kind of help", {"service_terms": "legal;magic"}, "service_terms"),
    ("hours that nobody can read", {"hours": "9 to 5"}, "hours"),
    ("an unknown time zone", {"timezone": "Chicago"}, "timezone"),
    ("a latitude without a longitude", {"lon": ""}, "lat"),
    ("a latitude too far north", {"lat": "141"}, "lat"),
    ("an unknown status", {"status": "open"}, "status"),
    ("no status", {"status": ""}, "status"),
    ("an exclusion without a reason", {"exclusions": "women only"}, "exclusions"),
    ("an unknown exclusion", {"exclusions": "tall people: no"}, "exclusions"),
    ("a script for a link", {"url": "javascript:alert(1)"}, "url"),
    ("data for a link", {"url": "data:text/html,hello"}, "url"),
    ("a language that is none", {"languages": "es;Spanish"}, "languages"),
    ("a note on a phone that is not there", {"phone2_note": "ask for Ana"}, "phone2_note"),
    ("a number twice", {"phone2": "773-508-5300"}, "phone2"),
    ("a phone confirmed by nobody", {"phone_verified_on": "2026-11-01", "phone_verified_how": "call"}, "phone_verified_on"),
    ("a confirmation tomorrow", {"assured_date": "2026-11-27", "assured_by": "M. Lopez"}, "assured_date"),
    ("a bad code", {"code": "Centro Romero"}, "code"),
    ("no code", {"code": ""}, "code"),
    ("a formula", {"city": "=1+1\u202e"}, "city"),
    ("a lost letter", {"city": "Juti\ufffdapa"}, "city"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "column"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG])
def test_one_error_is_told_once_with_its_row_and_column(cells: dict[str, str], column: str) -> None:
    _, _, problems = told(sheet({**CENTRE, **cells}, BARE))
    assert len(problems) == 1, problems
    assert problems[0].startswith(f"sheet.csv, row 2, {column}: ")


def test_rows_of_one_organization_agree() -> None:
    _, _, problems = told(sheet(CENTRE, {**DOWNTOWN, "org_name": "Centre Romero"}))
    assert problems == [
        "sheet.csv, row 3, org_name: sheet.csv, row 2 says something else of the organization centro_romero."
        " Write the same in both rows."
    ]


def test_one_row_may_speak_for_all_of_its_organization() -> None:
    silent = {**DOWNTOWN, **dict.fromkeys(BARE, ""), "code": "romero_downtown", "country": "US"}
    assert package(CENTRE, silent).digest == package(CENTRE, DOWNTOWN).digest


def test_a_code_stands_once() -> None:
    _, _, problems = told(sheet(CENTRE, CENTRE))
    assert problems == [
        "sheet.csv, row 3, code: The code centro_romero stands at sheet.csv, row 2 too. Give every row a code of its own."
    ]


HEADERS = [
    (b"", "It is empty"),
    (b"\n\n", "It is empty"),
    (b"name,city\n", "columns that we do not know: 'name'"),
    (b"id,route\n", "id is code now; route is do_not_route now"),
    (b"code,city,City\n", "The column city is there twice"),
    (b"city\n", "It has no column code"),
    (b"PK\x03\x04 and so on", "This is a workbook"),
    (b'code,city\na1,"Chicago\n', "The rows cannot be told apart"),
    (b"code\0,city\n", "encoding that we do not know"),
]


@pytest.mark.parametrize(("data", "words"), HEADERS, ids=[each[1] for each in HEADERS])
def test_a_file_that_is_no_sheet_of_ours_says_why(data: bytes, words: str) -> None:
    with pytest.raises(DirectoryFormatError, match=words):
        read_flat(data, EMPTY)


def test_a_cell_too_many_is_told_and_nothing_shifts() -> None:
    data = sheet(CENTRE) + b"broken,row" + b",x" * 40 + b"\r\n"
    _, checked, problems = told(data)
    assert len(problems) == 1 and problems[0].startswith("sheet.csv, row 3: It has more cells")
    assert len(checked.package.tables["organization"]) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_a_spreadsheet_program_saves_is_read(encoding: str, sign: str, end: str) -> None:
    row = {**CENTRE, "city": "Núñez", "description": "Help"}
    for name in ("service_terms", "languages", "hours"):
        row[name] = row[name].partition(";")[0]
    text = end.join(sign.join(each) for each in (list(row), list(row.values()))) + end
    _, checked, problems = told(text.encode(encoding))
    assert problems == []
    assert _one(checked.package, "address")["city"] == "Núñez"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-a", "@x", "\uff1dcmd", "'=1"])
def test_no_cell_of_an_export_is_calculated(text: str) -> None:
    directory = package({**CENTRE, "description": f"'{text}" if text[0] != "'" else f"'{text}"})
    stored = _one(directory, "organization")["description"]
    assert stored == text
    written = write_flat(directory)
    assert f",'{text}," in written.decode("utf-8-sig")
    _, again, _ = told(written)
    assert again.package.digest == directory.digest


def test_what_a_sheet_cannot_say_is_named_and_not_lost() -> None:
    directory = package(CENTRE)
    four = {each["id"]: dict(each) for each in directory.rows("phone")}
    service = next(iter(directory.tables["service_at_location"]))
    for number in range(3):
        identifier = made_id("phone", str(number))
        four[identifier] = {**next(iter(four.values())), "id": identifier, "number": f"+1312555010{number}"}
        four[identifier]["service_at_location_id"] = service
    more = Package.of({**{name: rows.values() for name, rows in directory.tables.items()}, "phone": four.values()})
    with pytest.raises(DirectoryFormatError, match="centro_romero: 4 phones"):
        write_flat(more)
    # Who sends a sheet all the same cannot write over them.
    assert changed_by(sheet({"code": "centro_romero", "city": "Cicero"}), more)[0].table == "address"
    _, _, problems = told(sheet({"code": "centro_romero", "phone": "+13125559999"}), more)
    assert len(problems) == 1 and "more here than a sheet can say: 4 phones" in problems[0]


MOVED = [
    # table, to whom its records belong in the directory of another publisher
    ("phone", "organization"),
    ("phone", "service"),
    ("phone", "location"),
    ("schedule", "service"),
    ("schedule", "location"),
    ("language", "location"),
    ("exclusion", "organization"),
    ("closure", "service"),
    ("closure", "organization"),
]


@pytest.mark.parametrize(("table", "owner"), MOVED, ids=[f"{a} of the {b}" for a, b in MOVED])
@pytest.mark.parametrize("codes", [True, False], ids=["with codes", "without codes"])
def test_what_belongs_to_something_else_keeps_its_owner_and_its_id(table: str, owner: str, codes: bool) -> None:
    first = package({**FILLED, "phone2": "", "phone3": ""})
    tables = {name: [dict(row) for row in rows.values()] for name, rows in first.tables.items()}
    columns = [name for name in tables[table][0] if name in [f"{each}_id" for each in (*_OWNERS, owner)]]
    for each in tables[table]:
        each |= dict.fromkeys(columns, "")
        each[f"{owner}_id"] = tables[owner][0]["id"]
    if not codes:
        for name in ("organization", "service", "location", "service_at_location"):
            tables[name][0]["code"] = ""
    directory = Package.of(tables)
    assert changed_by(write_flat(directory), directory) == ()
    code = next(iter(csv.DictReader(io.StringIO(write_flat(directory).decode("utf-8-sig")))))["code"]
    (change,) = changed_by(sheet({"code": code, "city": "Cicero"}), directory)
    assert (change.table, change.fields) == ("address", ("city",))


_OWNERS = ("organization", "service", "location", "service_at_location")


def test_a_new_kind_of_help_adds_one_record_and_an_old_one_goes() -> None:
    directory = package(CENTRE)
    made = changed_by(sheet({"code": "centro_romero", "service_terms": "legal;health"}), directory)
    assert [(each.table, each.old is None) for each in made].count(("attribute", True)) == 1
    assert [(each.table, each.new is None) for each in made].count(("attribute", True)) == 1
    assert len(made) == 2


def test_a_service_does_not_vanish_by_emptied_cells() -> None:
    directory = package(CENTRE)
    _, _, problems = told(sheet({"code": "centro_romero", "service_terms": ""}), directory)
    assert len(problems) == 1 and "set status to inactive" in problems[0]


def test_a_written_over_number_loses_its_confirmation_if_the_sheet_says_nothing_of_it() -> None:
    directory = package(FILLED)
    data = sheet({"code": "centro_romero", "phone": "+17735085399", "phone_ext": "12"})
    read, checked, _ = told(data, directory)
    phone = next(each for each in checked.package.rows("phone") if each["number"] == "+17735085399")
    assert (phone["verified_on"], phone["verified_by"], phone["verified_how"]) == ("", "", "")
    assert read.notes == ("sheet.csv, row 2: the confirmation of +17735085300 went with that number.",)


def test_what_no_sheet_says_comes_along_so_that_replacing_does_not_lose_it() -> None:
    directory = package(CENTRE)
    service = _one(directory, "service")["id"]
    cost = row("cost_option", id=made_id("cost"), service_id=service, option="free")
    more = Package.of({**{name: rows.values() for name, rows in directory.tables.items()}, "cost_option": [cost]})
    _, checked, _ = told(sheet(CENTRE), more)
    assert checked.package.digest == more.digest


def test_hours_without_clocks_are_told() -> None:
    _, _, problems = told(sheet({**CENTRE, "timezone": "", "state": "IN"}))
    assert len(problems) == 1 and problems[0].startswith("sheet.csv, row 2, timezone: Hours need the clocks")


PLACELESS = [
    ("languages", {"languages": "es"}),
    ("hours", {"hours": "24/7"}),
    ("timezone", {"timezone": "America/Chicago"}),
    ("eligibility", {"eligibility": "everybody"}),
    ("status", {"status": "inactive"}),
    ("service_area", {"service_area": "national"}),
    ("geo_precision", {"geo_precision": "city"}),
]


@pytest.mark.parametrize(("column", "cells"), PLACELESS, ids=[each[0] for each in PLACELESS])
def test_a_cell_about_nothing_is_told(column: str, cells: dict[str, str]) -> None:
    _, _, problems = told(sheet({**BARE, **cells}))
    assert len(problems) == 1 and problems[0].startswith(f"sheet.csv, row 2, {column}: ")


def test_a_cell_under_no_name_is_told() -> None:
    _, _, problems = told(b"code,,city\nabc,lost,Chicago\n")
    assert [each[:30] for each in problems] == ["sheet.csv, row 2: It has more "]


def test_the_clocks_of_a_state_with_only_one_zone_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.directory.formats.zone._known", lambda country, state: None)
    before = package({**CENTRE, "timezone": "", "hours": ""})
    monkeypatch.setattr(
        "bot.directory.formats.zone._known", lambda country, state: f"America/{state.replace('IL', 'Chicago')}"
    )
    assert _one(package({**CENTRE, "timezone": ""}), "location")["timezone"] == "America/Chicago"
    # What is there already and does not change stays as it is.
    assert changed_by(sheet({"code": "centro_romero", "city": "Chicago"}), before) == ()


def test_hours_of_a_service_by_phone_have_clocks_too() -> None:
    service = _one(package({**BY_PHONE, "hours": "24/7", "timezone": "America/New_York"}), "service")
    assert service["timezone"] == "America/New_York"
