"""The seed file and SQL: it fills the tables until people have changed them, and never takes anything back from them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bot.directory.hsds.changes import changes
from bot.directory.hsds.package import EMPTY, Package
from bot.settings import REPOSITORY
from bot.store.directory import DirectoryStore
from bot.store.directory_flags import DirectoryFlags
from bot.store.directory_models import DirectoryFlag, DirectoryHistory
from bot.store.directory_seed import FILE, read_seed, settle
from bot.store.errors import SeedBroken
from bot.store.staff_models import AuditRow
from tests.store.conftest import Clock
from tests.store.directories import changed_row
from tests.upgraded import SEAL_KEY

pytestmark = pytest.mark.slow

HEADER, *ROWS = (REPOSITORY / FILE).read_text("utf-8").splitlines(keepends=True)


@pytest.fixture
def store(engine: Engine, clock: Clock) -> DirectoryStore:
    return DirectoryStore(engine, SEAL_KEY, clock)


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """The first organizations of the real seed."""
    file = tmp_path / "organizations.csv"
    file.write_text(HEADER + "".join(ROWS[:6]), "utf-8")
    return file


def first_service(package: Package) -> str:
    return next(iter(package.tables["service"]))


def closed(store: DirectoryStore) -> str:
    """A person closes the first service; its id."""
    package, version = store.read()
    identifier = first_service(package)
    after = changed_row(package, "service", identifier, status="defunct")
    store.apply(changes(package, after, keep_missing=False), by="Rosa", expected=version)
    return identifier


def test_the_real_seed_fills_the_tables(engine: Engine, store: DirectoryStore, clock: Clock) -> None:
    said = settle(engine, SEAL_KEY, REPOSITORY / FILE, clock())
    package, version = store.read()
    assert (version, store.seeded()) == (0, True)
    assert said == f"The directory was filled from {FILE}: {len(package.tables['organization'])} organizations."
    assert package == read_seed((REPOSITORY / FILE).read_bytes(), clock()) and package.tables["organization"]
    assert settle(engine, SEAL_KEY, REPOSITORY / FILE, clock()) == ""
    with engine.connect() as connection:
        assert [connection.scalar(select(each)) for each in (DirectoryHistory.number, AuditRow.seq)] == [None, None]


def test_a_changed_seed_replaces_the_tables_while_nobody_has_changed_them(
    engine: Engine, store: DirectoryStore, clock: Clock, seed: Path
) -> None:
    settle(engine, SEAL_KEY, seed, clock())
    before, mark = store.read()[0], store.mark()
    seed.write_text(HEADER + "".join(ROWS[1:8]), "utf-8")
    assert "7 organizations" in settle(engine, SEAL_KEY, seed, clock())
    after = store.read()[0]
    assert set(before.tables["organization"]) - set(after.tables["organization"]), "one is gone"
    assert set(before.tables["organization"]) & set(after.tables["organization"]), (
        "the others have the ids that they had"
    )
    assert store.mark() != mark and store.version() == 0


def test_after_a_person_the_seed_only_says_that_it_differs(
    engine: Engine, store: DirectoryStore, clock: Clock, seed: Path
) -> None:
    settle(engine, SEAL_KEY, seed, clock())
    identifier = closed(store)
    assert settle(engine, SEAL_KEY, seed, clock()) == "", "it is the file that it began with"
    seed.write_text(HEADER + "".join(ROWS[:8]), "utf-8")
    for _ in range(2):
        assert f"flask --app webhook directory import {FILE}" in settle(engine, SEAL_KEY, seed, clock())
    seed.write_text("broken", "utf-8")
    assert "is not the file" in settle(engine, SEAL_KEY, seed, clock()), "nobody reads it any more"
    package, version = store.read()
    assert version == 1 and package.tables["service"][identifier]["status"] == "defunct"
    assert len(package.tables["organization"]) == 6


def test_also_who_took_everything_out_is_not_overruled(
    engine: Engine, store: DirectoryStore, clock: Clock, seed: Path
) -> None:
    settle(engine, SEAL_KEY, seed, clock())
    package, version = store.read()
    store.apply(changes(package, EMPTY, keep_missing=False), by="Rosa", expected=version)
    seed.write_text(HEADER + "".join(ROWS[:8]), "utf-8")
    settle(engine, SEAL_KEY, seed, clock())
    assert store.read() == (EMPTY, 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"code,colour\nx,red\n", "colour"),
        ((HEADER + ROWS[0].replace("US", "Atlantis") + "x,y\n").encode(), "row"),
        (b"\xff\xfe\x00", "organizations.csv"),
        (None, "cannot be read"),
    ],
    ids=["empty", "unknown column", "a bad row", "no text", "no file"],
)
def test_a_broken_seed_is_told_and_changes_nothing(
    engine: Engine, store: DirectoryStore, clock: Clock, seed: Path, content: bytes | None, told: str
) -> None:
    settle(engine, SEAL_KEY, seed, clock())
    before, mark = store.read(), store.mark()
    if content is None:
        seed.unlink()
    else:
        seed.write_bytes(content)
    with pytest.raises(SeedBroken, match=told) as broken:
        settle(engine, SEAL_KEY, seed, clock())
    assert "kept the directory" in broken.value.mend
    assert (store.read(), store.mark()) == (before, mark)


def test_flags_of_what_the_seed_no_longer_has_go(
    engine: Engine, clock: Clock, seed: Path, store: DirectoryStore, redis_client
) -> None:
    settle(engine, SEAL_KEY, seed, clock())
    flags = DirectoryFlags(engine, redis_client)
    package = store.read()[0]
    last = list(package.tables["service"])
    for service in last:
        flags.raise_flag(service, clock())
    flags.flush()
    seed.write_text(HEADER + ROWS[0], "utf-8")
    settle(engine, SEAL_KEY, seed, clock())
    left = set(store.read()[0].tables["service"])
    with engine.connect() as connection:
        assert set(connection.scalars(select(DirectoryFlag.record))) == left & set(last)
