"""What Twilio reports about a message of ours (POST /status): how far it came, and what an error code asks of us.

The order of reports is not guaranteed; unknown values are answered all the same. Codes: bot/escalation/refused.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from bot.channels.errors import NotAMessage
from bot.channels.inbound import channel_of
from bot.escalation.refused import Next, is_known, refusal
from bot.message import Channel


class Delivery(Struct, frozen=True):
    """One report. ``next_`` is None when all is well or the code is not known to us."""

    sid: str
    status: str
    address: str
    channel: Channel
    error: int | None
    next_: Next | None


def read_delivery(form: Mapping[str, str]) -> Delivery:
    """The report in this form; ``NotAMessage`` without a sid or a status."""
    sid, status = (
        form.get("MessageSid") or form.get("SmsSid") or "",
        form.get("MessageStatus") or form.get("SmsStatus") or "",
    )
    if not sid or not status:
        raise NotAMessage("no MessageSid or no MessageStatus")
    address = form.get("To") or ""
    raw = form.get("ErrorCode") or ""
    error = int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 6 else None
    asked = refusal(error).next if error is not None and is_known(error) else None
    return Delivery(sid, status, address, channel_of(address), error, asked)
