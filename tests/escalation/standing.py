"""Where an escalation stands, with what is sealed of it, for the tests of the inbox."""

from __future__ import annotations

from bot.escalation.escalation import Escalated
from bot.escalation.standing import Standing


def standing(it: Escalated) -> Standing:
    """As the store tells it of this one (bot/store/desk_inbox.py)."""
    plain = (it.id, it.channel, it.opened, it.urgency, it.claimed_by, it.waiting_since, it.last_staff, it.closed)
    return Standing(*plain, it.about.language, it.about.topic)
