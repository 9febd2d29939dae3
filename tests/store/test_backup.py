"""Backups: what the network has made comes back on either database, and nothing of a family but her STOP."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, insert, select

from bot.message import Channel
from bot.privacy import TABLES, Kind
from bot.store import audit
from bot.store.backup import LEFT_OUT, OPT_OUTS, back_up, bring_back, taken
from bot.store.backup_file import BackupWriter, Head, new_file, read_head, read_tables
from bot.store.database import engine_for
from bot.store.errors import BackupDamaged, BackupOfOther, DatabaseBehind, DatabaseNotEmpty, KeyMissing
from bot.store.escalations import Escalations
from bot.store.models import HEAD, Base, OptOut, TopicCount
from bot.store.staff_models import AuditRow, User
from tests.store.at_desk import EVERYBODY, employ
from tests.store.escalated import ANA
from tests.store.postgres import drop, new_database
from tests.upgraded import upgraded_sqlite

NOW = 1_795_521_600


def test_every_table_is_in_a_backup_or_has_a_reason() -> None:
    """A new table is classified before it can be forgotten, or taken along."""
    names = {table.name for table in taken()}
    assert names | LEFT_OUT.keys() == set(TABLES) and not names & LEFT_OUT.keys()
    assert names <= set(Base.metadata.tables)
    family = {name for name, kind in TABLES.items() if kind is Kind.FAMILY}
    assert names & family == {OPT_OUTS}


def test_nothing_in_a_backup_needs_what_is_in_none() -> None:
    names = {table.name for table in taken()}
    assert {key.column.table.name for table in taken() for key in table.foreign_keys} <= names


@pytest.fixture
def filled(engine: Engine, escalations: Escalations) -> Engine:
    """An installation with staff, an audit, counts, somebody who wrote STOP, and a conversation."""
    employ(engine, *EVERYBODY)
    escalations.add(escalations.open(ANA, Channel.SMS), "family", "no tengo adonde ir")
    with engine.begin() as connection:
        connection.execute(insert(OptOut).values(contact_key="c" * 64, channel="sms", since=NOW))
        cell = {"week": date(2026, 11, 23), "topic": "menu", "language": "quc", "channel": "sms", "n": 7}
        connection.execute(insert(TopicCount).values(**cell))
        for number in range(3):
            audit.note(connection, NOW, "Ana", "pause.on", f"try {number}")
    return engine


def kept(engine: Engine) -> bytes:
    out = io.BytesIO()
    assert back_up(engine, out, NOW) > 0
    return out.getvalue()


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in taken()
        }


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database that is not there yet, or has nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/elsewhere/puente.db"
        return
    url = new_database(request.getfixturevalue("_postgres"))
    yield url
    drop(url)


def test_it_comes_back_whole_on_either_database(filled: Engine, elsewhere: str, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    file.write_bytes(kept(filled))
    assert bring_back(elsewhere, tmp_path, file) == Head(NOW, HEAD)
    again = engine_for(elsewhere)
    assert rows(again) == rows(filled)
    assert audit.verify(again).rows == audit.verify(filled).rows
    with again.begin() as connection:
        for name, table in Base.metadata.tables.items():
            if name in LEFT_OUT and name != "alembic_version":
                assert connection.scalar(select(func.count()).select_from(table)) == 0, name
        # It goes on where it was: the next number is a new one.
        audit.note(connection, NOW, "Ana", "pause.off")
        highest = connection.scalar(select(func.max(User.id)))
        connection.execute(delete(User).where(User.id == highest))
    employ(again, EVERYBODY[-1])
    again.dispose()


def test_no_word_and_no_number_of_a_family_is_in_it(filled: Engine) -> None:
    plain = gzip.decompress(kept(filled))
    with filled.connect() as connection:
        sealed = [row for row in connection.exec_driver_sql("SELECT id, number FROM escalations")]
        words = [row[0] for row in connection.exec_driver_sql("SELECT sealed FROM escalation_messages")]
    from base64 import b64encode

    for id, number in sealed:
        assert b64encode(number) not in plain
        # The audit says that a conversation was opened, by its ID, which opens nothing.
        assert plain.count(id.encode()) == 1
    assert words and not [each for each in words if b64encode(each) in plain]
    assert ANA[-7:].encode() not in plain and b"adonde" not in plain


def test_what_was_erased_does_not_come_back(filled: Engine, escalations: Escalations, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    file.write_bytes(kept(filled))
    for id in escalations.find(ANA, closed_too=True):
        escalations.erase(id, ANA)
    bring_back(f"sqlite:///{tmp_path}/again/puente.db", tmp_path, file)
    again = engine_for(f"sqlite:///{tmp_path}/again/puente.db")
    with again.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM escalations").scalar() == 0
    again.dispose()


def test_the_same_rows_are_the_same_bytes(filled: Engine) -> None:
    assert kept(filled) == kept(filled)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small backup, of an installation in which nothing has happened."""
    upgraded_sqlite(tmp_path / "small")
    engine = engine_for(f"sqlite:///{tmp_path}/small/puente.db")
    file = tmp_path / "small.backup"
    file.write_bytes(kept(engine))
    engine.dispose()
    return file


def _without_a_row(plain: list[bytes]) -> list[bytes]:
    return [line for line in plain if not line.startswith(b'["keys"')]


