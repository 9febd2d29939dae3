"""One bit of a row is flipped: of the audit, of what families wrote, of what the directory says. Releases: tests/releases/flips.py.

Whoever reads the row must say that it is damaged. The audit is read by ``audit verify``; a sealed value by whoever opens the
conversation. What the directory and the notices say has no seal in SQL: a flip there is only found where it makes a value that
cannot be; how many were found is counted, not promised.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from bot.store.audit import AuditBroken, note, verify
from bot.store.directory import DirectoryStore
from bot.store.directory_models import DIRECTORY
from bot.store.errors import DirectoryDamaged, SealBroken, StoreError
from bot.store.models import Escalation, EscalationMessage, Meta
from bot.store.staff_models import AuditRow
from tests.releases.flips import Result
from tests.store.at_desk import AtDesk
from tests.upgraded import SEAL_KEY

NOW = 1_795_521_600
AUDIT = (*(f"audit {name}" for name in ("seq", "at", "actor", "action", "object", "seal")), "audit head")
SEALED = ("message sealed", "message author", "message number", "escalation about", "escalation number")
HEAD = "audit head"


class Bits:
    """Flips one bit of one value of a database, and puts it back."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine, self.random = engine, random.Random(seed)

    def of(self, value: Any) -> Any:
        """The value with one bit flipped."""
        draw = self.random
        if isinstance(value, bool):
            return not value
        if isinstance(value, int):
            return value ^ (1 << draw.randrange(20))
        if isinstance(value, float):
            return value + 2.0 ** draw.randrange(-8, 4)
        if isinstance(value, bytes):
            at = draw.randrange(len(value))
            return value[:at] + bytes([value[at] ^ (1 << draw.randrange(8))]) + value[at + 1 :]
        at = draw.randrange(len(value))
        return f"{value[:at]}{chr(ord(value[at]) ^ (1 << draw.randrange(7)))}{value[at + 1 :]}"

    @contextmanager
    def flipped(self, table: Any, key: Any, identity: Any, column: Any) -> Iterator[bool]:
        """Flips a bit there meanwhile; False where the database itself refuses, or nothing stands there."""
        with self.engine.connect() as connection:
            before = connection.scalar(select(column).where(key == identity))
        if before in (None, "", b"") or not isinstance(before, (int, float, str, bytes)):
            yield False
            return
        after = self.of(before)
        try:
            with self.engine.begin() as connection:
                connection.execute(update(table).where(key == identity).values({column.name: after}))
        except (SQLAlchemyError, OverflowError):
            yield False
            return
        yield True
        now = after if column.name == key.name else identity
        with self.engine.begin() as connection:
            connection.execute(update(table).where(key == now).values({column.name: before}))


def audit_flips(engine: Engine, many: int, seed: int) -> Result:
    """So many bits of an audit of forty rows, on SQLite; its triggers are taken away first, as who may change tables can."""
    with engine.begin() as connection:
        for number in range(40):
            note(connection, NOW + number, f"Ana Ñ. {chr(65 + number % 20)}", "hold.set", f"para la abogada {number}")
        for name in ("no_update", "no_replace", "no_delete"):
            connection.execute(text(f"DROP TRIGGER audit_{name}"))
    told, bits = Result(), Bits(engine, seed)
    while sum(told.flipped.values()) < many:
        place = AUDIT[sum(told.flipped.values()) % len(AUDIT)]
        if place == HEAD:
            where = (Meta, Meta.key, HEAD, Meta.value)
        else:
            where = (AuditRow, AuditRow.seq, bits.random.randrange(1, 41), getattr(AuditRow, place.split()[1]))
        with bits.flipped(*where) as done:
            if done:
                _count(told, place, lambda: verify(engine), AuditBroken)
    verify(engine)
    return told


def _count(told: Result, place: str, read: Callable[[], object], *errors: type[Exception]) -> None:
    told.flipped[place] += 1
    try:
        read()
    except (*errors, ValueError):
        return
    told.unnoticed.append(place)


def sealed_flips(families: AtDesk, id: str, many: int, seed: int) -> Result:
    """So many bits of what is sealed of a conversation, and of the columns that it is sealed to."""
    told, bits = Result(), Bits(families.engine, seed)
    before = (families.thread(id), families.now(id).about, families.escalations.address(id))
    with families.engine.connect() as connection:
        numbers = list(connection.scalars(select(EscalationMessage.number).where(EscalationMessage.escalation == id)))
    turn = 0
    while sum(told.flipped.values()) < many:
        place, turn = SEALED[turn % len(SEALED)], turn + 1
        table, name = place.split()
        if table == "message":
            number = bits.random.choice(numbers)
            where = (EscalationMessage, EscalationMessage.number, number, getattr(EscalationMessage, name))
        else:
            where = (Escalation, Escalation.id, id, getattr(Escalation, name))
        with bits.flipped(*where) as done:
            if done:
                told.flipped[place] += 1
                try:
                    read = (families.thread(id), families.now(id).about, families.escalations.address(id))
                except (SealBroken, StoreError, ValueError):
                    continue
                told.unnoticed.append(place)
                if read != before:
                    told.served.append(place)
    assert (families.thread(id), families.now(id).about, families.escalations.address(id)) == before
    return told


def directory_flips(engine: Engine, many: int, seed: int) -> Result:
    """So many bits of rows of the directory in SQL: nothing seals them, so this tells how many come through."""
    told, bits, store = Result(), Bits(engine, seed), DirectoryStore(engine, SEAL_KEY, lambda: float(NOW))
    tables = [table for table in DIRECTORY.values() if table.c.keys()[0] == "id"]
    with engine.connect() as connection:
        rows = [(table, id) for table in tables for id in connection.scalars(select(table.c.id))]
    while sum(told.flipped.values()) < many:
        table, id = bits.random.choice(rows)
        column = bits.random.choice([column for column in table.columns if column.name != "id"])
        with bits.flipped(table, table.c.id, id, column) as done:
            if not done:
                continue
            _count(told, "directory", store.stored, DirectoryDamaged, StoreError)
    return told
