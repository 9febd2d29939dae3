"""The bot's clock moved by hand, for all processes at once: what is dropped when, and around midnight."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

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


def test_the_clock_file_counts_in_tests_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.clock import clock_for
    from bot.settings import from_environment

    (tmp_path / "clock").write_text("1000000")
    monkeypatch.setenv("PUENTE_CLOCK_FILE", str(tmp_path / "clock"))
    development = clock_for(from_environment({"ENVIRONMENT": "development"}))
    assert abs(development() - time.time()) < 1_000
    assert clock_for(from_environment({"ENVIRONMENT": "test"}))() - time.time() > 900_000
