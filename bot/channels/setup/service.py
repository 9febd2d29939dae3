"""The Messaging Service: its addresses, its senders, and how it sends. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.channels.setup.addresses import Wanted, clean
from bot.channels.setup.findings import Change, Finding, Thing, ok, wrong
from bot.channels.setup.found import Service
from bot.channels.setup.routes import judge_inbound, judge_status

SHORTEST_VALIDITY = 14_400
"""Seconds: a reply of staff that waits for a carrier for some hours is still worth having."""
LONGEST_VALIDITY = 36_000


def judge_service(found: Service, named: Collection[str], wanted: Wanted | None) -> list[Finding]:
    """The service that replies go out through. ``named``: the numbers of TWILIO_SMS_FROM; none = the whole account is ours."""
    about = f"messaging service {clean(found.name)}"
    findings = []
    if found.by_number:
        findings.append(ok(about, "the addresses of its numbers count, not its own"))
    if wanted is not None:
        if not found.by_number:
            findings += judge_inbound(about, Thing.SERVICE, found.sid, found.inbound, wanted)
        findings.append(judge_status(about, Thing.SERVICE, found.sid, found.status_callback, wanted))
    return [*findings, *_senders(about, found, named), *_ways(about, found)]


def judge_no_service(services: Sequence[Service], named: Collection[str]) -> list[Finding]:
    """Without TWILIO_MESSAGING_SERVICE_SID: whether a number of ours is in one all the same, whose addresses then count."""
    findings = []
    for service in services:
        for number in sorted({number for _, number in service.numbers} & set(named)):
            now = f"it belongs to the messaging service {clean(service.name)}, which is not named in the settings"
            hint = f"set TWILIO_MESSAGING_SERVICE_SID={clean(service.sid)} and give the command again: its addresses are looked at then"
            findings.append(wrong(f"number {number}", now, hint))
    return findings


def _senders(about: str, found: Service, named: Collection[str]) -> list[Finding]:
    if not found.numbers:
        return [wrong(about, "it has no number", "name yours in TWILIO_SMS_FROM: then --apply adds it")]
    more = sorted({number for _, number in found.numbers} - set(named)) if named else []
    if not more:
        return []
    now = f"{clean(', '.join(more))} can send through it too, and is not in TWILIO_SMS_FROM: what it sends is not deleted at Twilio"
    return [
        wrong(about, now, "add it to TWILIO_SMS_FROM, or take it out of the service in Twilio's console (Sender Pool)")
    ]


def _ways(about: str, found: Service) -> list[Finding]:
    """How it sends. Smart Encoding is not looked at: our texts cost the same with and without."""
    findings = []
    if len(found.numbers) > 1 and not found.sticky:
        now = "a family may be answered from another number than she wrote to (Sticky Sender is off)"
        change = Change(Thing.SERVICE, found.sid, (("sticky_sender", True),), "Sticky Sender off", "Sticky Sender on")
        findings.append(wrong(about, now, "", change))
    if found.validity < SHORTEST_VALIDITY:
        now = f"a message that waits longer than {found.validity} seconds is thrown away"
        values = (("validity_period", LONGEST_VALIDITY),)
        change = Change(Thing.SERVICE, found.sid, values, f"{found.validity} seconds", f"{LONGEST_VALIDITY} seconds")
        findings.append(wrong(about, now, "", change))
    return findings
