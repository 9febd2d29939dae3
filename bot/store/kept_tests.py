"""Conversations that were kept as tests: replayed before an answer is published, in every language."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update

from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.scripts.change_tests import Kept, Path, Replayed, Stop, paths_of, replayed
from bot.scripts.release import Release
from bot.store.audit import note
from bot.store.content_models import KeptTest
from bot.store.database import sql_errors
from bot.store.errors import NotYours, StoreError
from bot.store.in_turn import in_turn

TURN = "kept tests"
LONGEST_NAME, MOST_SAID, LONGEST_SAID = 80, 30, 200


class TestRefused(StoreError):
    """A test needs a name, a flow that is there, and at most ``MOST_SAID`` short messages."""

    __test__ = False

    def __init__(self) -> None:
        super().__init__(f"a test needs a name, an answer that is there, and at most {MOST_SAID} short messages")


class KeptTests:
    """The tests of an installation. ``clock`` is the bot's. Every method raises ``StoreDown``."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self.engine, self.clock = engine, clock

    def keep(
        self, viewer: Viewer, flow: str, name: str, language: Language, said: Sequence[str], release: Release
    ) -> int:
        """Keeps what was said and the way that it takes on this release (the one with the draft); its number. Raises TestRefused."""
        if not viewer.has(Role.VOLUNTEER, Role.PUBLISHER):
            raise NotYours
        name, words = " ".join(name.split())[:LONGEST_NAME], [" ".join(each.split()) for each in said]
        long = len(words) > MOST_SAID or any(len(each) > LONGEST_SAID for each in words)
        if not name or long or flow not in release.script.flows:
            raise TestRefused
        values = {
            "flow": flow,
            "name": name,
            "language": language.value,
            "said": json.dumps(words, ensure_ascii=False),
            "steps": _written(paths_of(release, flow, words)),
            "by": viewer.user,
            "at": int(self.clock()),
        }
        with sql_errors(), self.engine.begin() as connection:
            in_turn(connection, TURN)
            number = connection.scalar(insert(KeptTest).values(**values).returning(KeptTest.id))
            note(connection, self.clock(), viewer.actor, "test_kept", f"{flow}: test {number}")
        return int(number or 0)

    def all(self, flow: str | None = None) -> tuple[Kept, ...]:
        """The tests, the oldest first; of one flow where it is named."""
        wanted = select(KeptTest.__table__).order_by(KeptTest.id)
        if flow is not None:
            wanted = wanted.where(KeptTest.flow == flow)
        with sql_errors(), self.engine.connect() as connection:
            return tuple(map(_read, connection.execute(wanted)))

    def replay(self, release: Release) -> tuple[Replayed, ...]:
        """Every test on this release, in every language."""
        return replayed(self.all(), release)

    def parted(self, before: Release, after: Release) -> tuple[Replayed, ...]:
        """The tests that take another way after than before, and another one than was said to be right."""
        tests = self.all()
        if not tests:
            return ()
        stood = {each.test.id: each.now for each in replayed(tests, before)}
        return tuple(each for each in replayed(tests, after) if not each.right and each.now != stood.get(each.test.id))

    def accept(self, viewer: Viewer, id: int, release: Release) -> None:
        """A publisher says that the way which it takes on this release is right. Raises TestRefused where there is no such test."""
        if not viewer.has(Role.PUBLISHER):
            raise NotYours
        kept = next((each for each in self.all() if each.id == id), None)
        if kept is None or kept.flow not in release.script.flows:
            raise TestRefused
        steps = _written(paths_of(release, kept.flow, kept.said))
        with sql_errors(), self.engine.begin() as connection:
            in_turn(connection, TURN)
            connection.execute(update(KeptTest).where(KeptTest.id == id).values(steps=steps))
            note(connection, self.clock(), viewer.actor, "way_accepted", f"{kept.flow}: test {id}")

    def drop(self, viewer: Viewer, id: int) -> None:
        """Takes a test away: whoever kept it, or a publisher."""
        kept = next((each for each in self.all() if each.id == id), None)
        if kept is None:
            return
        if kept.by != viewer.user and not viewer.has(Role.PUBLISHER):
            raise NotYours
        with sql_errors(), self.engine.begin() as connection:
            in_turn(connection, TURN)
            connection.execute(delete(KeptTest).where(KeptTest.id == id))
            note(connection, self.clock(), viewer.actor, "test_dropped", f"{kept.flow}: test {id}")


def _written(paths: dict[Language, Path]) -> str:
    return json.dumps({each.value: [[stop.said, stop.at] for stop in path] for each, path in paths.items()})


def _read(row: Any) -> Kept:
    paths = {
        Language(language): tuple(Stop(tuple(said), at) for said, at in path)
        for language, path in json.loads(row.steps).items()
    }
    return Kept(row.id, row.flow, row.name, Language(row.language), tuple(json.loads(row.said)), paths, row.by, row.at)
