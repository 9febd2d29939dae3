"""Two people at one entry: different fields never meet, the same field shows both."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.directory.editing.marks import Clash, marks_of, merged, read_marks

CELLS = {"cost": "free", "hours": "Mo 09:00-17:00", "city": ""}


def test_who_changes_another_field_does_not_meet() -> None:
    found = merged(read_marks(marks_of(CELLS)), {**CELLS, "cost": "$20"}, {**CELLS, "hours": "Tu 09:00-17:00"})
    assert found.changes == {"cost": "$20"} and not found.clashes


def test_the_same_field_shows_both() -> None:
    found = merged(read_marks(marks_of(CELLS)), {**CELLS, "cost": "$20"}, {**CELLS, "cost": "$30"})
    assert found.clashes == (Clash("cost", "$20", "$30"),) and not found.changes


def test_two_who_say_the_same_do_not_clash() -> None:
    found = merged(read_marks(marks_of(CELLS)), {**CELLS, "cost": "$20"}, {**CELLS, "cost": "$20"})
    assert not found.clashes and not found.changes


def test_what_a_form_does_not_have_stays() -> None:
    assert merged(read_marks(marks_of(CELLS)), {}, {**CELLS, "cost": "$30"}).changes == {}


def test_without_marks_nothing_is_overwritten() -> None:
    for damaged in ("", "no json", "[]", '{"cost": 3}'):
        found = merged(read_marks(damaged), {"cost": "$20"}, CELLS)
        assert found.clashes == (Clash("cost", "$20", "free"),), "as if somebody else had changed it"


TEXT = st.dictionaries(st.sampled_from("abc"), st.text(max_size=4))


@given(TEXT, TEXT, TEXT)
def test_nothing_of_anybody_is_lost(was: dict[str, str], mine: dict[str, str], now: dict[str, str]) -> None:
    found = merged(read_marks(marks_of(was)), mine, now)
    clashed = {clash.field for clash in found.clashes}
    for field, cell in mine.items():
        stands = found.changes.get(field, now.get(field, ""))
        if cell not in (was.get(field), stands):
            assert field in clashed, "what she wrote is stored or shown"
        if now.get(field, "") != was.get(field):
            assert field not in found.changes, "what somebody else wrote stands"
