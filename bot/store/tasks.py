"""Who has taken which task of the first page, for a week; what she put off, was not sure of, and did.

One row for each person and task, overwritten by what she does next. Nobody is counted against anybody: the store answers for one
person only what she did herself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct
from sqlalchemy import Connection, Engine, insert, select, update

from bot.escalation.viewer import Role, Viewer
from bot.scripts.tasks import Held, Kind, Task
from bot.store.change_rows import names
from bot.store.content_models import TaskTaken
from bot.store.database import sql_errors
from bot.store.errors import NotYours, StoreError
from bot.store.in_turn import in_turn

DOES = (Role.VOLUNTEER, Role.PUBLISHER)
WEEK = 7 * 86_400
LONGEST_NOTE = 600
TAKEN, SKIPPED, UNSURE, DONE = "taken", "skipped", "unsure", "done"
TURN = "tasks"


class TakenByOther(StoreError):
    """Somebody else has it: ``name``."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__("somebody else has taken this one")


class Doubt(Struct, frozen=True):
    """Somebody was not sure: who, when (unix seconds), and what she wrote."""

    name: str
    at: int
    note: str


class Tasks:
    """The tasks of an installation. ``clock`` is the bot's. Every method raises ``NotYours`` by itself, and ``StoreDown``."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def held(self, viewer: Viewer) -> Held:
        """What is not for her now, and what she has taken."""
        _may(viewer)
        wanted = select(TaskTaken.__table__).where(TaskTaken.until > self._now)
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
        mine = [row for row in rows if row.user == viewer.user]
        return Held(
            others=_tasks(row for row in rows if row.user != viewer.user and row.result == TAKEN),
            left=_tasks(row for row in mine if row.result != TAKEN),
            mine=_tasks(row for row in mine if row.result == TAKEN),
        )

    def take(self, viewer: Viewer, task: Task) -> None:
        """It is hers for a week; again counts from now. Of two who press, one gets it: raises ``TakenByOther``."""
        _may(viewer)
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, TURN)
            self._free(connection, viewer, task)
            self._put(connection, viewer, task, TAKEN)

    def skip(self, viewer: Viewer, task: Task) -> None:
        """Not now: it is not shown to her for a week, and is free for others."""
        self._say(viewer, task, SKIPPED)

    def unsure(self, viewer: Viewer, task: Task, note: str = "") -> None:
        """She looked and is not sure: it goes to others with her note."""
        self._say(viewer, task, UNSURE, " ".join(note.split())[:LONGEST_NOTE])

    def done(self, viewer: Viewer, task: Task) -> None:
        """She did it."""
        self._say(viewer, task, DONE)

    def undone(self, viewer: Viewer, task: Task) -> None:
        """She took back what she did: it is hers again."""
        self._say(viewer, task, TAKEN)

    def doubts(self, viewer: Viewer, task: Task) -> tuple[Doubt, ...]:
        """Who was not sure about it, the newest first, as long as the rows are kept; nothing that was done since."""
        _may(viewer)
        mine = (TaskTaken.kind == task.kind.value, TaskTaken.subject == task.subject)
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(select(TaskTaken.__table__).where(*mine).order_by(TaskTaken.at.desc())).all()
            called = names(connection, {row.user for row in rows})
        last = max((row.at for row in rows if row.result == DONE), default=-1)
        return tuple(
            Doubt(called[row.user].name, row.at, row.note) for row in rows if row.result == UNSURE and row.at > last
        )

    def did(self, viewer: Viewer, since: float) -> tuple[Task, ...]:
        """What she did since then, in that order."""
        _may(viewer)
        mine = (TaskTaken.user == viewer.user, TaskTaken.result == DONE, TaskTaken.at >= since)
        wanted = select(TaskTaken.__table__).where(*mine).order_by(TaskTaken.at, TaskTaken.kind, TaskTaken.subject)
        with sql_errors(), self._engine.connect() as connection:
            return tuple(_task(row) for row in connection.execute(wanted) if row.kind in Kind)

    @property
    def _now(self) -> int:
        return int(self._clock())

    def _say(self, viewer: Viewer, task: Task, result: str, note: str = "") -> None:
        _may(viewer)
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, TURN)
            self._put(connection, viewer, task, result, note)

    def _free(self, connection: Connection, viewer: Viewer, task: Task) -> None:
        theirs = (
            TaskTaken.kind == task.kind.value,
            TaskTaken.subject == task.subject,
            TaskTaken.user != viewer.user,
            TaskTaken.result == TAKEN,
            TaskTaken.until > self._now,
        )
        other = connection.scalar(select(TaskTaken.user).where(*theirs))
        if other is not None:
            raise TakenByOther(names(connection, {other})[other].name)

    def _put(self, connection: Connection, viewer: Viewer, task: Task, result: str, note: str = "") -> None:
        key = {"kind": task.kind.value, "subject": task.subject, "user": viewer.user}
        values = {"at": self._now, "until": self._now + WEEK, "result": result, "note": note}
        mine = [getattr(TaskTaken, name) == value for name, value in key.items()]
        if not connection.execute(update(TaskTaken).where(*mine).values(**values)).rowcount:
            connection.execute(insert(TaskTaken).values(**key, **values))


def _may(viewer: Viewer) -> None:
    if not viewer.has(*DOES):
        raise NotYours


def _tasks(rows: Iterable[object]) -> frozenset[Task]:
    return frozenset(_task(row) for row in rows if getattr(row, "kind", "") in Kind)


def _task(row: object) -> Task:
    return Task(Kind(getattr(row, "kind")), getattr(row, "subject"))  # noqa: B009
