"""Why a message of staff did not go out or not arrive: what each code asks for, and the words for staff. Pure.

The carrier's codes: twilio.com/docs/api/errors, read 2026-11-23. Those below 100 are our own.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

TOO_LATE = 1
"""It did not go out in 48 hours."""
UNKNOWN_OUTCOME = 2
"""Nobody can tell any more whether the carrier took it."""
NO_CARRIER = 3
"""This installation has no key to send with."""
UNREADABLE = 4
"""Its words cannot be opened."""
ERASED = 5
"""The family asked to be erased."""
OPTED_OUT = 21610
WINDOW_CLOSED = 63016


class Next(StrEnum):
    """What an error asks for. ``RETRY``: slower. ``ONCE_*``: one more try. ``WINDOW``: only a template may be sent."""

    RETRY = "retry"
    ONCE_SOON = "once_soon"
    ONCE_LATER = "once_later"
    STOP = "stop"
    OPTED_OUT = "opted_out"
    OPERATOR = "operator"
    WORDING = "wording"
    WINDOW = "window"


class Refusal(Struct, frozen=True):
    """What a code asks for, and its words: the key under which Spanish stands, and the English."""

    next: Next
    key: str
    english: str


_REFUSALS: dict[tuple[int, ...], Refusal] = {
    (20429, 30001, 21611, 63017, 63018): Refusal(
        Next.RETRY, "refused.busy", "The carrier is busy. It is tried again by itself."
    ),
    (30008, 30410): Refusal(Next.ONCE_SOON, "refused.unknown", "The phone company did not say why it failed."),
    (30003,): Refusal(Next.ONCE_LATER, "refused.unreachable", "The phone is off or out of reach."),
    (21211, 21201, 30005): Refusal(Next.STOP, "refused.no_number", "This number does not exist, or not any more."),
    (21612,): Refusal(Next.STOP, "refused.no_route", "No message can reach this number from ours."),
    (21614, 30006): Refusal(Next.STOP, "refused.landline", "This phone cannot receive text messages."),
    (63003, 63024): Refusal(Next.STOP, "refused.not_on_whatsapp", "This number is not on WhatsApp."),
    (63033,): Refusal(Next.STOP, "refused.blocked_us", "The person has blocked us on WhatsApp."),
    (OPTED_OUT,): Refusal(
        Next.OPTED_OUT, "refused.opted_out", "The person asked us to stop writing (STOP). Nothing is sent."
    ),
    (WINDOW_CLOSED,): Refusal(
        Next.WINDOW,
        "refused.window",
        "WhatsApp's 24 hours since the person's last message are over. Only an approved template can be sent.",
    ),
    (21408,): Refusal(
        Next.OPERATOR, "refused.country", "Messages to this country are not switched on. The admins were told."
    ),
    (21606, 21703, 63007): Refusal(
        Next.OPERATOR, "refused.sender", "Our own number cannot send. The admins were told."
    ),
    (30032, 30034): Refusal(
        Next.OPERATOR,
        "refused.unregistered",
        "Our number is not registered, so phone companies deliver nothing. The admins were told.",
    ),
    (63015,): Refusal(
        Next.OPERATOR, "refused.sandbox", "This is a WhatsApp number for trials only. The admins were told."
    ),
    (21655, 21656, 63027, 63028): Refusal(
        Next.OPERATOR, "refused.template", "The template is not set up right. The admins were told."
    ),
    (21617, 21658): Refusal(Next.WORDING, "refused.too_long", "The message is too long. Send it in two parts."),
    (30004, 30007): Refusal(
        Next.WORDING,
        "refused.filtered",
        "The phone company took it for spam. Write it in other words and without a link.",
    ),
    (63005, 63019, 63021): Refusal(
        Next.WORDING, "refused.content", "WhatsApp did not take what is in it. Send words alone."
    ),
    (TOO_LATE,): Refusal(Next.STOP, "refused.too_late", "It could not be sent for 48 hours and is not sent any more."),
    (UNKNOWN_OUTCOME,): Refusal(
        Next.STOP, "refused.unknown_outcome", "Nobody can tell whether it arrived. Ask the person before you send it again."
    ),
    (NO_CARRIER,): Refusal(
        Next.OPERATOR, "refused.no_carrier", "Sending is not set up here (TWILIO_API_KEY). The admins were told."
    ),
    (UNREADABLE,): Refusal(Next.OPERATOR, "refused.unreadable", "The words of this message cannot be opened any more."),
    (ERASED,): Refusal(Next.STOP, "refused.erased", "The person asked to be erased. Nothing is sent."),
}  # fmt: skip
_BY_CODE = {code: what for codes, what in _REFUSALS.items() for code in codes}
_OTHER = Refusal(Next.STOP, "refused.other", "The carrier refused it.")


def refusal(code: int | None) -> Refusal:
    """What this code asks for; one that nobody knows stops, for trying it for ever helps nobody."""
    return _BY_CODE.get(code or 0, _OTHER)


def is_known(code: int) -> bool:
    """Whether this code says what is wrong with a message."""
    return code in _BY_CODE


def refusals() -> tuple[Refusal, ...]:
    """All of them, each once: for whoever needs every word."""
    return (*_REFUSALS.values(), _OTHER)
