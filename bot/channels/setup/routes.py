"""Where messages that come in are taken: one check for numbers, short codes, services and WhatsApp senders. Pure."""

from __future__ import annotations

from msgspec import Struct

from bot.channels.setup.addresses import Wanted, fallback_fault, is_at_twilio, message_fault, shown, status_fault
from bot.channels.setup.findings import Change, Finding, Thing, ok, wrong
from bot.channels.setup.found import Inbound

MAKE_ONE = (
    "`flask --app webhook twilio fallback` writes the text; make a TwiML Bin of it (Twilio's console, TwiML Bins), and give its"
    " address with --fallback"
)
NO_ADDRESS = "PUBLIC_BASE_URL is no https address, so that addresses at Twilio could not be compared"


class Names(Struct, frozen=True):
    """How Twilio calls the parts of an address at this kind of thing."""

    url: str
    method: str
    fallback: str
    fallback_method: str
    status: str = ""


NAMES = {
    Thing.NUMBER: Names("sms_url", "sms_method", "sms_fallback_url", "sms_fallback_method"),
    Thing.SHORT_CODE: Names("sms_url", "sms_method", "sms_fallback_url", "sms_fallback_method"),
    Thing.SERVICE: Names("inbound_request_url", "inbound_method", "fallback_url", "fallback_method", "status_callback"),
    Thing.WHATSAPP: Names("callback_url", "callback_method", "fallback_url", "fallback_method", "status_callback_url"),
}


def judge_inbound(about: str, thing: Thing, sid: str, found: Inbound, wanted: Wanted) -> list[Finding]:
    """The address for messages that come in, and its fallback."""
    return [_messages(about, thing, sid, found, wanted), _fallback(about, thing, sid, found, wanted)]


def judge_status(about: str, thing: Thing, sid: str, found: str, wanted: Wanted) -> Finding:
    """The address for reports on our messages."""
    fault = status_fault(found, wanted)
    if not fault:
        return ok(about, f"reports on our messages come to {wanted.status}")
    values = ((NAMES[thing].status, wanted.status),)
    return wrong(about, fault, "", Change(thing, sid, values, shown(found) if found else "nothing", wanted.status))


def _messages(about: str, thing: Thing, sid: str, found: Inbound, wanted: Wanted) -> Finding:
    fault = message_fault(found, wanted)
    if not fault:
        return ok(about, f"messages that come in are brought to {shown(found.url)}")
    names = NAMES[thing]
    values = ((names.url, wanted.messages), (names.method, "POST"))
    before = f"{shown(found.url)} by {found.method or 'no method'}" if found.url else "nothing"
    return wrong(about, fault, "", Change(thing, sid, values, before, f"{wanted.messages} by POST"))


def _fallback(about: str, thing: Thing, sid: str, found: Inbound, wanted: Wanted) -> Finding:
    fault = fallback_fault(found.fallback, wanted)
    if not fault:
        now = f"when all of ours is down, {shown(found.fallback)} answers"
        hint = (
            ""
            if is_at_twilio(found.fallback)
            else "it is not at Twilio: make sure that it does not go down with our server"
        )
        return ok(about, now, hint)
    if not wanted.fallback:
        return wrong(about, fault, MAKE_ONE)
    names = NAMES[thing]
    values = ((names.fallback, wanted.fallback), (names.fallback_method, "POST"))
    before = shown(found.fallback) if found.fallback else "nothing"
    return wrong(about, fault, "", Change(thing, sid, values, before, shown(wanted.fallback)))
