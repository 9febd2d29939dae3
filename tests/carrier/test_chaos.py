"""Twenty replies while Twilio fails in every way and the worker is killed with -9 in the middle: each arrives once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.carrier import faults
from tests.carrier.chaos import Faults, Plan, chaos
from tests.carrier.fake import Twilio

pytestmark = pytest.mark.slow


# Mostly what leaves an unknown outcome: given away and no answer, and the report of it lost.
SENDING: Faults = {
    "429": (5, faults.error(429, 20429)),
    "500, taken": (15, faults.done_and_error),
    "cut off, taken": (15, faults.done_and_cut),
    "cut off, not taken": (5, faults.cut),
}
REPORTING: Faults = {"lost": (60, faults.lost), "twice": (10, faults.twice), "held back": (10, faults.held_back)}


def test_nothing_is_lost_and_nothing_doubled(twilio: Twilio, tmp_path: Path) -> None:
    with chaos(Plan(20, kills=3, sending=SENDING, reporting=REPORTING, seconds=240), twilio, tmp_path) as result:
        assert (result.lost, result.doubled, result.unsettled) == (0, 0, 0), result
        assert result.killed_sending == 3 and result.tries > 20, result
