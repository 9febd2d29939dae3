"""A conversation whose memory travels with the one who tries it: /try in the browser, ``chat`` in the terminal. Nothing is kept here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.message import Channel
from bot.privacy import Erased
from bot.session import Beside


@dataclass(slots=True)
class CarriedSessions:
    """The memory of one tried conversation. No lock, no stored replies, no counts: one person, one message at a time."""

    state: dict[str, Any] | None = None

    def begin(self, address: str, sid: str, deadline: float) -> CarriedTurn:
        """The state as it was handed in."""
        return CarriedTurn(self.state)

    def finish(
        self,
        begun: CarriedTurn,
        session: dict[str, Any] | None,
        reply: bytes,
        counts: Mapping[str, int],
        spent: int = 0,
        heavy: bool = False,
    ) -> bool:
        """The state as it is to be handed out."""
        self.state = session
        return True

    def release(self, begun: CarriedTurn) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class CarriedTurn:
    """A turn of a tried conversation."""

    session: dict[str, Any] | None = field(repr=False)
    reply: bytes | None = None
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


class NobodyOptsOut:
    """Trying STOP stops nobody."""

    def stop(self, address: str, channel: Channel, now: float) -> None:
        """Notes nothing."""

    def start(self, address: str, now: float) -> None:
        """Notes nothing."""
