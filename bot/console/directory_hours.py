"""Opening hours as a form: a row for each day, and back into the one cell that the directory keeps. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from bot.directory.errors import ScheduleError
from bot.directory.formats.opening import Week, week_of, written
from bot.directory.hours import Span
from bot.frozen import replace

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_WEEKDAYS = slice(1, 5)
# 9, 9:30, 09.30, 930, 5 pm, 5 p. m., 17 h. A field for times would want "AM" from who has just written "0900".
_TIME = re.compile(r"(\d{1,2})(?:[:.h]?([0-5]\d))?(?::00)?\s*(h|hrs?|a\.?\s?m\.?|p\.?\s?m\.?)?", re.IGNORECASE)
_NOON = 12 * 60
_DAY = 24 * 60
_MOST = 2
"""Stretches of one day for which the form has room."""


class DayHours(Struct, frozen=True):
    """One row: two stretches of a day as they are typed, the second mostly empty."""

    opens: str = ""
    closes: str = ""
    opens2: str = ""
    closes2: str = ""
    closed: bool = False

    @property
    def filled(self) -> bool:
        """Whether any time was typed."""
        return bool(self.opens or self.closes or self.opens2 or self.closes2)


class HoursForm(Struct, frozen=True):
    """The rows. ``holidays``: empty for not known, "closed", or "open" with times. ``raw``: hours that no row can show, as written."""

    days: tuple[DayHours, ...] = (DayHours(),) * 7
    always: bool = False
    holidays: str = ""
    holiday_opens: str = ""
    holiday_closes: str = ""
    raw: str = ""

    @property
    def breaks(self) -> bool:
        """Whether some day has two stretches."""
        return any(day.opens2 or day.closes2 for day in self.days)


class HoursWrong(Exception):
    """Hours that cannot be: ``day`` is one of DAYS, or "ph" for holidays. ``half``: only one of two times is there; ``both``: closed
    and times."""

    def __init__(self, day: str, half: bool = False, both: bool = False) -> None:
        self.day, self.half, self.both = day, half, both
        super().__init__(day)


def form_of(cell: str) -> HoursForm:
    """The rows of stored hours."""
    try:
        week = week_of(cell)
    except ScheduleError:
        return HoursForm(raw=cell)
    if week is None:
        return HoursForm()
    if cell == "24/7":
        return HoursForm(always=True)
    if any(len(spans) > _MOST for spans in week.days) or len(week.holidays or ()) > 1:
        return HoursForm(raw=cell)
    holidays = "" if week.holidays is None else "open" if week.holidays else "closed"
    first = week.holidays[0] if week.holidays else None
    opens, closes = (_clock(first[0]), _clock(first[1])) if first else ("", "")
    return HoursForm(tuple(map(_row, week.days)), False, holidays, opens, closes)


def _row(spans: tuple[Span, ...]) -> DayHours:
    if not spans:
        return DayHours(closed=True)
    opens, closes, opens2, closes2 = [*(_clock(minutes) for span in spans for minutes in span), "", ""][:4]
    return DayHours(opens, closes, opens2, closes2)


def _clock(minutes: int) -> str:
    minutes = minutes - _DAY if minutes > _DAY else minutes
    return f"{minutes // 60:02}:{minutes % 60:02}"


def form_from(posted: Mapping[str, str]) -> HoursForm:
    """The rows as a browser sent them."""

    def said(name: str) -> str:
        return posted.get(name, "").strip()[:12]

    days = tuple(
        DayHours(
            said(f"{day}_from"), said(f"{day}_to"), said(f"{day}_from2"), said(f"{day}_to2"), f"{day}_closed" in posted
        )
        for day in DAYS
    )
    holidays = posted.get("ph", "")
    return HoursForm(
        days,
        "always" in posted,
        holidays if holidays in ("closed", "open") else "",
        said("ph_from"),
        said("ph_to"),
        " ".join(posted.get("hours_raw", "").split())[:400],
    )


def copied(form: HoursForm) -> HoursForm:
    """Monday's hours on Tuesday to Friday too."""
    days = list(form.days)
    days[_WEEKDAYS] = [days[0]] * 4
    return replace(form, days=tuple(days))


def cell_of(form: HoursForm) -> str:
    """The cell; empty where nothing is known. A row that says nothing beside rows that do is a day on which it is closed.

    Raises HoursWrong.
    """
    if form.always:
        return "24/7"
    if form.raw:
        return form.raw
    days = tuple(_spans(name, day) for name, day in zip(DAYS, form.days, strict=True))
    if not any(days):
        return ""
    return written(Week(days, _holidays(form)))


def _holidays(form: HoursForm) -> tuple[Span, ...] | None:
    if form.holidays == "open":
        return (_span("ph", form.holiday_opens, form.holiday_closes),)
    return () if form.holidays == "closed" else None


def _spans(name: str, day: DayHours) -> tuple[Span, ...]:
    if day.closed and day.filled:
        raise HoursWrong(name, both=True)
    pairs = [(day.opens, day.closes), (day.opens2, day.closes2)]
    spans = sorted(_span(name, opens, closes) for opens, closes in pairs if opens or closes)
    if any(later[0] < earlier[1] for earlier, later in zip(spans, spans[1:], strict=False)):
        raise HoursWrong(name)
    return tuple(spans)


def _span(name: str, opens: str, closes: str) -> Span:
    if not opens or not closes:
        raise HoursWrong(name, half=True)
    (start, _), (end, sure) = _minutes(name, opens), _minutes(name, closes)
    # From 9 to 5 is until the afternoon.
    if end <= start < _NOON and not sure:
        end += _NOON
    if start == end or start == _DAY:
        raise HoursWrong(name)
    # Midnight at the end is the end of that day.
    return start, end if end > start else end + _DAY


def _minutes(name: str, text: str) -> tuple[int, bool]:
    """Minutes since midnight, and whether it can mean only that: 5 may be in the afternoon, 05:00, 17 and 5 am may not."""
    found = _TIME.fullmatch(text)
    if not found:
        raise HoursWrong(name)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half[:1] in ("a", "p"):
        if not 1 <= hour <= 12:
            raise HoursWrong(name)
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    minutes = hour * 60 + minute
    if minutes > _DAY:
        raise HoursWrong(name)
    return minutes, bool(half) or hour > 12 or len(found[1]) == 2
