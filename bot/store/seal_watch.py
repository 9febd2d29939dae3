"""The worker's look at the seals of rows: a process that answers reads them only when they change, and says nothing of a flip meanwhile."""

from __future__ import annotations

import structlog
from sqlalchemy import Engine

from bot.escalation import alert
from bot.store.carrier_alarms import CarrierAlarms
from bot.store.resealing import look

log = structlog.get_logger()


class SealWatch:
    """Looks; several workers may do it at once. ``key`` is that of the seals."""

    def __init__(self, engine: Engine, key: bytes, alarms: CarrierAlarms) -> None:
        self._engine, self._key, self._alarms = engine, key, alarms

    def look(self) -> None:
        """Verifies every record of the directory, every notice and every withdrawal; admins are told by mail. Raises ``StoreDown``."""
        found = look(self._engine, self._key)
        rows = len(found.records) + len(found.notices) + len(found.withdrawals)
        if rows or found.sets:
            log.error("seals.damaged", moved=rows, error=", ".join(found.sets))
            self._alarms.note(alert.RELEASE)
