"""One call, one line: what it confirms, and what it may not."""

from __future__ import annotations

from datetime import date

import pytest

from bot.directory.confirming import Call, ConfirmationRefused, confirmed
from bot.directory.formats.sheet_rows import sheet_rows
from bot.directory.hsds.changes import changed
from bot.directory.hsds.package import Package
from tests.directory.seeded import TODAY, read_seed, with_cells

SEED, _ = read_seed()
TWO = with_cells(SEED, salef={"phone2": "+12134801099"})
OLD = with_cells(
    SEED,
    salef={"phone_verified_on": "2026-11-20", "phone_verified_by": "Rosa", "phone_verified_how": "call"},
)


def call(code: str, *, by: str = "Ana López", how: str = "call", on: date = TODAY, number: str = "") -> Call:
    return Call(code, by, how, on, number)


def cells(package: Package, code: str) -> dict[str, str]:
    return next(row.cells for row in sheet_rows(package) if row.code == code)


def test_the_number_is_confirmed_and_nothing_else_changes() -> None:
    done = confirmed(SEED, call("salef", by="  Ana   López "), TODAY)
    (change,) = done.changes
    assert (change.table, change.fields) == ("phone", ("verified_on", "verified_by", "verified_how"))
    after = cells(changed(SEED, done.changes), "salef")
    assert (after["phone_verified_on"], after["phone_verified_by"]) == ("2026-11-26", "Ana López")
    assert change.id in done.records


@pytest.mark.parametrize("typed", ["213-480-1052", "(213) 480 1052", "+12134801052"])
def test_the_number_may_be_typed_as_people_do(typed: str) -> None:
    assert confirmed(TWO, call("salef", number=typed), TODAY).what == "+12134801052"


def test_without_a_number_it_is_the_place_that_is_confirmed() -> None:
    done = confirmed(SEED, call("salva", how="visit"), TODAY)
    (change,) = done.changes
    assert (change.table, change.fields) == ("service", ("assured_date", "assured_by"))


def test_the_same_call_told_twice_changes_nothing_but_settles_again() -> None:
    after = changed(SEED, confirmed(SEED, call("salef"), TODAY).changes)
    again = confirmed(after, call("salef"), TODAY)
    assert again.changes == () and again.records


REFUSED = [
    ("tomorrow", SEED, call("salef", on=date(2026, 11, 27)), "has not come yet"),
    ("no name", SEED, call("salef", by="  "), "Nobody's name"),
    ("a name of signs", SEED, call("salef", by="?!"), "Nobody's name"),
    ("a name of a page", SEED, call("salef", by="A" + "b" * 64), "Nobody's name"),
    ("another way", SEED, call("salef", how="guess"), "Use one of: call, visit"),
    ("a code that is mistyped", SEED, call("salefs"), "Did you mean salef"),
    ("a code of nobody", SEED, call("zzzz"), "lists the codes"),
    ("a number of somebody else", SEED, call("salef", number="773-508-5300"), "is the number of centro_romero"),
    ("a number of nobody", SEED, call("salef", number="213-480-1111"), "does not have +12134801111"),
    ("a number for one that has none", SEED, call("salva", number="213-480-1111"), "does not have"),
    ("which of two", TWO, call("salef"), "Say which with --phone"),
    ("before the last one", OLD, call("salef", on=date(2026, 11, 19)), "confirmed later, on 2026-11-20"),
    ("neither number nor service", SEED, call("voces"), "neither a number nor a service"),
]


@pytest.mark.parametrize(("package", "said", "told"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_confirms_nothing_is_refused(package: Package, said: Call, told: str) -> None:
    with pytest.raises(ConfirmationRefused) as refused:
        confirmed(package, said, TODAY)
    assert told in str(refused.value) and refused.value.mend