DAMAGED = {
    "no gzip": lambda plain, data: b"hello",
    "nothing": lambda plain, data: b"",
    "cut off": lambda plain, data: data[: len(data) // 2],
    "without its end": lambda plain, data: gzip.compress(b"".join(plain[:-1])),
    "without a row": lambda plain, data: gzip.compress(b"".join(_without_a_row(plain))),
    "another row": lambda plain, data: gzip.compress(b"".join(plain).replace(b'"keys"', b'"keyz"')),
    "more after its end": lambda plain, data: gzip.compress(b"".join([*plain, b"[1]\n"])),
    "another program's": lambda plain, data: gzip.compress(b'{"a": 1}\n'),
    "its end alone": lambda plain, data: gzip.compress(plain[-1]),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_backup_is_refused_and_changes_nothing(name: str, small: Path, tmp_path: Path) -> None:
    data = small.read_bytes()
    damaged = tmp_path / "damaged"
    damaged.write_bytes(DAMAGED[name](gzip.decompress(data).splitlines(keepends=True), data))
    with pytest.raises(BackupDamaged):
        read_head(damaged)
    with pytest.raises(BackupDamaged):
        bring_back(f"sqlite:///{tmp_path}/new/puente.db", tmp_path / "small", damaged)
    assert not (tmp_path / "new").exists()


def test_every_bit_counts(small: Path, tmp_path: Path) -> None:
    data, flipped = small.read_bytes(), tmp_path / "flipped"
    # Not the name of the system in gzip's head, which says nothing.
    for place in (*range(0, 9), *range(10, len(data), 37), len(data) - 1):
        flipped.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        try:
            same = [(name, columns, list(found)) for name, columns, found in _read(flipped)]
        except BackupDamaged:
            continue
        assert same == [(name, columns, list(found)) for name, columns, found in _read(small)], place


def _read(file: Path) -> Iterator[tuple[str, list[str], Iterator[list[object]]]]:
    read_head(file)
    return read_tables(file)


def test_one_of_another_version_or_of_other_keys_is_refused(small: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/puente.db"
    older = tmp_path / "older"
    with older.open("wb") as out:
        BackupWriter(out, Head(NOW, "0005")).close()
    with pytest.raises(BackupOfOther, match="0005"):
        bring_back(url, tmp_path / "small", older)
    (tmp_path / "other" / "keys").mkdir(mode=0o700, parents=True)
    for name in ("routing", "opt_out"):
        key = tmp_path / "other" / "keys" / name
        key.write_bytes(name[:1].encode() * 32)
        key.chmod(0o600)
    with pytest.raises(BackupOfOther, match="other keys"):
        bring_back(url, tmp_path / "other", small)
    with pytest.raises(KeyMissing):
        bring_back(url, tmp_path / "none", small)
    assert not (tmp_path / "new").exists()


def test_it_is_not_laid_over_anything(filled: Engine, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    file.write_bytes(kept(filled))
    before = rows(filled)
    with pytest.raises(DatabaseNotEmpty):
        bring_back(database_url, tmp_path, file)
    assert rows(filled) == before


def test_a_table_that_nobody_knows_leaves_nothing_half_done(small: Path, tmp_path: Path) -> None:
    plain = gzip.decompress(small.read_bytes()).splitlines()
    strange = tmp_path / "strange"
    with strange.open("wb") as out:
        writer = BackupWriter(out, Head(NOW, HEAD))
        for line in (json.loads(each) for each in plain[1:-1]):
            writer.table(line["table"], line["columns"]) if isinstance(line, dict) else writer.row(line)
        writer.table("visitors", ["phone"])
        writer.close()
    url = f"sqlite:///{tmp_path}/new/puente.db"
    with pytest.raises(BackupOfOther, match="visitors"):
        bring_back(url, tmp_path / "small", strange)
    # And so the right one can still be brought back.
    bring_back(url, tmp_path / "small", small)


def test_a_database_behind_is_not_backed_up(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0005'")
    with pytest.raises(DatabaseBehind):
        back_up(engine, io.BytesIO(), NOW)


def test_a_new_file_appears_whole_and_its_owners_alone(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), new_file(tmp_path / "a") as out:
        out.write(b"half")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
    with new_file(tmp_path / "a") as out:
        out.write(b"whole")
    assert (tmp_path / "a").read_bytes() == b"whole" and (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_an_audit_that_was_changed_is_noticed_after_coming_back(filled: Engine, tmp_path: Path) -> None:
    """Its triggers keep a running installation from it; a file has none."""
    plain = gzip.decompress(kept(filled)).splitlines()
    file = tmp_path / "changed"
    columns: dict[str, list[str]] = {}
    with file.open("wb") as out:
        writer = BackupWriter(out, Head(NOW, HEAD))
        for line in (json.loads(each) for each in plain[1:-1]):
            if isinstance(line, dict):
                columns = line
                writer.table(line["table"], line["columns"])
            elif columns["table"] == AuditRow.__tablename__ and "try 1" in line:
                writer.row([each if each != "try 1" else "try 9" for each in line])
            else:
                writer.row(line)
        writer.close()
    url = f"sqlite:///{tmp_path}/again/puente.db"
    bring_back(url, tmp_path, file)
    again = engine_for(url)
    with pytest.raises(audit.AuditBroken):
        audit.verify(again)
    again.dispose()
