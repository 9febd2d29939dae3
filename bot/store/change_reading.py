"""What is being changed of the answers, read: open changes, answers with them, and the release as it would be."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Engine, select

from bot import content
from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.scripts.accepted import FILE as ACCEPTED
from bot.scripts.accepted import Accepted, Judged, read_accepted
from bot.scripts.change import Conflict, Draft, Opened, Place
from bot.scripts.change_answer import Answer, answer_of
from bot.scripts.change_applied import Changed, Sources, applied, changed, steps_conflict, with_typed
from bot.scripts.change_check import judged_flow
from bot.scripts.change_compared import Compared, compared
from bot.scripts.change_tests import Replayed
from bot.scripts.change_yaml import StepsRefused
from bot.scripts.finding import Finding
from bot.scripts.release import Release
from bot.settings import REPOSITORY
from bot.store import change_rows
from bot.store.change_errors import NoSuchAnswer, NothingOpen
from bot.store.content_models import Autosave, Change
from bot.store.database import sql_errors
from bot.store.kept_tests import KeptTests
from bot.store.people import People
from bot.store.release_rows import Stored
from bot.store.releases import Releases
from bot.wording.kiche import load_words

Judge = Callable[[Sources, Path, date], tuple[Finding, ...]]
WRITERS = (Role.VOLUNTEER, Role.PUBLISHER)


class Autosaved(Struct, frozen=True):
    """What somebody typed and did not save. ``version``: of the text that she began from; ``at``: unix seconds."""

    text: str
    version: int
    at: int


class ChangesRead:
    """Reads changes. ``clock`` is the bot's, in unix seconds. Every method raises ``StoreDown``."""

    def __init__(
        self,
        engine: Engine,
        releases: Releases,
        people: People,
        clock: Callable[[], float],
        root: Path = REPOSITORY,
        judge: Judge | None = None,
    ) -> None:
        """``judge``: the errors of a whole set of sources; None: those of ``content check``."""
        self.engine, self.releases, self.people, self.clock, self.root = engine, releases, people, clock, root
        self.tests = KeptTests(engine, clock)
        self._judge = judge or errors_of
        self._built: tuple[str, Release] | None = None

    def open_for(self, flow: str) -> Opened | None:
        """The open change of a flow."""
        with sql_errors(), self.engine.connect() as connection:
            return self._opened(connection, flow)

    def all(self) -> tuple[Opened, ...]:
        """Every open change, those that wait longest for a review first, then drafts by when they were written on last."""
        with sql_errors(), self.engine.connect() as connection:
            rows = connection.execute(select(Change.__table__).where(Change.open.is_not(None))).all()
            found = [self._with_base(connection, row) for row in rows]
        return tuple(sorted(found, key=lambda each: (each.sent is None, each.sent or -each.changed, each.id)))

    def answer(self, flow: str) -> Answer:
        """The answer with its open change. Raises NoSuchAnswer."""
        stored, release = self._current()
        with sql_errors(), self.engine.connect() as connection:
            opened = self._opened(connection, flow)
            last = change_rows.last_published(connection, flow)
        try:
            after = changed(release, opened.draft) if opened else Changed(release, ())
        except StepsRefused:
            raise NoSuchAnswer from None  # The answer that its steps are of was taken back meanwhile.
        if flow not in after.release.script.flows:
            raise NoSuchAnswer
        return answer_of(flow, release, after, opened, last, stored.number)

    def preview(self, flow: str, typed: Mapping[Place, str] | None = None) -> Release:
        """The release that families would get with the open change of a flow, and with what somebody is typing. Nothing is stored."""
        release = self._current()[1]
        opened = self.open_for(flow)
        return changed(release, with_typed(release, opened.draft if opened else Draft(flow), typed or {})).release

    def sources(self, flow: str) -> Sources:
        """The files of the current release with the open change of a flow in them."""
        return self._applied(self.open_for(flow))[0]

    def check(self, flow: str, typed: Mapping[Place, str] | None = None) -> Judged:
        """What is wrong with this flow as it would go out; see ``change_check``. The whole is checked at sending and publishing."""
        release = self.preview(flow, typed)
        return judged_flow(release, flow, *_beside(self.root), self._accepted())

    def compared(self, flow: str) -> Compared:
        """What whoever reviews looks at. Raises NothingOpen where nobody is changing it."""
        stored, release = self._current()
        with sql_errors(), self.engine.connect() as connection:
            opened = self._opened(connection, flow)
            last = change_rows.last_published(connection, flow)
        if opened is None:
            raise NothingOpen
        after = changed(release, opened.draft)
        answer = None
        if flow in after.release.script.flows:
            answer = answer_of(flow, release, after, opened, last, stored.number)
        steps = steps_conflict(stored.sources, release, opened.draft)
        return compared(release, after, opened, answer, (*after.conflicts, *steps))

    def parted(self, flow: str) -> tuple[Replayed, ...]:
        """The kept conversations that take another way with the open change of a flow, and that nobody has found right yet."""
        return self.tests.parted(self._current()[1], self.preview(flow))

    def autosaved(self, viewer: Viewer, flow: str) -> dict[Place, Autosaved]:
        """What she typed in this answer and did not save."""
        wanted = select(Autosave.key, Autosave.language, Autosave.text, Autosave.version, Autosave.at)
        mine = wanted.where(Autosave.user == viewer.user, Autosave.key.startswith(f"{flow}.", autoescape=True))
        with sql_errors(), self.engine.connect() as connection:
            rows = connection.execute(mine).all()
        return {(row.key, Language(row.language)): Autosaved(row.text, row.version, row.at) for row in rows}

    def _current(self) -> tuple[Stored, Release]:
        stored = self.releases.current()
        built = self._built
        if built is None or built[0] != stored.digest:
            # As long as nobody publishes, every page begins from the same one.
            built = self._built = stored.digest, content.release_of(stored.sources, self.root, stored.released)
        return stored, built[1]

    def _accepted(self) -> tuple[Accepted, ...]:
        data = self.releases.current().sources.get(ACCEPTED)
        return _accepted(data) if data else ()

    def _applied(self, opened: Opened | None) -> tuple[Sources, tuple[Conflict, ...], Stored]:
        stored, release = self._current()
        if opened is None:
            return stored.sources, (), stored
        files, conflicts = applied(stored.sources, release, opened.draft)
        return files, conflicts, stored

    def _opened(self, connection: Connection, flow: str) -> Opened | None:
        row = change_rows.open_row(connection, flow)
        return self._with_base(connection, row) if row is not None else None

    def _with_base(self, connection: Connection, row: Any) -> Opened:
        was = self._file_of(row.flow, row.base) if row.yaml is not None else None
        return change_rows.opened(connection, row, was)

    def _file_of(self, flow: str, number: int) -> str | None:
        """The file of a flow in a release; None where it had none."""
        sources = self.releases.stored(number).sources
        suffix = f"/{flow}.yml"
        paths = (path for path in sources if path.startswith("flows/") and path.endswith(suffix))
        return next((sources[path].decode() for path in paths if path.count("/") == 2), None)


@functools.lru_cache(maxsize=4)
def _beside(root: Path) -> tuple[frozenset[str], frozenset[str]]:
    """What the checks need beside a release: the names of the intents, and the K'iche' words that somebody has written."""
    intents = content.load_intents(root / "nlu" / "intents.yml")
    return intents, load_words(root / "locales" / "quc" / "words.csv")


@functools.lru_cache(maxsize=2)
def _accepted(data: bytes) -> tuple[Accepted, ...]:
    return read_accepted(content.yaml_of(data, ACCEPTED))


def errors_of(sources: Sources, root: Path, today: date) -> tuple[Finding, ...]:
    """What keeps these sources from going out. It costs seconds."""
    return content.check_of(sources, root, today).judged.errors
