"""Who interprets now, or on which day next; and that no day is promised where nobody named one."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.escalation.speakers import OnCall, Speaker, on_call

# A Tuesday, 18:00 in UTC: 12:00 in Chicago.
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")
TIX = Speaker("Tix", "quc", "Nebaj", "c", "Tu 10:00-14:00")
XUAN = Speaker("Xuan", "quc", "Cunén", "c", "Mo-Fr 09:00-17:00")
MAR = Speaker("Mar", "quc", "Nebaj", "c", "Th 10:00-12:00")
SOFIA = Speaker("Sofía", "mam", "Todos Santos", "c", "24/7")


def names(*found: OnCall) -> list[str]:
    return [each.speaker.name for each in found]


def test_who_speaks_as_in_her_town_comes_first() -> None:
    found = on_call([XUAN, MAR, TIX, SOFIA], "quc", " nebaj ", NOW)
    assert names(*found) == ["Tix", "Xuan", "Mar"]
    assert [(each.at, each.same_variety) for each in found] == [
        (None, True),
        (None, False),
        (datetime(2026, 11, 26, 10, tzinfo=CHICAGO), True),
    ]


def test_without_a_town_all_are_alike() -> None:
    assert [each.same_variety for each in on_call([TIX, XUAN], "quc", None, NOW)] == [True, True]


def test_later_her_own_variety_is_worth_a_day_of_waiting() -> None:
    evening = datetime(2026, 11, 25, 2, tzinfo=UTC)
    found = on_call([XUAN, MAR, TIX], "quc", "Nebaj", evening)
    assert names(*found) == ["Mar", "Tix", "Xuan"]
    assert found[0].at == datetime(2026, 11, 26, 10, tzinfo=CHICAGO)
    assert found[2].at == datetime(2026, 11, 25, 9, tzinfo=CHICAGO)


def test_nobody_is_promised_whose_hours_nobody_knows() -> None:
    unknown = [
        Speaker("Ixchel", "quc"),
        Speaker("Rax", "quc", hours="when I can"),
        Speaker("Kan", "quc", hours="Mo 9:00-17:00"),
    ]
    assert on_call([*unknown, SOFIA], "quc", None, NOW) == ()
    assert on_call([], "quc", None, NOW) == ()


def test_a_contact_shows_in_no_log() -> None:
    assert "555" not in repr(Speaker("Tix", "quc", contact="+1 555 0100"))
