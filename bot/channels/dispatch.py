"""What the worker does with the outbox: sends what is due, finds out what nobody knows the end of, and stops after two days."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

import structlog
from msgspec import Struct

from bot.channels.inbound import channel_of
from bot.channels.rest import CarrierError, Hurried, Refused, Unclear
from bot.channels.sending import Outgoing, Sends, Taken
from bot.escalation.outgoing import LONGEST_PAUSE, pause
from bot.escalation.refused import NO_CARRIER, OPTED_OUT, UNREADABLE, WINDOW_CLOSED, Next, is_known, refusal
from bot.escalation.window import WINDOW
from bot.message import Channel
from bot.store.carrier_alarms import CarrierAlarms
from bot.store.counting import Counting
from bot.store.errors import KeyGone, SealBroken, StoreError, WrappedKeyDamaged
from bot.store.escalations import Escalations
from bot.store.opt_outs import OptOuts
from bot.store.outbox import Outbox
from bot.store.outbox_rows import ANSWER, Going
from bot.store.unsettled import Unsettled
from bot.wording.gsm7 import segments

_HUNG = ANSWER / 2
"""Seconds between the begin of a try and its sending after which it is not sent: half of the time that others wait for it."""
_CODES = 10_000
"""Twilio's own codes begin here; what is below is the HTTP status of an answer without one, as a proxy gives it."""

log = structlog.get_logger()


