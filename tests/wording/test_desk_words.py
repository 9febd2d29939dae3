"""Hours, days and waits of the desk in words."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.board import BadDay, Board
from bot.escalation.organization import DeskOrganization
from bot.language import Language
from bot.wording.desk import LONGEST_HOURS, back_words, desk_fields, hours_words, longest_desk_fields, wait_words
from bot.wording.gsm7 import fold_for_sms, non_gsm

ES, EN, QUC = Language.ES, Language.EN, Language.QUC
CHICAGO = ZoneInfo("America/Chicago")


def organization(hours: str, zone: str = "America/Chicago") -> DeskOrganization:
    return DeskOrganization("centro", "Centro del Sol", hours, zone)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{moment}").replace(tzinfo=CHICAGO)


HOURS = {
    "weekdays": ("Mo-Fr 09:00-17:00", "lun a vie 9:00-17:00 (hora de Chicago)", "Mon to Fri 9 am-5 pm (Chicago time)"),
    "one day": ("Sa 10:00-13:30", "sáb 10:00-13:30 (hora de Chicago)", "Sat 10 am-1:30 pm (Chicago time)"),
    "two days in a row": ("Mo-Tu 10:00-12:00", "lun y mar 10:00-12:00 (hora de Chicago)", "Mon and Tue 10 am-12 pm (Chicago time)"),
    "two rules leave no room for the zone": (
        "Mo-Fr 09:00-17:00; Sa 10:00-13:00",
        "lun a vie 9:00-17:00, sáb 10:00-13:00",
        "Mon to Fri 9 am-5 pm, Sat 10 am-1 pm",
    ),
    "each day another": (
        "Mo 09:00-10:00; Tu 10:00-11:00; We 11:00-12:00; Th 12:00-13:00; Fr 13:00-14:00",
        "a ciertas horas",
        "at certain hours",
    ),
    "into the night": ("Mo-Su 18:00-02:00", "lun a dom 18:00-2:00 (hora de Chicago)", "Mon to Sun 6 pm-2 am (Chicago time)"),
    "always": ("24/7", "a toda hora", "at all hours"),
    "not said": ("", "en cuanto pueden", "as soon as they can"),
    "not readable": ("when we can", "en cuanto pueden", "as soon as they can"),
}  # fmt: skip


@pytest.mark.parametrize(("hours", "spanish", "english"), HOURS.values(), ids=HOURS)
def test_hours_in_words(hours: str, spanish: str, english: str) -> None:
    assert hours_words(organization(hours), ES) == hours_words(organization(hours), QUC) == spanish
    assert hours_words(organization(hours), EN) == english
    assert hours_words(None, ES) == "en cuanto pueden"


BACK = {
    "this morning": ("25 05:00", "hoy a las 9:00 (hora de Chicago)", "today at 9 am (Chicago time)"),
    "tomorrow": ("24 22:00", "mañana a las 9:00 (hora de Chicago)", "tomorrow at 9 am (Chicago time)"),
    "after the weekend": ("28 12:00", "el lunes a las 9:00 (hora de Chicago)", "on Monday at 9 am (Chicago time)"),
    "before Thanksgiving": ("25 18:00", "el viernes a las 9:00 (hora de Chicago)", "on Friday at 9 am (Chicago time)"),
    "on Thanksgiving, at dawn": ("26 05:00", "mañana a las 9:00 (hora de Chicago)", "tomorrow at 9 am (Chicago time)"),
    "they are there": ("24 10:00", "en cuanto pueden", "as soon as they can"),
}
ONCE_A_WEEK = {
    "at one": ("Sa 01:00-02:00", "el sábado a la 1:00 (hora de Chicago)", "on Saturday at 1 am (Chicago time)"),
    "in more than a week": ("Tu 10:00-12:00", "el 1 de diciembre a las 10:00 (hora de Chicago)", "on December 1 at 10 am (Chicago time)"),
}  # fmt: skip


@pytest.mark.parametrize(("now", "spanish", "english"), BACK.values(), ids=BACK)
def test_when_they_are_back(now: str, spanish: str, english: str) -> None:
    weekdays = organization("Mo-Fr 09:00-17:00; PH off")
    assert back_words(weekdays, ES, at(now)) == spanish
    assert back_words(weekdays, EN, at(now)) == english
    assert back_words(organization(""), ES, at(now)) == back_words(None, ES, at(now)) == "en cuanto pueden"


@pytest.mark.parametrize(("hours", "spanish", "english"), ONCE_A_WEEK.values(), ids=ONCE_A_WEEK)
def test_when_who_comes_once_a_week_is_back(hours: str, spanish: str, english: str) -> None:
    now = at("24 12:30")
    assert (back_words(organization(hours), ES, now), back_words(organization(hours), EN, now)) == (spanish, english)


def test_nothing_is_promised_for_a_holiday_of_which_the_hours_say_nothing() -> None:
    weekdays = organization("Mo-Fr 09:00-17:00")
    assert back_words(weekdays, ES, at("25 18:00")) == "el viernes a las 9:00 (hora de Chicago)"
    assert back_words(weekdays, ES, at("26 05:00")) == "mañana a las 9:00 (hora de Chicago)"
    assert back_words(weekdays, ES, at("26 10:00")) == "en cuanto pueden", "perhaps somebody is there"
    assert back_words(organization("Mo-Fr 09:00-17:00", "America/Guatemala"), ES, at("25 18:00")).startswith("mañana")


WAITS = {
    "nobody was answered": (None, "nadie sabe cuánto", "nobody knows how long"),
    "at once": (20, "como 5 minutos", "about 5 minutes"),
    "twelve minutes": (12 * 60, "como 15 minutos", "about 15 minutes"),
    "25 minutes": (25 * 60, "como media hora", "about half an hour"),
    "35 minutes": (35 * 60, "como 1 hora", "about 1 hour"),
    "an hour and a quarter": (75 * 60, "como hora y media", "about an hour and a half"),
    "two hours": (120 * 60, "como 2 horas", "about 2 hours"),
    "more than two": (121 * 60, "como 3 horas", "about 3 hours"),
    "a day": (24 * 3600, "como 24 horas", "about 24 hours"),
}


@pytest.mark.parametrize(("seconds", "spanish", "english"), WAITS.values(), ids=WAITS)
def test_waits_in_words_are_never_shorter_than_they_were(seconds: int | None, spanish: str, english: str) -> None:
    assert (wait_words(seconds, ES), wait_words(seconds, EN)) == (spanish, english)


def test_the_pool_goes_by_the_name_of_who_runs_the_service() -> None:
    fields = desk_fields(None, Board((), BadDay(0, 600)), "una red", ES, at("24 10:00"))
    assert fields == {
        "desk_organization": "una red",
        "desk_hours": "en cuanto pueden",
        "desk_back": "en cuanto pueden",
        "desk_wait": "como 10 minutos",
    }


days = st.sampled_from(["Mo", "Tu", "We-Fr", "Sa-Su", "Mo-Fr"])
spans = st.sampled_from(["09:00-17:00", "00:00-24:00", "08:30-12:00,13:15-20:45", "22:00-04:00"])
zones = st.sampled_from(["America/Los_Angeles", "America/Argentina/ComodRivadavia", "America/Guatemala", "UTC"])
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@given(st.dictionaries(days, spans, min_size=1, max_size=3), zones, moments, st.sampled_from(Language))
def test_no_words_are_longer_than_the_checks_reckon_with(
    rules: dict[str, str], zone: str, now: datetime, language: Language
) -> None:
    desk = organization("; ".join(f"{day} {span}" for day, span in rules.items()), zone)
    hours, back = hours_words(desk, language), back_words(desk, language, now)
    assert hours and len(hours) <= LONGEST_HOURS
    assert back and not non_gsm(fold_for_sms(hours + back))
    if zone == "America/Los_Angeles":
        assert len(back) <= len(longest_desk_fields(language)["desk_back"])


@given(st.none() | st.integers(0, 200 * 3600), st.sampled_from(Language))
def test_no_wait_is_longer_than_the_checks_reckon_with(seconds: int | None, language: Language) -> None:
    assert len(wait_words(seconds, language)) <= len(longest_desk_fields(language)["desk_wait"])
