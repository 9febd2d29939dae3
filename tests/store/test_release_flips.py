"""A bit that was flipped anywhere in a release is noticed, and the release never served. A thousand: ``make chaos-releases``."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.store import release_rows
from tests.releases.flips import PLACES, flips

pytestmark = pytest.mark.slow


def test_a_flipped_bit_is_noticed_wherever_it_is(engine: Engine, tmp_path: Path) -> None:
    result = flips(engine, tmp_path / "data", 3 * len(PLACES), seed=5)
    assert result.passed, (result.unnoticed, result.served)
    assert set(result.flipped) == set(PLACES)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_flips_would_notice_a_reader_that_does_not_look(
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(release_rows.hmac, "compare_digest", lambda one, other: True)
    assert not flips(engine, tmp_path / "data", 3 * len(PLACES), seed=5).passed
