"""From Twilio's form to a message. Every parameter may be missing or new ones appear: nothing here fails on that.

Source of the parameters: twilio.com/docs/messaging/guides/webhook-request, read 2026-11-23.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from bot.channels.errors import NotAMessage
from bot.channels.taps import WORDS, read_tap
from bot.message import Channel, InboundMessage, OptOut, Pin

# Twilio's own limit for one message is 1,600 characters; more is not a message from a phone.
LONGEST_TEXT = 1600
LONGEST_ADDRESS = 256
WHATSAPP = "whatsapp:"


def read_message(form: Mapping[str, str]) -> InboundMessage:
    """The message in this form. ``NotAMessage`` without a MessageSid or a sender."""
    sid = _short(form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid") or "")
    address = _short(form.get("From") or "")
    if not sid or not address:
        raise NotAMessage("no MessageSid or no From")
    return InboundMessage(
        sid=sid,
        address=address,
        channel=channel_of(address),
        text=_text(form),
        media=_count(form.get("NumMedia")),
        pin=_pin(form),
        forwarded="true" in (form.get("Forwarded"), form.get("FrequentlyForwarded")),
        opt_out=_opt_out(form.get("OptOutType")),
        tap=read_tap(form),
    )


def channel_of(address: str) -> Channel:
    """The channel that an address belongs to."""
    return Channel.WHATSAPP if address.startswith(WHATSAPP) else Channel.SMS


def _short(value: str) -> str:
    value = value.strip()
    return value if len(value) <= LONGEST_ADDRESS else ""


def _text(form: Mapping[str, str]) -> str:
    """What was typed or tapped. A tapped button or list line shows its words in Body as well."""
    for name in ("Body", *WORDS):
        text = (form.get(name) or "").strip()
        if text:
            return _clean(text)[:LONGEST_TEXT]
    return ""


def _clean(text: str) -> str:
    """Without NUL and other control characters, which no phone types; line ends stay."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\u200d" else " " for c in text).strip()


def _count(value: str | None) -> int:
    return min(int(value), 10) if value and value.isascii() and value.isdigit() and len(value) < 4 else 0


def _pin(form: Mapping[str, str]) -> Pin | None:
    if "Latitude" not in form:
        return None
    try:
        latitude, longitude = float(form.get("Latitude") or "nan"), float(form.get("Longitude") or "nan")
    except ValueError:
        return None
    inside = math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    return Pin(latitude, longitude) if inside else None


def _opt_out(value: str | None) -> OptOut | None:
    if not value:
        return None
    value = value.strip().upper()
    return OptOut(value) if value in OptOut.__members__ else None
