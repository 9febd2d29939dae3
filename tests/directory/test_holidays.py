"""Days on which nobody is told that an office is open, in the eight countries."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.directory.holidays import easter, public_holidays
from bot.directory.hours import Unknown, parse_schedule, state

KEPT = [
    ("US", "Thanksgiving", "2026-11-26"),
    ("US", "4 July, a Saturday, kept on the Friday", "2026-07-03"),
    ("MX", "Constitution, the first Monday of February", "2026-02-02"),
    ("MX", "Juárez, the third Monday of March", "2026-03-16"),
    ("MX", "Revolution, the third Monday of November", "2026-11-16"),
    ("MX", "a president takes office", "2030-10-01"),
    ("MX", "Good Friday", "2026-04-03"),
    ("GT", "Holy Thursday", "2026-04-02"),
    ("GT", "Army, 30 June", "2026-06-30"),
    ("GT", "Army, kept on the Monday before that Tuesday", "2026-06-29"),
    ("GT", "Army, kept on the Monday after a Saturday", "2029-07-02"),
    ("GT", "the feast of the capital", "2026-08-15"),
    ("GT", "Independence", "2026-09-15"),
    ("GT", "Revolution", "2026-10-20"),
    ("GT", "All Saints", "2026-11-01"),
    ("HN", "Semana Morazánica begins on the first Wednesday of October", "2026-10-07"),
    ("HN", "Semana Morazánica, its Friday", "2026-10-09"),
    ("HN", "Morazán's own day", "2026-10-03"),
    ("SV", "the August feasts begin", "2026-08-03"),
    ("SV", "the Saviour", "2026-08-06"),
    ("SV", "All Souls", "2026-11-02"),
    ("NI", "Revolution", "2026-07-19"),
    ("NI", "San Jacinto", "2026-09-14"),
    ("BZ", "Garifuna Settlement Day", "2026-11-19"),
    ("BZ", "Easter Monday", "2026-04-06"),
    ("BZ", "Emancipation Day, a Sunday in 2027, kept on the Monday", "2027-08-02"),
    ("CR", "Juan Santamaría", "2026-04-11"),
    ("CR", "Our Lady of the Angels", "2026-08-02"),
    ("CR", "Abolition of the army", "2026-12-01"),
]


@pytest.mark.parametrize(("country", "what", "day"), KEPT, ids=[f"{row[0]}: {row[1]}" for row in KEPT])
def test_a_day_that_is_kept(country: str, what: str, day: str) -> None:
    kept = date.fromisoformat(day)
    assert kept in public_holidays(country, kept), what
    # The days of the year before and after are known on it too: an office may open again next year.
    assert kept in public_holidays(country, kept.replace(month=1, day=1))
    schedule = parse_schedule("Mo-Su 00:00-24:00", "America/Guatemala")
    noon = datetime(kept.year, kept.month, kept.day, 18, tzinfo=UTC)
    assert state(schedule, noon, public_holidays(country, kept)) == Unknown()


ORDINARY = [
    ("US", "2026-06-30"),
    ("MX", "2026-02-05"),
    ("GT", "2026-07-01"),
    ("HN", "2026-10-14"),
    ("SV", "2026-08-10"),
    ("NI", "2026-07-20"),
    ("BZ", "2026-07-01"),
    ("CR", "2026-10-12"),
    ("ES", "2026-12-25"),
]


@pytest.mark.parametrize(("country", "day"), ORDINARY, ids=[f"{row[0]}: {row[1]}" for row in ORDINARY])
def test_an_ordinary_day_is_none(country: str, day: str) -> None:
    assert date.fromisoformat(day) not in public_holidays(country, date.fromisoformat(day))


# As published: U.S. Naval Observatory, "The Date of Easter".
EASTERS = [
    "2000-04-23",
    "2008-03-23",
    "2011-04-24",
    "2024-03-31",
    "2025-04-20",
    "2026-04-05",
    "2027-03-28",
    "2028-04-16",
    "2038-04-25",
]


@pytest.mark.parametrize("day", EASTERS)
def test_easter(day: str) -> None:
    assert easter(int(day[:4])) == date.fromisoformat(day)


def test_easter_is_a_sunday_of_spring() -> None:
    for year in range(1900, 2200):
        found = easter(year)
        assert found.weekday() == 6
        assert date(year, 3, 22) <= found <= date(year, 4, 25)
