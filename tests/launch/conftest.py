"""A launch in a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.launch.progress import Progress
from bot.launch.setup import Setup
from bot.launch.stopping import Stopping


@pytest.fixture
def launch(tmp_path: Path) -> Callable[..., Setup]:
    """A `Setup` for a checkout in a temporary folder; keyword arguments replace environment variables."""

    def make(**environ: str) -> Setup:
        return Setup(tmp_path, tmp_path / "data", {**os.environ, **environ}, Progress(5), Stopping())

    return make
