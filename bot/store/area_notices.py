"""Notices about an area: SQL is the truth, Redis holds those that may be read out, each process remembers them for some seconds.

A family's question never waits for SQL here, and a notice ends by its own time whatever is broken.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from redis import Redis
from sqlalchemy import Engine, delete, insert, select, update

from bot.directory.place import Level, Place
from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.privacy import RETENTION
from bot.scripts.area_notice import AreaNotice
from bot.store.audit import note
from bot.store.database import sql_errors
from bot.store.errors import NotYours, StoreDown
from bot.store.models import AreaNoticeRow
from bot.store.redis_client import redis_errors
from bot.store.remembered import Remembered

_MIRROR = "{areanotices}"
# A published or withdrawn notice is seen everywhere within this time.
REMEMBERED_SECONDS = 5.0
_MIRROR_SECONDS = 48 * 3600


@dataclass(frozen=True, slots=True)
class Over:
    """A notice that holds no more. ``withdrawn``: when somebody took it back (unix seconds), None where it came to its end."""

    notice: AreaNotice
    withdrawn: int | None


class AreaNotices:
    """The notices of an installation. ``clock`` is the bot's, in unix seconds. Safe for all threads of a process."""

    def __init__(self, engine: Engine, redis: Redis, clock: Callable[[], float]) -> None:
        self._engine, self._redis, self._clock = engine, redis, clock
        self._held: Remembered[tuple[AreaNotice, ...]] = Remembered(self._ask, (), REMEMBERED_SECONDS, clock)

    def live(self) -> tuple[AreaNotice, ...]:
        """The notices to choose from, at most some seconds old. With Redis down those known last. Never raises."""
        return self._held.now()

    def publish(self, notice: AreaNotice, viewer: Viewer | None = None) -> AreaNotice:
        """Writes it down and lets it be read out; returns it with its number. ``viewer``: who does it in the console, None at the
        terminal. Raises ``StoreDown``, ``NotYours``.
        """
        _may(viewer)
        row = {"notice": _written(notice), "starts": int(notice.starts), "ends": int(notice.ends)}
        with sql_errors(), self._engine.begin() as connection:
            number = connection.execute(insert(AreaNoticeRow).values(**row)).inserted_primary_key
            if viewer is not None:
                note(
                    connection, self._clock(), viewer.actor, "notice.published", f"notice {number[0] if number else 0}"
                )
        self.mirror()
        return replace(notice, number=int(number[0]) if number else 0)

    def withdraw(self, number: int, viewer: Viewer | None = None) -> bool:
        """Takes a notice back, everywhere; False when none of that number holds. Raises ``StoreDown``, ``NotYours``."""
        _may(viewer)
        now = int(self._clock())
        mine = (AreaNoticeRow.number == number, AreaNoticeRow.withdrawn.is_(None), AreaNoticeRow.ends > now)
        with sql_errors(), self._engine.begin() as connection:
            found = connection.execute(update(AreaNoticeRow).where(*mine).values(withdrawn=now)).rowcount
            if found and viewer is not None:
                note(connection, self._clock(), viewer.actor, "notice.withdrawn", f"notice {number}")
        self.mirror()
        return bool(found)

    def listed(self) -> tuple[AreaNotice, ...]:
        """Those that hold or will hold, from SQL, the newest first. Raises ``StoreDown``."""
        now = int(self._clock())
        wanted = (
            select(AreaNoticeRow.number, AreaNoticeRow.notice)
            .where(AreaNoticeRow.withdrawn.is_(None), AreaNoticeRow.ends > now)
            .order_by(AreaNoticeRow.number.desc())
        )
        with sql_errors(), self._engine.connect() as connection:
            return tuple(_read(text, number) for number, text in connection.execute(wanted))

    def over(self) -> tuple[Over, ...]:
        """Those that hold no more and are still kept, the newest first. Raises ``StoreDown``."""
        now = int(self._clock())
        done = AreaNoticeRow.withdrawn.is_not(None) | (AreaNoticeRow.ends <= now)
        wanted = select(AreaNoticeRow.number, AreaNoticeRow.notice, AreaNoticeRow.withdrawn).where(done)
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(wanted.order_by(AreaNoticeRow.number.desc())).all()
        return tuple(Over(_read(row.notice, row.number), row.withdrawn) for row in rows)

    def mirror(self) -> int:
        """Writes those that hold into Redis again and returns how many. For the worker, and after each change. Raises ``StoreDown``."""
        listed = self.listed()
        value = json.dumps([{"number": each.number, "notice": _written(each)} for each in listed])
        with redis_errors():
            self._redis.set(_MIRROR, value, ex=_MIRROR_SECONDS)
        return len(listed)

    def purge(self) -> int:
        """Forgets notices that ended long ago. Raises ``StoreDown``."""
        before = int(self._clock() - RETENTION["area notice"].total_seconds())
        with sql_errors(), self._engine.begin() as connection:
            return int(connection.execute(delete(AreaNoticeRow).where(AreaNoticeRow.ends < before)).rowcount)

    def _ask(self) -> tuple[AreaNotice, ...] | None:
        held: Any = None
        with suppress(StoreDown), redis_errors():
            held = self._redis.get(_MIRROR)
        # Empty after a loss of Redis: what is known holds until the worker has written it again.
        return None if held is None else tuple(_read(each["notice"], each["number"]) for each in json.loads(held))


def _may(viewer: Viewer | None) -> None:
    if viewer is not None and not viewer.has(Role.COORDINATOR):
        raise NotYours


def _written(notice: AreaNotice) -> str:
    area = notice.area
    return json.dumps(
        {
            "texts": {language.value: text for language, text in notice.texts.items()},
            "area": [area.name, area.admin1, area.country, area.latitude, area.longitude, area.zip, area.level.value],
            "radius_km": notice.radius_km,
            "starts": notice.starts,
            "ends": notice.ends,
            "source": notice.source,
            "by": notice.published_by,
        },
        ensure_ascii=False,
    )


def _read(text: str, number: int) -> AreaNotice:
    value = json.loads(text)
    name, admin1, country, latitude, longitude, code, level = value["area"]
    return AreaNotice(
        number=number,
        texts={Language(language): said for language, said in value["texts"].items()},
        area=Place(name, admin1, country, latitude, longitude, 0, code, Level(level)),
        radius_km=value["radius_km"],
        starts=value["starts"],
        ends=value["ends"],
        source=value["source"],
        published_by=value["by"],
    )
