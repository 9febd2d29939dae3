"""A small chaos run: web workers and Redis are killed while two dozen people write. ``make chaos`` is the large one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.killing import Strike
from tests.chaos.oracle import Verdict
from tests.chaos.result import Plan
from tests.chaos.running import run

pytestmark = [pytest.mark.slow, pytest.mark.always, pytest.mark.timeout(300)]


def test_nothing_is_lost_or_doubled_while_processes_are_killed(tmp_path: Path) -> None:
    folder = tmp_path / "tree"
    folder.mkdir(mode=0o700)
    strikes = (Strike("web", 0.5, 8), Strike("redis", 1.5, 1))
    result = run(Plan(strikes, messages=600, people=24, seed=1, model=False, clients=8, pause=0.02), folder)
    assert result.faults == [], "\n".join(result.told)
    assert sum(result.verdicts.values()) == 600 and result.verdicts[Verdict.RIGHT] > 300
    assert result.tally.first["cut off"] or result.tally.later["cut off"], "no worker was killed while it answered"
