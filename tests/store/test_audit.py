"""The audit: only added to, sealed from row to row, on both databases; whatever is changed in it shows."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update

from bot.store import audit
from bot.store.audit import AuditBroken, note, verify
from bot.store.database import engine_for
from bot.store.errors import StoreDown
from bot.store.models import Meta
from bot.store.staff_models import AuditRow

pytestmark = pytest.mark.slow

NOW = 1_795_521_600.0
DAY = 86_400
YEAR = 365 * DAY


def write(engine: Engine, *ats: float, actor: str = "Prueba Inventada") -> None:
    for at in ats:
        with engine.begin() as connection:
            note(connection, at, actor, "hold.set", "abc for Counsel")


def take_the_triggers_away(engine: Engine) -> None:
    """As somebody would who may change the tables themselves: what she then changes in the rows still shows."""
    postgres = engine.dialect.name == "postgresql"
    names = ("audit_no_change", "audit_no_truncate") if postgres else ("no_update", "no_replace", "no_delete")
    with engine.begin() as connection:
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name} ON audit" if postgres else f"DROP TRIGGER audit_{name}"))


def rows(engine: Engine) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(AuditRow.__table__).order_by(AuditRow.seq))]


def test_a_chain_holds_from_nothing_on(engine: Engine) -> None:
    assert (verify(engine).rows, verify(engine).seq) == (0, 0)
    write(engine, NOW, NOW + 1, NOW + 1)
    found = verify(engine)
    assert (found.rows, found.seq, found.seal) == (3, 3, rows(engine)[-1][-1])
    assert [row[:2] for row in rows(engine)] == [(1, int(NOW)), (2, int(NOW) + 1), (3, int(NOW) + 1)]


def test_a_seal_is_known_from_its_definition(engine: Engine) -> None:
    write(engine, NOW)
    # printf '%064d|[1,1795521600,"Prueba Inventada","hold.set","abc for Counsel"]' 0 | sha256sum
    assert rows(engine)[0][-1] == "22747a255e1480b1817d2b7743c0823ac547718446421e92a7b7a233a40dd691"


CHANGES = {
    "another time": (update(AuditRow).where(AuditRow.seq == 2).values(at=1), 2),
    "another person": (update(AuditRow).where(AuditRow.seq == 2).values(actor="Otra"), 2),
    "another act": (update(AuditRow).where(AuditRow.seq == 3).values(action="hold.release"), 3),
    "another object": (update(AuditRow).where(AuditRow.seq == 1).values(object=""), 1),
    "another seal": (update(AuditRow).where(AuditRow.seq == 4).values(seal="0" * 64), 4),
    "the first row gone": (delete(AuditRow).where(AuditRow.seq == 1), 1),
    "a row gone": (delete(AuditRow).where(AuditRow.seq == 3), 3),
    "the newest gone": (delete(AuditRow).where(AuditRow.seq == 5), 5),
    "all gone": (delete(AuditRow), 1),
    "a row more": (insert(AuditRow).values(seq=6, at=1, actor="X", action="y", object="", seal="0" * 64), 6),
    "a row before": (insert(AuditRow).values(seq=0, at=1, actor="X", action="y", object="", seal="0" * 64), 1),
    "another number": (update(AuditRow).where(AuditRow.seq == 5).values(seq=7), 5),
    "the head gone": (delete(Meta).where(Meta.key == "audit head"), 6),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_is_changed_the_first_row_is_named(engine: Engine, name: str) -> None:
    write(engine, *(NOW + n for n in range(5)))
    take_the_triggers_away(engine)
    change, seq = CHANGES[name]
    with engine.begin() as connection:
        connection.execute(change)
    with pytest.raises(AuditBroken) as broken:
        verify(engine)
    assert broken.value.seq == seq and f"row {seq}" in str(broken.value)


def test_every_bit_counts(engine: Engine) -> None:
    write(engine, NOW, NOW + 1)
    take_the_triggers_away(engine)
    _, _, actor, action, object, seal = rows(engine)[0]
    for column, value in (("actor", actor), ("action", action), ("object", object), ("seal", seal)):
        for place in range(0, len(value), 5):
            spoiled = value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]
            with engine.begin() as connection:
                connection.execute(update(AuditRow).where(AuditRow.seq == 1).values({column: spoiled}))
            with pytest.raises(AuditBroken):
                verify(engine)
            with engine.begin() as connection:
                connection.execute(update(AuditRow).where(AuditRow.seq == 1).values({column: value}))
    assert verify(engine).rows == 2


def test_what_was_undone_was_never_there(engine: Engine) -> None:
    write(engine, NOW)
    with pytest.raises(KeyboardInterrupt), engine.begin() as connection:
        note(connection, NOW, "Prueba", "hold.set", "x")
        raise KeyboardInterrupt
    write(engine, NOW)
    assert verify(engine).rows == 2


def test_the_second_waits_for_the_first(engine: Engine, database_url: str) -> None:
    other = engine_for(database_url)
    second = threading.Thread(target=write, args=(other, NOW + 1))
    with engine.begin() as connection:
        note(connection, NOW, "Primera", "hold.set", "x")
        second.start()
        # Long enough for the second to have read what the first has not committed yet.
        second.join(0.2)
    second.join()
    assert [row[1] for row in rows(engine)] == [int(NOW), int(NOW) + 1]
    assert verify(engine).rows == 2
    other.dispose()


def test_two_writers_make_no_gap_and_no_fork(engine: Engine, database_url: str) -> None:
    each, lost = 12, []

    def writing(actor: str) -> None:
        mine = engine_for(database_url)
        for _ in range(each):
            for _ in range(20):
                try:
                    with audit.sql_errors():
                        write(mine, NOW, actor=actor)
                    break
                except StoreDown:
                    continue
            else:
                lost.append(actor)
        mine.dispose()

    threads = [threading.Thread(target=writing, args=(f"Persona {name}",)) for name in "ABC"]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        # Whoever verifies meanwhile finds a chain too.
        verify(engine)
    for thread in threads:
        thread.join()
    assert lost == [] and verify(engine).rows == 3 * each
    assert len({row[2] for row in rows(engine)}) == 3


@pytest.mark.parametrize(
    ("actor", "action", "object"),
    [
        ("", "hold.set", ""),
        ("   ", "hold.set", ""),
        ("x" * 65, "hold.set", ""),
        ("Ana", "Hold Set", ""),
        ("Ana", "", ""),
        ("Ana", "hold.set.again", ""),
        ("Ana", "hold.set", "x" * 256),
        ("Ana", "hold.set", "+15005550006"),
        ("Ana", "hold.set", "5005550006"),
        ("Ana", "hold.set", "(500) 555-0006"),
        ("Ana", "hold.set", "500.555.0006"),
        ("Ana", "hold.set", "5 5 5 0 0 0 6"),
        ("Ana 5550006", "hold.set", ""),
        ("Ana", "hold.set", "٥٠٠٥٥٥٠٠٠٦"),
        ("Ana", "hold.set", "e943198f17996fe33c3dada5a2209340"),
        ("Ana", "hold.set", "E943198F17996FE3"),
        ("Ana", "hold.set", "two\nlines"),
        ("Ana", "hold.set", "a|b"),
        ("Ana", "hold.set", "<b>"),
        ("Ana", "hold.set", "\u202eabc"),
    ],
)
def test_no_number_and_no_code_of_a_person_is_noted(engine: Engine, actor: str, action: str, object: str) -> None:
    with pytest.raises(ValueError), engine.begin() as connection:
        note(connection, NOW, actor, action, object)
    assert rows(engine) == []


@pytest.mark.parametrize("words", ["O'Brien & Ruiz (NY)", "Ñandú K'iche'", "A-1 2/3, row 123456", "x" * 64])
def test_names_as_people_have_them_are_noted(engine: Engine, words: str) -> None:
    with engine.begin() as connection:
        note(connection, NOW, words, "hold.set", words)
    assert verify(engine).rows == 1


def test_what_is_cut_off_after_a_year_leaves_a_chain_that_holds(engine: Engine) -> None:
    write(engine, NOW, NOW + DAY, NOW + 2 * DAY)
    assert audit.purge(engine, NOW + YEAR - 1) == 0
    assert audit.purge(engine, NOW + YEAR) == 1
    assert audit.purge(engine, NOW + YEAR) == 0
    assert [row[0] for row in rows(engine)] == [2, 3] and verify(engine).rows == 2
    write(engine, NOW + YEAR)
    assert verify(engine).seq == 4
    assert audit.purge(engine, NOW + 3 * YEAR) == 3
    assert (verify(engine).rows, verify(engine).seq) == (0, 4)
    write(engine, NOW + 3 * YEAR)
    assert (verify(engine).rows, verify(engine).seq) == (1, 5)
    take_the_triggers_away(engine)
    with engine.begin() as connection:
        connection.execute(delete(AuditRow))
    with pytest.raises(AuditBroken):
        verify(engine)


def test_more_cut_off_than_was_noted_shows(engine: Engine) -> None:
    write(engine, NOW, NOW + DAY, NOW + 2 * DAY)
    audit.purge(engine, NOW + YEAR)
    take_the_triggers_away(engine)
    with engine.begin() as connection:
        connection.execute(delete(AuditRow).where(AuditRow.seq == 2))
    with pytest.raises(AuditBroken, match="row 2 .*missing"):
        verify(engine)


def test_a_row_of_a_clock_that_was_wrong_makes_no_hole(engine: Engine) -> None:
    write(engine, NOW, NOW + 10 * DAY, NOW + 1, NOW + 20 * DAY)
    assert audit.purge(engine, NOW + YEAR + DAY) == 1
    assert verify(engine).rows == 3
    assert audit.purge(engine, NOW + YEAR + 10 * DAY) == 2
    assert verify(engine).rows == 1


def test_a_database_that_is_down_is_said(tmp_path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/no/folder.db")
    for ask in (verify, lambda engine: audit.purge(engine, NOW)):
        with pytest.raises(StoreDown):
            ask(engine)


def test_the_seal_of_names_in_any_script_is_the_same_on_every_machine(engine: Engine) -> None:
    write(engine, NOW, actor="Ñandú")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT actor FROM audit")) == "Ñandú"
    assert verify(engine).rows == 1
