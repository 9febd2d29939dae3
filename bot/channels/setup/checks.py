"""All checks, in their order. One that cannot be made says so, and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from bot.channels.buttons import can_send
from bot.channels.setup.abroad import judge_countries
from bot.channels.setup.account import judge_account, judge_key, judge_tokens
from bot.channels.setup.addresses import Wanted, fallback_fault, wanted_of
from bot.channels.setup.buttons import judge_buttons
from bot.channels.setup.by_hand import to_look_at
from bot.channels.setup.findings import Change, Finding, State, wrong
from bot.channels.setup.found import (
    Account,
    Campaign,
    Number,
    Problem,
    Rights,
    Service,
    TollFree,
    Trouble,
    WhatsApp,
)
from bot.channels.setup.kinds import Kind, kind_of
from bot.channels.setup.numbers import judge_number, judge_unnamed
from bot.channels.setup.problems import not_checked
from bot.channels.setup.registration import judge_campaigns, judge_toll_free
from bot.channels.setup.routes import NO_ADDRESS
from bot.channels.setup.service import judge_no_service, judge_service
from bot.channels.setup.whatsapp import judge_whatsapp
from bot.settings import NOT_THERE, Settings


class Asks(Protocol):
    """Whoever asks Twilio. ``answered``: whether anything was heard of it."""

    answered: bool

    def account(self) -> Account | Problem: ...
    def listed(self) -> Problem | None: ...
    def contents(self) -> Problem | None: ...
    def rights(self) -> Rights | Problem: ...
    def numbers(self) -> list[Number] | Problem: ...
    def service(self, sid: str) -> Service | Problem: ...
    def services(self) -> list[Service] | Problem: ...
    def campaigns(self, service: str) -> list[Campaign] | Problem: ...
    def toll_free(self, number: str) -> list[TollFree] | Problem: ...
    def whatsapp(self) -> list[WhatsApp] | Problem: ...
    def countries(self, codes: Collection[str]) -> dict[str, bool] | Problem: ...
    def apply(self, change: Change) -> Problem | None: ...


class Report(Struct, frozen=True):
    """What all checks found, and who can make the changes. ``locked_out``: Twilio took no token, or was not heard of at all."""

    findings: tuple[Finding, ...]
    twilio: Asks
    locked_out: bool

    @property
    def changes(self) -> tuple[tuple[Finding, Change], ...]:
        """What ``--apply`` would set, in its order, each with what it mends."""
        return tuple((each, each.change) for each in self.findings if each.change)

    def count(self, state: State) -> int:
        """How many there are of this state."""
        return sum(each.state is state for each in self.findings)

    @property
    def exit_code(self) -> int:
        """0: all is right; 1: something is to be mended, or could not be checked; 2: Twilio took no token or was not there."""
        if self.locked_out:
            return 2
        return 1 if self.count(State.MEND) or self.count(State.UNASKED) else 0


def look_around(settings: Settings, ask: Callable[[str], Asks], fallback: str = "") -> Report:
    """Asks for everything and judges it; changes nothing. ``ask`` makes who asks, with a token; ``fallback`` is the wanted address."""
    asking = [ask(token) for token in settings.twilio_auth_token]
    accounts = [each.account() for each in asking]
    twilio = next((each for each, found in zip(asking, accounts, strict=True) if isinstance(found, Account)), asking[0])
    findings = judge_tokens(accounts)
    refused = [each for each in accounts if isinstance(each, Problem) and each.trouble is not Trouble.UNCLEAR]
    if len(refused) == len(accounts) and all(each.trouble is Trouble.WRONG_KEY for each in refused):
        return Report(tuple(findings), twilio, locked_out=True)
    for found in accounts:
        if isinstance(found, Account):
            findings += judge_account(found)
            break
    findings += _Checks(settings, twilio, wanted_of(settings.public_base_url, fallback)).all()
    return Report(tuple(findings), twilio, locked_out=not twilio.answered)


class _Checks:
    """The checks behind the token: what one of them has fetched, another judges too."""

    def __init__(self, settings: Settings, twilio: Asks, wanted: Wanted | None) -> None:
        self._settings, self._twilio = settings, twilio
        self._sms = tuple(each for each in settings.twilio_sms_from if each != NOT_THERE)
        self._has_sms = NOT_THERE not in settings.twilio_sms_from
        self._whatsapp = tuple(each for each in settings.twilio_whatsapp_from if each != NOT_THERE)
        self._numbers = twilio.numbers() if self._has_sms else list[Number]()
        sid = settings.twilio_messaging_service_sid
        self._service = twilio.service(sid) if sid else None
        self._senders = twilio.whatsapp() if self._whatsapp else list[WhatsApp]()
        self._wanted = _with_fallback(wanted, self._fallbacks())

    def all(self) -> Iterator[Finding]:
        """Every finding."""
        yield from self._key()
        if self._wanted is None:
            yield wrong(
                "PUBLIC_BASE_URL", NO_ADDRESS, "set it to the https address of this server that the world can reach"
            )
        if self._has_sms:
            yield from self._of_service()
            yield from self._of_numbers()
            yield from self._registered()
            yield from self._abroad()
        yield from self._of_whatsapp()
        if self._settings.whatsapp_buttons:
            ready = can_send(self._settings)
            yield judge_buttons(ready, self._twilio.contents() if ready else None)
        yield from to_look_at(sms=self._has_sms)

    def _fallbacks(self) -> Iterator[str]:
        """The fallbacks that there are: one that is right somewhere is right for the others."""
        if isinstance(self._service, Service):
            yield self._service.inbound.fallback
        for number in self._numbers if isinstance(self._numbers, list) else ():
            if number.number in self._sms:
                yield number.inbound.fallback
        for sender in self._senders if isinstance(self._senders, list) else ():
            yield sender.inbound.fallback

    def _key(self) -> list[Finding]:
        name = self._settings.twilio_api_key
        if not name.startswith("SK"):
            return judge_key(name, None, Rights(None))
        return judge_key(name, self._twilio.listed(), self._twilio.rights())

    def _of_service(self) -> list[Finding]:
        sid = self._settings.twilio_messaging_service_sid
        if isinstance(self._service, Service):
            return judge_service(self._service, self._sms, self._wanted)
        about = f"TWILIO_MESSAGING_SERVICE_SID {sid}"
        if isinstance(self._service, Problem):
            if self._service.trouble is not Trouble.GONE:
                return [not_checked(about, self._service)]
            return [
                wrong(about, "this account has no such service", "copy it from Twilio's console, Messaging, Services")
            ]
        services = self._twilio.services()
        if isinstance(services, Problem):
            return [not_checked("messaging services of the account", services)]
        return judge_no_service(services, self._sms)

    def _of_numbers(self) -> Iterator[Finding]:
        if isinstance(self._numbers, Problem):
            yield not_checked("numbers of the account", self._numbers)
            return
        if not self._sms and not isinstance(self._service, Service):
            yield from judge_unnamed(self._numbers)
        # While it is not known what the service is, a number's own addresses are not known to count.
        wanted = None if isinstance(self._service, Problem) else self._wanted
        for named in self._sms:
            service = self._service if isinstance(self._service, Service) else None
            yield from judge_number(named, self._numbers, service, wanted)

    def _registered(self) -> Iterator[Finding]:
        if isinstance(self._numbers, Problem):
            return
        ours = [each for each in self._numbers if each.number in self._ours()]
        if any(kind_of(each.number) is Kind.US_LONG_CODE for each in ours):
            yield from self._campaigns()
        for number in ours:
            if kind_of(number.number) is Kind.TOLL_FREE:
                found = self._twilio.toll_free(number.sid)
                about = f"verification of the toll-free number {number.number}"
                yield not_checked(about, found) if isinstance(found, Problem) else judge_toll_free(number.number, found)

    def _ours(self) -> Sequence[str]:
        if self._sms or not isinstance(self._service, Service):
            return self._sms
        return [number for _, number in self._service.numbers]

    def _campaigns(self) -> Iterator[Finding]:
        if isinstance(self._service, Problem):
            return
        if self._service is None:
            yield judge_campaigns(None, ())
            return
        found = self._twilio.campaigns(self._service.sid)
        if isinstance(found, Problem):
            yield not_checked("registration of US long codes (A2P 10DLC)", found)
        else:
            yield judge_campaigns(self._service, found)

    def _abroad(self) -> list[Finding]:
        codes = self._settings.countries
        found = self._twilio.countries(codes) if codes else {}
        if isinstance(found, Problem):
            return [not_checked("SMS to COUNTRIES", found)]
        return judge_countries(codes, found)

    def _of_whatsapp(self) -> Iterator[Finding]:
        if isinstance(self._senders, Problem):
            yield not_checked("WhatsApp senders of the account", self._senders)
            return
        for named in self._whatsapp:
            yield from judge_whatsapp(named, self._senders, self._wanted)


def _with_fallback(wanted: Wanted | None, known: Iterator[str]) -> Wanted | None:
    """With a fallback that is right at one of our things, where none was named."""
    if wanted is None or wanted.fallback:
        return wanted
    right = (each for each in known if not fallback_fault(each, wanted))
    return Wanted(wanted.messages, wanted.status, next(right, ""))
