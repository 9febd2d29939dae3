"""One flipped bit of the audit, of a family's words or of what answers her is noticed, and never shown. A thousand: ``make attacks``."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from redis import Redis

from bot.store import audit, directory_seals, sealed, sealed_rows
from bot.store.database import engine_for
from tests.attacks.flipped_rows import AUDIT, SEALED, SERVED, WITHDRAWAL, audit_flips, sealed_flips, served_flips
from tests.attacks.things import Things
from tests.console.browsing import NORTE
from tests.releases.flips import Result
from tests.upgraded import upgraded_sqlite

pytestmark = pytest.mark.slow


def test_the_audit_says_so(tmp_path: Path) -> None:
    upgraded_sqlite(tmp_path)
    engine = engine_for(f"sqlite:///{tmp_path}/puente.db")
    told = audit_flips(engine, 10 * len(AUDIT), seed=5)
    engine.dispose()
    assert told.passed and set(told.flipped) == set(AUDIT), told


def test_an_audit_that_is_not_compared_lets_flips_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upgraded_sqlite(tmp_path)
    engine = engine_for(f"sqlite:///{tmp_path}/puente.db")
    monkeypatch.setattr(audit, "_sealed", lambda before, row: "0" * 64)
    told = audit_flips(engine, 2 * len(AUDIT), seed=5)
    engine.dispose()
    assert not told.passed


def test_what_families_wrote_is_shown_as_it_was_or_not_at_all(things: Things) -> None:
    told = sealed_flips(things.families, things.conversation(NORTE), 20 * len(SEALED), seed=5)
    assert told.passed and set(told.flipped) == set(SEALED), told


def test_a_seal_that_does_not_hold_lets_flips_through(things: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    id = things.conversation(NORTE)
    monkeypatch.setattr(sealed, "_place", lambda *place: b"")
    with pytest.raises(Exception):  # noqa: B017 - what was sealed to its place opens no more without it.
        sealed_flips(things.families, id, 5, seed=5)


def served(tmp_path: Path, redis: Redis, many: int) -> dict[str, Result]:
    upgraded_sqlite(tmp_path)
    engine = engine_for(f"sqlite:///{tmp_path}/puente.db")
    try:
        return served_flips(engine, tmp_path, redis, many, seed=5)
    finally:
        engine.dispose()


def test_the_directory_notices_and_withdrawals_are_served_as_they_were_written(things: Things, tmp_path: Path) -> None:
    told = served(tmp_path, things.console.desk.redis, 40)
    assert set(told) == set(SERVED) and all(each.passed for each in told.values()), told
    assert {f"withdrawal Withdrawal.{name}" for name in WITHDRAWAL} <= set(told["withdrawals"].flipped)


@pytest.mark.parametrize("module", [sealed_rows, directory_seals])
def test_seals_that_are_not_compared_let_flips_through(
    things: Things, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType
) -> None:
    monkeypatch.setattr(module, "fits", lambda found, wanted: True)
    told = served(tmp_path, things.console.desk.redis, 40)
    through = {name for name, each in told.items() if not each.passed}
    assert through == ({"the directory"} if module is directory_seals else set(SERVED) - {"the directory"})
