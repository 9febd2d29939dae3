"""What the carriers of the US want to know of us before they deliver: a campaign for long codes, a verification for toll-free. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.setup.addresses import clean
from bot.channels.setup.findings import Finding, ok, wrong
from bot.channels.setup.found import Campaign, Service, TollFree

TEXTS = "`flask --app webhook twilio setup --texts -` prints the texts to paste"
_A2P = "registration of US long codes (A2P 10DLC)"
_WHERE_A2P = f"Twilio's console, Messaging, Regulatory Compliance, A2P 10DLC; it takes weeks. {TEXTS}"
_WHERE_FREE = f"Twilio's console, Messaging, Regulatory Compliance, Toll-Free. {TEXTS}"
_UNDER_WAY = {"PENDING", "IN_PROGRESS", "PENDING_REVIEW", "IN_REVIEW"}
_WAIT = "wait; Twilio writes to the mail address of the account. Until then carriers stop messages, or may"


def judge_campaigns(service: Service | None, found: Sequence[Campaign]) -> Finding:
    """Whether our US long codes are registered, through the service that they go through."""
    if service is None:
        now = "it hangs on a messaging service, and none is named"
        return wrong(_A2P, now, f"make one and set TWILIO_MESSAGING_SERVICE_SID, then register. {_WHERE_A2P}")
    if any(each.status == "VERIFIED" for each in found):
        return ok(_A2P, f"the campaign of the messaging service {clean(service.name)} is verified")
    if not found:
        now = f"the messaging service {clean(service.name)} has no campaign: carriers of the US do not deliver"
        return wrong(_A2P, now, _WHERE_A2P)
    last = found[-1]
    if last.status in _UNDER_WAY:
        return wrong(_A2P, f"it is being looked at ({last.status})", _WAIT)
    why = clean("; ".join(last.faults))[:600]
    return wrong(
        _A2P, f"it is {clean(last.status)}{f': {why}' if why else ''}", f"mend it and hand it in again. {_WHERE_A2P}"
    )


def judge_toll_free(number: str, found: Sequence[TollFree]) -> Finding:
    """Whether a toll-free number is verified."""
    about = f"verification of the toll-free number {number}"
    if any(each.status == "TWILIO_APPROVED" for each in found):
        return ok(about, "it is approved")
    if not found:
        return wrong(about, "nobody has asked for it: carriers of the US do not deliver", _WHERE_FREE)
    last = found[-1]
    if last.status in _UNDER_WAY:
        return wrong(about, f"it is being looked at ({last.status})", _WAIT)
    why = clean(last.fault)[:600]
    now = f"it is {clean(last.status)}{f': {why}' if why else ''}"
    return wrong(about, now, f"mend it and hand it in again. {_WHERE_FREE}")
