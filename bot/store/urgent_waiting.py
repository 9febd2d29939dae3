"""How many urgent conversations wait for somebody: what every page of the console says to those on duty.

A number and nothing else: no row is unsealed for it, and it costs less than a millisecond, so nothing is remembered that
could still stand there after somebody took the last one.
"""

from __future__ import annotations

from sqlalchemy import Engine, func, select

from bot.escalation.escalation import Urgency
from bot.escalation.viewer import Role, Viewer
from bot.store.database import sql_errors
from bot.store.desk_door import reached
from bot.store.models import Escalation


def urgent_waiting(engine: Engine, viewer: Viewer) -> int:
    """Those that she reaches, are open, and nobody has taken; 0 for roles that see none. Raises ``StoreDown``."""
    if not viewer.has(Role.RESPONDER, Role.COORDINATOR):
        return 0
    wanted = select(func.count()).where(
        Escalation.closed.is_(None),
        Escalation.erased.is_(None),
        Escalation.claimed_by.is_(None),
        Escalation.urgency == Urgency.URGENT.value,
        reached(viewer),
    )
    with sql_errors(), engine.connect() as connection:
        return int(connection.scalar(wanted) or 0)
