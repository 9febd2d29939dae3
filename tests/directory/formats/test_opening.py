"""Opening hours in a cell and as rows of HSDS: one says exactly what the other does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.formats.opening import Week, read_week, schedule_cells, week_of, written
from bot.directory.hsds.package import row

CELLS = [
    # as somebody writes it; as it is written again
    ("24/7", "24/7"),
    ("Mo-Su 00:00-24:00", "Mo-Su 00:00-24:00"),
    ("Mo-Fr 09:00-17:00; Sa 10:00-14:00; PH off", "Mo-Fr 09:00-17:00; Sa 10:00-14:00; PH off"),
    ("Mo,We 09:00-12:00, 14:00-18:00", "Mo,We 09:00-12:00,14:00-18:00"),
    ("Mo 14:00-18:00,09:00-12:00", "Mo 09:00-12:00,14:00-18:00"),
    ("Fr 20:00-02:00", "Fr 20:00-02:00"),
    ("Fr 20:00-00:00", "Fr 20:00-24:00"),
    ("Sa-Mo 10:00-12:00", "Mo,Sa,Su 10:00-12:00"),
    ("Tu 08:00-09:00; Mo 08:00-09:00", "Mo,Tu 08:00-09:00"),
    ("08:00-20:00; Su off", "Mo-Sa 08:00-20:00"),
    ("Mo-Fr 09:00-17:00; PH 10:00-12:00", "Mo-Fr 09:00-17:00; PH 10:00-12:00"),
    ("Mo-Su 09:00-17:00; PH 09:00-17:00", "Mo-Su 09:00-17:00; PH 09:00-17:00"),
]


def rows(week: Week) -> list[dict[str, str]]:
    """The hours as rows with every column."""
    return [dict(row("schedule", **cells)) for cells in schedule_cells(week)]


@pytest.mark.parametrize(("cell", "again"), CELLS, ids=[each[0] for each in CELLS])
def test_hours_have_one_written_form_and_come_back_from_rows(cell: str, again: str) -> None:
    week = week_of(cell)
    assert week and written(week) == again
    assert week_of(again) == week
    assert read_week(rows(week)) == week


def test_an_office_as_rows() -> None:
    week = week_of("Mo-Fr 09:00-17:00; Sa 10:00-14:00; PH off")
    assert week and schedule_cells(week) == [
        {
            "freq": "WEEKLY",
            "byday": "MO,TU,WE,TH,FR",
            "public_holidays": "closed",
            "opens_at": "09:00",
            "closes_at": "17:00",
        },
        {"freq": "WEEKLY", "byday": "SA", "public_holidays": "closed", "opens_at": "10:00", "closes_at": "14:00"},
    ]


_minutes = st.integers(0, 24 * 60 - 1)
_span = st.tuples(_minutes, st.integers(1, 24 * 60 - 1)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Stretches of one day that do not overlap."""
    cuts = sorted(draw(st.sets(st.integers(0, 24 * 60), max_size=6)))
    return tuple(zip(cuts[::2], cuts[1::2], strict=False))


@given(
    st.lists(st.one_of(spans(), _span.map(lambda one: (one,))), min_size=7, max_size=7), st.one_of(st.none(), spans())
)
def test_any_week_comes_back(
    days: list[tuple[tuple[int, int], ...]], holidays: tuple[tuple[int, int], ...] | None
) -> None:
    week = Week(tuple(days), holidays)
    if not any(days):
        return
    assert week_of(written(week)) == week
    assert read_week(rows(week)) == week


ODD = [
    ("a season", [{"byday": "MO", "opens_at": "09:00", "closes_at": "17:00", "valid_from": "2026-01-01"}]),
    ("by appointment", [{"byday": "MO", "opens_at": "09:00", "closes_at": "17:00", "notes": "call first"}]),
    ("days without hours", [{"byday": "MO"}]),
    ("holidays that differ by the day", [
        {"byday": "MO", "opens_at": "09:00", "closes_at": "17:00", "public_holidays": "yes"},
        {"byday": "TU", "opens_at": "09:00", "closes_at": "17:00", "public_holidays": "closed"},
    ]),
    ("hours that overlap", [
        {"byday": "MO", "opens_at": "09:00", "closes_at": "17:00"},
        {"byday": "MO", "opens_at": "10:00", "closes_at": "18:00"},
    ]),
    ("words only", [{"description": "ask"}]),
]  # fmt: skip


@pytest.mark.parametrize("cells", [each[1] for each in ODD], ids=[each[0] for each in ODD])
def test_what_a_cell_cannot_say_is_not_said(cells: list[dict[str, str]]) -> None:
    assert read_week([row("schedule", **each) for each in cells]) is None
