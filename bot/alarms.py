"""Telling people of the network by mail: those on duty that somebody with something urgent waits, admins that nothing goes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog
from msgspec import Struct

from bot.escalation import alert
from bot.escalation.alert import Alert
from bot.mail import Mail, MailError, MailRefused
from bot.store.carrier_alarms import CarrierAlarms
from bot.store.desk_alarms import DeskAlarms, Reached

log = structlog.get_logger()


class Alarms(Struct, frozen=True):
    """The alarms of an installation; ``url`` is where the desk is opened. Every method raises ``StoreDown``."""

    desk: DeskAlarms
    carrier: CarrierAlarms
    mail: Mail
    url: str

    def tell(self) -> None:
        """Tells of all that is due. What no server took is due again in a while."""
        self._tell_urgent()
        for code in self.carrier.due():
            reached = self.desk.admins()
            if not reached:
                log.error("alarm.reaches_nobody")
            if not reached or self._send(reached, lambda language, code=code: alert.carrier(language, code)):  # type: ignore[misc]
                self.carrier.told(code)

    def _tell_urgent(self) -> None:
        """One mail to each person, however many wait: it says no more than that somebody does."""
        taken = self.desk.take()
        reached = {alarm: self.desk.whom(alarm.organization) for alarm in taken}
        everybody = dict.fromkeys(each for people in reached.values() for each in people)
        told = self._send(tuple(everybody), lambda language: alert.urgent(language, self.url))
        for alarm, people in reached.items():
            if not people:
                log.error("alarm.reaches_nobody")
            if not people or told & set(people):
                self.desk.told(alarm)

    def _send(self, reached: Sequence[Reached], words: Callable[[str], Alert]) -> set[Reached]:
        return mailed(self.mail, reached, words).told


class Mailed(Struct, frozen=True):
    """Who was told, and whether the server was away, so that others were not tried."""

    told: set[Reached]
    away: bool


def mailed(mail: Mail, reached: Sequence[Reached], words: Callable[[str], Alert]) -> Mailed:
    """Sends each of them a mail in her language; raises nothing."""
    told: set[Reached] = set()
    for each in reached:
        said = words(each.language)
        try:
            mail.send(each.email, said.subject, said.text)
            told.add(each)
        except MailRefused as error:
            log.error("alarm.refused", error=type(error).__name__)
        except MailError as error:
            # The server is not there or not ours: the others would wait for it in vain.
            log.error("alarm.not_sent", error=type(error).__name__)
            return Mailed(told, away=True)
    return Mailed(told, away=False)
