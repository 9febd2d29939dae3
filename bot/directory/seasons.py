"""Opening hours row by row, as a schedule of HSDS holds them: some only from one day to another, some unclear. Pure.

What is unclear is never told as open: rows that overlap, a day outside every season, a row without days beside one for that season.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, tzinfo

from msgspec import Struct

from bot.directory.hours import Hours, Schedule, Span

_WHOLE_DAY: tuple[Span, ...] = ((0, 24 * 60),)
_SOME_MONDAY = date(2026, 3, 2)
_WEEK = range(7)


class Rule(Struct, frozen=True):
    """One row. ``days``: weekdays (Monday is 0), none where it is about public holidays only. ``span`` is None for unknown times.

    ``first`` and ``last`` are the days between which it holds, None for always. ``holidays``: "yes" (it holds on public holidays
    too), "closed" or "" (nothing is said).
    """

    days: frozenset[int]
    span: Span | None
    first: date | None = None
    last: date | None = None
    holidays: str = ""

    @property
    def dated(self) -> bool:
        """Whether it holds for a season only."""
        return self.first is not None or self.last is not None

    def covers(self, day: date) -> bool:
        """Whether the day lies in its season."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class Seasons(Struct, frozen=True):
    """All rows of one timetable, by the clocks of ``zone``."""

    rules: tuple[Rule, ...]
    zone: tzinfo

    def on(self, day: date, holiday: bool) -> tuple[tuple[Span, ...], bool]:
        """The spans that begin on that day. Not sure where rows contradict each other or none is for that day's season."""
        valid = [rule for rule in self.rules if rule.covers(day)]
        if not valid:
            return _WHOLE_DAY, False
        if holiday and (told := [rule for rule in valid if not rule.days and rule.holidays]):
            return _joined([rule for rule in told if rule.holidays == "yes"], True)
        todays = [rule for rule in valid if day.weekday() in rule.days]
        # Whoever wrote hours for a season may have meant them instead of the usual ones, or beside them.
        sure = not any(rule.dated for rule in valid) or all(rule.dated for rule in todays)
        if holiday:
            sure = sure and all(rule.holidays for rule in todays)
            todays = [rule for rule in todays if rule.holidays != "closed"]
        return _joined(todays, sure)


def hours(rules: Iterable[Rule], zone: tzinfo) -> Hours | None:
    """The hours that these rows make, in their simplest form; None where they say nothing."""
    seasons = Seasons(tuple(rules), zone)
    if not any(rule.days for rule in seasons.rules):
        return None
    plain = _plain(seasons)
    return plain or seasons


def _plain(seasons: Seasons) -> Schedule | None:
    """The same as one week and one kind of holiday, where that is all there is."""
    if any(rule.dated for rule in seasons.rules):
        return None
    days = [date.fromordinal(_SOME_MONDAY.toordinal() + weekday) for weekday in _WEEK]
    week = [seasons.on(day, False) for day in days]
    # A weekday on which it never opens says nothing of holidays.
    kept = {seasons.on(day, True) for day, (spans, _) in zip(days, week, strict=True) if spans}
    if not all(sure for _, sure in week) or len(kept) > 1 and any(sure for _, sure in kept):
        return None
    told = kept.pop() if len(kept) == 1 else None
    return Schedule(tuple(spans for spans, _ in week), seasons.zone, told[0] if told and told[1] else None)


def _joined(rules: Sequence[Rule], sure: bool) -> tuple[tuple[Span, ...], bool]:
    """The spans of one day. Where two overlap or one is not known nobody can say more than that."""
    if any(rule.span is None for rule in rules):
        return _WHOLE_DAY, False
    spans = sorted({rule.span for rule in rules if rule.span})
    if any(following[0] < earlier[1] for earlier, following in zip(spans, spans[1:], strict=False)):
        return ((spans[0][0], max(end for _, end in spans)),), False
    return tuple(spans), sure
