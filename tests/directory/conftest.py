"""The directory as it is shipped, read once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.directory.hotline import Hotline, load_hotlines
from bot.directory.organization import Organization, load_organizations
from bot.directory.places import Places, load_places

FOLDER = Path(__file__).resolve().parents[2] / "directory"


@pytest.fixture(scope="session")
def folder() -> Path:
    return FOLDER


@pytest.fixture(scope="session")
def places() -> Places:
    return load_places(FOLDER)


@pytest.fixture(scope="session")
def organizations() -> tuple[Organization, ...]:
    return load_organizations(FOLDER)


@pytest.fixture(scope="session")
def hotlines() -> Mapping[str, Hotline]:
    return load_hotlines(FOLDER)
