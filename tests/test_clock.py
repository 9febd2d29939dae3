"""The bot's clock moved by hand, for all processes at once: what is dropped when, and around midnight."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from bot.store.outlived import drop_outlived
from tests.phone import Phone


@pytest.fixture
def moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves the clock by so many seconds from now."""
    file = tmp_path / "clock"
    file.write_text("0")
    monkeypatch.setenv("PUENTE_CLOCK_FILE", str(file))
    return lambda seconds: file.write_text(str(seconds)) and None


LEFT = {
    "a minute": (60, "agents_here_now"),
    "twenty-nine minutes": (29 * 60, "agents_here_now"),
    "half an hour": (31 * 60, "lost_place"),
    "a day": (25 * 3600, "lost_place"),
}


@pytest.mark.parametrize("name", LEFT)
def test_how_long_a_menu_is_remembered(
    moved: Callable[[float], None], make_app: Callable[..., Flask], name: str
) -> None:
    seconds, flow = LEFT[name]
    phone = Phone(make_app().test_client())
    phone.send("menu")
    moved(seconds)
    phone.send("1")
    assert phone.explain["flow"] == flow


def test_the_language_is_remembered_for_a_day_and_no_longer(
    moved: Callable[[float], None], make_app: Callable[..., Flask]
) -> None:
    phone = Phone(make_app().test_client())
    phone.send("English")
    moved(23 * 3600)
    assert "What do you need" in phone.send("menu")
    moved(48 * 3600)
    assert "¿Qué necesita?" in phone.send("menu")


def test_a_talk_goes_on_across_midnight(moved: Callable[[float], None], make_app: Callable[..., Flask]) -> None:
    to_midnight = 86_400 - time.time() % 86_400
    phone = Phone(make_app().test_client())
    moved(to_midnight - 5)
    form = phone.form("menu")
    first = phone.post(form).data
    moved(to_midnight + 5)
    assert phone.post(form).data == first, "a retry after midnight gets the same bytes"
    phone.send("1")
    assert phone.explain["flow"] == "agents_here_now"


DAY = 86_400.0
JUMPS = {
    "a day ahead and right again": (DAY, 0.0),
    "a day behind and right again": (-DAY, 0.0),
    "an hour ahead, then behind": (3_600.0, -3_600.0),
    "a day behind, then a day ahead": (-DAY, DAY),
}


@pytest.mark.parametrize("name", JUMPS)
def test_a_clock_that_is_wrong_for_a_while(
    moved: Callable[[float], None], make_app: Callable[..., Flask], name: str
) -> None:
    """Everybody is answered from her own menu meanwhile and afterwards; no key of a day dies by which somebody may still be found."""
    app = make_app()
    redis = app.extensions["puente"]().redis
    phone, wish = Phone(app.test_client()), Phone(app.test_client(), "whatsapp")
    phone.send("menu")
    wish.send("ALTO")
    today = f"day:{datetime.fromtimestamp(time.time(), UTC).date()}"
    key = redis.get(today)
    for offset in JUMPS[name]:
        moved(offset)
        other = Phone(app.test_client())
        assert phone.send("hola") and other.send("menu")
        assert phone.explain["degraded"] != "memory"
        other.send("1")
        assert other.explain["flow"] == "agents_here_now"
        assert phone.send("la migra esta en mi puerta").startswith("No abra")
        # The worker does its part too, whatever it believes the time to be.
        drop_outlived(redis, time.time() + offset)
        assert redis.get(today) == key is not None
        assert app.extensions["puente"]().opt_outs.is_stopped(wish.address)
    moved(0)
    phone.send("menu")
    phone.send("1")
    assert phone.explain["flow"] == "agents_here_now"


# Moments of UTC at which the clocks of a place that matters jump, or the date changes there.
MOMENTS = {
    "the hour that Chicago has twice": "2026-11-01T06:59:58",
    "the hour that Chicago does not have": "2027-03-14T07:59:58",
    "midnight in Los Angeles": "2026-12-01T07:59:58",
    "midnight of UTC": "2026-11-30T23:59:58",
    "the end of the year": "2026-12-31T23:59:58",
    "the day that only some years have": "2028-02-28T23:59:58",
}


@pytest.mark.parametrize("name", MOMENTS)
def test_a_talk_goes_on_over(moved: Callable[[float], None], make_app: Callable[..., Flask], name: str) -> None:
    moment = datetime.fromisoformat(MOMENTS[name]).replace(tzinfo=UTC).timestamp()
    app = make_app()
    phone = Phone(app.test_client())
    moved(moment - time.time())
    phone.send("abogado 60629")
    form = phone.form("MAS")
    before = phone.post(form).data
    moved(moment - time.time() + 5)
    assert phone.post(form).data == before, "a retry gets the same bytes"
    assert phone.send("menu") and phone.send("1")
    assert phone.explain["flow"] == "agents_here_now" and phone.explain["degraded"] is None


def test_the_clock_file_counts_in_tests_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.clock import clock_for
    from bot.settings import from_environment

    (tmp_path / "clock").write_text("1000000")
    monkeypatch.setenv("PUENTE_CLOCK_FILE", str(tmp_path / "clock"))
    development = clock_for(from_environment({"ENVIRONMENT": "development"}))
    assert abs(development() - time.time()) < 1_000
    assert clock_for(from_environment({"ENVIRONMENT": "test"}))() - time.time() > 900_000
