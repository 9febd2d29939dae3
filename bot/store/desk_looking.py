"""Who else of the staff has a conversation open at this moment, and whether she is writing: in Redis, for seconds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from redis import Redis
from sqlalchemy import Engine, select

from bot.escalation.viewer import Role, Viewer
from bot.store.database import sql_errors
from bot.store.desk_door import reached, refuse_others
from bot.store.errors import NotYours
from bot.store.models import Escalation
from bot.store.redis_client import redis_errors

LOOKING_SECONDS = 20
"""An open page asks every 3 seconds; after six that stayed away nobody looks any more."""


class DeskLooking:
    """Who looks at what. Safe for all threads of a process. Raises ``NotYours`` and ``StoreDown``."""

    def __init__(self, redis: Redis, engine: Engine, clock: Callable[[], float]) -> None:
        self._redis, self._engine, self._clock = redis, engine, clock

    def note(self, viewer: Viewer, id: str, typing: bool) -> None:
        """She has it open, and is writing or not."""
        self._refuse(viewer, id)
        name, value = _name(id), json.dumps([self._clock(), typing, viewer.name], ensure_ascii=False)
        pipe = self._redis.pipeline(transaction=False)
        pipe.hset(name, str(viewer.user), value)
        # Twice the time, by Redis's own clock: what is over is told by ours.
        pipe.pexpire(name, 2 * LOOKING_SECONDS * 1000)
        with redis_errors():
            pipe.execute()

    def left(self, viewer: Viewer, id: str) -> None:
        """She has closed it."""
        self._refuse(viewer, id)
        with redis_errors():
            self._redis.hdel(_name(id), str(viewer.user))

    def others(self, viewer: Viewer, id: str) -> tuple[tuple[str, bool], ...]:
        """Who else has it open: names in their order, and whether each is writing."""
        self._refuse(viewer, id)
        return self.others_of(viewer, [id])[id]

    def others_of(self, viewer: Viewer, ids: Sequence[str]) -> dict[str, tuple[tuple[str, bool], ...]]:
        """The same of many at once, for a list of what she was shown already: whether they are hers is not asked again."""
        pipe = self._redis.pipeline(transaction=False)
        for id in ids:
            pipe.hgetall(_name(id))
        with redis_errors():
            held: Sequence[dict[bytes, bytes]] = pipe.execute()
        return {id: self._others(viewer, each) for id, each in zip(ids, held, strict=True)}

    def _others(self, viewer: Viewer, held: Mapping[bytes, bytes]) -> tuple[tuple[str, bool], ...]:
        since, found = self._clock() - LOOKING_SECONDS, []
        for user, value in held.items():
            at, typing, name = json.loads(value)
            if user.decode() != str(viewer.user) and at > since:
                found.append((str(name), bool(typing)))
        return tuple(sorted(found))

    def _refuse(self, viewer: Viewer, id: str) -> None:
        refuse_others(viewer, Role.RESPONDER)
        there = select(Escalation.id).where(Escalation.id == id, Escalation.erased.is_(None), reached(viewer))
        with sql_errors(), self._engine.connect() as connection:
            if connection.scalar(there) is None:
                raise NotYours


def _name(id: str) -> str:
    return f"{{desk}}:looking:{id}"
