"""Whom to call, again or for a launch: who is in the list and who is not, on paper, and in the sheet that goes back."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from bot.directory.call_again import Urgency, call_again, told
from bot.directory.call_list import City, Entry, _shared_out, answer_sheet, call_list
from bot.directory.call_page import call_page
from bot.directory.call_words import KINDS, LANGUAGES, WORDS
from bot.directory.formats.sheet_rows import sheet_rows
from bot.directory.hotline import Hotline
from bot.directory.hsds.package import Package
from bot.directory.hsds.tables import SERVICES
from bot.directory.listed import listed, same_number
from tests.directory.seeded import TODAY, read_seed, returned, with_cells

SEED, _ = read_seed()
PHONES = {row.code: row for row in sheet_rows(SEED)}


def called(code: str, days_ago: int, package: Package = SEED) -> Package:
    """After somebody confirmed its number so many days ago."""
    day = (TODAY - timedelta(days=days_ago)).isoformat()
    said = {"phone_verified_on": day, "phone_verified_by": "Ana López", "phone_verified_how": "call"}
    return with_cells(package, **{code: said})


def phone_of(package: Package, number: str) -> str:
    return next(row["id"] for row in package.rows("phone") if row["number"] == number)


ROMERO = "+17735085300"


@pytest.fixture(scope="module")
def cities(hotlines: Mapping[str, Hotline]) -> list[City]:
    return call_list(listed(SEED, {}), hotlines.values(), TODAY)


AGES = [
    (0, None),
    (75, None),
    (76, Urgency.SOON),
    (90, Urgency.SOON),
    (91, Urgency.CALL_FIRST),
    (365, Urgency.CALL_FIRST),
    (366, Urgency.TOO_OLD),
]


@pytest.mark.parametrize(("days_ago", "urgency"), AGES, ids=[f"confirmed {days} days ago" for days, _ in AGES])
def test_when_a_number_is_due(days_ago: int, urgency: Urgency | None) -> None:
    calls = call_again(listed(called("centro_romero", days_ago), {}), TODAY, 14)
    assert next((each.urgency for each in calls if each.listed.code == "centro_romero"), None) is urgency


def test_what_a_family_says_does_not_work_comes_first_even_if_it_is_fresh() -> None:
    package = called("centro_romero", 1)
    calls = call_again(listed(package, {phone_of(package, ROMERO): 3}), TODAY, 14)
    assert (calls[0].listed.code, calls[0].urgency) == ("centro_romero", Urgency.FLAGGED)
    text = told(calls)
    assert text.startswith("Chicago, IL\n  Centro Romero (centro_romero): 773-508-5300\n")
    assert "3 families say that it does not work; last confirmed 2026-11-25 by Ana López (call)" in text


def test_the_most_urgent_come_first() -> None:
    package = called("salef", 400, called("paso", 100, called("kind_boston", 80)))
    calls = call_again(listed(package, {phone_of(package, ROMERO): 1}), TODAY, 14)
    order = [each.urgency for each in calls]
    assert order == sorted(order) and set(order) == set(Urgency)


def test_what_is_held_back_is_not_due_again_unless_somebody_was_sent_there() -> None:
    calls = call_again(listed(SEED, {}), TODAY, 14)
    assert not [each.listed.code for each in calls if each.listed.held_back]
    network = PHONES["network_office"].ids["organization"]
    assert "network_office" in [each.listed.code for each in call_again(listed(SEED, {network: 1}), TODAY, 14)]


def test_everybody_with_a_door_is_in_the_launch_list_once(cities: list[City]) -> None:
    entries = [entry for city in cities for entry in city.entries]
    codes = Counter(entry.listed.code for entry in entries if entry.listed)
    lists = {"eoir_list", "doj_roster", "immigrationlawhelp", "network_office", "oneca"}
    lines = {"la_rapid_response", "colorado_rapid_response", "consular_protection_hn", "orr"}
    assert set(codes) == set(PHONES) - lists - lines
    assert set(codes.values()) == {1}


def test_a_line_is_called_once_and_never_an_emergency_number(
    cities: list[City], hotlines: Mapping[str, Hotline]
) -> None:
    lines = Counter(entry.line.id for city in cities for entry in city.entries if entry.line)
    assert set(lines) == {line.id for line in hotlines.values() if line.kind == "hotline"}
    assert set(lines.values()) == {1}
    where = {entry.line.id: city.name for city in cities for entry in city.entries if entry.line}
    assert where["dv_chicago"] == "Chicago, IL" and where["la_network"] == "Los Angeles, CA"
    assert where["orr"] == "by phone, US" and where["cdm_mx"] == "by phone, MX"


def test_an_organization_with_the_number_of_a_line_is_called_for_both(cities: list[City]) -> None:
    cielo = next(each for city in cities for each in city.entries if each.listed and each.listed.code == "cielo")
    assert cielo.line and cielo.line.id == "cielo"


SAME = [
    ("1-855-234-9699", "+18552349699", True),
    ("4214-3566", "+50242143566", True),
    ("211", "+13125550211", False),
    ("773-508-5300", "+13125085300", False),
]


@pytest.mark.parametrize(("dialled", "number", "same"), SAME, ids=[each[0] for each in SAME])
def test_a_number_as_people_dial_it(dialled: str, number: str, same: bool) -> None:
    assert same_number(dialled, number) is same


def test_biggest_first_and_the_fresh_are_left_out(hotlines: Mapping[str, Hotline]) -> None:
    package = called("centro_romero", 90, called("salef", 91))
    found = call_list(listed(package, {}), hotlines.values(), TODAY)
    named = [len(city.entries) for city in found if city.city]
    assert named == sorted(named, reverse=True) and found[0].name == "Los Angeles, CA"
    codes = {entry.listed.code for city in found for entry in city.entries if entry.listed}
    assert "centro_romero" not in codes and "salef" in codes
    flagged = call_list(listed(package, {phone_of(package, ROMERO): 1}), hotlines.values(), TODAY)
    assert "centro_romero" in {entry.listed.code for city in flagged for entry in city.entries if entry.listed}


ENTRIES = {
    "number": next(each for each in listed(SEED, {}) if each.numbers),
    "no number": next(each for each in listed(SEED, {}) if not each.numbers),
}


@given(st.lists(st.sampled_from(sorted(ENTRIES)), max_size=20))
def test_two_volunteers_are_done_at_about_the_same_time(kinds: list[str]) -> None:
    shared = _shared_out([Entry(ENTRIES[kind], None) for kind in kinds])
    minutes = {who: sum(each.minutes for each in shared if each.who == who) for who in ("A", "B")}
    longest = max((each.minutes for each in shared), default=0)
    assert [each.listed for each in shared] == [ENTRIES[kind] for kind in kinds], "the order stays, nobody is lost"
    assert abs(minutes["A"] - minutes["B"]) <= longest


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_everybody_and_nothing_from_outside(cities: list[City], language: str) -> None:
    page = call_page(cities, language, TODAY, "calls.csv")
    assert not re.findall(r"<(script|link|img|iframe|a)\b|\bsrc=|url\(|@import", page)
    assert "color: #000; background: #fff" in page and "break-before: page" in page
    for city in cities:
        for entry in city.entries:
            if entry.listed:
                assert f">{entry.listed.code}<" in page
                assert all(f">{has.phone.text}<" in page for has in entry.listed.numbers)
            elif entry.line:
                assert f">{entry.line.text}<" in page
    words = WORDS[language]
    questions = sum(1 for city in cities for entry in city.entries if entry.listed)
    assert [page.count(escape(words[name])) for name in ("q1", "q2", "q3")] == [questions] * 3


def test_the_page_says_what_is_missing_and_what_families_say(hotlines: Mapping[str, Hotline]) -> None:
    found = call_list(listed(SEED, {phone_of(SEED, ROMERO): 2}), hotlines.values(), TODAY)
    page = call_page(found, "en", TODAY, "calls.csv")
    assert "2 families say that it does not work" in page
    assert "Find the number first" in page and "neither a phone nor an address was found" in page
    assert "The same number stands in hotlines.csv (cielo)" in page


def test_names_are_text_and_not_markup(hotlines: Mapping[str, Hotline]) -> None:
    package = with_cells(SEED, salef={"org_name": "<script>alert(1)</script>"})
    page = call_page(call_list(listed(package, {}), hotlines.values(), TODAY), "es", TODAY, "calls.csv")
    assert "<script" not in page and "&lt;script&gt;" in page


def test_both_languages_say_the_same_things() -> None:
    assert set(WORDS["es"]) == set(WORDS["en"]) and set(WORDS) == set(KINDS) == set(LANGUAGES)
    for language in LANGUAGES:
        assert set(KINDS[language]) == set(SERVICES)
    for name, said in WORDS["en"].items():
        assert set(re.findall(r"\{\w+\}", said)) == set(re.findall(r"\{\w+\}", WORDS["es"][name])), name


def filled(data: bytes, **answers: dict[str, str]) -> bytes:
    """The sheet as volunteers send it back."""
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    text = io.StringIO()
    sheet = csv.DictWriter(text, rows[0].keys())
    sheet.writeheader()
    sheet.writerows(row | answers.get(row["code"], {}) for row in rows)
    return text.getvalue().encode("utf-8-sig")


CONFIRMED = {"phone_verified_on": "2026-11-26", "phone_verified_by": "Ana López", "phone_verified_how": "call"}


def test_a_sheet_that_nobody_filled_in_changes_nothing(cities: list[City]) -> None:
    assert returned(SEED, filled(answer_sheet(cities, SEED))) == ()


def test_a_filled_sheet_goes_back_as_it_is(cities: list[City]) -> None:
    data = filled(
        answer_sheet(cities, SEED),
        centro_romero={**CONFIRMED, "cost": "free", "languages": "es;en;quc", "hours": "Mo-Fr 09:00-17:00"},
        fiel={**CONFIRMED, "phone": "713-555-0101", "do_not_route": ""},
    )
    made = returned(SEED, data)
    phones = [each for each in made if each.table == "phone"]
    assert {(each.new or {})["number"]: (each.new or {})["verified_by"] for each in phones} == {
        ROMERO: "Ana López",
        "+17135550101": "Ana López",
    }
    gone = [each.table for each in made if each.new is None]
    assert gone == ["exclusion"], "FIEL is not held back any more, and nothing else goes"
    assert {each.table for each in made} == {"phone", "language", "schedule", "service", "exclusion"}


def test_a_row_that_nobody_came_to_keeps_its_old_confirmation(hotlines: Mapping[str, Hotline]) -> None:
    package = called("centro_romero", 200)
    data = answer_sheet(call_list(listed(package, {}), hotlines.values(), TODAY), package)
    assert b"Ana L" in data and returned(package, filled(data)) == ()


def test_the_last_confirmation_counts() -> None:
    package = with_cells(
        called("centro_romero", 200), centro_romero={"assured_date": "2026-11-01", "assured_by": "Rosa"}
    )
    (romero,) = [each for each in listed(package, {}) if each.code == "centro_romero"]
    assert romero.confirmed == (date(2026, 11, 1), "Rosa", "")
