"""The words that everyone shares: a message that came in, the reply that goes out. Pure values."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Channel(StrEnum):
    """How a message travels. The folder that knows who carries it is bot/channels."""

    SMS = "sms"
    WHATSAPP = "whatsapp"


class OptOut(StrEnum):
    """What the carrier says it has already done about this message (Twilio's OptOutType)."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


class Pin(Struct, frozen=True):
    """A point that a person sent from the map, in degrees. Turned into a town or ZIP at once, never kept."""

    latitude: float
    longitude: float


class Tap(Struct, frozen=True):
    """A button or a line of a list that was tapped: the menu and the digit that it says it is, empty where it says none.

    Anybody can send any: it is compared with the flows (bot/engine/taps.py).
    """

    flow: str = ""
    step: str = ""
    digit: int | None = None


class InboundMessage(Struct, frozen=True):
    """One message from one person.

    ``address`` is opaque (an E.164 number, ``whatsapp:+502...`` or ``whatsapp:US.1349...``): it is hashed, never
    parsed and never kept. ``sid`` names this message for the carrier and is the same on every retry.
    """

    sid: str
    address: str
    channel: Channel
    text: str = ""
    media: int = 0
    pin: Pin | None = None
    forwarded: bool = False
    opt_out: OptOut | None = None
    tap: Tap | None = None


class Line(Struct, frozen=True):
    """A line of a menu: the digit that it stands for, its words with that digit before them, and their Spanish where they are K'iche'."""

    digit: int
    words: str
    spanish: str = ""


class Menu(Struct, frozen=True):
    """A text with its menu apart, whose lines can be tapped where a phone knows buttons; whoever cannot tap writes a digit.

    ``flow`` and ``step`` are where the menu stands in flows/; ``open`` is what stands on the button that opens a list.
    """

    flow: str
    step: str
    body: str
    lines: tuple[Line, ...]
    open: str


class Reply(Struct, frozen=True):
    """The texts that answer one message, in order, and addresses of recordings. Empty means that nothing is sent.

    ``menu`` says the same as the one text, for a channel with buttons; None where it is to be a text.
    """

    texts: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    menu: Menu | None = None
