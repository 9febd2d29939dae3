"""Sending at Twilio: a message of staff is created, fetched by its name, or looked for where nobody knows whether it was taken."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Protocol

from bot.channels.rest import TIMEOUT, Unclear, answers, made_at, messages_of, pages
from bot.escalation.outgoing import ENDS, of_carrier
from bot.message import Channel
from bot.settings import NOT_THERE, Settings
from bot.wording.gsm7 import fold_for_sms

CLOCKS_APART = 60.0
"""Seconds by which Twilio's clock may be behind ours."""

_PAGES = 20
"""So many pages to one person are no list of her messages; a list that does not end would hold up everybody's."""
_END = 7
"""Digits of a number that stay, however it is spelt."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to be sent. With ``template``, the carrier's id of one, its ``values`` are sent instead of the text.

    ``last_inbound`` (unix seconds) begins WhatsApp's 24 hours.
    """

    address: str = field(repr=False)
    channel: Channel
    text: str = field(repr=False)
    template: str | None = None
    values: dict[str, str] = field(default_factory=dict, repr=False)
    last_inbound: int | None = None

    @property
    def body(self) -> str:
        """The text as it arrives: an SMS without what would make it dearer, WhatsApp whole."""
        return fold_for_sms(self.text) if self.channel is Channel.SMS else self.text


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that the carrier has: its name there, how far it is in the carrier's words, and why it failed."""

    sid: str | None = field(repr=False)
    status: str
    error: int | None = None


class Sends(Protocol):
    """Whoever carries messages. Every method raises ``CarrierError``."""

    def create(self, outgoing: Outgoing, report_to: str) -> Taken | None:
        """Gives it to the carrier, which reports to this address; None where there is no number of ours to send it from."""

    def fetch(self, sid: str) -> Taken:
        """How far a message is. ``Gone`` when there is no such message any more."""

    def find(self, outgoing: Outgoing, since: float, known: Collection[str]) -> Taken | None:
        """The same message where the carrier has it since then; ``known`` are the names of others."""


class Sending:
    """Messages that go out from our numbers at Twilio."""

    def __init__(self, settings: Settings, timeout: float = TIMEOUT) -> None:
        self._messages = messages_of(settings, timeout)
        self._service = settings.twilio_messaging_service_sid
        self._from = {
            Channel.SMS: _first(settings.twilio_sms_from),
            Channel.WHATSAPP: settings.whatsapp_sender or None,
        }

    def create(self, outgoing: Outgoing, report_to: str) -> Taken | None:
        """As ``Sends`` says."""
        sender = self._sender(outgoing.channel)
        if sender is None:
            return None
        if outgoing.template:
            values = {"content_variables": json.dumps(outgoing.values)} if outgoing.values else {}
            what = {"content_sid": outgoing.template, **values}
        else:
            what = {"body": outgoing.body}
        report = {"status_callback": report_to} if report_to else {}
        with answers():
            message = self._messages.create(to=outgoing.address, **sender, **what, **report)
            return _taken(message)

    def fetch(self, sid: str) -> Taken:
        """As ``Sends`` says."""
        with answers():
            return _taken(self._messages(sid).fetch())

    def find(self, outgoing: Outgoing, since: float, known: Collection[str]) -> Taken | None:
        """As ``Sends`` says: by receiver and words, for Twilio knows no name of ours. Not by date: what waits there has none.

        ``Unclear`` where a list cannot be read to the end: what was not seen may still be there.
        """
        same = list[tuple[bool, float, Taken]]()
        for number, page in enumerate(pages(self._messages, to=outgoing.address)):
            if number == _PAGES:
                raise Unclear("endless")
            young = [(at, message) for at, message in _dated(page) if at >= since - CLOCKS_APART]
            with answers():
                for at, message in young:
                    if message.sid not in known and _is_same(message, outgoing):
                        taken = _taken(message)
                        same.append((of_carrier(taken.status) not in ENDS, at, taken))
            # Whole pages: Twilio does not say where in a list those stand that were not sent yet.
            if not young:
                break
        # An earlier try of this message that has failed is not this one; of it Twilio told.
        return max(same, key=itemgetter(0, 1))[2] if same else None

    def _sender(self, channel: Channel) -> dict[str, str] | None:
        """The service chooses among numbers for SMS, for WhatsApp only where no number is named."""
        number = self._from[channel]
        if self._service and (channel is Channel.SMS or not number):
            return {"messaging_service_sid": self._service}
        return {"from_": number} if number else None


class Paper:
    """The carrier of a machine on which nothing goes to Twilio: everything arrives at once, on paper."""

    def create(self, outgoing: Outgoing, report_to: str) -> Taken | None:
        """It has arrived."""
        return Taken(None, "delivered")

    def fetch(self, sid: str) -> Taken:
        """It has arrived."""
        return Taken(sid, "delivered")

    def find(self, outgoing: Outgoing, since: float, known: Collection[str]) -> Taken | None:
        """Nothing is kept."""
        return None


def sending_for(settings: Settings, timeout: float = TIMEOUT) -> Sends | None:
    """Who carries the messages of this installation. None: production without a key, where nothing can be sent."""
    if settings.twilio_api_key:
        return Sending(settings, timeout)
    return None if settings.production else Paper()


def _first(numbers: tuple[str, ...]) -> str | None:
    return next((each for each in numbers if each != NOT_THERE), None)


def _taken(message: Any) -> Taken:
    error = message.error_code
    if not isinstance(message.sid, str) or not isinstance(message.status, str):
        raise Unclear("unreadable")
    return Taken(message.sid, message.status, int(error) if error else None)


def _dated(page: list[Any]) -> list[tuple[float, Any]]:
    """With the moment of each, in unix seconds."""
    dated = [(made_at(message), message) for message in page]
    if any(at is None for at, _ in dated):
        raise Unclear("no date")
    return [(at, message) for at, message in dated if at is not None]


def _is_same(message: Any, outgoing: Outgoing) -> bool:
    """Whether this is a message that we began, with the same words. What a template became only the carrier knows."""
    # Twilio may spell a number in its own way (+52 and +521 are the same phone on WhatsApp); its end stays.
    if message.direction != "outbound-api" or (message.to or "")[-_END:] != outgoing.address[-_END:]:
        return False
    return bool(outgoing.template) or (message.body or "").split() == outgoing.body.split()
