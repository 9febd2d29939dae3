"""Our numbers and short codes: whether the account has them, and where what comes in for them goes. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.setup.addresses import Wanted, clean
from bot.channels.setup.findings import Change, Finding, Thing, ok, wrong
from bot.channels.setup.found import Number, Service
from bot.channels.setup.kinds import Kind, kind_of, spelt
from bot.channels.setup.routes import judge_inbound

BUY = "buy one in Twilio's console (Phone Numbers, Buy a number), or correct TWILIO_SMS_FROM"


def judge_number(named: str, found: Sequence[Number], service: Service | None, wanted: Wanted | None) -> list[Finding]:
    """A number that TWILIO_SMS_FROM names. ``found``: what the account has; ``service``: the one that it is to go through."""
    number = next((each for each in found if each.number == named), None)
    if number is None:
        return [_missing(named, found)]
    findings = [_what_it_can(number)]
    if not number.sms:
        return findings
    thing = Thing.SHORT_CODE if kind_of(named) is Kind.SHORT_CODE else Thing.NUMBER
    if service is not None:
        findings += _in_service(number, thing, service)
    if wanted is not None and (service is None or service.by_number):
        findings += _own_addresses(number, thing, wanted)
    return findings


def judge_unnamed(found: Sequence[Number]) -> list[Finding]:
    """Without TWILIO_SMS_FROM: which numbers it could name. Nothing is changed at a number that nobody named."""
    about = "TWILIO_SMS_FROM"
    if not found:
        return [wrong(about, "it names no number, and the account has none", f"{BUY}; `none` if there shall be no SMS")]
    has = ", ".join(clean(each.number) for each in found[:20])
    now = f"it names no number; the account has {has}"
    return [wrong(about, now, "write those of Puente into it, and give the command again: only they are looked at")]


def _missing(named: str, found: Sequence[Number]) -> Finding:
    about = f"number {named}"
    same = next((each for each in found if spelt(each.number) == spelt(named)), None)
    if same is not None:
        return wrong(about, f"Twilio writes it {clean(same.number)}", "write it so in TWILIO_SMS_FROM")
    has = ", ".join(clean(each.number) for each in found[:20]) or "none"
    return wrong(about, f"this account does not have it; it has: {has}", BUY)


def _what_it_can(number: Number) -> Finding:
    about = f"number {number.number}"
    if not number.sms:
        return wrong(about, "it cannot take or send SMS", "buy a number with SMS, and name that one in TWILIO_SMS_FROM")
    kind = kind_of(number.number)
    hint = (
        ""
        if number.mms or kind is Kind.SHORT_CODE
        else "no MMS: a photo from a phone does not arrive, and nobody is told"
    )
    return ok(about, f"a {kind.value} of this account, with SMS", hint)


def _in_service(number: Number, thing: Thing, service: Service) -> list[Finding]:
    about = f"number {number.number}"
    if any(sid == number.sid for sid, _ in service.numbers):
        return [ok(about, f"it belongs to the messaging service {clean(service.name)}")]
    now = f"it does not belong to the messaging service {clean(service.name)} ({service.sid})"
    if thing is Thing.SHORT_CODE:
        return [wrong(about, now, "add it in Twilio's console: Messaging, Services, Sender Pool")]
    values = (("phone_number_sid", number.sid),)
    return [
        wrong(
            about, now, "", Change(Thing.MEMBER, service.sid, values, "not in the service", "a sender of the service")
        )
    ]


def _own_addresses(number: Number, thing: Thing, wanted: Wanted) -> list[Finding]:
    about = f"number {number.number}"
    if not number.application:
        return judge_inbound(about, thing, number.sid, number.inbound, wanted)
    now = f"a TwiML app ({clean(number.application)}) takes its messages, whatever addresses the number has"
    values = (("sms_application_sid", ""), ("sms_url", wanted.messages), ("sms_method", "POST"))
    change = Change(thing, number.sid, values, f"the app {clean(number.application)}", f"{wanted.messages} by POST")
    return [
        wrong(about, now, "where Twilio refuses it, take the app out in its console, Phone Numbers, the number", change)
    ]
