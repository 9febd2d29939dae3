"""A copy of all content, to be edited as a volunteer would."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.settings import REPOSITORY


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The content folders in a folder of their own."""
    root = tmp_path / "content"
    for folder in ("flows", "locales", "directory", "nlu/phrases"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    shutil.copy(REPOSITORY / "nlu" / "intents.yml", root / "nlu" / "intents.yml")
    return root
