"""Weekly counts on their way from Redis to SQL, small cells merged before they are written.

A cell under five could point at a family, so during its week it waits in Redis, and what is left when the
week is over is merged from left to right: topic to "other", then language, then channel (state, then help).
Only the cell in which everything is "other" may be small.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from redis import Redis
from sqlalchemy import Connection, Engine, Table, and_, delete, insert, select, update

from bot.figures.weeks import OTHER as OTHER
from bot.figures.weeks import SMALL as SMALL
from bot.privacy import RETENTION
from bot.store.database import sql_errors
from bot.store.in_turn import in_turn
from bot.store.keys import utc_day
from bot.store.models import Base, Meta
from bot.store.redis_client import Script, read_hash, redis_errors
from bot.store.tally import PARTS, hash_name, monday

_WEEKS_BACK = 4
"""How many past weeks are looked after, because the worker may have been away."""
_BACKSTOP = timedelta(weeks=_WEEKS_BACK + 1)
_FLUSHED = "counts flushed"
_WHOLE = "counts whole"
"""Under this name stands the Monday before which every week is over and written: an earlier look would see it grow."""

TABLES: Mapping[str, Table] = {kind: Base.metadata.tables[f"{kind}_counts"] for kind in PARTS}
_SUBTRACT = Script("subtract")

Cell = tuple[str, ...]


def flush(redis: Redis, engine: Engine, now: float) -> int:
    """Moves what may be written of the last five weeks to SQL and returns how much. Raises ``StoreDown``.

    It is written to SQL, taken out of Redis and only then committed: a crash between the last two loses what
    one call moved, and nothing is ever counted twice. Of two at once the second waits, or gives up with
    ``StoreDown`` after a second.
    """
    this_week = monday(now)
    moved = 0
    for kind in PARTS:
        for back in range(_WEEKS_BACK + 1):
            week = this_week - timedelta(weeks=back)
            moved += _flush_week(redis, engine, kind, week, now)
    _note_whole(engine, this_week)
    return moved


def whole_until(engine: Engine) -> date | None:
    """The Monday before which all weeks are over and written; None while there is none. Raises ``StoreDown``."""
    with sql_errors(), engine.connect() as connection:
        value = connection.scalar(select(Meta.value).where(Meta.key == _WHOLE))
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None


def purge(engine: Engine, now: float) -> int:
    """Deletes the weeks that began over 13 months ago; returns how many cells. Raises ``StoreDown``."""
    oldest = utc_day(now) - RETENTION["counts"]
    with sql_errors(), engine.begin() as connection:
        return sum(
            connection.execute(delete(table).where(table.c.week < oldest)).rowcount for table in TABLES.values()
        )


def merge(pending: Mapping[Cell, int], written: Mapping[Cell, int], over: bool) -> dict[Cell, dict[Cell, int]]:
    """What to write: for each cell of SQL, the cells of Redis that go into it and how much of each.

    ``pending`` waits in Redis, ``written`` is in SQL already; ``over`` says whether the week has ended. Pure.
    """
    plan: dict[Cell, dict[Cell, int]] = {}
    left = {cell: n for cell, n in pending.items() if n > 0}
    width = max((len(cell) for cell in left), default=0)
    for merged in range(width + 1 if over else 1):
        groups: dict[Cell, dict[Cell, int]] = {}
        for cell, n in left.items():
            groups.setdefault((OTHER,) * merged + cell[merged:], {})[cell] = n
        for target, sources in groups.items():
            so_far = written.get(target, 0) + sum(plan.get(target, {}).values())
            if merged == width or so_far + sum(sources.values()) >= SMALL:
                plan.setdefault(target, {}).update(sources)
        left = {cell: n for cell, n in left.items() if not any(cell in sources for sources in plan.values())}
    return plan


def _flush_week(redis: Redis, engine: Engine, kind: str, week: date, now: float) -> int:
    name, table = hash_name(kind, week), TABLES[kind]
    with redis_errors():
        if not redis.exists(name):
            return 0
    with sql_errors(), engine.begin() as connection:
        _wait_for_others(connection, now)
        with redis_errors():
            pending = {tuple(cell.split("|")): int(n) for cell, n in read_hash(redis, name).items()}
        plan = merge(pending, _written(connection, table, week), over=week < monday(now))
        taken: list[str | int] = []
        for target, sources in plan.items():
            _add(connection, table, (week, *target), sum(sources.values()))
            for cell, n in sources.items():
                taken += ["|".join(cell), n]
        with redis_errors():
            redis.expire(name, _BACKSTOP)
            if taken:
                _SUBTRACT.run(redis, [name], taken)
    return sum(n for n in taken if isinstance(n, int))


def _note_whole(engine: Engine, monday: date) -> None:
    known = whole_until(engine)
    # A clock that was wrong for a while and is right again has the last word.
    if known != monday:
        with sql_errors(), engine.begin() as connection:
            in_turn(connection, _WHOLE)
            connection.execute(update(Meta).where(Meta.key == _WHOLE).values(value=monday.isoformat()))


def _wait_for_others(connection: Connection, now: float) -> None:
    # Writing this row first makes a second flush wait here, on SQLite and on PostgreSQL alike.
    row, value = Meta.key == _FLUSHED, str(int(now))
    if not connection.execute(update(Meta).where(row).values(value=value)).rowcount:
        connection.execute(insert(Meta).values(key=_FLUSHED, value=value))


def _written(connection: Connection, table: Table, week: date) -> dict[Cell, int]:
    rows = connection.execute(select(table).where(table.c.week == week))
    return {tuple(row[1:-1]): row[-1] for row in rows}


def _add(connection: Connection, table: Table, key: tuple[date | str, ...], n: int) -> None:
    columns = list(table.primary_key)
    same = and_(*(column == value for column, value in zip(columns, key, strict=True)))
    if not connection.execute(update(table).where(same).values(n=table.c.n + n)).rowcount:
        values = dict(zip((column.name for column in columns), key, strict=True))
        connection.execute(insert(table).values(**values, n=n))
