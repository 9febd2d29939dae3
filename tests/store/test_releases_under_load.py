"""Releases follow one another while families write: no answer is mixed, no digit is misunderstood. A hundred: ``make chaos-releases``."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bot import content
from bot.frozen import replace
from tests.releases.publishing import (
    CHILDREN,
    LAWYER,
    MENU,
    Edition,
    Plan,
    Result,
    Run,
    numbers_in,
    published_under_load,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SMALL = Plan(messages=150, publishes=6, families=3)


def test_releases_under_load(tmp_path: Path, database_url: str) -> None:
    result = published_under_load(tmp_path, replace(SMALL, url=database_url))
    assert result.passed, result
    assert result.taken > 0


def test_what_would_be_noticed() -> None:
    edition = Edition(content.sources_of())
    even, odd = edition.of(2), edition.of(3)
    assert even[MENU] != odd[MENU] and numbers_in(even["locales/es/LC_MESSAGES/answers.po"].decode()) == {2}
    run = Run.__new__(Run)
    run.by_name, run.result = {}, Result(SMALL)
    run.lock = threading.Lock()
    run._judge("N0001 N0002", {"release": "a"})
    run._judge("N0003", {"release": "b"})
    run._judge("N0004", {"release": "b"})
    run._judge_digit(f"3 {LAWYER} N0001\n4 {CHILDREN} N0001", "3", {"flow": "children_topics"})
    run._judge("", {"release": "c", "degraded": "memory"})
    assert (run.result.mixed, run.result.wrong, run.result.errors) == (2, 1, 1)
    assert not run.result.passed
