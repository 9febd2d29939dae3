"""What staff do with a conversation: take it, hand it back, resolve it, pass it on, correct what is known, join two of one family."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine

from bot.escalation.viewer import Viewer
from bot.store.desk_door import DeskDoor, Keys, name_of


@dataclass(frozen=True, slots=True)
class Taken:
    """How taking went: whether it is hers now, who has it and since when (unix seconds)."""

    won: bool
    by: str
    since: int


class DeskWork:
    """The work of an installation's staff. Safe for all threads of a process.

    Every method raises ``NotYours`` for what the viewer may not see, ``KeyGone`` once it is erased, and ``StoreDown``.
    """

    def __init__(self, engine: Engine, keys: Keys, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock
        self._door = DeskDoor(engine, keys, clock)

    def take(self, viewer: Viewer, id: str) -> Taken:
        """Makes it hers if nobody has it. Of two at once exactly one wins, and the other learns who it was.

        Raises ``Resolved`` where it is over.
        """
        with self._door.inside(viewer, id) as inside:
            inside.refuse_closed()
            found = inside.escalated
            if found.claimed_by is None:
                inside.claim()
                return Taken(True, viewer.name, inside.now)
            name = name_of(inside.connection, found.claimed_by)
            return Taken(found.claimed_by == viewer.user, name, found.claimed_at or 0)
