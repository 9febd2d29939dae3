"""In which order the inbox shows conversations, and under which of its tabs. Pure.

Urgent first, then soon, then normal; within each whoever has waited longest, and last those for whom it is nobody's turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from bot.escalation.escalation import Escalated, Urgency
from bot.escalation.standing import Standing

RESOLVED_SECONDS = 7 * 24 * 3600
"""How long a conversation that is over stays under its tab: no longer than it is kept (bot/privacy.py, closed escalation)."""


class Tab(StrEnum):
    """Where a conversation stands in the inbox; the first tab is the one that opens.

    ``UNCLAIMED``: nobody has it and the family waits. ``MINE``: she who looks has it. ``BOT_WATCHING``: nobody has it and nobody
    waits: staff wrote last, or gave it back to the bot, and the family has not written since. ``WAITING_FOR_PERSON``: somebody has
    it and staff wrote last, so that it is the family's turn. ``TAKEN``: a colleague has it and the family waits. ``RESOLVED``: it
    is over, for seven days.

    That the bot answered says nothing: it always answers where nobody has a conversation, and she who asked for a person waits on.
    """

    UNCLAIMED = "unclaimed"
    MINE = "mine"
    BOT_WATCHING = "bot_watching"
    WAITING_FOR_PERSON = "waiting_for_person"
    TAKEN = "taken"
    RESOLVED = "resolved"


def key(it: Escalated | Standing) -> tuple[int, bool, int, str]:
    """By which conversations are sorted."""
    waiting = it.waiting_since
    return (it.urgency.rank, waiting is None, it.opened if waiting is None else waiting, it.id)


def tabs(it: Escalated | Standing, user: int) -> frozenset[Tab]:
    """The tabs that show it to this user. Every conversation is under one at least: nothing lives behind a filter alone.

    Hers stands under ``MINE`` whoever's turn it is, and under ``WAITING_FOR_PERSON`` too when it is the family's.
    """
    if it.closed is not None:
        return frozenset({Tab.RESOLVED})
    if it.claimed_by is None:
        return frozenset({Tab.BOT_WATCHING if it.waiting_since is None else Tab.UNCLAIMED})
    found = {Tab.MINE} if it.claimed_by == user else set()
    if it.waiting_since is None:
        found.add(Tab.WAITING_FOR_PERSON)
    return frozenset(found or {Tab.TAKEN})


def counts(all: Iterable[Escalated | Standing], user: int) -> Mapping[Tab, int]:
    """How many stand under each tab, whatever filter is on."""
    found = dict.fromkeys(Tab, 0)
    for each in all:
        for tab in tabs(each, user):
            found[tab] += 1
    return found


class Filters(Struct, frozen=True):
    """What is looked for; empty means any. ``alias`` is a part of one, in whatever case; ``language`` a code."""

    language: str = ""
    topic: str = ""
    channel: str = ""
    urgency: Urgency | None = None
    alias: str = ""

    def __bool__(self) -> bool:
        return self != Filters()

    @property
    def of_sealed(self) -> bool:
        """Whether something is looked for that is sealed."""
        return bool(self.language or self.topic)

    def fit(self, it: Standing) -> bool:
        """Whether it is looked for."""
        return (
            self.language in ("", it.language)
            and self.topic in ("", it.topic)
            and self.channel in ("", it.channel)
            and self.urgency in (None, it.urgency)
            # An alias is worked out anew each time: only for who looks for one.
            and (not self.alias or self.alias.strip().upper() in it.alias)
        )
