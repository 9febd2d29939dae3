"""Asks Twilio's Content API how far the templates are with Meta. Only the worker does."""

from __future__ import annotations

from typing import Protocol

import structlog
from msgspec import Struct

from bot.channels.rest import TIMEOUT, CarrierError, Gone, Hurried, Unauthorised, Unclear, answers, client_of
from bot.escalation.approval import Approval, approval_of
from bot.settings import Settings
from bot.store.template_states import TemplateStates

_NO_SUCH = "20404"
"""Twilio's own word for it. A bare 404 may be the page of something in between."""

log = structlog.get_logger()


class Asks(Protocol):
    """Whoever knows how far a template is."""

    def ask(self, sid: str) -> tuple[Approval, str]:
        """What Meta says of it, and why it was refused. Raises ``CarrierError``."""


class Approvals:
    """The templates of our account at Twilio."""

    def __init__(self, settings: Settings, timeout: float = TIMEOUT) -> None:
        client = client_of(settings, settings.twilio_api_key, settings.twilio_api_secret, timeout)
        self._contents = client.content.v1.contents

    def ask(self, sid: str) -> tuple[Approval, str]:
        """As ``Asks`` says."""
        try:
            with answers():
                found = self._contents(sid).approval_fetch().fetch()
                mine = str(found.sid).lower() == sid.lower()
                status, reason = found.whatsapp["status"], found.whatsapp.get("rejection_reason")
        except Gone as gone:
            if gone.code != _NO_SUCH:
                raise
            return Approval.MISSING, ""
        approval = approval_of(status) if mine and isinstance(status, str) else None
        if approval is None:
            raise Unclear("unreadable")
        # Meta says NONE where there is no reason.
        told = reason if isinstance(reason, str) and reason.upper() != "NONE" else ""
        return approval, told if approval in (Approval.REFUSED, Approval.PAUSED, Approval.DISABLED) else ""


class TemplateWatch(Struct, frozen=True):
    """Keeps the states of an installation. Raises ``StoreDown``; several workers may run it at once."""

    states: TemplateStates
    carrier: Asks

    def look(self) -> None:
        """Asks about what is due. Where Twilio takes no question at all the others are not asked."""
        due = self.states.due()
        for number, sid in enumerate(due):
            try:
                approval, reason = self.carrier.ask(sid)
            except CarrierError as error:
                log.warning("carrier.failed", error=type(error).__name__, code=error.code)
                all_of_them = isinstance(error, Unauthorised | Hurried)
                for each in due[number:] if all_of_them else (sid,):
                    self.states.failed(each, error.code)
                if all_of_them:
                    return
            else:
                self.states.heard(sid, approval, reason)


def watch_for(settings: Settings, states: TemplateStates) -> TemplateWatch | None:
    """Who asks for this installation; None without a key, where nobody can."""
    return TemplateWatch(states, Approvals(settings)) if settings.twilio_api_key else None
