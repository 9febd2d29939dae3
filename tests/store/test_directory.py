"""The directory in SQL: what goes in comes out, all or nothing, with its history; what is changed by hand is noticed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, inspect, select, text

from bot.directory.hsds.changes import Change, changes
from bot.directory.hsds.package import EMPTY, Package
from bot.directory.hsds.tables import TABLES
from bot.directory.hsds.values import OneOf
from bot.store import audit
from bot.store.database import engine_for
from bot.store.directory import DirectoryStore
from bot.store.directory_models import DIRECTORY, DirectoryFlag, DirectoryHistory
from bot.store.errors import DirectoryDamaged, DirectoryMoved, DirectoryRefused, StoreDown
from bot.store.secret_files import write_once
from bot.store.staff_models import AuditRow
from bot.store.upgrade import upgrade
from tests.store.conftest import Clock
from tests.store.directories import OPEN, PHONE, SERVICE, changed_row, generated, two_organizations
from tests.upgraded import SEAL_KEY

# Starts databases and processes.
pytestmark = pytest.mark.slow

REPO = Path(__file__).resolve().parents[2]
MONDAY = date(2026, 11, 23)


@pytest.fixture
def store(engine: Engine, clock: Clock) -> DirectoryStore:
    return DirectoryStore(engine, SEAL_KEY, clock)


def put(store: DirectoryStore, package: Package, by: str = "Rosa") -> int:
    before, version = store.read()
    return store.apply(changes(before, package, keep_missing=False), by=by, expected=version)


def test_it_begins_with_nothing(store: DirectoryStore) -> None:
    assert (store.read(), store.version(), store.seeded()) == ((EMPTY, 0), 0, False)


def test_what_goes_in_comes_out(store: DirectoryStore) -> None:
    assert put(store, two_organizations()) == 1
    package, version = store.read()
    assert (package.tables, version, store.version(), store.seeded()) == (two_organizations().tables, 1, 1, True)
    every = {table.name for table in TABLES}
    assert {name for name, rows in package.tables.items() if rows} == every, "each table is tried"


def test_each_change_is_a_version_and_another_mark(store: DirectoryStore) -> None:
    put(store, two_organizations())
    first = store.mark()
    assert put(store, changed_row(two_organizations(), "service", SERVICE, status="temporarily closed")) == 2
    assert store.read()[0].tables["service"][SERVICE]["status"] == "temporarily closed"
    assert store.mark() != first
    assert put(store, EMPTY) == 3
    assert store.read() == (EMPTY, 3)


def test_no_change_is_no_version(store: DirectoryStore) -> None:
    put(store, two_organizations())
    assert put(store, two_organizations()) == 1


def test_who_looked_at_an_older_state_is_told(store: DirectoryStore) -> None:
    before, version = store.read()
    mine = changes(before, two_organizations(), keep_missing=False)
    put(store, two_organizations(), by="Marta")
    with pytest.raises(DirectoryMoved, match="at version 1 now"):
        store.apply(mine, by="Rosa", expected=version)
    with pytest.raises(DirectoryMoved):
        # The right version and rows that were never there.
        store.apply(mine, by="Rosa", expected=1)
    assert store.version() == 1


def test_two_at_the_same_moment(store: DirectoryStore, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, two_organizations())
    package, version = store.read()
    one = changes(package, changed_row(package, "phone", PHONE, extension="7"), keep_missing=False)
    other = changes(package, changed_row(package, "service", SERVICE, alert="cerrado"), keep_missing=False)
    slow = DirectoryStore(engine, SEAL_KEY, store._clock)
    read = slow.stored

    def overtaken() -> object:
        found = read()
        store.apply(one, by="Marta", expected=version)
        return found

    monkeypatch.setattr(slow, "stored", overtaken)
    with pytest.raises(DirectoryMoved, match="version 2"):
        slow.apply(other, by="Rosa", expected=version)
    assert store.read()[0].tables["service"][SERVICE]["alert"] == ""


def broken(table: str, identifier: str, **cells: str) -> tuple[Change, ...]:
    package = two_organizations()
    new = {**package.tables[table][identifier], **cells}
    return (Change(table, identifier, package.tables[table][identifier], new),)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (broken("service", SERVICE, organization_id=PHONE), "There is no organization"),
        (broken("service", SERVICE, status="perhaps"), "Use one of"),
        (broken("phone", PHONE, verified_on="2030-01-01", verified_by="Rosa", verified_how="call"), "has not come yet"),
        (
            (Change("organization", OPEN, two_organizations().get("organization", OPEN), None),),
            "There is no organization",
        ),
    ],
    ids=["refers to nothing", "no such word", "tomorrow", "others refer to it"],
)
def test_what_does_not_hold_together_is_refused(store: DirectoryStore, made: tuple[Change, ...], told: str) -> None:
    put(store, two_organizations())
    with pytest.raises(DirectoryRefused, match=told) as refused:
        store.apply(made, by="Rosa", expected=1)
    assert refused.value.problems
    assert store.read() == (two_organizations(), 1)


def test_the_database_itself_refuses_what_refers_to_nothing(engine: Engine, store: DirectoryStore) -> None:
    put(store, two_organizations())
    with pytest.raises(Exception, match="(?i)foreign key"), engine.begin() as connection:
        connection.execute(text("UPDATE hsds_phone SET service_id = 'nobody'"))


@pytest.mark.parametrize("by", ["", "  ", "+13125550100", "a" * 65, "Rosa;"])
def test_a_change_has_a_name_under_it(store: DirectoryStore, by: str) -> None:
    with pytest.raises(ValueError):
        put(store, two_organizations(), by=by)
    assert store.version() == 0


def test_the_history_tells_who_changed_what(store: DirectoryStore, clock: Clock, engine: Engine) -> None:
    put(store, two_organizations())
    clock.advance(60)
    put(store, changed_row(two_organizations(), "phone", PHONE, number="+17735550199", extension="4"), by="Marta")
    clock.advance(60)
    put(store, EMPTY, by="Ana")
    told = store.history("phone", PHONE)
    assert [(each.action, each.field, each.by, each.at - int(clock())) for each in told] == [
        ("delete", "", "Ana", 0),
        ("update", "extension", "Marta", -60),
        ("update", "number", "Marta", -60),
        ("create", "", "Rosa", -120),
    ]
    assert (told[2].previous, told[2].replacement) == ("+17735550100", "+17735550199")
    assert json.loads(told[0].previous)["number"] == "+17735550199"
    assert store.history("phone", SERVICE) == ()


def test_the_audit_tells_counts_and_nothing_else(store: DirectoryStore, engine: Engine) -> None:
    put(store, two_organizations())
    put(store, changed_row(two_organizations(), "phone", PHONE, number="+17735550199"), by="Marta")
    with engine.connect() as connection:
        rows = list(connection.execute(select(AuditRow.actor, AuditRow.action, AuditRow.object).order_by(AuditRow.seq)))
    added = sum(len(each) for each in two_organizations().tables.values())
    assert [tuple(row) for row in rows] == [
        ("Rosa", "directory.apply", f"version 1: {added} added, 0 changed, 0 removed"),
        ("Marta", "directory.apply", "version 2: 0 added, 1 changed, 0 removed"),
    ]
    assert audit.verify(engine).rows == 2


def flags(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(select(DirectoryFlag.record)))


@pytest.mark.parametrize(
    ("table", "identifier", "cells", "left"),
    [
        ("phone", PHONE, {"number": "+17735550199"}, {SERVICE}),
        ("phone", PHONE, {"verified_on": "2026-11-20", "verified_by": "Rosa", "verified_how": "call"}, {SERVICE}),
        ("phone", PHONE, {"description": "front desk"}, {SERVICE, PHONE}),
        ("service", SERVICE, {"assured_date": "2026-11-20", "assured_by": "Rosa"}, {PHONE}),
        ("service", SERVICE, {"alert": "ring twice"}, {SERVICE, PHONE}),
    ],
)
def test_flags_go_when_the_record_is_mended(
    store: DirectoryStore, engine: Engine, table: str, identifier: str, cells: dict[str, str], left: set[str]
) -> None:
    put(store, two_organizations())
    with engine.begin() as connection:
        same = {"what": "does not work", "week": MONDAY, "n": 1}
        connection.execute(insert(DirectoryFlag), [{"record": SERVICE, **same}, {"record": PHONE, **same}])
    put(store, changed_row(two_organizations(), table, identifier, **cells))
    assert flags(engine) == left
    put(store, EMPTY)
    assert flags(engine) == set()


BY_HAND = [
    ("UPDATE hsds_phone SET number = 'call us' WHERE id = '{PHONE}'", "phone {PHONE} number"),
    ("UPDATE hsds_service SET url = 'javascript:alert(1)' WHERE id = '{SERVICE}'", "service {SERVICE} url"),
    ("UPDATE hsds_phone SET verified_on = '2026-01-01' WHERE id = '{PHONE}'", "phone {PHONE} verified_on"),
]
ONLY_SQLITE = [
    ("UPDATE hsds_phone SET verified_on = 'last week' WHERE id = '{PHONE}'", "phone {PHONE} verified_on"),
    ("UPDATE hsds_location SET latitude = 'north' WHERE latitude IS NOT NULL", "latitude"),
    ("UPDATE hsds_service SET name = CAST(x'ff00ff' AS BLOB) WHERE id = '{SERVICE}'", "service {SERVICE} name"),
]


@pytest.mark.parametrize(("statement", "told"), [*BY_HAND, *ONLY_SQLITE])
def test_a_row_changed_by_hand_is_named_without_what_it_says(
    store: DirectoryStore, engine: Engine, statement: str, told: str
) -> None:
    if engine.dialect.name == "postgresql" and (statement, told) in ONLY_SQLITE:
        with pytest.raises(Exception, match="(?i)invalid|type|cast"), engine.begin() as connection:
            connection.execute(text(statement.format(PHONE=PHONE, SERVICE=SERVICE)))
        return
    put(store, two_organizations())
    with engine.begin() as connection:
        connection.execute(text(statement.format(PHONE=PHONE, SERVICE=SERVICE)))
    with pytest.raises(DirectoryDamaged) as damaged:
        store.read()
    assert len(damaged.value.rows) == 1 and told.format(PHONE=PHONE, SERVICE=SERVICE) in damaged.value.rows[0]
    assert "call us" not in str(damaged.value) and "javascript" not in str(damaged.value)
    with pytest.raises(DirectoryDamaged):
        store.apply(broken("service", SERVICE, alert="x"), by="Rosa", expected=1)


def test_a_clock_that_went_back_closes_nothing(store: DirectoryStore, clock: Clock) -> None:
    put(store, two_organizations())
    clock.advance(-800 * 86_400)
    assert store.read() == (two_organizations(), 1)


def test_sql_down_is_told(tmp_path: Path, clock: Clock) -> None:
    down = DirectoryStore(engine_for(f"postgresql://postgres@/puente?host={tmp_path}"), SEAL_KEY, clock)
    for ask in (down.version, down.read, down.mark, down.seeded, lambda: down.history("phone", PHONE)):
        with pytest.raises(StoreDown):
            ask()
    with pytest.raises(StoreDown):
        down.apply((), by="Rosa", expected=0)


def words_in(sql: str) -> set[str]:
    return {part for number, part in enumerate(sql.split("'")) if number % 2}


def test_the_migrated_tables_refuse_the_same_words_as_the_tables_of_hsds(engine: Engine) -> None:
    for table in TABLES:
        found = {
            each["name"]: words_in(each["sqltext"])
            for each in inspect(engine).get_check_constraints(f"hsds_{table.name}")
        }
        assert found == {
            f"ck_hsds_{table.name}_{column.name}": set(column.value.known)
            for column in table.columns
            if isinstance(column.value, OneOf)
        }


def test_the_migrated_tables_refer_as_the_tables_of_hsds_do(engine: Engine) -> None:
    for table in TABLES:
        found = {
            each["constrained_columns"][0]: (each["referred_table"], each["options"])
            for each in inspect(engine).get_foreign_keys(f"hsds_{table.name}")
        }
        told = {"deferrable": True, "initially": "DEFERRED"}
        assert found == {each.name: (f"hsds_{each.refers}", told) for each in table.columns if each.refers}
        needed = {column.name for column in DIRECTORY[table.name].columns if not column.nullable}
        assert needed == {column.name for column in table.columns if column.required}


KILLED = """
import os, signal, sys
from sqlalchemy import event
from bot.directory.hsds.changes import changes
from bot.store.database import engine_for
from bot.store.directory import DirectoryStore
from tests.store.directories import generated
from tests.upgraded import SEAL_KEY

