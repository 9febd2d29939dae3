"""What happened to a conversation, as its thread tells it: the text of a message by ``Author.SYSTEM``. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from bot.escalation.escalation import Author, Said


class Happened(StrEnum):
    """The words are the page's; ``beside`` of the message holds their values.

    ``name``: who of the staff did it. ``RELEASED``: ``why`` is ``stale``, ``shift`` or ``handed_over``. ``ASKED_TO_PASS`` and
    ``PASSED``: ``to``, the id of an organization. ``RESOLVED``: ``resolution``. ``JOINED`` and
    ``SEPARATED``: ``other``, the id of the other conversation, and its ``alias``. ``UNDELIVERED``: ``message``, its number.
    """

    CLAIMED = "claimed"
    RELEASED = "released"
    ASKED_TO_PASS = "asked_to_pass"  # nosec B105 # noqa: S105
    PASSED = "passed"
    HANDED_BACK = "handed_back"
    RESOLVED = "resolved"
    JOINED = "joined"
    SEPARATED = "separated"
    UNDELIVERED = "undelivered"


def joined(said: Iterable[Said]) -> frozenset[str]:
    """The ids of the conversations of the same family, as this thread tells them: what was said last of each holds."""
    together: set[str] = set()
    for each in sorted(said, key=lambda each: each.number):
        if each.author is Author.SYSTEM and each.text == Happened.JOINED:
            together.add(each.beside["other"])
        elif each.author is Author.SYSTEM and each.text == Happened.SEPARATED:
            together.discard(each.beside["other"])
    return frozenset(together)
