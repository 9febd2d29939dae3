"""Quiet hours, also over midnight."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.escalation.quiet import is_quiet, quiet_hours

HOURS = {
    "within the night": ("22:00-07:00", "23:30", True),
    "after midnight": ("22:00-07:00", "06:59", True),
    "at its end": ("22:00-07:00", "07:00", False),
    "at its beginning": ("22:00-07:00", "22:00", True),
    "by day": ("22:00-07:00", "12:00", False),
    "a siesta": ("13:00-15:00", "14:00", True),
    "after the siesta": ("13:00-15:00", "15:00", False),
    "no hours": ("", "03:00", False),
    "no time at all": ("late-early", "03:00", False),
}


@pytest.mark.parametrize("name", HOURS)
def test_is_quiet(name: str) -> None:
    hours, now, quiet = HOURS[name]
    assert is_quiet(hours, datetime.fromisoformat(f"2026-11-26T{now}")) is quiet


@pytest.mark.parametrize(
    ("begins", "ends", "stored"),
    [
        ("22:00", "07:00", "22:00-07:00"),
        ("", "", ""),
        ("22:00", "", None),
        ("8:00", "9:00", None),
        ("08:00", "08:00", None),
    ],
)
def test_what_is_stored(begins: str, ends: str, stored: str | None) -> None:
    assert quiet_hours(begins, ends) == stored
