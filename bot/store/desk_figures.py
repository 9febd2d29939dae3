"""What the figures of /metrics tell of the desk: only that something has waited too long, never how many or since when.

Who reads these figures may keep them for longer than we may keep anything: a wait that is told to the second would be the
minute in which somebody in danger wrote.
"""

from __future__ import annotations

from bisect import bisect_right

from sqlalchemy import Engine, func, select

from bot.escalation.escalation import Urgency
from bot.store.database import sql_errors
from bot.store.models import Escalation, OutboxRow
from bot.store.outbox_rows import ON_ITS_WAY, names

WAITS = (600, 1800, 3600, 4 * 3600, 24 * 3600)
"""Seconds of a wait that are told: the last of these that is over. Before the first those on duty have just been told."""
STUCK = 120
"""Seconds after which a message of staff should long be on its way."""


def urgent_wait(engine: Engine, now: float) -> int:
    """How long the longest urgent wait for a word of staff is, as one of ``WAITS``; 0 for none of ten minutes. Raises ``StoreDown``."""
    oldest = select(func.min(Escalation.waiting_since)).where(
        Escalation.urgency == Urgency.URGENT.value, Escalation.closed.is_(None), Escalation.erased.is_(None)
    )
    with sql_errors(), engine.connect() as connection:
        since = connection.scalar(oldest)
    return 0 if since is None else in_waits(now - since)


def outbox_stuck(engine: Engine, now: float) -> int:
    """How many messages of staff have waited two minutes and more to be given to the carrier. Raises ``StoreDown``."""
    waiting = (OutboxRow.state.in_(names(ON_ITS_WAY)), OutboxRow.sid.is_(None), OutboxRow.made <= int(now - STUCK))
    with sql_errors(), engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(OutboxRow).where(*waiting)) or 0)


def in_waits(seconds: float) -> int:
    """The longest of ``WAITS`` that is over after so many seconds; 0 for none."""
    over = bisect_right(WAITS, seconds)
    return WAITS[over - 1] if over else 0
