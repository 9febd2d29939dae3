"""What a file would do to the directory, told before it does it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.formats.read import Read
from bot.directory.hsds.changes import changed
from bot.directory.hsds.check import Problem, Raw
from bot.directory.hsds.package import EMPTY, Package, row
from bot.directory.importing.preview import Preview, preview
from bot.directory.importing.words import counts, lines
from bot.frozen import replace
from tests.directory.importing.small import (
    DIRECTORY,
    TODAY,
    an_id,
    organization,
    package,
    read_of,
    rows_of,
    with_cells,
    without,
)

NONE = {"verified_on": "", "verified_by": "", "verified_how": "", "verified_source": ""}
NEWER = {"verified_on": "2026-11-20"}


def seen(new: Package, *, old: Package = DIRECTORY, whole: bool = False) -> Preview:
    return preview(old, read_of(new), TODAY, replace=whole)


def told(some: Preview, *, everything: bool = True) -> str:
    """The page with its line ends undone, so that a sentence can be looked for."""
    return "\n".join(lines(some, everything=everything, width=100_000))


def test_a_directory_beside_itself_changes_nothing() -> None:
    for whole in (False, True):
        same = seen(DIRECTORY, whole=whole)
        assert not same.changes and not same.problems and not same.duplicates and not same.consequences
        assert not same.storable
        assert counts(same).startswith("0 new organizations, 0 changed, ")


def test_an_import_into_an_empty_directory_is_the_file() -> None:
    first = seen(DIRECTORY, old=EMPTY)
    assert first.new.digest == DIRECTORY.digest and first.storable
    assert counts(first) == "3 new organizations, 0 changed, 0 errors, 0 possible duplicates."
    assert "Centro Maya (Evanston, IL, US): health; 847-555-0100 (confirmed 2026-10-01)" in told(first)


def test_what_the_file_does_not_have_stays_and_goes_with_replace() -> None:
    only = package(rows_of("romero"))
    assert not seen(only).changes
    rest = seen(only, whole=True)
    assert len(rest.gone_organizations) == 2 and rest.new.digest == only.digest
    assert counts(rest) == "0 new organizations, 0 changed, 2 removed, 0 errors, 0 possible duplicates."
    page = told(rest)
    assert "Centro Maya: goes with all its services" in page and "the confirmed phone" not in page


CHANGES = {
    "a number that changes": (
        with_cells(DIRECTORY, "phone", "romero", number="+17735085301", **NONE),
        ["phone: 773-508-5300 -> 773-508-5301", "773-508-5301 is not confirmed: the confirmation of 2026-10-01 was of"],
    ),
    "another extension is another desk": (
        with_cells(DIRECTORY, "phone", "romero", extension="12", **NONE),
        ["phone: 773-508-5300 -> 773-508-5300 ext 12", "773-508-5300 ext 12 is not confirmed"],
    ),
    "a confirmation taken back": (
        with_cells(DIRECTORY, "phone", "romero", **NONE),
        ["the phone 773-508-5300 is not confirmed any more (it was on 2026-10-01)"],
    ),
    "a confirmation that goes back": (
        with_cells(DIRECTORY, "phone", "romero", verified_on="2026-01-01"),
        ["the confirmation of the phone 773-508-5300 goes back from 2026-10-01 to 2026-01-01"],
    ),
    "hours as the whole week": (
        with_cells(DIRECTORY, "schedule", "romero", closes_at="18:00"),
        ["hours of Legal help: MO,TU 09:00-17:00 -> MO,TU 09:00-18:00"],
    ),
    "a language": (
        with_cells(DIRECTORY, "language", "romero", code="quc"),
        ["languages of Legal help: es -> quc"],
    ),
    "a service that ends": (
        with_cells(DIRECTORY, "service", "romero", status="defunct"),
        ["Families will not be told of it any more", "Legal help is not offered any more: active -> defunct"],
    ),
    "an exclusion with another reason": (
        with_cells(DIRECTORY, "exclusion", "romero", reason="full"),
        ["do not route (nobody answers) becomes do not route (full)"],
    ),
    "membership that was sure": (
        with_cells(DIRECTORY, "organization", "romero", source_seen="no"),
        ["nobody has seen its source any more: source_seen yes -> no"],
    ),
    "a name": (
        with_cells(DIRECTORY, "organization", "romero", name="Centro Romero Chicago"),
        ["name: Centro Romero -> Centro Romero Chicago"],
    ),
    "an address": (
        with_cells(DIRECTORY, "address", "romero", address_1="7 W Clark St"),
        ["address 7 W Clark St, Chicago, address 1: 6 N Clark St -> 7 W Clark St"],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_told_in_the_words_of_a_volunteer(name: str) -> None:
    new, expected = CHANGES[name]
    some = seen(new)
    assert some.storable and some.new.digest == new.digest
    page = told(some)
    for words in expected:
        assert words in page
    assert "Centro Maya" not in page


def test_a_long_text_is_told_where_it_changes() -> None:
    long = "Help for families. " * 40
    old = with_cells(DIRECTORY, "organization", "romero", description=f"{long}Mondays")
    page = told(seen(with_cells(old, "organization", "romero", description=f"{long}Tuesdays"), old=old))
    assert "Mondays -> ..." in page and "Tuesdays" in page


GOING = {
    "an exclusion that goes": (("exclusion", "romero"), "does not hold any more: do not route (nobody answers)"),
    "a closure that goes": (("closure", "romero"), "does not hold any more: closed 2026-12-24 to 2027-01-02 holidays"),
    "a confirmed phone that goes": (("phone", "romero"), "the confirmed phone 773-508-5300 goes"),
}


@pytest.mark.parametrize("name", GOING)
def test_what_goes_with_replace_is_told_for_what_it_means(name: str) -> None:
    (table, of), expected = GOING[name]
    new = without(DIRECTORY, table, of)
    some = seen(new, whole=True)
    assert some.new.digest == new.digest and len(some.removals) == 1
    assert f"Centro Romero: {expected}" in told(some)


def test_a_service_that_is_active_again_and_an_old_confirmation_of_a_door() -> None:
    old = with_cells(DIRECTORY, "service", "maya", status="inactive")
    assert "Legal help is active again: inactive -> active" in told(seen(DIRECTORY, old=old))
    old = with_cells(DIRECTORY, "service", "maya", assured_date="2026-09-01", assured_by="Ana Perez")
    moved = with_cells(old, "address", "maya", address_1="9 Elm St")
    assert "the address is 9 Elm St now: the confirmation of 2026-09-01 was of 4 N Clark St" in told(
        seen(moved, old=old)
    )
    again = with_cells(moved, "service", "maya", assured_date="2026-11-20")
    assert "was of 4 N Clark St" not in told(seen(again, old=old))


NUMBERS = {
    "the old confirmation left beside it": ({}, "verified_on"),
    "a confirmation before the old one": ({"verified_on": "2026-09-30"}, "verified_on"),
    "a confirmation of another day after it": (NEWER, ""),
    "the same day, said to be of the new number": ({"verified_source": "asked for the new number too"}, ""),
    "none": (NONE, ""),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_that_changes_needs_a_confirmation_of_its_own_or_none(name: str) -> None:
    cells, column = NUMBERS[name]
    new = with_cells(DIRECTORY, "phone", "romero", number="+17735085301", **cells)
    some = seen(new)
    assert [each.column for each in some.problems] == ([column] if column else [])
    assert some.storable is not bool(column)


def test_a_file_without_the_columns_of_a_confirmation_takes_it_from_the_number_and_again_does_nothing() -> None:
    phone = dict(with_cells(DIRECTORY, "phone", "romero", number="+17735085301").tables["phone"])
    cells = {
        name: cell
        for name, cell in phone[an_id("phone", "romero")].items()
        if name in ("id", "organization_id", "number")
    }
    read = Read((Raw("phone", "row 2", cells),), (), ())
    first = preview(DIRECTORY, read, TODAY, replace=False)
    stored = first.new.tables["phone"][an_id("phone", "romero")]
    assert stored["verified_on"] == stored["verified_by"] == "" and stored["type"] == "voice"
    assert first.storable and "is not confirmed" in told(first)
    assert not preview(first.new, read, TODAY, replace=False).changes


def test_a_new_record_does_not_take_over_the_confirmation_of_the_one_that_goes() -> None:
    phone = DIRECTORY.tables["phone"][an_id("phone", "romero")]
    rest = [each for each in DIRECTORY.rows("phone") if each is not phone]
    other = row("phone", **{**phone, "id": an_id("phone", "other"), "number": "+17735085301"})
    new = Package.of({**{key: rows.values() for key, rows in DIRECTORY.tables.items()}, "phone": [*rest, other]})
    assert [each.column for each in seen(new, whole=True).problems] == ["verified_on"]
    assert not seen(new).problems, "a second phone that was asked for in the same call"


def test_what_an_emptied_cell_takes_away_goes_without_replace() -> None:
    gone = replace(read_of(package(rows_of("romero"))), gone=(("closure", an_id("closure", "romero")),))
    gone = replace(gone, raws=tuple(raw for raw in gone.raws if raw.table != "closure"))
    some = preview(DIRECTORY, gone, TODAY, replace=False)
    assert [each.table for each in some.removals] == ["closure"] and some.storable
    assert some.new.digest == without(DIRECTORY, "closure", "romero").digest


def test_what_hangs_in_the_directory_on_a_record_that_the_file_takes_away_is_told() -> None:
    spoken = row("language", id=an_id("language", "x"), phone_id=an_id("phone", "romero"), code="quc")
    old = package({key: rows.values() for key, rows in DIRECTORY.tables.items()}, {"language": [spoken]})
    gone = replace(read_of(package(rows_of("romero"))), gone=(("phone", an_id("phone", "romero")),))
    gone = replace(gone, raws=tuple(raw for raw in gone.raws if raw.table != "phone"))
    some = preview(old, gone, TODAY, replace=False)
    assert [each.column for each in some.problems] == ["phone_id"] and not some.storable
    assert some.problems[0].where == f"the directory, language {an_id('language', 'x')}"


def test_a_file_without_any_organization_does_not_empty_the_directory() -> None:
    some = seen(package(), whole=True)
    assert not some.storable and "would empty the directory" in some.problems[0].problem
    assert not seen(package()).problems


def test_a_place_that_only_its_service_names_is_told_at_its_organization() -> None:
    old = with_cells(DIRECTORY, "location", "romero", organization_id="")
    some = seen(with_cells(old, "address", "romero", address_1="7 W Clark St"), old=old)
    assert some.changed_organizations == (an_id("organization", "romero"),)


def test_a_record_that_moves_is_told_at_both_organizations() -> None:
    moved = with_cells(DIRECTORY, "phone", "romero", organization_id=an_id("organization", "maya"))
    page = told(seen(moved))
    assert page.count("organization: Centro Romero -> Centro Maya") == 2


def test_a_confirmed_number_may_move_to_another_record() -> None:
    two = with_cells(DIRECTORY, "phone", "romero", number="+18475550100")
    swapped = with_cells(two, "phone", "maya", number="+17735085300", verified_on="2026-09-01")
    old = with_cells(DIRECTORY, "phone", "maya", verified_on="2026-09-01")
    swapped = with_cells(swapped, "phone", "romero", verified_on="2026-09-01")
    swapped = with_cells(swapped, "phone", "maya", verified_on="2026-10-01")
    assert not seen(swapped, old=old).problems


WRONG = {
    "a day that has not come": ("phone", {"verified_on": "2026-11-25"}, "2026-11-25 has not come yet."),
    "confirmed by nobody": ("phone", {"verified_by": ""}, "A confirmation has a day and a person."),
    "confirmed by a sign": ("phone", {"verified_by": "?"}, "That is no name."),
    "assured by a sign": ("service", {"assured_date": "2026-11-01", "assured_by": "--"}, "That is no name."),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_row_with_something_wrong_is_told_once_and_nothing_may_be_stored(name: str) -> None:
    table, cells, expected = WRONG[name]
    some = seen(with_cells(DIRECTORY, table, "romero", **cells))
    assert len(some.problems) == 1 and not some.storable
    assert some.problems[0].problem.startswith(expected) and some.problems[0].mend
    assert not some.changes, "a row with an error counts as not changed"


def test_one_code_in_two_rows_is_an_error() -> None:
    some = seen(with_cells(DIRECTORY, "service", "romero", code="maya"))
    assert [(each.column, each.problem[:18]) for each in some.problems] == [("code", "The code stands at")]
    assert not some.storable


def test_a_code_of_an_organization_that_is_there_under_another_id_is_an_error() -> None:
    other = package({"organization": [organization("other", code="maya")]})
    some = seen(other)
    assert [each.column for each in some.problems] == ["code"]
    assert not seen(
        package(rows_of("romero"), {"organization": [organization("other", code="maya")]}), whole=True
    ).problems


def test_what_a_removal_would_leave_behind_is_refused() -> None:
    some = seen(without(DIRECTORY, "organization", "maya"), whole=True)
    assert not some.storable and not some.removals
    assert {each.column for each in some.problems} == {"organization_id"}
    assert all("'Centro Maya', which is not in the file and would go" in each.problem for each in some.problems)
    assert not seen(without(DIRECTORY, "organization", "maya")).problems, "without --replace it stays"


def test_a_problem_of_the_file_itself_stops_everything() -> None:
    broken = replace(
        read_of(DIRECTORY), problems=(Problem("organizations.csv", "", "It has no row.", "Send a whole file."),)
    )
    some = preview(EMPTY, broken, TODAY, replace=False)
    assert not some.storable and len(some.problems) == 1


def test_long_lists_are_cut_with_the_way_to_see_all() -> None:
    many = package(*(rows_of(f"org{number}", number=f"+1773508{number:04}") for number in range(100)))
    some = seen(many, old=EMPTY)
    short = told(some, everything=False)
    assert "... and 85 more; --all shows all" in short and len(short.splitlines()) < 60
    assert told(some).count("Centro Org") >= 100
    widest = max(len(line) for line in lines(some))
    assert widest <= 80


# What a cell may hold, with the worst that a terminal takes as an order.
hostile = st.text(st.sampled_from("\x1b[31m\x07\x9b\u202e\u2066\u200b\r\n\t\x00aé\ufeff\ud800")) | st.text(max_size=30)


@given(hostile, hostile, st.sampled_from(["name", "description", "website", "member_evidence", "code", "id"]))
def test_no_sign_of_a_file_reaches_the_terminal_that_cannot_be_seen(text: str, where: str, column: str) -> None:
    cells = {**DIRECTORY.tables["organization"][next(iter(DIRECTORY.tables["organization"]))], column: f"x{text}"}
    read = Read((Raw("organization", f"{where}, row 2", cells),), (), (text,))
    for line in lines(preview(DIRECTORY, read, TODAY, replace=True), everything=True):
        assert line.isprintable()


texts = st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=12)


@given(st.data(), st.booleans())
def test_what_is_previewed_is_what_would_be_stored(data: st.DataObject, whole: bool) -> None:
    new = DIRECTORY
    for name in data.draw(st.lists(st.sampled_from(["romero", "maya", "norte"]), max_size=3)):
        table, column = data.draw(
            st.sampled_from(
                [("organization", "name"), ("service", "name"), ("schedule", "notes"), ("language", "note")]
            )
        )
        new = with_cells(new, table, name, **{column: data.draw(texts)})
    if data.draw(st.booleans()):
        new = package(
            {key: rows.values() for key, rows in new.tables.items()}, rows_of("cuarto", number="+18005550100")
        )
    gone = data.draw(st.sampled_from(["", "closure", "language", "phone"]))
    if gone and whole:
        new = without(new, gone, "maya")
    some = seen(new, whole=whole)
    assert not some.problems
    after = changed(DIRECTORY, some.changes)
    assert after.digest == some.new.digest
    # Texts are stored in their canonical form: so does a second reading find them.
    assert not seen(new, old=after, whole=whole).changes
    if whole:
        assert {key: set(rows) for key, rows in after.tables.items()} == {
            key: set(rows) for key, rows in new.tables.items()
        }
