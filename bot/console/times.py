"""Times as people say them, with the exact one to be had: the filters ``ago`` and ``at`` of the templates."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_time
from markupsafe import Markup

from bot.console.desk import desk
from bot.console.words import page_language, words

MINUTE, HOUR, DAY = 60, 3600, 86_400


def zone() -> ZoneInfo:
    """The clocks of the team (TEAM_TIMEZONE)."""
    return ZoneInfo(desk().settings.team_timezone)


def exact(seconds: float) -> str:
    """A moment in unix seconds in full, by the team's clocks."""
    moment = datetime.fromtimestamp(seconds, zone())
    return format_datetime(moment, "EEE d MMM y, HH:mm", locale=page_language())


def clock_time(seconds: float) -> str:
    """Only hour and minute, by the team's clocks."""
    return format_time(datetime.fromtimestamp(seconds, zone()), "HH:mm", locale=page_language())


def duration(seconds: float) -> str:
    """A length of time in one or two words: 42 min, 3 h 10 min, 2 days."""
    seconds = max(0, int(seconds))
    if seconds < MINUTE:
        return words("time.moment", "less than a minute")
    if seconds < HOUR:
        return words("time.minutes", "%(n)s min", n=seconds // MINUTE)
    if seconds < DAY:
        hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
        if not minutes:
            return words("time.hours", "%(n)s h", n=hours)
        return words("time.hours-minutes", "%(n)s h %(m)s min", n=hours, m=minutes)
    days = seconds // DAY
    return words("time.day", "1 day") if days == 1 else words("time.days", "%(n)s days", n=days)


def ago(seconds: float | None) -> Markup:
    """How long ago a moment is, in a <time> that also says when exactly; a dash for none."""
    if seconds is None:
        return Markup("–")
    passed = desk().clock() - seconds
    said = (
        words("time.now", "just now")
        if abs(passed) < MINUTE
        else words("time.ago", "%(time)s ago", time=duration(passed))
        if passed > 0
        else words("time.ahead", "in %(time)s", time=duration(-passed))
    )
    return _element(seconds, said, exact(seconds))


def at(seconds: float | None) -> Markup:
    """A moment in full, in a <time>; a dash for none."""
    if seconds is None:
        return Markup("–")
    return _element(seconds, exact(seconds), exact(seconds))


def _element(seconds: float, said: str, title: str) -> Markup:
    utc = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(utc, title, said)
