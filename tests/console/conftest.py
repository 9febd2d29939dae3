"""A running console and browsers for the tests of its pages (browsing.py), and staff who are logged in there."""

import pytest
from flask.testing import FlaskClient

from tests.console.browsing import Console, browser, console, visit
from tests.console.desk_scene import Scene, open_scene
from tests.store.at_desk import ANA, BEA

__all__ = ["browser", "console", "visit"]


@pytest.fixture(scope="module")
def scene(console: Console) -> Scene:
    return open_scene(console.app)


@pytest.fixture(scope="module")
def ana(scene: Scene) -> FlaskClient:
    return scene.client(ANA)


@pytest.fixture(scope="module")
def bea(scene: Scene) -> FlaskClient:
    return scene.client(BEA)
