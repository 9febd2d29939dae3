"""What a reply costs, in SMS segments. Pure."""

from __future__ import annotations

from bot.message import Channel, Reply
from bot.wording.gsm7 import segments


def price(reply: Reply, channel: Channel) -> int:
    """Segments that this reply is billed as. On WhatsApp each message counts as one, which is rather too much: there a
    message of any length costs about two thirds of a segment (Twilio's fee; Meta takes nothing for an answer within 24 hours).
    """
    if channel is Channel.SMS:
        return sum(segments(text) for text in reply.texts)
    return len(reply.texts) + len(reply.media)
