"""Times as staff read them: by the clocks of their own organization, in the language of the page. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from babel.dates import format_datetime, format_skeleton, format_time

from bot.language import Language


def moment(at: float, zone: tzinfo) -> datetime:
    """Unix seconds by these clocks."""
    return datetime.fromtimestamp(at, UTC).astimezone(zone)


def clock(at: float, zone: tzinfo, language: Language) -> str:
    """14:02, or 2:02 PM in English."""
    return format_time(moment(at, zone), "short", locale=language.value)


def day(at: float, zone: tzinfo, language: Language) -> str:
    """A short day: "jue, 26 nov"."""
    return format_skeleton("MMMEd", moment(at, zone), locale=language.value)


def exact(at: float, zone: tzinfo, language: Language) -> str:
    """Day and time in full."""
    return format_datetime(moment(at, zone), "medium", locale=language.value)


def day_and_clock(at: float, now: float, zone: tzinfo, language: Language) -> str:
    """The clock alone while it is today, else the day before it."""
    said = clock(at, zone, language)
    return said if moment(at, zone).date() == moment(now, zone).date() else f"{day(at, zone, language)} {said}"
