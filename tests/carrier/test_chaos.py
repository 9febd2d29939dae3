"""Twenty replies while Twilio fails in every way and the worker is killed with -9 in the middle: each arrives once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.carrier.chaos import Plan, chaos
from tests.carrier.fake import Twilio

pytestmark = pytest.mark.slow


def test_nothing_is_lost_and_nothing_doubled(twilio: Twilio, tmp_path: Path) -> None:
    with chaos(Plan(messages=20, kills=3, harsh=2.0, seconds=240), twilio, tmp_path) as result:
        assert (result.lost, result.doubled, result.unsettled) == (0, 0, 0), result
        assert result.killed_sending == 3 and result.tries > 20, result
