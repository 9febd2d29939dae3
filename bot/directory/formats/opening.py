"""Opening hours in one cell, as bot/directory/hours.py reads them, and as the rows of a schedule in HSDS. Pure.

One stretch of the day is one row with its days. Public holidays: ``closed`` on every row of the week for ``PH off``; times of their
own as a row without days; nothing where nothing is said. Words about hours are a row that holds nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from bot.directory.hours import Span, parse_schedule
from bot.directory.hsds.package import Row

Cells = dict[str, str]

_OSM = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_ICAL = tuple(day.upper() for day in _OSM)
_DAY = 24 * 60
_ALWAYS: tuple[Span, ...] = ((0, _DAY),)
_ANY_ZONE = "America/Chicago"
_NOT_IN_A_CELL = ("valid_from", "valid_to", "attending_type", "notes")


class Week(Struct, frozen=True):
    """``days``: the spans of Monday to Sunday in minutes since midnight. ``holidays``: None where nothing is said of them."""

    days: tuple[tuple[Span, ...], ...]
    holidays: tuple[Span, ...] | None = None


def week_of(cell: str) -> Week | None:
    """The hours that a cell holds; None for an empty one. Raises ScheduleError."""
    found = parse_schedule(cell, _ANY_ZONE)
    return Week(found.week, found.holidays) if found else None


def written(week: Week) -> str:
    """The one written form of these hours."""
    if week.days == (_ALWAYS,) * 7 and week.holidays == _ALWAYS:
        return "24/7"
    rules: dict[tuple[Span, ...], list[int]] = {}
    for day, spans in enumerate(week.days):
        if spans:
            rules.setdefault(spans, []).append(day)
    said = [f"{_days(days)} {_spans(spans)}" for spans, days in rules.items()]
    if week.holidays is not None:
        said.append(f"PH {_spans(week.holidays) if week.holidays else 'off'}")
    return "; ".join(said)


def _days(days: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = [_OSM[run[0]] if len(run) == 1 else f"{_OSM[run[0]]}{'-,'[len(run) == 2]}{_OSM[run[-1]]}" for run in runs]
    return ",".join(parts)


def _spans(spans: Iterable[Span]) -> str:
    return ",".join(f"{_clock(start)}-{_clock(_end(end))}" for start, end in spans)


def _end(minutes: int) -> int:
    return minutes - _DAY if minutes > _DAY else minutes


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def schedule_cells(week: Week) -> list[Cells]:
    """The rows that say these hours, without their ids and owners."""
    by_span: dict[Span, list[str]] = {}
    for day, spans in zip(_ICAL, week.days, strict=True):
        for span in spans:
            by_span.setdefault(span, []).append(day)
    always = written(week) == "24/7"
    holidays = "yes" if always else "closed" if week.holidays == () else ""
    cells = [
        _row(span, {"freq": "WEEKLY", "byday": ",".join(days), "public_holidays": holidays})
        for span, days in sorted(by_span.items())
    ]
    if week.holidays and not always:
        cells += [_row(span, {"public_holidays": "yes"}) for span in week.holidays]
    return cells


def _row(span: Span, cells: Cells) -> Cells:
    return {**cells, "opens_at": _clock(span[0]), "closes_at": _clock(_end(span[1]))}


def words_of(rows: Iterable[Row], column: str) -> str | None:
    """The words about hours in that column; None where the rows say more than one thing."""
    said = {row[column] for row in rows if row[column]}
    return said.pop() if len(said) == 1 else None if said else ""


def is_words(row: Row) -> bool:
    """Whether a row of a schedule tells no times."""
    return not (row["byday"] or row["opens_at"] or row["closes_at"] or row["public_holidays"])


def read_week(rows: Sequence[Row]) -> Week | None:
    """The hours of these rows; None where one cell cannot say them, or the rows say none."""
    timed = [row for row in rows if not is_words(row)]
    if not timed or any(row[column] for row in rows for column in _NOT_IN_A_CELL):
        return None
    days: list[list[Span]] = [[] for _ in _ICAL]
    for row in timed:
        if row["byday"] and not row["opens_at"]:
            return None
        for day in filter(None, row["byday"].split(",")):
            days[_ICAL.index(day)].append(_span(row))
    week = tuple(tuple(sorted(spans)) for spans in days)
    if not any(week) or any(_overlap(spans) for spans in week):
        return None
    return _with_holidays(week, timed)


def _with_holidays(week: tuple[tuple[Span, ...], ...], timed: Sequence[Row]) -> Week | None:
    """The week with what its rows say of holidays; None where that differs from day to day."""
    apart = [row for row in timed if not row["byday"]]
    said = {row["public_holidays"] for row in timed if row["byday"]}
    if apart:
        spans = tuple(sorted(_span(row) for row in apart if row["public_holidays"] == "yes" and row["opens_at"]))
        clear = said <= {""} and not _overlap(spans) and len({row["public_holidays"] for row in apart}) == 1
        return Week(week, spans) if clear else None
    if said <= {""}:
        return Week(week)
    open_days = {spans for spans in week if spans}
    if said == {"yes"} and len(open_days) == 1:
        return Week(week, open_days.pop())
    return Week(week, ()) if said == {"closed"} else None


def _overlap(spans: Sequence[Span]) -> bool:
    return any(following[0] < earlier[1] for earlier, following in zip(spans, spans[1:], strict=False))


def _span(row: Row) -> Span:
    start, end = _minutes(row["opens_at"]), _minutes(row["closes_at"])
    return start, end if end > start else end + _DAY


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
