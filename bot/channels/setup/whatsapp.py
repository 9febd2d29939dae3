"""Our WhatsApp senders: whether they work, and where what comes in for them goes. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.setup.addresses import Wanted, clean
from bot.channels.setup.findings import Finding, Thing, ok, wrong
from bot.channels.setup.found import WhatsApp
from bot.channels.setup.kinds import spelt
from bot.channels.setup.routes import judge_inbound, judge_status

WHERE = "Twilio's console, Messaging, Senders, WhatsApp senders"


def judge_whatsapp(named: str, found: Sequence[WhatsApp], wanted: Wanted | None) -> list[Finding]:
    """A number that TWILIO_WHATSAPP_FROM names, with or without ``whatsapp:`` before it."""
    about = f"WhatsApp {named.removeprefix('whatsapp:')}"
    sender = next((each for each in found if spelt(each.address) == spelt(named)), None)
    if sender is None:
        has = ", ".join(clean(each.address) for each in found[:20]) or "none"
        return [wrong(about, f"the account has no such WhatsApp sender; it has: {has}", f"register it: {WHERE}")]
    if sender.address.removeprefix("whatsapp:") != named.removeprefix("whatsapp:"):
        return [wrong(about, f"Twilio writes it {clean(sender.address)}", "write it so in TWILIO_WHATSAPP_FROM")]
    findings = [_status(about, sender)]
    if wanted is not None:
        findings += judge_inbound(about, Thing.WHATSAPP, sender.sid, sender.inbound, wanted)
        findings.append(judge_status(about, Thing.WHATSAPP, sender.sid, sender.status_callback, wanted))
    return findings


def _status(about: str, sender: WhatsApp) -> Finding:
    if sender.status.startswith("ONLINE"):
        return ok(about, "it is online")
    return wrong(about, f"it is not online: {clean(sender.status)}", f"{WHERE} says what is missing")
