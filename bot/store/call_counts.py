"""What the weekly counts say to whoever calls organizations: numbers that families say fail, and help that was not found near."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import Engine, delete, func, select

from bot.store.database import sql_errors
from bot.store.models import DirectoryFlag, GapCount


def flags(engine: Engine) -> Mapping[str, int]:
    """How often families said of a record (id of a phone or a service) that it fails. Raises ``StoreDown``."""
    wanted = select(DirectoryFlag.record, func.sum(DirectoryFlag.n)).group_by(DirectoryFlag.record)
    with sql_errors(), engine.connect() as connection:
        return {record: int(times) for record, times in connection.execute(wanted)}


def settle(engine: Engine, records: Iterable[str]) -> None:
    """Takes the flags off these records: somebody has called. Raises ``StoreDown``."""
    with sql_errors(), engine.begin() as connection:
        connection.execute(delete(DirectoryFlag).where(DirectoryFlag.record.in_(list(records))))


def gap_counts(engine: Engine, since: date) -> list[tuple[str, str, int]]:
    """State, kind of help and how often, of each week that began on that day or later. Raises ``StoreDown``."""
    wanted = select(GapCount.state, GapCount.help, GapCount.n).where(GapCount.week >= since)
    with sql_errors(), engine.connect() as connection:
        return [(state, help, n) for state, help, n in connection.execute(wanted)]
