"""Asks Twilio's API what stands there about us, and sets it. No message is read, sent or deleted here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.channels.rest import (
    TIMEOUT,
    CarrierError,
    Forbidden,
    Gone,
    Hurried,
    Refused,
    Unauthorised,
    Unclear,
    answers,
    client_of,
)
from bot.channels.setup.findings import Change, Thing
from bot.channels.setup.found import (
    Account,
    Campaign,
    Inbound,
    Number,
    Problem,
    Rights,
    Service,
    TollFree,
    Trouble,
    WhatsApp,
)
from bot.settings import Settings

MOST = 1_000
"""Things of one kind that are listed; nobody who sets up a bot has more."""
MOST_SERVICES = 20
_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
"""There is no message from before it: whether a key may list messages is seen without reading any."""
_PATIENCE = 2
_TROUBLES: tuple[tuple[type[CarrierError], Trouble], ...] = (
    (Forbidden, Trouble.FORBIDDEN),
    (Unauthorised, Trouble.WRONG_KEY),
    (Gone, Trouble.GONE),
    (Hurried, Trouble.HURRIED),
    (Refused, Trouble.REFUSED),
)
T = TypeVar("T")


class Asking:
    """Our account at Twilio, asked with its token. Every question has an answer or a ``Problem``, and raises nothing.

    ``answered``: whether anything was heard of Twilio so far.
    """

    def __init__(self, settings: Settings, token: str, timeout: float = TIMEOUT) -> None:
        self._settings = settings
        self._client = client_of(settings, settings.twilio_account_sid, token, timeout)
        self._timeout = timeout
        self._silent = list[Problem]()
        self.answered = False

    def account(self) -> Account | Problem:
        """The account itself."""
        sid = self._settings.twilio_account_sid
        return self._ask(lambda: _account(self._client.api.v2010.accounts(sid).fetch(), sid))

    def listed(self) -> Problem | None:
        """Whether the worker's key may list messages: None if so. None of them is asked for."""
        key, secret = self._settings.twilio_api_key, self._settings.twilio_api_secret
        messages = client_of(self._settings, key, secret, self._timeout).api.v2010.account.messages
        found = self._ask(lambda: messages.page(page_size=1, date_sent_before=_BEFORE_ALL))
        return found if isinstance(found, Problem) else None

    def contents(self) -> Problem | None:
        """Whether the worker's key may list contents: None if so."""
        key, secret = self._settings.twilio_api_key, self._settings.twilio_api_secret
        contents = client_of(self._settings, key, secret, self._timeout).content.v1.contents
        found = self._ask(lambda: contents.page(page_size=1))
        return found if isinstance(found, Problem) else None

    def rights(self) -> Rights | Problem:
        """What the worker's key may do."""
        return self._ask(lambda: _rights(self._client.iam.v1.api_key(self._settings.twilio_api_key).fetch()))

    def numbers(self) -> list[Number] | Problem:
        """The numbers and short codes of the account."""
        account = self._client.api.v2010.account

        def found() -> list[Number]:
            numbers = [_number(each) for each in account.incoming_phone_numbers.list(limit=MOST, page_size=MOST)]
            return numbers + self._short_codes()

        return self._ask(found)

    def _short_codes(self) -> list[Number]:
        named = [each for each in self._settings.twilio_sms_from if len(each) <= 6 and each.isdigit()]
        codes = self._client.api.v2010.account.short_codes
        return [_short_code(each) for code in named for each in codes.list(short_code=code, limit=MOST)]

    def service(self, sid: str) -> Service | Problem:
        """A Messaging Service with its senders."""
        return self._ask(lambda: self._whole(self._client.messaging.v1.services(sid).fetch()))

    def services(self) -> list[Service] | Problem:
        """The first Messaging Services of the account."""
        return self._ask(
            lambda: [self._whole(each) for each in self._client.messaging.v1.services.list(limit=MOST_SERVICES)]
        )

    def _whole(self, service: Any) -> Service:
        senders = self._client.messaging.v1.services(service.sid)
        numbers = [(each.sid, each.phone_number) for each in senders.phone_numbers.list(limit=MOST)]
        if any(each.isdigit() for each in self._settings.twilio_sms_from):
            numbers += [(each.sid, each.short_code) for each in senders.short_codes.list(limit=MOST)]
        return _service(service, numbers)

    def campaigns(self, service: str) -> list[Campaign] | Problem:
        """The registrations for US long codes of a service."""
        listed = self._client.messaging.v1.services(service).us_app_to_person
        return self._ask(lambda: [_campaign(each) for each in listed.list(limit=MOST)])

    def toll_free(self, number: str) -> list[TollFree] | Problem:
        """The verifications of a toll-free number, by Twilio's id of it."""
        listed = self._client.messaging.v1.tollfree_verifications
        return self._ask(
            lambda: [_toll_free(each) for each in listed.list(tollfree_phone_number_sid=number, limit=MOST)]
        )

    def whatsapp(self) -> list[WhatsApp] | Problem:
        """The WhatsApp senders of the account."""
        listed = self._client.messaging.v2.channels_senders
        return self._ask(lambda: [_whatsapp(each) for each in listed.list(channel="whatsapp", limit=MOST)])

    def countries(self, codes: Collection[str]) -> dict[str, bool] | Problem:
        """Whether our SMS may go to these countries."""
        permissions = self._client.accounts.v1.messaging_geopermissions
        return self._ask(
            lambda: {
                str(each["country_code"]): each["enabled"] is True
                for each in permissions.fetch(country_code=",".join(codes)).permissions
            }
        )

    def apply(self, change: Change) -> Problem | None:
        """Makes a change; what kept it from being made, else None."""
        done = self._ask(lambda: self._set(change))
        return done if isinstance(done, Problem) else None

    def _set(self, change: Change) -> None:
        values = dict(change.values)
        match change.thing:
            case Thing.NUMBER:
                self._client.api.v2010.account.incoming_phone_numbers(change.sid).update(**values)
            case Thing.SHORT_CODE:
                self._client.api.v2010.account.short_codes(change.sid).update(**values)
            case Thing.SERVICE:
                self._client.messaging.v1.services(change.sid).update(**values)
            case Thing.MEMBER:
                self._client.messaging.v1.services(change.sid).phone_numbers.create(**values)
            case Thing.WHATSAPP:
                self._set_webhook(change.sid, values)
            case Thing.COUNTRIES:
                self._open(values)

    def _set_webhook(self, sid: str, values: dict[str, Any]) -> None:
        """The whole of its addresses as they are now, with these among them: a part left out might be emptied."""
        sender = self._client.messaging.v2.channels_senders(sid).fetch()
        update = sender.MessagingV2ChannelsSenderRequestsUpdate({"webhook": {**(sender.webhook or {}), **values}})
        sender.update(messaging_v2_channels_sender_requests_update=update)

    def _open(self, values: dict[str, Any]) -> None:
        asked = [{"country_code": code, "type": "country", "enabled": on} for code, on in values.items()]
        done = self._client.accounts.v1.messaging_geopermissions.update(permissions=asked).permissions
        failed = [str(each["error_code"]) for each in done if each.get("error_code")]
        if failed:
            raise Refused(failed[0])

    def _ask(self, question: Callable[[], T]) -> T | Problem:
        # Whoever waits at a terminal learns after two silences that nobody is there.
        if not self.answered and len(self._silent) >= _PATIENCE:
            return self._silent[-1]
        try:
            with answers():
                found = question()
        except CarrierError as error:
            problem = _problem(error)
            self.answered |= not problem.unreachable
            if problem.silent:
                self._silent.append(problem)
            return problem
        self.answered = True
        return found


