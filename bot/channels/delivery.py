"""What Twilio reports about a message of ours (POST /status): how far it came, and what an error code asks of us.

Codes: twilio.com/docs/api/errors, read 2026-11-23. Order of reports is not guaranteed; unknown values are answered all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.channels.errors import NotAMessage
from bot.channels.inbound import channel_of
from bot.message import Channel


class Next(StrEnum):
    """What an error asks for."""

    RETRY = "retry"
    STOP = "stop"
    OPTED_OUT = "opted_out"
    OPERATOR = "operator"
    WORDING = "wording"


_CODES: dict[Next, tuple[int, ...]] = {
    Next.RETRY: (20429, 30001, 21611, 30003, 30008, 30410, 63017, 63018),
    Next.STOP: (21211, 21612, 21614, 30005, 30006, 63003, 63024, 63033),
    Next.OPTED_OUT: (21610,),
    Next.OPERATOR: (21408, 21606, 21703, 30032, 30034, 63007, 63015, 63016),
    Next.WORDING: (21617, 21658, 30004, 30007, 63005, 63019, 63021),
}
_BY_CODE = {code: what for what, codes in _CODES.items() for code in codes}


@dataclass(frozen=True, slots=True)
class Delivery:
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
    return Delivery(sid, status, address, channel_of(address), error, _BY_CODE.get(error or 0))
