"""WhatsApp's window: free words go out for a day after the family's last message, then only an approved template. Pure.

Source: twilio.com/docs/api/errors/63016, read 2026-11-23.
"""

from __future__ import annotations

from bot.escalation.escalation import Escalated
from bot.message import Channel

WINDOW = 24 * 3600 - 5 * 60
"""Seconds: a day, less the time that a message of ours may be on its way."""


def window_ends(escalated: Escalated) -> int | None:
    """Until when WhatsApp takes free text (unix seconds); None for SMS, which always does."""
    if escalated.channel != Channel.WHATSAPP:
        return None
    return (escalated.last_inbound or escalated.opened) + WINDOW
