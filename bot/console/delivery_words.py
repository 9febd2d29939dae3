"""How far a message of staff has come, in words. Pure."""

from __future__ import annotations

from bot.console.spans import Words
from bot.escalation.outgoing import State


def state_words(words: Words, state: State) -> str:
    """One or two words for a state of the outbox."""
    return {
        State.QUEUED: words("delivery.queued", "Waiting to be sent"),
        State.SENDING: words("delivery.sending", "On its way"),
        State.UNSURE: words("delivery.unsure", "On its way, not confirmed"),
        State.SENT: words("delivery.sent", "Sent"),
        State.DELIVERED: words("delivery.delivered", "Delivered"),
        State.READ: words("delivery.read", "Read"),
        State.FAILED: words("delivery.failed", "It did not go out"),
        State.UNDELIVERED: words("delivery.undelivered", "It did not arrive"),
        State.CANCELED: words("delivery.canceled", "Not sent, taken back"),
    }[state]
