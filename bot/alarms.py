"""Telling people of the network by mail: those on duty that somebody with something urgent waits, admins that nothing goes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from bot.escalation import alert
from bot.escalation.alert import Alert
from bot.mail import Mail, MailError, MailRefused
from bot.store.carrier_alarms import CarrierAlarms
from bot.store.desk_alarms import DeskAlarms, Reached

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Alarms:
    """The alarms of an installation; ``url`` is where the desk is opened. Every method raises ``StoreDown``."""

    desk: DeskAlarms
    carrier: CarrierAlarms
    mail: Mail
    url: str

    def tell(self) -> None:
        """Tells of all that is due. What no server took is due again in a while."""
        for alarm in self.desk.take():
            if self._send(self.desk.whom(alarm.organization), lambda language: alert.urgent(language, self.url)):
                self.desk.told(alarm)
        for code in self.carrier.due():
            if self._send(self.desk.admins(), lambda language, code=code: alert.carrier(language, code)):  # type: ignore[misc]
                self.carrier.told(code)

    def _send(self, reached: Sequence[Reached], words: Callable[[str], Alert]) -> bool:
        """Whether somebody was told, or nobody ever can be."""
        if not reached:
            log.error("alarm.reaches_nobody")
            return True
        done = False
        for each in reached:
            told = words(each.language)
            try:
                self.mail.send(each.email, told.subject, told.text)
                done = True
            except MailRefused as error:
                log.error("alarm.refused", error=type(error).__name__)
            except MailError as error:
                # The server is not there or not ours: the others would wait for it in vain.
                log.error("alarm.not_sent", error=type(error).__name__)
                return done
        return done
