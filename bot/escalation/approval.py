"""How far a template of WhatsApp is with Meta, as Twilio tells it. Pure.

Source: twilio.com/docs/whatsapp/tutorial/message-template-approvals-statuses, read 2026-11-27.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Approval(StrEnum):
    """What Meta says of a template; ``MISSING``: Twilio has none of that id."""

    APPROVED = "approved"
    WAITING = "waiting"
    UNSUBMITTED = "unsubmitted"
    REFUSED = "refused"
    PAUSED = "paused"
    DISABLED = "disabled"
    MISSING = "missing"


_OF_CARRIER = {
    "approved": Approval.APPROVED,
    "received": Approval.WAITING,
    "pending": Approval.WAITING,
    "unsubmitted": Approval.UNSUBMITTED,
    "rejected": Approval.REFUSED,
    "paused": Approval.PAUSED,
    "disabled": Approval.DISABLED,
}


class TemplateState(Struct, frozen=True):
    """``approval`` None: nobody has ever heard. ``reason``: why it was refused, in Meta's words. ``heard`` and ``asked``: when Twilio
    last told, and was last asked (unix seconds). ``trouble``: why it did not tell when it was last asked, as a code; empty if it did."""

    approval: Approval | None = None
    reason: str = ""
    heard: int | None = None
    asked: int | None = None
    trouble: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether it is known that it would not arrive outside the 24 hours. What nobody could ask may be tried."""
        return self.approval not in (None, Approval.APPROVED)


def approval_of(status: str) -> Approval | None:
    """The approval of which Twilio speaks; None for a word that we do not know."""
    return _OF_CARRIER.get(status.strip().lower())