engine = engine_for(sys.argv[1])
store = DirectoryStore(engine, SEAL_KEY, lambda: 1_795_521_600.0)
before, version = store.read()
seen = []

@event.listens_for(engine, "before_cursor_execute")
def die(connection, cursor, statement, *_):
    if sys.argv[2] in statement:
        os.kill(os.getpid(), signal.SIGKILL)

store.apply(changes(before, generated(40), keep_missing=False), by="Rosa", expected=version)
"""


@pytest.mark.parametrize(
    "at",
    [
        "INSERT INTO hsds_phone",
        "DELETE FROM hsds_service",
        "INSERT INTO hsds_history",
        "UPDATE meta SET value=",
        "INSERT INTO audit",
    ],
)
def test_who_is_killed_in_the_middle_leaves_what_was_there(
    database_url: str, tmp_path: Path, clock: Clock, at: str
) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    write_once(tmp_path / "keys" / "releases", SEAL_KEY)
    upgrade(database_url, tmp_path)
    engine = engine_for(database_url)
    store = DirectoryStore(engine, SEAL_KEY, clock)
    put(store, two_organizations())
    ran = subprocess.run([sys.executable, "-c", KILLED, database_url, at], cwd=REPO, env={**os.environ}, timeout=120)
    assert ran.returncode == -signal.SIGKILL
    assert store.read() == (two_organizations(), 1)
    with engine.connect() as connection:
        assert connection.scalar(select(DirectoryHistory.number).where(DirectoryHistory.by != "Rosa")) is None
    assert audit.verify(engine).rows == 1
    assert put(store, generated(40)) == 2
    engine.dispose()
