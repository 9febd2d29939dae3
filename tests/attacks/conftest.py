"""The console and the browser of tests/console, for attacks: one of each for all of them."""

from collections.abc import Iterator

import pytest

from tests.attacks.things import Things
from tests.console import browsing
from tests.console.browsing import Console, browser, visit

__all__ = ["browser", "visit"]


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """One console for all attacks."""
    yield from browsing.console.__wrapped__(tmp_path_factory)


@pytest.fixture(scope="session")
def things(console: Console) -> Things:
    """What stands in it, by owner."""
    return Things(console)
