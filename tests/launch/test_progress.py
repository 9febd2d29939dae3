"""What a launch says while it works: no step counts the time of the one before."""

from __future__ import annotations

import pytest

from bot.launch import progress
from bot.launch.progress import SIGN_OF_LIFE, Progress


def test_a_step_counts_its_own_time(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    clock = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    shown = Progress(2)
    shown.step("Model")
    shown.doing("training it")
    clock[0] = 200
    shown.done()
    shown.step("Puente")
    clock[0] += 2
    shown.tick()
    clock[0] += SIGN_OF_LIFE
    shown.tick()
    assert capsys.readouterr().out.splitlines() == [
        "[1/2] Model: training it",
        "      done in 200 s",
        "      still at work, 17 s",
    ]
