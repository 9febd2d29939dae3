"""A cell of the directory as a page writes it: hours with the names of days, kinds of help in words, numbers as families read them."""

from __future__ import annotations

from datetime import date

from babel.dates import get_day_names

from bot.console.directory_form import number_text
from bot.console.directory_words import (
    AREA_WORDS,
    HOW_SAID,
    STATE_WORDS,
    TYPE_WORDS,
    day_words,
    language_words,
    state_of,
)
from bot.console.kinds import kind_words
from bot.console.words import page_language, words
from bot.directory.errors import ScheduleError
from bot.directory.formats.columns import SLOTS
from bot.directory.formats.opening import Week, week_of
from bot.directory.hours import Span

_DAY = 24 * 60
_DAYS_OF = ("closed_from", "closed_until", "assured_date")
_YES_NO = ("needs_appointment", "sensitive")


def cell_words(name: str, cell: str) -> str:
    """The cell of that column in words; empty for an empty one."""
    if not cell:
        return ""
    if name in SLOTS:
        return number_text(cell, "")
    if name in _DAYS_OF or name.endswith("_verified_on"):
        return day_cell_words(cell)
    if name in _YES_NO or name.endswith("_whatsapp"):
        return words("directory.yes", "yes") if cell == "yes" else words("directory.no", "no")
    for ending, known in (("_type", TYPE_WORDS), ("_verified_how", HOW_SAID), ("service_area", AREA_WORDS)):
        if name.endswith(ending) and cell in known:
            return words(known[cell])
    match name:
        case "service_terms":
            kinds = kind_words(words)
            return ", ".join(kinds.get(kind, kind) for kind in cell.split(";"))
        case "status":
            return words(STATE_WORDS[state_of(cell, "", True)])
        case "languages" | "interpreters":
            return ", ".join(language_words(code) for code in cell.split(";"))
        case "hours":
            return hours_words(cell)
        case _:
            return cell


def day_cell_words(cell: str) -> str:
    """A day in words; the cell as it is where it is none."""
    try:
        return day_words(date.fromisoformat(cell))
    except ValueError:
        return cell  # As somebody typed it.


def hours_words(cell: str) -> str:
    """lun-vie 09:00-17:00; sáb 10:00-14:00. The cell as it is where it cannot be read."""
    if cell == "24/7":
        return words("directory.hours-always", "Open day and night, every day")
    try:
        week = week_of(cell)
    except ScheduleError:
        return cell
    if week is None:
        return ""
    said = [f"{days} {_spans(spans)}" for days, spans in _runs(week)]
    if week.holidays is not None:
        holidays = _spans(week.holidays) if week.holidays else words("directory.hours-closed", "closed")
        said.append(f"{words('directory.holidays', 'Public holidays')}: {holidays}")
    return "; ".join(said)


def _runs(week: Week) -> list[tuple[str, tuple[Span, ...]]]:
    """Days one after the other with the same hours, by their first and last."""
    names = get_day_names("abbreviated", locale=page_language())
    runs: list[tuple[int, int, tuple[Span, ...]]] = []
    for day, spans in enumerate(week.days):
        if not spans:
            continue
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    return [(names[first] if first == last else f"{names[first]}-{names[last]}", spans) for first, last, spans in runs]


def _spans(spans: tuple[Span, ...]) -> str:
    return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans)


def _clock(minutes: int) -> str:
    minutes = minutes - _DAY if minutes > _DAY else minutes
    return f"{minutes // 60:02}:{minutes % 60:02}"
