"""The releases in SQL: the current one, those before it, and publishing another. Rows are only ever added.

While nobody has published, the repository's files are release 0. The first to publish puts them down as row 0, so that they
can be brought back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select

from bot import content
from bot.escalation.viewer import Role, Viewer
from bot.scripts.errors import ScriptsError
from bot.scripts.finding import Finding
from bot.scripts.release import flows_apart
from bot.scripts.sources import Sources, digest, manifest
from bot.settings import REPOSITORY
from bot.store.audit import note as noted
from bot.store.content_models import ReleaseRow
from bot.store.database import sql_errors
from bot.store.errors import NotYours, ReleaseDamaged, ReleaseMoved, ReleaseRefused
from bot.store.in_turn import in_turn
from bot.store.keys import utc_day
from bot.store.release_rows import (
    BEGINNING,
    Published,
    Stored,
    packed_anew,
    published_of,
    read_stored,
    write_files,
    write_release,
)
from bot.store.withdrawals import Withdrawals, Withdrawn

TURN = "releases"
"""The row of ``meta`` by which publishings wait for each other."""
LONGEST_NOTE = 400
_TOLD = (
    ReleaseRow.number,
    ReleaseRow.digest,
    ReleaseRow.made,
    ReleaseRow.by,
    ReleaseRow.flows,
    ReleaseRow.note,
    ReleaseRow.again,
)

Beside = Callable[[Connection], None]
Judge = Callable[[Sources, Path, date], tuple[str | Finding, ...]]


class Releases:
    """The releases. ``key`` is that of the seals, ``root`` the folder of the repository's files, ``clock`` the bot's.

    Every method raises ``StoreDown``; those that read a release ``ReleaseDamaged``. Safe for all threads of a process.
    """

    def __init__(
        self,
        engine: Engine,
        key: bytes,
        clock: Callable[[], float],
        root: Path = REPOSITORY,
        judge: Judge | None = None,
    ) -> None:
        """``judge``: the errors that keep sources from going out; None: those of ``content check``."""
        self.engine, self.clock, self.root = engine, clock, root
        self._key = key
        self._withdrawals = Withdrawals(engine, key, clock)
        self._judge = judge or errors_of
        self._lock = threading.Lock()
        self._seed: Stored | None = None
        self._last: Stored | None = None

    def seed(self) -> Stored:
        """The repository's files, as they were when they were first asked for. ``ContentError`` where they cannot be read."""
        with self._lock:
            if self._seed is None:
                sources = content.sources_of(self.root)
                self._seed = Stored(0, digest(manifest(sources)), 0, None, (), "", None, sources=sources)
            return self._seed

    def number(self) -> int:
        """The number of the current release; 0 while nobody has ever published."""
        with sql_errors(), self.engine.connect() as connection:
            return _newest(connection) or 0

    def mark(self) -> str:
        """What tells the current release from every other one, in one small question; empty while nobody has ever published."""
        wanted = select(ReleaseRow.number, ReleaseRow.seal).order_by(ReleaseRow.number.desc()).limit(1)
        with sql_errors(), self.engine.connect() as connection:
            row = connection.execute(wanted).first()
        return f"{row.number} {row.seal}" if row else ""

    def current(self) -> Stored:
        """What families get, verified."""
        last, mark = self._last, self.mark()
        if not mark:
            return self.seed()
        if last is not None and last.mark == mark:
            return last
        self._last = last = self.stored(int(mark.partition(" ")[0]))
        return last

    def stored(self, number: int) -> Stored:
        """That release, verified. ``ReleaseDamaged`` also for one that is not there."""
        with sql_errors(), self.engine.connect() as connection:
            if number == 0 and _newest(connection) is None:
                return self.seed()
            return read_stored(connection, self._key, number)

    def last_good(self, below: int) -> Stored | None:
        """The newest release before that number that is whole; None where none is."""
        for number in range(below - 1, -1, -1):
            try:
                return self.stored(number)
            except ReleaseDamaged:
                continue
        return None

    def replaced_since(self, number: int, seconds: float) -> tuple[int, ...]:
        """The releases before that one that were current at any time in these last seconds, the newest first."""
        # Not their whole history: every start asks this, after thousands of releases too.
        wanted = select(ReleaseRow.number, ReleaseRow.made).where(ReleaseRow.number <= number)
        with sql_errors(), self.engine.connect() as connection:
            rows = connection.execute(wanted.order_by(ReleaseRow.number.desc())).all()
        since = self.clock() - seconds
        return tuple(former.number for later, former in zip(rows, rows[1:], strict=False) if later.made > since)

    def history(self, flow: str | None = None) -> tuple[Published, ...]:
        """All that was published, the newest first: of one flow where it is named. The files of the repository come last, as 0."""
        with sql_errors(), self.engine.connect() as connection:
            rows = connection.execute(select(*_TOLD).order_by(ReleaseRow.number.desc())).mappings()
            told = [published_of(dict(row)) for row in rows]
        return tuple(each for each in told if flow is None or flow in each.flows)

    def publish(
        self,
        viewer: Viewer,
        sources: Sources,
        flows: tuple[str, ...],
        note: str,
        based_on: int,
        again: int | None = None,
        beside: Beside | None = None,
    ) -> int:
        """Makes these sources the current release, and returns its number. All of it happens, or nothing.

        ``beside`` is done in the same transaction; what it raises keeps the rest from happening. ``NotYours``; ``ReleaseMoved``
        where ``based_on`` is not current any more; ``ReleaseRefused`` for errors of the checks and for what changes nothing.
        """
        if not viewer.has(Role.PUBLISHER):
            raise NotYours
        known = self._was_published(sources, again) if again is not None else self._only_sound(sources)
        if not known:
            if problems := self._judge(sources, self.root, utc_day(self.clock())):
                findings = tuple(each for each in problems if isinstance(each, Finding))
                raise ReleaseRefused(tuple(map(str, problems)), findings)
        said, seed = manifest(sources), self.seed()
        packed = self._packed(sources, seed)
        given = {
            "made": int(self.clock()),
            "flows": ",".join(filter(None, flows)),
            "note": note[:LONGEST_NOTE],
            "again": again,
        }
        with sql_errors(), self.engine.begin() as connection:
            in_turn(connection, TURN)
            newest = _newest(connection)
            if (newest or 0) != based_on:
                raise ReleaseMoved(newest or 0)
            write_files(connection, packed)
            if newest is None:
                self._put_seed(connection, seed)
            row = {**given, "number": based_on + 1, "by": viewer.user}
            write_release(connection, self._key, row, said, _seal(connection, based_on))
            act = "published" if again is None else "undone"
            noted(connection, self.clock(), viewer.actor, act, f"release {based_on + 1}")
            if beside is not None:
                beside(connection)
        return based_on + 1

    def undo(self, viewer: Viewer, based_on: int | None = None) -> int:
        """Publishes the release before the current one again. ``based_on``: the one that she saw as current."""
        newest = self.number()
        if based_on is not None and based_on != newest:
            raise ReleaseMoved(newest)
        former = self.stored(self.before(newest))
        return self.publish(viewer, former.sources, self._apart(newest, former), "", newest, again=former.number)

    def before(self, number: int) -> int:
        """The release that undoing this one brings back; undoing twice goes back by two. ``ReleaseRefused`` where there is none."""
        again = next((each.again for each in self.history() if each.number == number), None)
        origin = number if again is None else again
        if origin == 0:
            raise ReleaseRefused(("there is no release before this one",))
        return origin - 1

    def withdraw(self, viewer: Viewer, flow: str, why: str) -> bool:
        """Nobody gets this answer any more (bot/store/withdrawals.py)."""
        return self._withdrawals.withdraw(viewer, flow, why)

    def restore(self, viewer: Viewer, flow: str) -> bool:
        """Says that it may go out again; True once two publishers have said so."""
        return self._withdrawals.restore(viewer, flow)

    def withdrawals(self) -> tuple[Withdrawn, ...]:
        """What is withdrawn now."""
        return self._withdrawals.all()

    def _apart(self, newest: int, former: Stored) -> tuple[str, ...]:
        """What changes for families; nothing where the newest is damaged: bringing another back must be possible all the same."""
        try:
            return flows_apart(*(content.release_of(each.sources, self.root) for each in (self.stored(newest), former)))
        except (ReleaseDamaged, ScriptsError):
            return ()

    def _was_published(self, sources: Sources, number: int) -> bool:
        """Undoing must be possible on the day on which it is needed, whatever the checks say of a fact by then."""
        return self.stored(number).digest == digest(manifest(sources))

    def _only_sound(self, sources: Sources) -> bool:
        """Whether only recordings change: families get the words already, and no check listens."""
        try:
            now = self.current().sources
        except ReleaseDamaged:
            return False
        apart = {path for path in {*sources, *now} if sources.get(path) != now.get(path)}
        return bool(apart) and all(path.endswith(".ogg") for path in apart)

    def _packed(self, sources: Sources, seed: Stored) -> dict[str, bytes]:
        """What of these and of the first files has to be put down."""
        with sql_errors(), self.engine.connect() as connection:
            first = (
                {} if _newest(connection) is not None else packed_anew(connection, manifest(seed.sources), seed.sources)
            )
            return {**first, **packed_anew(connection, manifest(sources), sources)}

    def _put_seed(self, connection: Connection, seed: Stored) -> None:
        files = {"number": 0, "made": int(self.clock()), "by": None, "flows": "", "note": "", "again": None}
        write_release(connection, self._key, files, manifest(seed.sources), BEGINNING)


def errors_of(sources: Sources, root: Path, today: date) -> tuple[str | Finding, ...]:
    """What keeps these sources from going out; lines where they cannot be read at all."""
    try:
        return content.check_of(sources, root, today).judged.errors
    except ScriptsError as error:
        return tuple(str(error).splitlines())


def _newest(connection: Connection) -> int | None:
    number: int | None = connection.scalar(select(func.max(ReleaseRow.number)))
    return number


def _seal(connection: Connection, number: int) -> str:
    return str(connection.scalar(select(ReleaseRow.seal).where(ReleaseRow.number == number)))
