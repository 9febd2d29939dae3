"""The content report: true of what it is made from, and unchanged while that is."""

from __future__ import annotations

import re
from datetime import date

import pytest

from bot.language import Language
from bot.scripts.progress import approvals, progress
from bot.scripts.report import costs, readings, report
from bot.wording.catalog import Entry
from bot.wording.gsm7 import segments
from bot.wording.state import State, review
from tests.scripts.small import SHIPPED, Small

pytestmark = pytest.mark.slow

PRICE = 0.01


def section(page: str, title: str) -> str:
    """The part of a page under a heading."""
    return re.split(rf"^#+ {re.escape(title)}$", page, flags=re.MULTILINE)[1].split("\n#")[0]


def test_it_does_not_change_by_itself() -> None:
    page = report(SHIPPED.release, PRICE)
    assert page == report(SHIPPED.release, PRICE)
    assert SHIPPED.release.number not in page and not re.search(r"\d{4}-\d\d-\d\d", page)


def test_a_price_is_segments_times_what_one_costs() -> None:
    small = Small()
    small.es["home.inner.say"] = "Quédese ahí y espere. " * 15  # 330 letters: three segments
    page = section(report(small.release(), PRICE), "What an answer costs by SMS")
    assert "US$ 0.0100" in page and re.search(r"\| Spanish \| \d+ \| 1 \| 0.0100 \|", page)
    whole = [cost for cost in costs(small.release()) if cost.answer.where == "home.inner" and not cost.answer.part]
    assert {cost.answer.language: cost.segments for cost in whole} == {
        language: segments(cost.answer.text) for language, cost in zip(Language, whole, strict=True)
    }


def test_the_dearest_and_the_nearest_come_first() -> None:
    small = Small()
    small.es["home.inner.say"] = "x" * 310  # with its menu three segments and more
    small.es["danger.first.say"] = "$emergency_911 " + "x" * 141  # one letter over 160 with its menu
    page = report(small.release(), PRICE)
    assert section(page, "The dearest answers\n\n### Spanish").split("\n")[4].startswith("| `home.inner` | 3 | 4 |")
    assert "| `danger.first` | 1 | 2 to 1 |" in page.split("## The cheapest gains")[1]


def test_the_hardest_text_is_shown_with_its_longest_sentence() -> None:
    small = Small()
    hard = "Comuníquese inmediatamente con representantes debidamente acreditados internacionalmente"
    small.es["home.first.say"] = f"Espere ahí. {hard}."
    page = report(small.release(), PRICE)
    row = next(line for line in page.split("\n") if line.startswith("| `home.first.say`"))
    assert hard in row and "Espere" not in row


def test_states_and_approvals_are_counted_as_they_are() -> None:
    small = Small()
    english, spanish = "Ask for a lawyer.", "Pida un abogado."
    read = review(Language.ES, date(2026, 1, 2), "Somebody invented", {Language.EN: english, Language.ES: spanish})
    key = "home.inner.say"
    small.entries = [(Language.ES, Entry(key, english, spanish, State.REVIEWED, review=read))]
    release = small.release()
    total = sum(len(flow.sentences) for flow in release.script.flows.values())
    found = {each.language: each for each in progress(release)}
    assert (found[Language.ES].reviewed, found[Language.ES].drafts) == (1, total - 1)
    assert found[Language.EN].drafts == total and found[Language.QUC].missing > 0
    small.entries = [(Language.ES, Entry(key, english, "Pida abogado.", State.REVIEWED, review=read))]
    assert {each.language: each.stale for each in progress(small.release())}[Language.ES] == 1
    assert approvals(release) == (0, 1)


@pytest.mark.parametrize("language", [Language.ES, Language.EN])
def test_only_texts_of_some_length_are_judged(language: Language) -> None:
    for text, found in readings(SHIPPED.release, language):
        assert found.words >= 8 and ".choice." not in text.key and ".title" not in text.key
