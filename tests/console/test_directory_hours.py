"""Hours as a form: what people type, and that what is stored comes back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.directory_hours import DAYS, DayHours, HoursForm, HoursWrong, cell_of, copied, form_from, form_of
from bot.directory.formats.opening import Week, week_of, written
from bot.frozen import replace


def monday(opens: str, closes: str) -> HoursForm:
    return HoursForm((DayHours(opens, closes), *[DayHours()] * 6))


@pytest.mark.parametrize(
    ("opens", "closes", "stored"),
    [
        ("9", "5", "Mo 09:00-17:00"),
        ("9", "9", "Mo 09:00-21:00"),
        ("9:30", "5 pm", "Mo 09:30-17:00"),
        ("0900", "1700", "Mo 09:00-17:00"),
        ("9.30", "13 h", "Mo 09:30-13:00"),
        ("7 p. m.", "2 a.m.", "Mo 19:00-02:00"),
        ("22", "5", "Mo 22:00-05:00"),
        ("10", "1", "Mo 10:00-13:00"),
        ("9 am", "12 pm", "Mo 09:00-12:00"),
        ("05:00", "01:00", "Mo 05:00-01:00"),
        ("0", "24:00", "Mo 00:00-24:00"),
    ],
)
def test_times_as_people_write_them(opens: str, closes: str, stored: str) -> None:
    assert cell_of(monday(opens, closes)) == stored
    assert week_of(stored), "and the directory takes it"


@pytest.mark.parametrize(
    ("opens", "closes", "half"),
    [
        ("9", "", True),
        ("", "17", True),
        ("nine", "5", False),
        ("25", "26", False),
        ("09:00", "09:00", False),
        ("13 pm", "2", False),
        ("9:75", "10", False),
    ],
)
def test_what_cannot_be_is_told_by_its_day(opens: str, closes: str, half: bool) -> None:
    with pytest.raises(HoursWrong) as wrong:
        cell_of(monday(opens, closes))
    assert (wrong.value.day, wrong.value.half) == ("mo", half)


def test_closed_and_times_are_asked_about() -> None:
    with pytest.raises(HoursWrong) as wrong:
        cell_of(HoursForm((DayHours("9", "17", closed=True), *[DayHours()] * 6)))
    assert wrong.value.both


def test_two_stretches_that_overlap_are_wrong() -> None:
    with pytest.raises(HoursWrong):
        cell_of(HoursForm((DayHours("9", "14", "13", "17"), *[DayHours()] * 6)))


def test_nothing_filled_in_is_not_known() -> None:
    assert cell_of(form_from({})) == ""
    assert cell_of(form_of("")) == ""


def test_a_day_without_times_beside_others_is_closed() -> None:
    assert form_of(cell_of(monday("9", "17"))).days[1].closed


def test_mondays_hours_go_to_the_weekdays_alone() -> None:
    form = copied(HoursForm((DayHours("9", "17"), *[DayHours()] * 4, DayHours("10", "13"), DayHours(closed=True))))
    assert cell_of(form) == "Mo-Fr 09:00-17:00; Sa 10:00-13:00"


@pytest.mark.parametrize("holidays", ["PH off", "PH 10:00-12:00"])
def test_holidays_come_back(holidays: str) -> None:
    cell = f"Mo-Fr 09:00-17:00; {holidays}"
    assert cell_of(form_of(cell)) == cell


@pytest.mark.parametrize(
    "cell", ["Mo 08:00-09:00,10:00-11:00,12:00-13:00", "Mo 09:00-17:00; PH 08:00-09:00,10:00-11:00"]
)
def test_hours_that_no_row_can_show_stay_as_they_are(cell: str) -> None:
    form = form_of(cell)
    assert form.raw and cell_of(form) == cell


SPANS = (
    st.lists(st.integers(0, 95), min_size=4, max_size=4, unique=True)
    .map(sorted)
    .map(lambda quarters: tuple((quarters[at] * 15, quarters[at + 1] * 15) for at in (0, 2)))
)
DAY = st.one_of(st.just(()), SPANS.map(lambda spans: spans[:1]), SPANS)
WEEKS = st.tuples(*[DAY] * 7).filter(any)


@given(WEEKS, st.sampled_from([None, (), ((600, 720),)]))
def test_what_is_stored_comes_back_through_a_browser(days: tuple, holidays: tuple | None) -> None:
    cell = written(Week(days, holidays))
    form = form_of(cell)
    posted = {
        name: value
        for day, row in zip(DAYS, form.days, strict=True)
        for name, value in (
            (f"{day}_from", row.opens),
            (f"{day}_to", row.closes),
            (f"{day}_from2", row.opens2),
            (f"{day}_to2", row.closes2),
            *([(f"{day}_closed", "on")] if row.closed else []),
        )
    }
    posted |= {"ph": form.holidays, "ph_from": form.holiday_opens, "ph_to": form.holiday_closes}
    again = form_from(posted)
    assert cell_of(replace(again, always=form.always)) == cell
