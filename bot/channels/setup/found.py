"""What stands at Twilio about us, as its API tells it. Values only; ``asking`` fetches them."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Trouble(StrEnum):
    """Why a question got no answer, or a change was not made."""

    WRONG_KEY = "wrong key"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    HURRIED = "hurried"
    REFUSED = "refused"
    UNCLEAR = "unclear"


class Problem(Struct, frozen=True):
    """A question that Twilio did not answer. ``code`` is its own code, its HTTP status or the class of a failure: safe to print."""

    trouble: Trouble
    code: str

    @property
    def unreachable(self) -> bool:
        """Whether nothing was heard of Twilio that could be read."""
        return self.trouble is Trouble.UNCLEAR

    @property
    def silent(self) -> bool:
        """Whether nobody answered at all: no status, no page of something in between."""
        return self.unreachable and not self.code.isdigit() and self.code != "unreadable"


class Account(Struct, frozen=True):
    """The account. ``status`` is active, suspended or closed; ``kind`` Trial or Full."""

    sid: str
    status: str
    kind: str


class Rights(Struct, frozen=True):
    """What a key may do, in Twilio's names of permissions; None: everything but other keys and the account."""

    allowed: frozenset[str] | None


class Inbound(Struct, frozen=True):
    """Where messages that come in are taken: the address and its method, and the address for the hour when that one fails."""

    url: str
    method: str
    fallback: str


class Number(Struct, frozen=True):
    """A number of the account, or a short code. ``application``: a TwiML app whose addresses count instead of the number's own."""

    sid: str
    number: str
    inbound: Inbound
    sms: bool = True
    mms: bool = True
    application: str = ""


class Campaign(Struct, frozen=True):
    """The registration of a service for US long codes (A2P 10DLC). ``faults``: what was wrong with it, in Twilio's words."""

    status: str
    faults: tuple[str, ...] = ()


class TollFree(Struct, frozen=True):
    """A verification of a toll-free number. ``fault``: why it was refused, in Twilio's words."""

    status: str
    fault: str = ""


class Service(Struct, frozen=True):
    """A Messaging Service. ``by_number``: the addresses of its numbers count, not its own. ``validity`` is in seconds."""

    sid: str
    name: str
    inbound: Inbound
    status_callback: str
    by_number: bool
    sticky: bool
    validity: int
    numbers: tuple[tuple[str, str], ...] = ()
    """Its numbers and short codes: sid and number of each."""


class WhatsApp(Struct, frozen=True):
    """A WhatsApp sender. ``address`` is whatsapp:+1...; it works while ``status`` begins with ONLINE."""

    sid: str
    address: str
    status: str
    inbound: Inbound
    status_callback: str
