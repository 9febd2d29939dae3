"""The week's mail to coordinators: on Mondays, what waits, in numbers. Without a mail server the console shows it alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog
from msgspec import Struct

from bot.alarms import mailed
from bot.escalation import alert
from bot.mail import Mail
from bot.scripts.digest import Digest, lines, week_of
from bot.store.desk_alarms import DeskAlarms
from bot.store.digest_week import DigestWeek

log = structlog.get_logger()


class WeekMail(Struct, frozen=True):
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
        sent = mailed(self.mail, reached, lambda language: alert.week(language, lines(digest, language), self.url))
        if sent.told or not sent.away:
            self.weeks.sent(week)
