"""Nobody opens, changes or reads what is not hers: every route, every role, two organizations. All cells: ``make attacks``."""

from __future__ import annotations

import pytest

from tests.attacks.matrix import Matrix, Result
from tests.attacks.routes import routes
from tests.attacks.things import Things, kind_of
from tests.attacks.who_may import OUTSIDE, who_may
from tests.console.browsing import Console

pytestmark = pytest.mark.slow


@pytest.fixture
def matrix(console: Console, things: Things) -> Matrix:
    return Matrix(console, things)


def test_every_route_stands_in_the_table_and_every_argument_has_an_owner(console: Console) -> None:
    known = who_may()
    found = routes(console.app)
    for route in found:
        assert route.name in known or route.endpoint in OUTSIDE.split(), f"who may open {route}? Say so in who_may.py"
        for argument in route.arguments:
            assert kind_of(route, argument)
    gone = known.keys() - {route.name for route in found}
    assert not gone, f"there are no such routes any more: {gone}"
    assert {route.method for route in found} == {"GET", "POST"}


def test_each_is_answered_as_the_table_says(matrix: Matrix) -> None:
    result: Result = matrix.run(matrix.chosen(one_in=12, seed=5))
    assert not result.wrong, "\n".join(result.wrong)
    assert len(result.answers) == 3 and result.asked > 300
