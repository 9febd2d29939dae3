"""The weekly counts as they stand in SQL, for the figures: whole weeks alone, and of them nothing under five."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection, Engine, Table, func, select

from bot.figures.weeks import SMALL, WEEK, Row, Weeks, told
from bot.store.counts import TABLES, whole_until
from bot.store.database import sql_errors


def spans(engine: Engine) -> tuple[date, date] | None:
    """The first and the last whole week (Mondays) of which something is told; None while there is none. Raises ``StoreDown``."""
    until = whole_until(engine)
    if until is None:
        return None
    with sql_errors(), engine.connect() as connection:
        oldest = [_oldest(connection, table, until) for table in TABLES.values()]
    first = min((week for week in oldest if week is not None), default=None)
    # A week that begins on no Monday is nobody's count.
    return None if first is None else (first - timedelta(days=first.weekday()), until - WEEK)


def _oldest(connection: Connection, table: Table, until: date) -> date | None:
    try:
        found = connection.scalar(select(func.min(table.c.week)).where(table.c.n >= SMALL, table.c.week < until))
    except ValueError:
        return None
    return found if isinstance(found, date) else None


def weekly(engine: Engine, first: date, last: date) -> Weeks:
    """The cells of these weeks. What cannot be read is named, and keeps nobody from the rest. Raises ``StoreDown``."""
    cells: dict[str, list[Row]] = {}
    damaged: set[str] = set()
    with sql_errors(), engine.connect() as connection:
        for kind, table in TABLES.items():
            wanted = select(table).where(table.c.week.between(first, last), table.c.n >= SMALL)
            try:
                rows = connection.execute(wanted.order_by(*table.primary_key)).all()
                cells[kind] = [(row[0], tuple(row[1:-1]), int(row[-1])) for row in rows]
            except (ValueError, TypeError):
                damaged.add(kind)
    found = told(cells, first, last)
    return Weeks(first, last, found.cells, frozenset(damaged))
