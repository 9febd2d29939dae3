"""How often families looked for a kind of help in a state, from the weekly counts. Nothing of anybody: small counts are merged there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Engine, func, select

from bot.store.database import sql_errors
from bot.store.models import PlaceCount


def asked_for(engine: Engine, states: Collection[str], kinds: Collection[str], since: date) -> int:
    """In the weeks that began on that day or later. ``states`` as US-IL or GT-Quetzaltenango. Raises ``StoreDown``."""
    if not states or not kinds:
        return 0
    wanted = select(func.sum(PlaceCount.n)).where(
        PlaceCount.week >= since, PlaceCount.state.in_(states), PlaceCount.help.in_(kinds)
    )
    with sql_errors(), engine.connect() as connection:
        return int(connection.scalar(wanted) or 0)
