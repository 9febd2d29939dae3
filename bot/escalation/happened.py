"""What happened to a conversation, as its thread tells it: the text of a message by ``Author.SYSTEM``. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from bot.escalation.escalation import Author, Said


class Happened(StrEnum):
    """The words are the page's; ``beside`` of the message holds their values.

    ``name``: who of the staff did it. ``RELEASED``: ``why`` is ``stale``, ``shift`` or ``handed_over``. ``ASKED_TO_PASS`` and
    ``PASSED``: ``to``, the id of an organization. ``RESOLVED``: ``resolution``. ``JOINED``: ``other``, the id of the other
    conversation, and its ``alias``. ``UNDELIVERED``: ``message``, its number.
    """

    CLAIMED = "claimed"
    RELEASED = "released"
    ASKED_TO_PASS = "asked_to_pass"  # noqa: S105
    PASSED = "passed"
    HANDED_BACK = "handed_back"
    RESOLVED = "resolved"
    JOINED = "joined"
    UNDELIVERED = "undelivered"


def joined(said: Iterable[Said]) -> frozenset[str]:
    """The ids of the conversations of the same family, as this thread tells them."""
    return frozenset(
        each.beside["other"] for each in said if each.author is Author.SYSTEM and each.text == Happened.JOINED
    )
