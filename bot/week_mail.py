"""The week's mail to coordinators: on Mondays, what waits, in numbers. Without a mail server the console shows it alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog

from bot.escalation import alert
from bot.mail import Mail, MailError, MailRefused
from bot.scripts.digest import Digest, lines, week_of
from bot.store.desk_alarms import DeskAlarms
from bot.store.digest_week import DigestWeek

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class WeekMail:
    """The mail of an installation. ``waits`` counts, ``url`` is where the console is opened, ``zone`` the clocks of the team."""

    desk: DeskAlarms
    weeks: DigestWeek
    waits: Callable[[], Digest]
    mail: Mail
    url: str
    clock: Callable[[], float]
    zone: str

    def send(self) -> None:
        """Sends what is due: one mail to each coordinator, once a week. Raises ``StoreDown``.

        Where nobody could be reached it is tried again in a while; where some were, nobody gets it twice.
        """
        week = week_of(datetime.fromtimestamp(self.clock(), UTC).astimezone(ZoneInfo(self.zone)))
        if week is None or not self.weeks.take(week):
            return
        reached, digest = self.desk.coordinators(), self.waits()
        if not reached:
            log.warning("digest.reaches_nobody")
        told = False
        for each in reached:
            said = alert.week(each.language, lines(digest, each.language), self.url)
            try:
                self.mail.send(each.email, said.subject, said.text)
                told = True
            except MailRefused as error:
                # This address is wrong, today and later.
                told = True
                log.error("alarm.refused", error=type(error).__name__)
            except MailError as error:
                log.error("alarm.not_sent", error=type(error).__name__)
                break
        if told or not reached:
            self.weeks.sent(week)
