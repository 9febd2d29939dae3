"""Who answers at the desk, when, and how long one waits today, in the words of a language. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import get_day_names, get_month_names

from bot.directory.errors import ScheduleError
from bot.directory.hours import Opens, Schedule, Span, parse_schedule
from bot.escalation.board import Board
from bot.escalation.organization import DeskOrganization
from bot.language import Language
from bot.wording.called import LONGEST_NAME, called
from bot.wording.opening import DAYS, clock, is_soon, zone_city

LONGEST_HOURS = 44
"""Characters. Hours that take more are told as "at certain hours": the consent question is two SMS."""
_DAY = 24 * 60
_HOUR = 60 * 60
# Half-hours up to two hours, then whole ones: nobody knows a wait more exactly.
_HALVES = 2 * _HOUR
_WORDS = {
    Language.ES: {
        "always": "a toda hora", "whenever": "en cuanto pueden", "certain": "a ciertas horas", "to": "a",
        "today": "hoy", "tomorrow": "mañana", "weekday": "el {day}", "date": "el {day} de {month}", "hour_of": "a las {clock}",
        "one": "a la {clock}", "zone": " (hora de {city})",
        "minutes": "como {n} minutos", "half": "como media hora", "hour": "como 1 hora", "hour_half": "como hora y media",
        "hours": "como {n} horas", "unknown": "nadie sabe cuánto",
    },
    Language.EN: {
        "always": "at all hours", "whenever": "as soon as they can", "certain": "at certain hours", "to": "to",
        "today": "today", "tomorrow": "tomorrow", "weekday": "on {day}", "date": "on {month} {day}", "hour_of": "at {clock}",
        "one": "at {clock}", "zone": " ({city} time)",
        "minutes": "about {n} minutes", "half": "about half an hour", "hour": "about 1 hour",
        "hour_half": "about an hour and a half", "hours": "about {n} hours", "unknown": "nobody knows how long",
    },
}  # fmt: skip


def desk_fields(
    organization: DeskOrganization | None, board: Board, owner: str, language: Language | None, now: datetime
) -> dict[str, str]:
    """The values of ``$desk_...``. ``organization`` None is the shared pool, which goes by the name of the ``owner``.

    Names as families read them (bot/wording/called.py).
    """
    return {
        "desk_organization": called(organization.name if organization else owner),
        "desk_hours": hours_words(organization, language),
        "desk_back": back_words(organization, language, now),
        "desk_wait": wait_words(board.bad_day.wait if board.bad_day else None, language),
    }


def hours_words(organization: DeskOrganization | None, language: Language | None) -> str:
    """``lun a vie 9:00-17:00 (hora de Chicago)``; hours that nobody has said are "as soon as they can"."""
    words = _words(language)
    schedule = _schedule(organization)
    if schedule is None or organization is None:
        return words["whenever"]
    if all(spans == ((0, _DAY),) for spans in schedule.week):
        return words["always"]
    said = ", ".join(_rules(schedule, _main(language)))
    zoned = said + words["zone"].format(city=zone_city(schedule.zone))
    return next((each for each in (zoned, said) if len(each) <= LONGEST_HOURS), words["certain"])


def back_words(organization: DeskOrganization | None, language: Language | None, now: datetime) -> str:
    """``mañana a las 9:00 (hora de Chicago)``, ``el lunes a las 9:00 ...``.

    "As soon as they can" while it is open, and where nobody knows when it is.
    """
    words = _words(language)
    state = organization.state(now) if organization else None
    if not isinstance(state, Opens):
        return words["whenever"]
    return _back(state.at, language, now)


def _back(at: datetime, language: Language | None, now: datetime) -> str:
    words, spanish = _words(language), _main(language) is Language.ES
    days = (at.date() - now.astimezone(at.tzinfo).date()).days
    if not is_soon(at, now):
        day = words["date"].format(day=at.day, month=get_month_names(locale=_main(language).value)[at.month])
    elif days < 2:
        day = words["tomorrow" if days else "today"]
    else:
        day = words["weekday"].format(day=get_day_names(locale=_main(language).value)[at.weekday()])
    hour = words["one" if at.hour == 1 else "hour_of"].format(clock=clock(at, spanish))
    return f"{day} {hour}" + words["zone"].format(city=zone_city(at.tzinfo))


def wait_words(seconds: int | None, language: Language | None) -> str:
    """``como 2 horas``, never less than it was; that nobody knows, while nobody has been answered today."""
    words = _words(language)
    if seconds is None:
        return words["unknown"]
    if seconds <= 20 * 60:
        return words["minutes"].format(n=max(5, -(-seconds // 300) * 5))
    if seconds > _HALVES:
        return words["hours"].format(n=-(-seconds // _HOUR))
    halves = -(-seconds // (_HOUR // 2))
    return {1: words["half"], 2: words["hour"], 3: words["hour_half"]}.get(halves, words["hours"].format(n=2))


def longest_desk_fields(language: Language) -> dict[str, str]:
    """The longest of each that occurs."""
    # More than a week before it opens again, in the month with the longest name.
    before = datetime(2026, 9, 22, 12, tzinfo=ZoneInfo("America/Los_Angeles"))
    opens = datetime(2026, 9, 30, 10, 30, tzinfo=before.tzinfo)
    return {
        "desk_organization": "x" * LONGEST_NAME,
        "desk_hours": "x" * LONGEST_HOURS,
        "desk_back": _back(opens, language, before),
        "desk_wait": _words(language)["hour_half" if _main(language) is Language.EN else "unknown"],
    }


def _words(language: Language | None) -> dict[str, str]:
    return _WORDS[_main(language)]


def _main(language: Language | None) -> Language:
    return Language.EN if language is Language.EN else Language.ES


def _schedule(organization: DeskOrganization | None) -> Schedule | None:
    try:
        return parse_schedule(organization.hours, organization.zone) if organization else None
    except ScheduleError:
        return None


def _rules(schedule: Schedule, language: Language) -> Iterator[str]:
    """Days that follow one another and have the same hours together: ``lun a vie 9:00-17:00``."""
    days, to, first = DAYS[language], _WORDS[language]["to"], 0
    while first < len(schedule.week):
        last = first
        while last + 1 < len(schedule.week) and schedule.week[last + 1] == schedule.week[first]:
            last += 1
        if spans := schedule.week[first]:
            between = " y " if language is Language.ES else " and "
            named = days[first] if last == first else f"{days[first]} {to} {days[last]}"
            if last == first + 1:
                named = f"{days[first]}{between}{days[last]}"
            yield f"{named} {', '.join(_span(span, language) for span in spans)}"
        first = last + 1


def _span(span: Span, language: Language) -> str:
    return "-".join(_minute(minute % _DAY, language) for minute in span)


def _minute(minute: int, language: Language) -> str:
    return clock(datetime(2026, 1, 1, *divmod(minute, 60)), language is Language.ES)
