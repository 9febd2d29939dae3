"""Odd input at every route ends in an answer, never in a 5xx. Thousands of it: ``make attacks``."""

from __future__ import annotations

import pytest

from bot.escalation.viewer import Role
from tests.attacks.matrix import TAKES_SECONDS
from tests.attacks.odd import Sweep, signed
from tests.attacks.things import Things
from tests.console.browsing import NORTE, Console
from tests.console.clients import hand

pytestmark = pytest.mark.slow


def test_nothing_odd_breaks_a_page(console: Console, things: Things) -> None:
    sweep = Sweep(console, things, console.account(*Role, organization=NORTE, name="Rara"), seed=5)
    swept = sweep.run(1, but=TAKES_SECONDS)
    assert not swept.failed, "\n".join(swept.failed)
    assert swept.asked > 100 and swept.statuses[200] > 20, "it came to the pages"
    assert {status for _, status in signed(sweep, 60)} <= {200, 204, 400, 403}


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "null", "\u00f1", "//", "http://a]b"])
def test_an_origin_that_is_none_is_somebody_elses(console: Console, origin: str) -> None:
    hers = hand(console, console.account(Role.VOLUNTEER))
    sent = {"data": {"csrf_token": hers.token()}, "headers": {"Origin": origin.encode().decode("latin-1")}}
    assert hers.client.post("/console/account", **sent).status_code == 403
