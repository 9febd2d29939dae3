"""Which numbers a person has before her. Pure.

A shortened answer leaves the menu out. The one that she got before still stands on her phone, and its numbers must not be taken
for those of a menu that never went out.
"""

from __future__ import annotations

from bot.engine.walk import NOTICES
from bot.session import Session, Spot

HELP = Spot(NOTICES, "help_word")
IN_DANGER = 1
"""The number that stands in the words of HELP themselves."""


def has_seen(session: Session, number: int) -> bool:
    """Whether this number of the step that waits has gone out to her."""
    return not session.unseen or (session.at == HELP and number == IN_DANGER)
