"""Notices about an area: SQL is the truth, Redis holds those that may be read out, each process remembers them for some seconds.

A family's question never waits for SQL here, and a notice ends by its own time whatever is broken. One that is not as somebody
published it is never read out: rows are sealed, and what Redis holds is too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import structlog
from msgspec import Struct
from redis import Redis
from sqlalchemy import Engine, delete, insert, update

from bot.directory.place import Level, Place
from bot.escalation.viewer import Role, Viewer
from bot.frozen import replace
from bot.language import Language
from bot.privacy import RETENTION
from bot.scripts.area_notice import AreaNotice
from bot.store.audit import note
from bot.store.database import at_one_moment, sql_errors
from bot.store.errors import NoticesDamaged, NotYours, StoreDown
from bot.store.models import AreaNoticeRow
from bot.store.redis_client import redis_errors
from bot.store.remembered import Remembered
from bot.store.sealed_rows import Judged, SealedRows
from bot.store.seals import fits, row_seal

SEALED = SealedRows(AreaNoticeRow, "area notices")
_MIRROR = "{areanotices}"
# A published or withdrawn notice is seen everywhere within this time.
REMEMBERED_SECONDS = 5.0
_MIRROR_SECONDS = 48 * 3600

log = structlog.get_logger()


class Over(Struct, frozen=True):
    """A notice that holds no more. ``withdrawn``: when somebody took it back (unix seconds), None where it came to its end."""

    notice: AreaNotice
    withdrawn: int | None


class AreaNotices:
    """The notices of an installation. ``key`` is that of the seals, ``clock`` the bot's, in unix seconds. Safe for all threads."""

    def __init__(self, engine: Engine, redis: Redis, key: bytes, clock: Callable[[], float]) -> None:
        self._engine, self._redis, self._key, self._clock = engine, redis, key, clock
        self._damaged = False
        self._held: Remembered[tuple[AreaNotice, ...]] = Remembered(self._ask, (), REMEMBERED_SECONDS, clock)

    def live(self) -> tuple[AreaNotice, ...]:
        """The notices to choose from, at most some seconds old. With Redis down those known last. Never raises."""
        return self._held.now()

    def publish(self, notice: AreaNotice, viewer: Viewer | None = None) -> AreaNotice:
        """Writes it down and lets it be read out; returns it with its number. ``viewer``: who does it in the console, None at the
        terminal. Raises ``StoreDown``, ``NotYours``; ``NoticesDamaged`` where nothing is read out until somebody has looked.
        """
        _may(viewer)
        row = {"notice": _written(notice), "starts": int(notice.starts), "ends": int(notice.ends)}
        with sql_errors(), self._engine.begin() as connection, SEALED.writing(connection, self._key) as judged:
            if not judged.whole:
                raise NoticesDamaged
            made = connection.execute(insert(AreaNoticeRow).values(**row)).inserted_primary_key
            number = int(made[0]) if made else 0
            SEALED.seal(connection, self._key, number)
            if viewer is not None:
                note(connection, self._clock(), viewer.actor, "notice.published", f"notice {number}")
        self.mirror()
        return replace(notice, number=number)

    def withdraw(self, number: int, viewer: Viewer | None = None) -> bool:
        """Takes a notice back, everywhere; False when none of that number holds. Raises ``StoreDown``, ``NotYours``."""
        _may(viewer)
        now = int(self._clock())
        mine = (AreaNoticeRow.number == number, AreaNoticeRow.withdrawn.is_(None), AreaNoticeRow.ends > now)
        with sql_errors(), self._engine.begin() as connection, SEALED.writing(connection, self._key) as judged:
            found = connection.execute(update(AreaNoticeRow).where(*mine).values(withdrawn=now)).rowcount
            if found and number not in judged.unfit:
                SEALED.seal(connection, self._key, number)
            if found and viewer is not None:
                note(connection, self._clock(), viewer.actor, "notice.withdrawn", f"notice {number}")
        self.mirror()
        return bool(found)

    def listed(self) -> tuple[AreaNotice, ...]:
        """Those that hold or will hold, from SQL, the newest first. Raises ``StoreDown``.

        Never one that is not as it was written; none at all where rows were added, taken away or put back, for then one that was
        withdrawn might come again.
        """
        now = int(self._clock())
        judged = self._judged()
        rows = [row for row in _fitting(judged) if row["withdrawn"] is None and row["ends"] > now] if judged.whole else []
        return tuple(_read(row["notice"], row["number"]) for row in rows)

    def over(self) -> tuple[Over, ...]:
        """Those that hold no more and are still kept, the newest first. Raises ``StoreDown``."""
        now = int(self._clock())
        rows = [row for row in _fitting(self._judged()) if row["withdrawn"] is not None or row["ends"] <= now]
        return tuple(Over(_read(row["notice"], row["number"]), row["withdrawn"]) for row in rows)

    def damaged(self) -> bool:
        """Whether the rows in SQL are not as they were written. Raises ``StoreDown``."""
        return not self._judged().sound

    def _judged(self) -> Judged:
        """All rows, and what does not fit; said in the log once for each time that it becomes so."""
        with sql_errors(), at_one_moment(self._engine) as connection:
            judged = SEALED.judged(connection, self._key)
        if not judged.sound and not self._damaged:
            log.error("notice.damaged", number=min(judged.unfit, default=0))
        self._damaged = not judged.sound
        return judged

    def mirror(self) -> int:
        """Writes those that hold into Redis again and returns how many. For the worker, and after each change. Raises ``StoreDown``."""
        listed = self.listed()
        said = json.dumps([{"number": each.number, "notice": _written(each)} for each in listed])
        value = f"{self._seal(said)} {said}"
        with redis_errors():
            self._redis.set(_MIRROR, value, ex=_MIRROR_SECONDS)
        return len(listed)

    def purge(self) -> int:
        """Forgets notices that ended long ago. Raises ``StoreDown``."""
        before = int(self._clock() - RETENTION["area notice"].total_seconds())
        with sql_errors(), self._engine.begin() as connection, SEALED.writing(connection, self._key):
            return int(connection.execute(delete(AreaNoticeRow).where(AreaNoticeRow.ends < before)).rowcount)

    def _ask(self) -> tuple[AreaNotice, ...] | None:
        held: Any = None
        with suppress(StoreDown), redis_errors():
            held = self._redis.get(_MIRROR)
        # Empty after a loss of Redis: what is known holds until the worker has written it again.
        if held is None:
            return None
        seal, _, said = (held.decode() if isinstance(held, bytes) else str(held)).partition(" ")
        if not fits(seal, self._seal(said)):
            # Of an older version of ours, or somebody else's: the worker writes it again in a moment.
            return None
        return tuple(_read(each["notice"], each["number"]) for each in json.loads(said))

    def _seal(self, said: str) -> str:
        return row_seal(self._key, "area notices in Redis", (said,))


def _fitting(judged: Judged) -> list[Mapping[str, Any]]:
    """Those that are as they were written, the newest first."""
    return [row for number, row in reversed(tuple(judged.rows.items())) if number not in judged.unfit]


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