def _problem(error: CarrierError) -> Problem:
    trouble = next((each for kind, each in _TROUBLES if isinstance(error, kind)), Trouble.UNCLEAR)
    return Problem(trouble, error.code)


def _account(found: Any, sid: str) -> Account:
    if found.sid != sid:
        raise Unclear("unreadable")
    return Account(sid, found.status or "", found.type or "")


def _rights(found: Any) -> Rights:
    return Rights(None if found.policy is None else frozenset(found.policy["allow"]))


def _number(found: Any) -> Number:
    can = found.capabilities or {}
    inbound = Inbound(found.sms_url or "", found.sms_method or "", found.sms_fallback_url or "")
    return Number(
        found.sid,
        found.phone_number,
        inbound,
        bool(can.get("sms")),
        bool(can.get("mms")),
        found.sms_application_sid or "",
    )


def _short_code(found: Any) -> Number:
    inbound = Inbound(found.sms_url or "", found.sms_method or "", found.sms_fallback_url or "")
    return Number(found.sid, found.short_code, inbound)


def _service(found: Any, numbers: list[tuple[str, str]]) -> Service:
    return Service(
        sid=found.sid,
        name=found.friendly_name or found.sid,
        inbound=Inbound(found.inbound_request_url or "", found.inbound_method or "POST", found.fallback_url or ""),
        status_callback=found.status_callback or "",
        by_number=bool(found.use_inbound_webhook_on_number),
        # What Twilio did not say is not to be mended.
        sticky=found.sticky_sender is not False,
        validity=found.validity_period or 36_000,
        numbers=tuple(numbers),
    )


def _campaign(found: Any) -> Campaign:
    return Campaign(found.campaign_status or "", tuple(_fault(each) for each in found.errors or ()))


def _fault(found: Any) -> str:
    """What was wrong with a registration: Twilio's sentence, its code and the fields that it is about."""
    fields = ", ".join(str(each) for each in found.get("fields") or ())
    about = " ".join(filter(None, (str(found.get("error_code") or ""), fields)))
    return f"{found.get('description') or 'refused'} ({about})" if about else str(found.get("description") or "refused")


def _toll_free(found: Any) -> TollFree:
    return TollFree(found.status or "", found.rejection_reason or "")


def _whatsapp(found: Any) -> WhatsApp:
    webhook = found.webhook or {}
    inbound = Inbound(
        webhook.get("callback_url") or "", webhook.get("callback_method") or "POST", webhook.get("fallback_url") or ""
    )
    return WhatsApp(found.sid, found.sender_id, found.status or "", inbound, webhook.get("status_callback_url") or "")
