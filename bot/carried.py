"""A conversation whose memory travels with the one who tries it: /try in the browser, ``chat`` in the terminal. Nothing is kept here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from bot.escalation.escalation import About, Escalated, Urgency
from bot.message import Channel
from bot.privacy import Erased
from bot.scripts.agreed import Agreed
from bot.session import Beside, Session, from_dict, to_dict


@dataclass(slots=True)
class CarriedSessions:
    """The memory of one tried conversation. No lock, no stored replies, no counts: one person, one message at a time."""

    state: dict[str, Any] | None = None

    def begin(self, address: str, sid: str, deadline: float) -> CarriedTurn:
        """The state as it was handed in."""
        return CarriedTurn(from_dict(self.state))

    def finish(
        self,
        begun: CarriedTurn,
        session: Session | None,
        reply: bytes,
        counts: Mapping[str, int],
        spent: int = 0,
        heavy: bool = False,
    ) -> bool:
        """The state as it is to be handed out."""
        self.state = None if session is None else to_dict(session)
        return True

    def release(self, begun: CarriedTurn) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class CarriedTurn:
    """A turn of a tried conversation."""

    session: Session = field(repr=False)
    reply: bytes | None = None
    on_buttons: bool = False
    # Nobody who tries has an escalation, and that is certain.
    beside: Beside = Beside(whole=True)


class NothingToErase:
    """Of who tries nothing is kept but what the caller carries, and that ends with the turn."""

    def erase(self, address: str, beside: Beside) -> Erased:
        """Erases nothing."""
        return Erased.DONE


class NothingFlagged:
    """Who only tries a number has not found one that fails."""

    def raise_flag(self, record: str, now: float) -> None:
        """Notes nothing."""


class NothingKept:
    """Who only tries may write anything here: none of it is kept, and the bot says so."""

    def keep(self, language: str, text: str, heard: str) -> Agreed:
        """Keeps nothing."""
        return Agreed.TRIED


class NobodyOptsOut:
    """Trying STOP stops nobody."""

    def stop(self, address: str, channel: Channel, now: float) -> None:
        """Notes nothing."""

    def start(self, address: str, now: float) -> None:
        """Notes nothing."""


class NothingOpened(Struct, frozen=True):
    """What a tried conversation with staff is: words that say how it would go, and nothing behind them."""

    id: str = ""
    new: bool = False


class NoDesk:
    """Who only tries has no conversation with staff, and none is opened: nobody waits and nobody is promised."""

    def open(
        self, address: str, channel: Channel, about: About, urgency: Urgency, organization: str | None, consent: str
    ) -> NothingOpened:
        """Opens nothing."""
        return NothingOpened()

    def state(self, id: str) -> Escalated | None:
        """There is none."""
        return None

    def find(self, address: str) -> Escalated | None:
        """There is none."""
        return None

    def heard(
        self,
        id: str,
        sid: str,
        text: str,
        beside: Mapping[str, Any],
        urgency: Urgency,
        learned: About | None = None,
    ) -> bool:
        """Notes nothing."""
        return False

    def said(self, id: str, sid: str, texts: Sequence[str], beside: Mapping[str, Any]) -> bool:
        """Notes nothing."""
        return False

    def agreed_to_pass(self, id: str, yes: bool) -> bool:
        """Moves nothing."""
        return False

    def drop(self, id: str) -> None:
        """There is nothing to drop."""
