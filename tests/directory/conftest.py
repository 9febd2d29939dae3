"""The directory as it is shipped, read once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from bot.directory.directory import Directory
from bot.directory.hotline import Hotline, load_hotlines
from bot.directory.hsds.package import Package
from bot.directory.places import Places, load_places
from bot.directory.seed import load_seed

FOLDER = Path(__file__).resolve().parents[2] / "directory"


@pytest.fixture(scope="session")
def folder() -> Path:
    return FOLDER


@pytest.fixture(scope="session")
def places() -> Places:
    return load_places(FOLDER)


@pytest.fixture(scope="session")
def seed() -> Package:
    return load_seed(FOLDER, date(2026, 11, 24))


@pytest.fixture(scope="session")
def directory(seed: Package) -> Directory:
    return Directory.of_package(seed)


@pytest.fixture(scope="session")
def hotlines() -> Mapping[str, Hotline]:
    return load_hotlines(FOLDER)
