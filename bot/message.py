"""The words that everyone shares: a message that came in, the reply that goes out. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """How a message travels. The folder that knows who carries it is bot/channels."""

    SMS = "sms"
    WHATSAPP = "whatsapp"


class OptOut(StrEnum):
    """What the carrier says it has already done about this message (Twilio's OptOutType)."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


@dataclass(frozen=True, slots=True)
class Pin:
    """A point that a person sent from the map, in degrees. Turned into a town or ZIP at once, never kept."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Tap:
    """A button or a line of a list that was tapped: the menu and the digit that it says it is, empty where it says none.

    Anybody can send any: it is compared with the flows (bot/engine/taps.py).
    """

    flow: str = ""
    step: str = ""
    digit: int | None = None


@dataclass(frozen=True, slots=True)
class InboundMessage:
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


@dataclass(frozen=True, slots=True)
class Reply:
    """The texts that answer one message, in order, and addresses of recordings. Empty means that nothing is sent."""

    texts: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
