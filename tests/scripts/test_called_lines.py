"""Lines that were called from the tasks: what the word of a caller changes, and when it says nothing more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bot.content import check_of, release_of, sources_of
from bot.directory.hotline import Hotline
from bot.frozen import replace
from bot.scripts.called import FILE, Called, CalledError, called_now, lines_due, number_now, read_called, with_called
from bot.scripts.change_yaml import tree
from bot.settings import REPOSITORY

TODAY = date(2026, 12, 1)
SOURCES = sources_of(REPOSITORY)
LINES = release_of(SOURCES).hotlines
ORR = LINES["orr"]


def called(text: str = ORR.text, day: date = TODAY, right: bool = True) -> dict[str, Called]:
    return {"orr": Called("orr", text, day, "Ana", right)}


@pytest.mark.parametrize(
    ("before", "said", "confirmed"),
    [
        (None, called(), TODAY),
        (TODAY - timedelta(9), called(), TODAY),
        (TODAY + timedelta(9), called(), TODAY + timedelta(9)),
        (None, called(text="1-800-000-0000"), None),
        (TODAY, called(right=False), None),
        (TODAY + timedelta(1), called(right=False), TODAY + timedelta(1)),
    ],
    ids=[
        "nobody had called", "called again", "the file is newer", "of another number", "taken back",
        "called in the file after it was taken back",
    ],
)  # fmt: skip
def test_a_call_counts_for_the_very_number_until_something_newer(
    before: date | None, said: dict[str, Called], confirmed: date | None
) -> None:
    line = replace(ORR, verified_on=before, verified_by="Eva" if before else "")
    assert with_called({"orr": line}, said)["orr"].verified_on == confirmed


def test_a_release_with_the_file_has_the_line_confirmed_and_may_send_it() -> None:
    text = called_now("", ORR, TODAY, "Ana María", True)
    assert not ORR.sendable(send_unconfirmed=False)
    checked = check_of({**SOURCES, FILE: text.encode()})
    now = checked.release.hotlines["orr"]
    assert (now.verified_on, now.verified_by) == (TODAY, "Ana María") and now.sendable(send_unconfirmed=False)
    assert checked.judged.errors == ()
    assert {id for id, line in checked.release.hotlines.items() if line != LINES[id]} == {"orr"}


def test_one_word_more_leaves_the_others_as_they_are() -> None:
    first = called_now("", ORR, TODAY, "Ana", True)
    second = called_now(first, LINES["eoir"], TODAY, "Vera", True)
    assert second.startswith(first)
    third = called_now(second, ORR, TODAY, "Pia", False)
    found = read_called(tree(third))
    assert (found["orr"].right, found["orr"].by, found["eoir"].by) == (False, "Pia", "Vera")


def _after(*texts: str, line: Hotline = ORR) -> Hotline:
    """The line with what the last of these files says."""
    return with_called({"orr": line}, read_called(tree(texts[-1])))["orr"]


def test_another_number_is_confirmed_only_by_a_call_of_it() -> None:
    known = replace(ORR, verified_on=TODAY - timedelta(9), verified_by="Eva")
    written = number_now("", known, "1-800-555-0100", TODAY, "Pia")
    now = _after(written, line=known)
    assert (now.text, now.verified_on, now.verified_by) == ("1-800-555-0100", None, "")
    called = called_now(written, now, TODAY, "Vera", True)
    assert (_after(called, line=known).text, _after(called, line=known).verified_by) == ("1-800-555-0100", "Vera")
    back = called_now(called, _after(called), TODAY, "Pia", False)
    assert (_after(back).text, _after(back).verified_on) == ("1-800-555-0100", None)


def test_a_number_that_the_file_changed_since_holds_no_more() -> None:
    written = number_now("", ORR, "1-800-555-0100", TODAY, "Pia")
    mended = replace(ORR, text="1-800-555-0199", verified_on=TODAY, verified_by="Eva")
    assert _after(written, line=mended) == mended


def test_two_changes_are_one_and_the_way_back_leaves_none() -> None:
    first = number_now("", ORR, "1-800-555-0100", TODAY, "Pia")
    second = number_now(first, _after(first), "1-800-555-0101", TODAY, "Pia")
    assert (_after(second).text, read_called(tree(second))["orr"].was) == ("1-800-555-0101", ORR.text)
    back = number_now(second, _after(second), ORR.text, TODAY, "Pia")
    assert (_after(back).text, read_called(tree(back))["orr"].was) == (ORR.text, "")


@pytest.mark.parametrize(
    "value",
    [[], {"orr": 1}, {"orr": {"text": "1"}}, {"orr": {"text": "1", "day": "soon", "by": "Ana", "right": True}},
     {"orr": {"text": "1", "day": TODAY, "by": " ", "right": True}}],
    ids=["a list", "no mapping", "half a word", "no day", "nobody"],
)  # fmt: skip
def test_half_a_word_is_refused(value: Any) -> None:
    with pytest.raises(CalledError):
        read_called(value)


def test_due_is_what_nobody_called_for_90_days_and_never_an_emergency_number() -> None:
    fresh, old = replace(ORR, verified_on=TODAY), replace(LINES["eoir"], verified_on=TODAY - timedelta(91))
    due = lines_due({**LINES, "orr": fresh, "eoir": old}, TODAY)
    assert "orr" not in {line.id for line in due} and due[-1].id == "eoir"
    assert due and all(line.kind != "emergency" for line in due)
