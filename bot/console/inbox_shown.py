"""The page of the inbox in words: its tabs, its rows, what is new, and what to do where there is nothing. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from msgspec import Struct

from bot.console.inbox_asked import Asked
from bot.console.inbox_page import Listing
from bot.console.inbox_view import LANGUAGES, Eyes, Listed, RowView, row_view, urgency_words
from bot.console.spans import Words
from bot.escalation.escalation import Urgency
from bot.escalation.order import Tab
from bot.escalation.viewer import Role

_NAME_ENDS = "."


class TabShown(Struct, frozen=True):
    """One tab with how many stand under it."""

    tab: Tab
    value: str
    words: str
    count: int
    current: bool


class InboxPage(Struct, frozen=True):
    """All that the templates need. ``since``: a short name of what it shows, the same as long as nothing changed.

    ``shown``: the aliases of those whose places these are. ``waiting``: how many nobody has, for the title; never who or why.
    ``swapped``: only the changing parts are sent, each to its place. ``elsewhere``: where to look when this tab is empty, with
    its address.
    """

    asked: Asked
    listing: Listing
    rows: tuple[RowView, ...]
    tabs: tuple[TabShown, ...]
    topics: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    urgencies: tuple[tuple[str, str], ...]
    waiting: int
    alarm: str
    fresh: str
    empty: str
    elsewhere: tuple[str, str] | None
    since: str
    shown: str
    shortcuts: bool
    swapped: bool


def inbox_page(
    found: Listing,
    rows: Sequence[Listed],
    asked: Asked,
    eyes: Eyes,
    clock: Callable[[float], str],
    alarms: bool = False,
    shortcuts: bool = True,
    swapped: bool = False,
) -> InboxPage:
    """The page. ``rows``: those of ``found.here`` that can be read, in whatever order. ``clock`` tells hour and minute;
    ``alarms``: she is on duty and wants to be told of urgent ones.
    """
    words, of = eyes.words, {row.escalated.id: row for row in rows}
    views = tuple(row_view(of[it.id], eyes, it.id in found.gone) for it in found.here if it.id in of)
    # Who takes nobody has no tab of her own.
    there = [tab for tab in Tab if tab is not Tab.MINE or eyes.viewer.has(Role.RESPONDER)]
    tabs = tuple(_tab(tab, found, asked, words) for tab in there)
    alarm = alarm_words(found.urgent, words) if alarms else ""
    return InboxPage(
        asked=asked,
        listing=found,
        rows=views,
        tabs=tabs,
        topics=_topics(found, asked, eyes),
        languages=tuple(LANGUAGES.items()),
        urgencies=tuple((each.value, urgency_words(each, words)) for each in Urgency),
        waiting=found.counts[Tab.UNCLAIMED],
        alarm=alarm,
        fresh=fresh_words(found.fresh, words),
        empty=_empty(found, asked.tab, words, clock),
        elsewhere=_elsewhere(found, asked, words),
        since=_named(views, tabs, alarm, found.fresh, found.page, found.pages),
        # Also of one that cannot be read: it has its place, and is not new to an open page.
        shown=_NAME_ENDS.join(it.alias for it in found.here),
        shortcuts=shortcuts,
        swapped=swapped,
    )


def names_in(shown: str) -> list[str]:
    """The aliases of ``InboxPage.shown``."""
    return [alias for alias in shown.split(_NAME_ENDS) if alias]


def tab_words(tab: Tab, words: Words) -> str:
    """What a tab is called."""
    match tab:
        case Tab.UNCLAIMED:
            return words("inbox.tab-unclaimed", "Nobody's yet")
        case Tab.MINE:
            return words("inbox.tab-mine", "Mine")
        case Tab.BOT_WATCHING:
            return words("inbox.tab-bot", "With the bot")
        case Tab.WAITING_FOR_PERSON:
            return words("inbox.tab-waiting", "Waiting for the person")
        case Tab.TAKEN:
            return words("inbox.tab-taken", "With a colleague")
    return words("inbox.tab-resolved", "Resolved")


def fresh_words(fresh: int, words: Words) -> str:
    """What is new, for the bar and for who listens; empty for nothing."""
    if not fresh:
        return ""
    if fresh == 1:
        return words("inbox.fresh.one", "1 new conversation")
    return words("inbox.fresh.more", "%(n)s new conversations", n=fresh)


def alarm_words(urgent: int, words: Words) -> str:
    """That so many wait; empty for nobody."""
    if not urgent:
        return ""
    if urgent == 1:
        return words("inbox.alarm.one", "1 urgent conversation waits for somebody.")
    return words("inbox.alarm.more", "%(n)s urgent conversations wait for somebody.", n=urgent)


def _tab(tab: Tab, found: Listing, asked: Asked, words: Words) -> TabShown:
    current = tab is asked.tab and not asked.filters.alias
    return TabShown(tab, tab.value, tab_words(tab, words), found.counts[tab], current)


def _topics(found: Listing, asked: Asked, eyes: Eyes) -> tuple[tuple[str, str], ...]:
    """Those that are there to be found, and the one that is asked for."""
    there = found.topics | {asked.filters.topic}
    return tuple(sorted(((topic, eyes.title(topic)) for topic in there if topic), key=lambda pair: pair[1].casefold()))


def _empty(found: Listing, tab: Tab, words: Words, clock: Callable[[float], str]) -> str:
    match tab:
        case Tab.UNCLAIMED if found.last_answer:
            return words(
                "inbox.empty-since",
                "Nobody waits now. Somebody was last answered at %(time)s.",
                time=clock(found.last_answer),
            )
        case Tab.UNCLAIMED:
            return words("inbox.empty", "Nobody waits now. New ones show up here by themselves.")
        case Tab.MINE:
            return words("inbox.empty-mine", "You have no conversation now.")
        case Tab.RESOLVED:
            return words("inbox.empty-resolved", "None was resolved in the last 7 days.")
    return words("inbox.empty-other", "None here now.")


def _elsewhere(found: Listing, asked: Asked, words: Words) -> tuple[str, str] | None:
    """The first tab after an empty one that is not."""
    other = next((tab for tab in Tab if tab is not asked.tab and found.counts[tab]), None)
    if other is None:
        return None
    said = words("inbox.elsewhere", "See %(tab)s (%(n)s)", tab=tab_words(other, words), n=found.counts[other])
    return said, asked.query(tab=other)


def _named(*what: object) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()[:16]
