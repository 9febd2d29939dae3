"""The shipped directory in a database, and who edits it, for the tests of bot/store/directory_editing.py and what lies beside it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from redis import Redis
from sqlalchemy import Engine, select

from bot.directory.editing.marks import marks_of, read_marks
from bot.directory.hsds.changes import changes
from bot.directory.hsds.package import EMPTY
from bot.directory.places import Places, load_places
from bot.escalation.viewer import Role, Viewer
from bot.store.directory import DirectoryStore
from bot.store.directory_draft import CONTACT, Draft
from bot.store.directory_editing import DirectoryEditing
from bot.store.directory_flags import DirectoryFlags
from bot.store.staff_models import AuditRow
from tests.directory.seeded import FOLDER, read_seed
from tests.store.conftest import Clock
from tests.upgraded import SEAL_KEY

ROMERO = "centro_romero"
ANA = Viewer(7, "Ana Lucía", frozenset({Role.VOLUNTEER}))
BEA = Viewer(8, "Bea", frozenset({Role.PUBLISHER}))
CARLA = Viewer(9, "Carla", frozenset({Role.COORDINATOR}))
NOON = datetime(2026, 11, 26, 18, tzinfo=UTC).timestamp()


@pytest.fixture(scope="module")
def places() -> Places:
    return load_places(FOLDER)


@pytest.fixture
def editing(engine: Engine, redis_client: Redis, clock: Clock, places: Places) -> DirectoryEditing:
    clock.now = NOON
    store = DirectoryStore(engine, SEAL_KEY, clock)
    store.apply(changes(EMPTY, read_seed()[0], keep_missing=False), by="seed", expected=0)
    return DirectoryEditing(engine, SEAL_KEY, DirectoryFlags(engine, redis_client), clock, "America/Chicago", lambda: places)


def draft(editing: DirectoryEditing, viewer: Viewer = ANA, code: str = ROMERO, **cells: str) -> Draft:
    """A form that was opened now, with these fields filled in."""
    entry = editing.entry(viewer, code)
    now = {**entry.row.cells, CONTACT: editing.contact(viewer, entry)}
    return Draft(cells, read_marks(marks_of(now)))


def cells(editing: DirectoryEditing, code: str = ROMERO) -> dict[str, str]:
    return dict(editing.entry(ANA, code).row.cells)


def audited(engine: Engine) -> list[tuple[str, str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(select(AuditRow.actor, AuditRow.action, AuditRow.object).order_by(AuditRow.seq))
        return [tuple(row) for row in rows]
