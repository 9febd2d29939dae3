"""The page of the inbox in words: tabs, title, alarm, what is new, and what to do where there is nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from bot.console.inbox_asked import Asked
from bot.console.inbox_page import listing, under
from bot.console.inbox_shown import InboxPage, inbox_page, names_in
from bot.console.inbox_view import Eyes
from bot.escalation.escalation import About, Author, Escalated, Said, Urgency
from bot.escalation.order import Filters, Tab
from bot.escalation.viewer import Role, Viewer
from bot.frozen import replace
from tests.escalation.standing import standing

NOW = 1_795_521_600
ANA = Viewer(7, "Ana", frozenset({Role.RESPONDER}), "casa")


@dataclass(frozen=True)
class Row:
    escalated: Escalated
    last: Said | None = None
    claimed_name: str | None = None
    undelivered: bool = False


def english(key: str, english: str, **values: Any) -> str:
    return english % values if values else english


def row(number: int, **more: Any) -> Row:
    there: dict[str, Any] = {"opened": NOW - 600, "waiting_since": NOW - 600, "organization": "casa", **more}
    return Row(Escalated(id=f"e{number}", channel="sms", about=About(topic=f"t{number}"), **there))


ALL = Asked()


def shown(
    rows: list[Row], asked: Asked = ALL, now: float = NOW, seen: list[str] | None = None, **more: Any
) -> InboxPage:
    eyes = Eyes(ANA, english, now, lambda topic: f"<{topic}>", lambda at: f"at {at}")
    all = [standing(each.escalated) for each in rows]
    found = listing(all, under(asked, all, ANA.user), asked, ANA.user, seen)
    return inbox_page(found, rows, asked, eyes, lambda at: "14:20", **more)


URGENT = row(1, urgency=Urgency.URGENT)
MINE = row(2, claimed_by=ANA.user)


def test_the_title_counts_who_waits() -> None:
    assert (shown([URGENT, row(3), MINE]).waiting, shown([MINE]).waiting) == (2, 0)


ALARMS = {
    "on duty, one": ([URGENT, row(2)], True, "1 urgent conversation waits for somebody."),
    "on duty, two": ([URGENT, row(3, urgency=Urgency.URGENT)], True, "2 urgent conversations wait for somebody."),
    "on duty, none": ([row(2)], True, ""),
    "off duty": ([URGENT], False, ""),
}


@pytest.mark.parametrize("name", ALARMS)
def test_the_alarm_is_for_those_on_duty_and_has_no_content(name: str) -> None:
    rows, alarms, said = ALARMS[name]
    assert shown(rows, alarms=alarms).alarm == said


def test_new_ones_are_counted_in_words() -> None:
    both = [URGENT.escalated.alias, MINE.escalated.alias]
    assert shown([URGENT], seen=both).fresh == ""
    assert shown([URGENT, row(3)], seen=both).fresh == "1 new conversation"
    assert shown([URGENT, row(3), row(4)], seen=both).fresh == "2 new conversations"


def test_the_aliases_that_stand_there_come_back() -> None:
    page = shown([URGENT, row(3)])
    assert names_in(page.shown) == [each.alias for each in page.rows]
    assert names_in("") == []


EMPTY = {
    "nobody was ever answered": ([], Tab.UNCLAIMED, "Nobody waits now. New ones show up here by themselves."),
    "the last answer": ([row(2, claimed_by=9, last_staff=5)], Tab.UNCLAIMED, "Nobody waits now. Somebody was last answered at 14:20."),
    "mine": ([], Tab.MINE, "You have no conversation now."),
    "resolved": ([], Tab.RESOLVED, "None was resolved in the last 7 days."),
    "another": ([], Tab.TAKEN, "None here now."),
}  # fmt: skip


@pytest.mark.parametrize("name", EMPTY)
def test_what_an_empty_tab_says(name: str) -> None:
    rows, tab, said = EMPTY[name]
    assert shown(rows, Asked(tab)).empty == said


def test_an_empty_tab_leads_to_one_that_is_not() -> None:
    assert shown([MINE]).elsewhere == ("See Mine (1)", "tab=mine")
    assert shown([]).elsewhere is None


def test_tabs_count_whatever_is_filtered_and_one_is_current() -> None:
    page = shown([URGENT, MINE], Asked(Tab.MINE, Filters(language="quc")))
    assert [tab.count for tab in page.tabs if tab.tab in (Tab.UNCLAIMED, Tab.MINE)] == [1, 1]
    assert [tab.tab for tab in page.tabs if tab.current] == [Tab.MINE]
    searched = shown([URGENT], Asked(Tab.MINE, Filters(alias="K")))
    assert not [tab for tab in searched.tabs if tab.current], "a search looks under all of them"


def test_topics_to_filter_for_are_those_that_are_there() -> None:
    two = [URGENT, row(3), MINE]
    assert shown(two).topics == (("t1", "<t1>"), ("t3", "<t3>")), "of this tab: another one would find nobody"
    assert shown(two, Asked(Tab.MINE)).topics == (("t2", "<t2>"),)
    assert len(shown(two, Asked(filters=Filters(alias="K"))).topics) == 3, "a search looks under all of them"
    assert len(shown(two, Asked(filters=Filters(channel="whatsapp"))).topics) == 2, "whatever else is filtered"
    assert shown([URGENT], Asked(filters=Filters(topic="gone"))).topics == (("gone", "<gone>"), ("t1", "<t1>"))


LATER = replace(URGENT, escalated=replace(URGENT.escalated, claimed_by=9), claimed_name="Luis")
WROTE = replace(URGENT, last=Said(9, Author.FAMILY, NOW, "otra vez"))
CHANGES = {
    "somebody took it": shown([LATER], seen=[URGENT.escalated.alias]),
    "the family wrote again": shown([WROTE], seen=[URGENT.escalated.alias]),
    "a new one": shown([URGENT, row(5)], seen=[URGENT.escalated.alias]),
    "a minute went by": shown([URGENT], now=NOW + 60, seen=[URGENT.escalated.alias]),
    "the alarm": shown([URGENT], alarms=True, seen=[URGENT.escalated.alias]),
    "an answer did not arrive": shown([replace(URGENT, undelivered=True)], seen=[URGENT.escalated.alias]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_seen_has_another_name_when_it_changed(name: str) -> None:
    assert CHANGES[name].since != shown([URGENT]).since


def test_what_did_not_change_keeps_its_name() -> None:
    assert shown([URGENT]).since == shown([URGENT], now=NOW + 1, seen=[URGENT.escalated.alias]).since
