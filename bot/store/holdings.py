"""What the stores of this installation hold at this moment: how many, from when to when. Never a number, a code or an id.

Nothing is unsealed for it, and the master key is not read.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from redis import Redis
from redis.exceptions import ResponseError
from sqlalchemy import Connection, Engine, MetaData, Table, func, inspect, select

from bot.seizure import FILES, TABLES, Figures, Holding, Place, Revealed, shape_of
from bot.settings import Settings
from bot.store.database import engine_for, sql_errors
from bot.store.errors import StoreError
from bot.store.key_database import KEYS, MASTERS, KeyDatabase
from bot.store.key_store import AT_THE_TERMINAL_MS
from bot.store.models import Base, Erasure, Escalation, EscalationMessage
from bot.store.names import WAITING
from bot.store.redis_client import connect, nodes_of, redis_errors
from bot.store.redis_server import redis_url

# The column by which a table is old or new.
_TIMES = {
    "opt_outs": "since", "escalations": "opened", "escalation_messages": "at", "outbox": "made", "erasures": "asked", "audit": "at",
    "area_notices": "starts", "topic_counts": "week", "place_counts": "week", "gap_counts": "week",
    "turn_counts": "week", "sms_counts": "week", "wait_counts": "week", "failure_counts": "week",
    "directory_flags": "week", "hsds_history": "at", "users": "made", "console_sessions": "made", "invitations": "made",
    "directory_contacts": "at",
    "releases": "made", "withdrawals": "since", "changes": "made", "change_texts": "at", "autosaves": "at", "kept_tests": "at",
    "tasks_taken": "at", "fact_checks": "at", "text_notes": "at", "recordings": "at",
}  # fmt: skip
_CHUNK = 500
_T = TypeVar("_T")
SQL, KEY_STORE, REDIS, DISK = "SQL", "the key store", "Redis", "the folder DATA_DIR"


@dataclass(slots=True)
class _Found:
    """What one store holds; ``unknown`` counts what no words describe."""

    holdings: list[Holding] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    figures: dict[str, int] = field(default_factory=dict)


def revealed(settings: Settings, clock: Callable[[], float], carrier: Iterable[str] = ()) -> Revealed:
    """What a seizure of this installation would reveal now. A store that is down is named in it; never raises for one."""
    down: list[str] = []
    names = _unless_down(down, KEY_STORE, lambda: _key_names(settings))
    in_sql = _unless_down(down, SQL, lambda: _in_sql(settings, None if names is None else names[0]))
    redis = connect(redis_url(settings))
    in_redis = _unless_down(down, REDIS, lambda: _in_redis(redis))
    saved = None if in_redis is None else _saves(redis)
    on_disk = _unless_down(down, DISK, lambda: _on_disk(settings.data_dir))
    found = [each for each in (in_sql, in_redis, on_disk) if each is not None]
    figures: dict[str, int] = {}
    for each in found:
        figures |= each.figures
    return Revealed(
        at=clock(),
        figures=Figures(**{name: figures.get(name) for name in Figures.__struct_fields__}),
        holdings=(*(names[1] if names else ()), *(holding for each in found for holding in each.holdings)),
        down=tuple(down),
        saved_to_disk=saved,
        carrier=tuple(carrier),
        where=_where(settings),
        unknown=dict(sum((each.unknown for each in found), Counter[str]())),
    )


def _where(settings: Settings) -> tuple[str, ...]:
    """Where the tables, the key store and the master key lie, as far as the settings tell."""
    elsewhere = (
        ("The tables", settings.database_url, "DATABASE_URL"),
        ("The key store", settings.keystore_url, "KEYSTORE_URL"),
        ("The master key", settings.master_key_file, "MASTER_KEY_FILE"),
        ("Redis", settings.redis_url, "REDIS_URL"),
    )
    said = [f"{what}: {f'where {name} says' if value else 'in DATA_DIR'}." for what, value, name in elsewhere]
    return tuple(said)


def _unless_down(down: list[str], store: str, look: Callable[[], _T]) -> _T | None:
    try:
        return look()
    except (StoreError, OSError):
        down.append(store)
        return None


def _key_names(settings: Settings) -> tuple[frozenset[str], tuple[Holding, ...]]:
    database = KeyDatabase(settings.key_store_url, AT_THE_TERMINAL_MS)
    try:
        with database.reading() as connection:
            names = frozenset(connection.scalars(select(KEYS.c.name)))
            masters = connection.scalar(select(func.count()).select_from(MASTERS)) or 0
    finally:
        database.close()
    return names, (
        Holding(Place.KEY_STORE, KEYS.name, len(names)),
        Holding(Place.KEY_STORE, MASTERS.name, masters),
    )


def _in_sql(settings: Settings, keys: frozenset[str] | None) -> _Found:
    engine: Engine = engine_for(settings.sql_url)
    found = _Found()
    try:
        with sql_errors(), engine.connect() as connection:
            there = set(inspect(connection).get_table_names())
            for name in TABLES:
                if name in there:
                    found.holdings.append(_table(connection, name))
            if strangers := len(there - set(TABLES)):
                found.unknown["tables of the database"] = strangers
            counts = {holding.name: holding.count or 0 for holding in found.holdings}
            found.figures["tried_on_disk"] = counts.get("opt_outs", 0) + counts.get("shared_phones", 0)
            if keys is not None and {"escalations", "escalation_messages", "erasures"} <= there:
                found.figures |= _readable(connection, keys)
    finally:
        engine.dispose()
    return found


def _table(connection: Connection, name: str) -> Holding:
    table = Base.metadata.tables.get(name)
    if table is None:
        table = Table(name, MetaData())
    column = table.c[_TIMES[name]] if name in _TIMES else None
    if column is None:
        return Holding(Place.TABLE, name, connection.scalar(select(func.count()).select_from(table)) or 0)
    count, oldest, newest = connection.execute(
        select(func.count(), func.min(column), func.max(column)).select_from(table)
    ).one()
    return Holding(Place.TABLE, name, count, _seconds(oldest), _seconds(newest))


def _seconds(time: Any) -> float | None:
    if isinstance(time, date):
        return datetime(time.year, time.month, time.day, tzinfo=UTC).timestamp()
    return None if time is None else float(time)


def _readable(connection: Connection, keys: frozenset[str]) -> dict[str, int]:
    """What opens with the keys that are still there: numbers, and texts."""
    numbers = connection.scalars(select(Escalation.id).where(Escalation.number.is_not(None)))
    waiting = connection.scalars(select(Erasure.id))
    texts = connection.execute(
        select(EscalationMessage.escalation, func.count()).group_by(EscalationMessage.escalation)
    )
    return {
        "numbers": sum(id in keys for id in numbers) + sum(id in keys for id in waiting),
        "texts": sum(count for id, count in texts if id in keys),
    }


def _in_redis(redis: Redis) -> _Found:
    found, people = _Found(), set[str]()
    counts, times = Counter[str](), dict[str, list[float]]()
    found.figures |= {"towns": 0, "replies": 0}
    with redis_errors():
        found.figures["numbers_in_memory"] = int(redis.hlen(WAITING))
        scanned = redis.scan_iter(count=_CHUNK)
        while chunk := list(islice(scanned, _CHUNK)):
            names = [name.decode("utf-8", "replace") for name in chunk]
            shapes = [shape_of(Place.REDIS, name) for name in names]
            for name, shape in zip(names, shapes, strict=True):
                if shape is None:
                    found.unknown["entries of Redis"] += 1
                    continue
                counts[shape] += 1
                if shape.endswith(":*") and shape.startswith("{????}"):
                    people.add(name.rpartition(":")[2])
            for shape, stamps, town in _values(redis, names, shapes):
                times.setdefault(shape, []).extend(stamps)
                found.figures["towns"] += town
                found.figures["replies"] += shape.endswith(":replies:*") and bool(stamps)
    found.figures["tried_in_memory"] = len(people)
    for shape, count in sorted(counts.items()):
        stamps = times.get(shape, [])
        found.holdings.append(Holding(Place.REDIS, shape, count, min(stamps, default=None), max(stamps, default=None)))
    return found


def _values(redis: Redis, names: list[str], shapes: list[str | None]) -> Iterator[tuple[str, list[float], bool]]:
    """Of each session and each person's replies: the shape, the times in it, and whether it holds a town."""
    pipe: Any = redis.pipeline(transaction=False)
    asked = []
    for name, shape in zip(names, shapes, strict=True):
        if shape == "{????}:session:*":
            pipe.get(name)
            asked.append(shape)
        elif shape == "{????}:replies:*":
            pipe.hvals(name)
            asked.append(shape)
    for shape, value in zip(asked, pipe.execute(), strict=True):
        kept = [value] if isinstance(value, bytes) else [each for each in value or () if each.partition(b"|")[2]]
        stamps = [int(each.partition(b"|")[0]) / 1000 for each in kept]
        yield shape, stamps, shape == "{????}:session:*" and any(map(_has_town, kept))


def _has_town(session: bytes) -> bool:
    try:
        return bool(json.loads(session.partition(b"|")[2]).get("p"))
    except (ValueError, AttributeError):
        return False


def _saves(redis: Redis) -> bool | None:
    """Whether Redis writes what it holds to a disk; None where it does not tell."""
    try:
        with redis_errors():
            told: list[Any] = [node.config_get(name) for node in nodes_of(redis) for name in ("save", "appendonly")]
    except (StoreError, ResponseError):
        return None
    return any(each.get("save") or each.get("appendonly") == "yes" for each in told)


def _on_disk(data_dir: Path) -> _Found:
    found, times = _Found(), dict[str, list[float]]()
    for folder, _, files in os.walk(data_dir, onerror=_refuse):
        for file in files:
            path = Path(folder, file)
            shape = shape_of(Place.FILE, path.relative_to(data_dir).as_posix())
            if shape is None:
                found.unknown["files of DATA_DIR"] += 1
            else:
                times.setdefault(shape, []).append(path.lstat().st_mtime)
    for shape in FILES:
        if shape in times:
            found.holdings.append(Holding(Place.FILE, shape, len(times[shape]), min(times[shape]), max(times[shape])))
    return found


def _refuse(error: OSError) -> None:
    raise error
