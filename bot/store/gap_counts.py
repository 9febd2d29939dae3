"""Which help was asked for where nothing was near, as the weekly counts have it in SQL."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine, select

from bot.store.database import sql_errors
from bot.store.models import GapCount


def gap_counts(engine: Engine, since: date) -> list[tuple[str, str, int]]:
    """State, kind of help and how often, of each week that began on that day or later. Raises ``StoreDown``."""
    wanted = select(GapCount.state, GapCount.help, GapCount.n).where(GapCount.week >= since)
    with sql_errors(), engine.connect() as connection:
        return [(state, help, n) for state, help, n in connection.execute(wanted)]
