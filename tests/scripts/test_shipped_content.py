"""What is shipped: no error, no warning that nobody has accepted with a reason, and what it costs."""

from __future__ import annotations

from statistics import median

import pytest

from bot import content
from bot.language import Language
from bot.scripts.finding import Severity
from bot.scripts.report import FILE, costs, report
from bot.settings import REPOSITORY, Settings
from bot.wording.gsm7 import non_gsm

pytestmark = [pytest.mark.slow, pytest.mark.always]

CHECKED = content.check()


def test_nothing_is_left_to_mend() -> None:
    assert [str(finding) for finding in CHECKED.judged.open] == []


def test_of_errors_only_judgements_are_accepted_each_for_its_flow_and_fact() -> None:
    accepted = CHECKED.judged.accepted
    assert {finding.rule.name for finding, _ in accepted if finding.severity is Severity.ERROR} <= {
        "volatile fact in a first answer"
    }
    for _, line in accepted:
        assert len(line.reason) > 20, "a reason, not a word"


def test_the_median_spanish_answer_is_two_segments_at_most() -> None:
    spanish = [cost.segments for cost in costs(CHECKED.release) if cost.answer.language is Language.ES]
    assert len(spanish) > 150 and median(spanish) <= 2


def test_no_letter_makes_an_answer_dearer() -> None:
    assert {cost.name: non_gsm(cost.answer.text) for cost in costs(CHECKED.release) if non_gsm(cost.answer.text)} == {}


def test_the_report_is_of_this_content() -> None:
    """If not: make docs."""
    assert (REPOSITORY / FILE).read_text("utf-8") == report(CHECKED.release, Settings().sms_price)
