"""Some weeks of a small network, counted as families would be counted: through Redis and the merging into SQL."""

from __future__ import annotations

import random

from redis import Redis
from sqlalchemy import Engine, delete, insert, update

from bot.console.desk import Desk
from bot.store.counts import TABLES, flush, whole_until
from bot.store.models import Meta
from bot.store.tally import increments, monday

WEEK = 7 * 86_400
LANGUAGES = {"es": 0.72, "en": 0.16, "quc": 0.12}
TOPICS = (
    *("home_visit", "relative_just_taken", "services_legal", "street_stop", "asylum", "services_health", "family_plan"),
    *("workplace_raid", "services_basic_needs", "school_rights", "greet", "menu"),
)
PLACES = (
    "US-IL|legal",
    "US-NJ|legal",
    "US-IL|health",
    "GT-Quetzaltenango|counseling",
    "US-TX|basic_needs",
    "US-MS|legal",
)
SERVED = {
    "es": {"answered": 84, "asked_back": 5, "not_understood": 4, "person": 9},
    "en": {"answered": 80, "asked_back": 6, "not_understood": 6, "person": 8},
    "quc": {"answered": 46, "asked_back": 22, "not_understood": 21, "person": 14},
}
WAITS = {"es": ("0", "600", "600", "1800", "3600"), "en": ("600", "1800"), "quc": ("3600", "14400", "14400", "86400")}


def counted(engine: Engine, redis: Redis, now: float, weeks: int = 6, seed: int = 7) -> None:
    """So many whole weeks before that moment, and a part of this one."""
    draw = random.Random(seed)
    for back in range(weeks, -1, -1):
        at = now - back * WEEK
        for command in increments(_week(draw), at):
            redis.execute_command(*command)
        flush(redis, engine, at)
    flush(redis, engine, now)


def _week(draw: random.Random) -> dict[str, int]:
    counts: dict[str, int] = {}

    def add(name: str, n: int) -> None:
        counts[name] = counts.get(name, 0) + n

    for language, part in LANGUAGES.items():
        for at, topic in enumerate(TOPICS):
            for channel, share in (("sms", 0.7), ("whatsapp", 0.3)):
                add(f"topic:{topic}|{language}|{channel}", int(part * share * draw.uniform(30, 60) / (1 + at / 2)) + 1)
        for outcome, of in SERVED[language].items():
            add(f"turn:{outcome}|{language}", int(part * of * draw.uniform(2.0, 3.0)) + 1)
        for parts, of in (("1", 30), ("2", 60), ("3", 25 if language != "quc" else 80), ("4", 8)):
            add(f"sms:{parts}|{language}", int(part * of * draw.uniform(0.8, 1.2)) + 1)
        for wait in WAITS[language]:
            add(f"wait:{wait}|{language}", draw.randint(3, 9))
    for at, place in enumerate(PLACES):
        n = draw.randint(8, 40) // (1 + at // 2) + 2
        add(f"place:{place}", n)
        add(f"gap:{place}", n - 2 if at >= 4 else n // 4)
    for name, n in (
        ("failure:once_later|sms", 9),
        ("failure:stop|sms", 6),
        ("failure:window|whatsapp", 2),
        ("sms:1|staff", 22),
    ):
        add(name, n)
    return counts


def furnish_figures(desk: Desk) -> None:
    """The weeks in a console's stores."""
    forget_figures(desk)
    counted(desk.engine, desk.redis, desk.clock())
    assert whole_until(desk.engine) == monday(desk.clock())


def forget_figures(desk: Desk) -> None:
    """No week was ever counted."""
    desk.redis.delete(*(desk.redis.keys("counts:*") or ["counts:none"]))
    with desk.engine.begin() as connection:
        for table in TABLES.values():
            connection.execute(delete(table))
        connection.execute(delete(Meta).where(Meta.key == "counts whole"))


def put(desk: Desk, kind: str, week: object, *cell: object) -> None:
    """One cell of a table as it stands in SQL, whatever it is."""
    table = TABLES[kind]
    names = [column.name for column in table.columns]
    with desk.engine.begin() as connection:
        connection.execute(insert(table).values(dict(zip(names, (week, *cell), strict=True))))


def whole(desk: Desk, day: str) -> None:
    """All weeks before this Monday are written."""
    with desk.engine.begin() as connection:
        if not connection.execute(update(Meta).where(Meta.key == "counts whole").values(value=day)).rowcount:
            connection.execute(insert(Meta).values(key="counts whole", value=day))