class Dispatch(Struct, frozen=True):
    """The dispatcher of an installation. Every method raises ``StoreDown``; several workers may run it at once.

    ``carrier`` None: there is none, and what is to be sent is refused. ``reports`` is the address to which the carrier
    reports, without its query; empty for none. ``spend`` counts segments that went out, ``counting`` is of the week.
    """

    outbox: Outbox
    unsettled: Unsettled
    escalations: Escalations
    opt_outs: OptOuts
    alarms: CarrierAlarms
    carrier: Sends | None
    reports: str
    spend: Callable[[int], None]
    clock: Callable[[], float]
    counting: Counting | None = None

    def send_due(self) -> int:
        """Sends what may be sent now, some at a time; returns how many were begun."""
        began = 0
        for id in self.outbox.due():
            going = self.outbox.begin(id)
            if going is not None:
                began += 1
                self._send(going)
        return began

    def settle(self) -> None:
        """Finds out what nobody knows the end of, and stops what took too long."""
        self.look_up()
        self.ask_silent()
        self.give_up()

    def look_up(self) -> None:
        """Asks the carrier about tries of which nobody knows the end. What it surely does not have is sent again."""
        if self.carrier is None:
            return
        for going in self.unsettled.to_look_up():
            outgoing = self._opened(going, self.outbox.unsure)
            if outgoing is not None:
                self._look_up(going, outgoing, self.carrier)

    def ask_silent(self) -> None:
        """Asks about messages that the carrier has and does not report about: a report may be lost."""
        if self.carrier is None:
            return
        for going in self.unsettled.silent():
            try:
                self._note(going, self.carrier.fetch(going.sid or ""))
            except CarrierError as error:
                _log(error)
            self.unsettled.asked(going)

    def give_up(self) -> None:
        """What could not be sent for two days is not sent any more; staff find it in the conversation."""
        for going in self.unsettled.overdue():
            if self.unsettled.give_up(going):
                log.error("outbox.gave_up")
        self.unsettled.forget()

    def _look_up(self, going: Going, outgoing: Outgoing, carrier: Sends) -> None:
        try:
            found = carrier.find(outgoing, going.since, self.unsettled.known(going.since))
        except CarrierError as error:
            _log(error)
            self.outbox.unsure(going, self.clock() + _pause(going))
            return
        if found is None:
            self.outbox.again(going, self.clock())
        else:
            self._took(going, outgoing, found)

    def _send(self, going: Going) -> None:
        outgoing = self._opened(going, self.outbox.again)
        if outgoing is None:
            return
        try:
            code = self._forbidden(going, outgoing)
        except StoreError as error:
            log.warning("outbox.waits", error=type(error).__name__)
            self.outbox.again(going, self.clock() + _pause(going))
            return
        if code is not None or self.carrier is None:
            self._refused(going, NO_CARRIER if code is None else code)
            return
        if self.clock() - going.since > _HUNG:
            # Another worker may be looking this try up by now, and send it again where the carrier does not have it.
            log.warning("outbox.hung")
            self.outbox.again(going, self.clock())
            return
        report_to = f"{self.reports}?o={going.name}" if self.reports else ""
        try:
            taken = self.carrier.create(outgoing, report_to)
        except Hurried:
            self.outbox.again(going, self.clock() + _pause(going))
        except Unclear as error:
            _log(error)
            self.outbox.unsure(going)
        except CarrierError as error:
            _log(error)
            self._not_taken(going, outgoing, error)
        else:
            if taken is None:
                self._refused(going, NO_CARRIER)
            else:
                self._took(going, outgoing, taken)

    def _took(self, going: Going, outgoing: Outgoing, taken: Taken) -> None:
        """The carrier has it, whatever it says of how far it is."""
        if taken.error is not None:
            self._act(going, taken.error)
        self.outbox.sent(going, taken.sid, taken.status, taken.error)
        parts = segments(outgoing.body)
        self.spend(parts)
        if self.counting is not None and outgoing.channel is Channel.SMS:
            self.counting.sms(parts)

    def _not_taken(self, going: Going, outgoing: Outgoing, error: CarrierError) -> None:
        """The carrier answered, so it was surely not sent: for a reason of this message, or for one of ours."""
        code = int(error.code) if error.code.isdigit() else 0
        if code >= _CODES and (isinstance(error, Refused) or is_known(code)):
            self._refused(going, code)
            # Of what was never taken no report comes.
            if self.counting is not None:
                self.counting.failed(code, outgoing.channel)
            return
        # The key is wrong or was taken back, or something in between refused it: messages wait until a person has mended that.
        self.alarms.note(code)
        self.outbox.again(going, self.clock() + LONGEST_PAUSE)

    def _refused(self, going: Going, code: int) -> None:
        self._act(going, code)
        self.outbox.refused(going, code)

    def _note(self, going: Going, taken: Taken) -> None:
        if taken.error is not None:
            self._act(going, taken.error)
        self.outbox.reported(going.name, taken.status, taken.error, taken.sid)

    def _act(self, going: Going, code: int) -> None:
        """What a code asks for beside the message itself."""
        asked = refusal(code).next
        if asked is Next.OPERATOR:
            self.alarms.note(code)
        if asked is Next.OPTED_OUT:
            with suppress(KeyGone):
                address = self.escalations.address(going.escalation)
                self.opt_outs.stop(address, channel_of(address), self.clock())

    def _opened(self, going: Going, later: Callable[[Going, float], None]) -> Outgoing | None:
        """What is to be sent; None where it cannot be read, or not now: then ``later`` puts it off."""
        try:
            letter, address = self.outbox.letter(going), self.escalations.address(going.escalation)
        except KeyGone:
            self.outbox.canceled(going)
        except (SealBroken, WrappedKeyDamaged, ValueError) as error:
            log.error("outbox.unreadable", error=type(error).__name__)
            self._refused(going, UNREADABLE)
        except StoreError as error:
            log.warning("outbox.waits", error=type(error).__name__)
            later(going, self.clock() + _pause(going))
        else:
            return Outgoing(address, letter.channel, letter.text, going.template, letter.values, letter.last_inbound)
        return None

    def _forbidden(self, going: Going, outgoing: Outgoing) -> int | None:
        """Why it may not be sent now, although it might have been when it was written."""
        if self.opt_outs.is_stopped(outgoing.address):
            return OPTED_OUT
        if outgoing.channel is not Channel.WHATSAPP or going.template or outgoing.last_inbound is None:
            return None
        return WINDOW_CLOSED if self.clock() >= outgoing.last_inbound + WINDOW else None


def _pause(going: Going) -> float:
    # A jitter, no secret.
    return pause(going.tries, random.random())  # nosec B311 # noqa: S311


def _log(error: CarrierError) -> None:
    log.warning("carrier.failed", error=type(error).__name__, code=error.code)
