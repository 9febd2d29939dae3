"""The database itself keeps the audit, on SQLite and PostgreSQL: every way to change a row or to take one out is tried."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, delete, insert, text, update
from sqlalchemy.exc import DatabaseError

from bot.store import audit
from bot.store.models import Meta
from bot.store.staff_models import AuditRow
from tests.store.test_audit import DAY, NOW, YEAR, rows, write

pytestmark = pytest.mark.slow

ROW = {"at": 1, "actor": "X", "action": "y", "object": "", "seal": "0" * 64}
MERGED = "INSERT INTO audit VALUES (2, 1, 'X', 'y', '', '0') ON CONFLICT (seq) DO UPDATE SET actor = 'X'"
REFUSED = {
    "another time": update(AuditRow).where(AuditRow.seq == 2).values(at=1),
    "another name": update(AuditRow).where(AuditRow.seq == 2).values(actor="Otra"),
    "the same again": update(AuditRow).where(AuditRow.seq == 2).values(actor=AuditRow.actor),
    "another number": update(AuditRow).where(AuditRow.seq == 3).values(seq=9),
    "all of them": update(AuditRow).values(object=""),
    "one in place of another": text(MERGED),
    "the first row out": delete(AuditRow).where(AuditRow.seq == 1),
    "a row out": delete(AuditRow).where(AuditRow.seq == 2),
    "the newest out": delete(AuditRow).where(AuditRow.seq == 3),
    "all out": delete(AuditRow),
}


def refuse(engine: Engine, change: object) -> None:
    before = rows(engine)
    with pytest.raises(DatabaseError, match="only ever added to"), engine.begin() as connection:
        connection.execute(change)  # type: ignore[call-overload]
    assert rows(engine) == before and audit.verify(engine).rows == len(before)


def test_no_row_is_changed_or_taken_out(engine: Engine, subtests: pytest.Subtests) -> None:
    write(engine, NOW, NOW + 1, NOW + 2)
    for name, change in REFUSED.items():
        with subtests.test(name):
            refuse(engine, change)


def test_a_whole_table_is_not_emptied_at_once(engine: Engine) -> None:
    write(engine, NOW, NOW + 1)
    if engine.dialect.name == "postgresql":
        refuse(engine, text("TRUNCATE audit"))
        refuse(engine, text("TRUNCATE audit, meta CASCADE"))
    else:
        refuse(engine, text("INSERT OR REPLACE INTO audit VALUES (2, 1, 'X', 'y', '', '0')"))
        refuse(engine, text("REPLACE INTO audit VALUES (1, 1, 'X', 'y', '', '0')"))
        refuse(engine, text("UPDATE OR REPLACE audit SET seq = 1 WHERE seq = 2"))


def test_a_purge_takes_out_what_it_has_noted_and_nothing_beyond(engine: Engine) -> None:
    write(engine, NOW, NOW + DAY, NOW + 2 * DAY)
    assert audit.purge(engine, NOW + YEAR) == 1
    assert [row[0] for row in rows(engine)] == [2, 3]
    refuse(engine, delete(AuditRow).where(AuditRow.seq == 2))
    refuse(engine, delete(AuditRow))
    assert audit.purge(engine, NOW + 2 * YEAR) == 2 and rows(engine) == []
    write(engine, NOW + 2 * YEAR)
    refuse(engine, delete(AuditRow))


def test_a_row_is_still_added_and_a_second_of_its_number_is_not(engine: Engine) -> None:
    write(engine, NOW)
    with pytest.raises(DatabaseError), engine.begin() as connection:
        connection.execute(insert(AuditRow).values(seq=1, **ROW))
    write(engine, NOW + 1)
    assert audit.verify(engine).rows == 2


def test_without_its_foot_nothing_can_be_taken_out(engine: Engine) -> None:
    write(engine, NOW, NOW + DAY)
    audit.purge(engine, NOW + YEAR)
    with engine.begin() as connection:
        connection.execute(delete(Meta).where(Meta.key == "audit foot"))
    with pytest.raises(DatabaseError, match="only ever added to"), engine.begin() as connection:
        connection.execute(delete(AuditRow))
    assert len(rows(engine)) == 1
