"""Opening hours: how they are written, and when a line is open, above all where the clocks change and the day does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.errors import ScheduleError
from bot.directory.holidays import public_holidays
from bot.directory.hours import Open, Opens, Schedule, Unknown, parse_schedule, parse_zone, state

CHICAGO, GUATEMALA, NEW_YORK = "America/Chicago", "America/Guatemala", "America/New_York"
OFFICE = "Mo-Fr 09:00-17:00; Sa 10:00-14:00; PH off"
# A Tuesday, because no case below may depend on the day on which it runs.
TUESDAY = datetime(2026, 3, 3, 12, tzinfo=UTC)


def at(local: str, zone: str, fold: int = 0) -> datetime:
    """A time by the clocks of a zone; ``fold`` 1 is the second of two equal ones."""
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone), fold=fold)


def schedule(text: str, zone: str = CHICAGO) -> Schedule:
    made = parse_schedule(text, zone)
    assert made is not None
    return made


CASES = [
    # what happens; hours; zone; by its clocks it is; then it opens at (None: it is open)
    ("at the minute when it opens", OFFICE, CHICAGO, "2026-11-24 09:00", None),
    ("a minute before", OFFICE, CHICAGO, "2026-11-24 08:59", "2026-11-24 09:00-06:00"),
    ("in the last minute", OFFICE, CHICAGO, "2026-11-24 16:59", None),
    ("at the minute when it closes", OFFICE, CHICAGO, "2026-11-24 17:00", "2026-11-25 09:00-06:00"),
    ("the weekend begins", OFFICE, CHICAGO, "2026-11-28 14:00", "2026-11-30 09:00-06:00"),
    ("once a week, a minute too late", "We 10:00-11:00", CHICAGO, "2026-11-25 11:00", "2026-12-02 10:00-06:00"),
    ("lunch", "Mo-Fr 09:00-12:00,14:00-17:00", GUATEMALA, "2026-11-24 12:30", "2026-11-24 14:00-06:00"),
    ("every day", "08:00-20:00", GUATEMALA, "2026-11-29 21:00", "2026-11-30 08:00-06:00"),
    ("all days but one", "08:00-20:00; Su off", GUATEMALA, "2026-11-28 21:00", "2026-11-30 08:00-06:00"),
    ("midnight at the end of a whole day", "Mo 00:00-24:00", CHICAGO, "2026-11-24 00:00", "2026-11-30 00:00-06:00"),
    ("midnight at its start", "Mo 00:00-24:00", CHICAGO, "2026-11-23 00:00", None),
    ("after midnight, still Friday's night", "Fr 20:00-02:00", CHICAGO, "2026-11-28 01:59", None),
    ("Friday's night is over", "Fr 20:00-02:00", CHICAGO, "2026-11-28 02:00", "2026-12-04 20:00-06:00"),
    ("Sunday's night ends on Monday", "Su 22:00-06:00", CHICAGO, "2026-11-30 05:30", None),
    ("days over the end of the week", "Sa-Mo 10:00-12:00", CHICAGO, "2026-11-24 09:00", "2026-11-28 10:00-06:00"),
    ("day and night", "24/7", CHICAGO, "2026-11-26 03:00", None),
    ("day and night, while the clocks jump", "24/7", CHICAGO, "2026-03-08 03:00", None),
    # In Chicago 2 to 3 o'clock of 8 March 2026 does not exist, and 1 to 2 o'clock of 1 November comes twice.
    ("the morning after the clocks went forward", OFFICE, CHICAGO, "2026-03-07 20:00", "2026-03-09 09:00-05:00"),
    ("the same morning where they never do", OFFICE, GUATEMALA, "2026-03-07 20:00", "2026-03-09 09:00-06:00"),
    ("the morning after the clocks went back", OFFICE, CHICAGO, "2026-10-31 20:00", "2026-11-02 09:00-06:00"),
    ("opens in the hour that is skipped", "Su 02:30-06:00", CHICAGO, "2026-03-08 01:59", "2026-03-08 03:30-05:00"),
    ("and has not at its end", "Su 02:30-06:00", CHICAGO, "2026-03-08 03:15", "2026-03-08 03:30-05:00"),
    ("and then it has", "Su 02:30-06:00", CHICAGO, "2026-03-08 03:30", None),
    ("closes in the hour that is skipped", "Sa 22:00-02:30", CHICAGO, "2026-03-08 03:29", None),
    ("and is closed after it", "Sa 22:00-02:30", CHICAGO, "2026-03-08 03:30", "2026-03-14 22:00-05:00"),
    ("skipped whole: that week it opens an hour later", "Su 02:10-02:40", CHICAGO, "2026-03-08 03:05", "2026-03-08 03:10-05:00"),
    ("nothing is left between the two", "Su 02:30-03:10", CHICAGO, "2026-03-08 03:09", "2026-03-15 02:30-05:00"),
    ("what was written first may come second", "Su 02:10-02:40,03:05-04:00", CHICAGO, "2026-03-08 03:07", None),
    ("that hour exists in Guatemala", "Su 02:30-06:00", GUATEMALA, "2026-03-08 02:29", "2026-03-08 02:30-06:00"),
]  # fmt: skip


@pytest.mark.parametrize(("hours", "zone", "now", "opens"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_open_or_when(hours: str, zone: str, now: str, opens: str | None) -> None:
    expected = Open() if opens is None else Opens(datetime.fromisoformat(opens))
    found = state(schedule(hours, zone), at(now, zone))
    assert found == expected
    if isinstance(found, Opens):
        assert found.at.tzinfo == ZoneInfo(zone)


TWICE = [
    ("opens at the first half past one", "Su 01:30-05:00", "01:29", 0, "2026-11-01T01:30:00-05:00"),
    ("is open at it", "Su 01:30-05:00", "01:30", 0, None),
    ("stays open when the clocks go back to one", "Su 01:30-05:00", "01:00", 1, None),
    ("closes at the first half past one", "Su 00:00-01:30", "01:30", 0, "2026-11-08T00:00:00-06:00"),
    ("and does not open again at the second", "Su 00:00-01:30", "01:15", 1, "2026-11-08T00:00:00-06:00"),
    ("a night one hour longer", "Sa 22:00-06:00", "05:59", 0, None),
]


@pytest.mark.parametrize(("hours", "now", "fold", "opens"), [row[1:] for row in TWICE], ids=[row[0] for row in TWICE])
def test_the_hour_that_comes_twice(hours: str, now: str, fold: int, opens: str | None) -> None:
    found = state(schedule(hours), at(f"2026-11-01 {now}", CHICAGO, fold))
    # Python takes a time that comes twice for unequal to every time of another zone: as text they can be compared.
    assert (found.at.isoformat() if isinstance(found, Opens) else None) == opens
    assert isinstance(found, Open | Opens)


THANKSGIVING = frozenset({date(2026, 11, 26)})
HOLIDAYS = [
    ("closed on holidays", "Mo-Fr 09:00-17:00; PH off", "2026-11-26 10:00", Opens(at("2026-11-27 09:00", CHICAGO))),
    ("the evening before", "Mo-Fr 09:00-17:00; PH off", "2026-11-25 18:00", Opens(at("2026-11-27 09:00", CHICAGO))),
    ("shorter on holidays", "Mo-Fr 09:00-17:00; PH 10:00-12:00", "2026-11-26 09:30", Opens(at("2026-11-26 10:00", CHICAGO))),
    ("open on holidays", "Mo-Fr 09:00-17:00; PH 10:00-12:00", "2026-11-26 11:00", Open()),
    ("nothing is said of holidays", "Mo-Fr 09:00-17:00", "2026-11-26 10:00", Unknown()),
    ("nothing is said, and it would be closed anyway", "Mo-Fr 09:00-17:00", "2026-11-26 18:00", Opens(at("2026-11-27 09:00", CHICAGO))),
    ("nothing is said, so the holiday is not promised", "Mo-Fr 09:00-17:00", "2026-11-25 18:00", Opens(at("2026-11-27 09:00", CHICAGO))),
    ("the night before runs into the holiday", "We 20:00-02:00", "2026-11-26 01:00", Open()),
    ("the holiday's own night is as unknown", "Th 20:00-02:00", "2026-11-27 01:00", Unknown()),
    ("day and night is day and night", "24/7", "2026-11-26 10:00", Open()),
]  # fmt: skip


@pytest.mark.parametrize(("hours", "now", "expected"), [row[1:] for row in HOLIDAYS], ids=[row[0] for row in HOLIDAYS])
def test_a_holiday_is_not_an_ordinary_day(hours: str, now: str, expected: object) -> None:
    assert state(schedule(hours), at(now, CHICAGO), THANKSGIVING) == expected


def test_without_hours_nothing_is_known_and_a_moment_needs_its_offset() -> None:
    assert state(None, TUESDAY) == Unknown()
    assert parse_schedule("  ", "") is None
    with pytest.raises(ValueError, match="no offset"):
        state(schedule("24/7"), datetime(2026, 3, 3, 12))
    assert state(schedule("24/7", ""), TUESDAY) == Open()


def test_holidays_of_the_united_states() -> None:
    in_2026 = sorted(day for day in public_holidays("US", date(2026, 6, 1)) if day.year == 2026)
    assert [f"{day:%m-%d}" for day in in_2026] == (
        "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25".split()
    )
    # 2027: Juneteenth on a Saturday, the Fourth on a Sunday, Christmas and the next New Year's Day on Saturdays.
    kept = {date(2027, 6, 18), date(2027, 7, 5), date(2027, 12, 24), date(2027, 12, 31)}
    assert kept <= public_holidays("US", date(2027, 6, 1))
    assert public_holidays("ES", date(2026, 6, 1)) == frozenset()


WRONG = [
    ("a word", "daily", "is no stretch of time"),
    ("a day that is none", "Xx 09:00-17:00", "'Xx' is no day"),
    ("a Spanish day", "Lu-Vi 09:00-17:00", "'Lu-Vi' is no day"),
    ("half a range of days", "Mo- 09:00-17:00", "'Mo-' is no day"),
    ("a range with holidays", "Mo-PH 09:00-17:00", "is no day"),
    ("an hour of one digit", "Mo 9:00-17:00", "'9:00-17:00' is no stretch of time"),
    ("an afternoon in American", "Mo 09:00-5:00pm", "is no stretch of time"),
    ("no end", "Mo 09:00", "is no stretch of time"),
    ("an hour that is none", "Mo 09:00-25:00", "is no stretch of time"),
    ("past the end of the day", "Mo 09:00-24:30", "is no stretch of time"),
    ("from and to the same minute", "Mo 09:00-09:00", "is no stretch of time"),
    ("a day twice: the second would replace the first", "Mo 09:00-12:00; Mo 14:00-17:00", "Mo stands twice"),
    ("a day twice, once in a range", "Mo-Fr 09:00-17:00; We 09:00-12:00", "We stands twice"),
    ("opened again after off", "Mo off; Mo-Fr 09:00-17:00", "Mo stands twice"),
    ("times that overlap", "Mo 09:00-13:00,12:00-17:00", "Times overlap"),
    ("never open", "Mo off; PH off", "It never opens"),
    ("only on holidays", "PH 09:00-12:00", "It never opens"),
    ("an empty rule", "Mo 09:00-17:00;", "cannot be read"),
    ("three words", "Mo Tu 09:00-17:00", "cannot be read"),
    ("a very long word", "Mo " + "9" * 100_000, "is no stretch of time"),
    ("other digits", "Mo ٠٩:٠٠-١٧:٠٠", "is no stretch of time"),
]


@pytest.mark.parametrize(("hours", "told"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_hours_that_cannot_be_read_are_refused_in_words(hours: str, told: str) -> None:
    with pytest.raises(ScheduleError) as error:
        parse_schedule(hours, CHICAGO)
    assert told in error.value.problem and error.value.mend
    assert len(str(error.value)) < 250


@pytest.mark.parametrize(
    "zone", ["", "CST", "EST5EDT", "America", "America/Nowhere", "/etc/passwd", "../UTC", "America/ Chicago"]
)
def test_a_zone_is_the_name_of_one(zone: str) -> None:
    with pytest.raises(ScheduleError, match="not a time zone"):
        parse_zone(zone)
    with pytest.raises(ScheduleError):
        parse_schedule("Mo 09:00-17:00", zone)


DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
minutes = st.integers(0, 24 * 60 - 1)
weeks = st.dictionaries(
    st.sampled_from(DAYS), st.tuples(minutes, minutes).filter(lambda span: span[0] != span[1]), min_size=1
)
# Two years around today's rules, close to the changes of the clocks one time in three.
moments = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    st.datetimes(datetime(2026, 3, 7), datetime(2026, 3, 10)),
    st.datetimes(datetime(2026, 10, 31), datetime(2026, 11, 3)),
).map(lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC))
zones = st.sampled_from([CHICAGO, GUATEMALA, NEW_YORK, "America/Havana", "Pacific/Apia"])
days_off = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=40)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def written(week: dict[str, tuple[int, int]], holidays: str) -> str:
    rules = [f"{day} {clock(start)}-{clock(end)}" for day, (start, end) in week.items()]
    return "; ".join(rules + ([f"PH {holidays}"] if holidays else []))


def first_moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """When a written time comes, found by looking at the clocks of that zone minute by minute and not by arithmetic.

    A time that is skipped comes as long after the change as it lies in the gap.
    """
    wanted = datetime.combine(day, time()) + timedelta(minutes=minute)
    moment = wanted.replace(tzinfo=zone).astimezone(UTC) - timedelta(hours=3)
    while (shown := moment.astimezone(zone).replace(tzinfo=None)) < wanted:
        before, moment = shown, moment + timedelta(minutes=1)
    return moment if shown == wanted else moment + (wanted - before - timedelta(minutes=1))


def is_inside(week: dict[str, tuple[int, int]], zone: ZoneInfo, now: datetime) -> bool:
    today = now.astimezone(zone).date()
    for day in (today - timedelta(1), today):
        if span := week.get(DAYS[day.weekday()]):
            start, end = span[0], span[1] if span[1] > span[0] else span[1] + 24 * 60
            if first_moment(day, start, zone) <= now < first_moment(day, end, zone):
                return True
    return False


@given(weeks, zones, moments)
def test_open_means_that_the_moment_lies_in_a_written_period(
    week: dict[str, tuple[int, int]], zone: str, now: datetime
) -> None:
    found = state(schedule(written(week, ""), zone), now)
    assert (found == Open()) is is_inside(week, ZoneInfo(zone), now)


@given(weeks, zones, moments, days_off, st.sampled_from(["", "off", "10:00-12:00"]), st.integers(0, 99))
def test_what_is_promised_comes_true_and_no_sooner(
    week: dict[str, tuple[int, int]],
    zone: str,
    now: datetime,
    holidays: frozenset[date],
    on_holidays: str,
    percent: int,
) -> None:
    """It opens later than now, is open at that very moment, and at none in between."""
    made = schedule(written(week, on_holidays), zone)
    found = state(made, now, holidays)
    if isinstance(found, Opens):
        assert found.at > now
        assert state(made, found.at, holidays) == Open()
        between = now + (found.at.astimezone(UTC) - now) * percent / 100
        assert state(made, between, holidays) != Open()
    else:
        assert found == Open() or (holidays and not on_holidays)


@given(weeks, zones, moments)
def test_the_zone_of_the_asker_makes_no_difference(week: dict[str, tuple[int, int]], zone: str, now: datetime) -> None:
    made = schedule(written(week, ""), zone)
    assert state(made, now) == state(made, now.astimezone(ZoneInfo("Asia/Tokyo")))


@given(st.text(max_size=40))
def test_any_text_is_hours_or_is_refused_in_words(text: str) -> None:
    try:
        made = parse_schedule(text, CHICAGO)
    except ScheduleError as error:
        assert error.problem and error.mend
    else:
        assert made is None or any(made.week)
