"""One bit of a row is flipped: of the audit, of what families wrote, of what the directory, notices and
withdrawals say. Releases: tests/releases/flips.py.

Whoever reads the row must say that it is damaged. The audit is read by ``audit verify``; a sealed value by whoever opens the
conversation; the directory, notices and withdrawals by every process that answers families.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redis import Redis
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from bot.directory.place import Place
from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.scripts.area_notice import AreaNotice, area_notice
from bot.settings import REPOSITORY
from bot.store import area_notices, withdrawals
from bot.store.area_notices import AreaNotices
from bot.store.audit import AuditBroken, note, verify
from bot.store.content_models import Withdrawal
from bot.store.current_directory import CurrentDirectory
from bot.store.directory import DirectoryStore
from bot.store.directory_file import DirectoryFile
from bot.store.directory_models import DIRECTORY
from bot.store.directory_seals import MARK
from bot.store.directory_seed import FILE, settle
from bot.store.errors import DirectoryDamaged, SealBroken, StoreError
from bot.store.keys import load_release_key
from bot.store.models import AreaNoticeRow, Escalation, EscalationMessage, Meta
from bot.store.staff_models import AuditRow
from bot.store.withdrawals import Withdrawals
from tests.releases.flips import Result
from tests.store.at_desk import AtDesk

NOW = 1_795_521_600
AUDIT = (*(f"audit {name}" for name in ("seq", "at", "actor", "action", "object", "seal")), "audit head")
WITHDRAWAL = ("number", "flow", "since", "by", "why", "restored_by", "ended_by", "ended", "seal")
SEALED = ("message sealed", "message author", "message number", "escalation about", "escalation number")
HEAD = "audit head"
SERVED = ("the directory", "notices about areas", "withdrawals")
PLACE = Place("Chicago", "IL", "US", 41.85, -87.65)
TEXTS = {Language.ES: "Hay agentes en la calle 26.", Language.EN: "Agents on 26th Street.", Language.QUC: ""}
LUZ, EVA = (Viewer(number, name, frozenset({Role.PUBLISHER})) for number, name in ((1, "Luz"), (2, "Eva")))


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


def directory_flips(engine: Engine, key: bytes, data_dir: Path, many: int, seed: int) -> Result:
    """So many bits of records of the directory, of their seals and of its mark; a process that starts has the file of the last good one."""
    told, bits, store = Result(), Bits(engine, seed), DirectoryStore(engine, key, lambda: float(NOW))
    file = DirectoryFile(data_dir, key)
    file.write(store.stored())
    with engine.connect() as connection:
        rows = [(table, id) for table in DIRECTORY.values() for id in connection.scalars(select(table.c.id))]
    before = store.stored().package.digest
    while sum(told.flipped.values()) < many:
        if bits.random.randrange(50) == 0:
            where = (Meta, Meta.key, MARK, Meta.value)
        else:
            table, id = bits.random.choice(rows)
            where = (table, table.c.id, id, bits.random.choice(list(table.columns)))
        with bits.flipped(*where) as done:
            if done:
                _count(told, f"directory {where[3]}", store.stored, DirectoryDamaged, StoreError)
                if _directory_served(store, file) != before:
                    told.served.append(f"directory {where[3]}")
    assert store.stored().package.digest == before
    return told


def _directory_served(store: DirectoryStore, file: DirectoryFile) -> str:
    """The directory with which a process answers that starts now, by its digest."""
    current = CurrentDirectory(store, file, lambda package: package.digest, "the seed")
    current.look()
    return current._value


def notice_flips(notices: AreaNotices, engine: Engine, many: int, seed: int) -> Result:
    """So many bits of rows of notices that hold, and of the seal of all: what is read out is what was published, or less."""
    told, bits = Result(), Bits(engine, seed)
    before = notices.listed()
    numbers = [each.number for each in before]
    columns = [getattr(AreaNoticeRow, name) for name in ("number", "notice", "starts", "ends", "seal")]
    while sum(told.flipped.values()) < many:
        where, column = _a_place(bits, AreaNoticeRow, numbers, columns, area_notices.SEALED.name)
        with bits.flipped(*where) as done:
            if done:
                told.flipped[f"notice {column}"] += 1
                if not notices.damaged():
                    told.unnoticed.append(f"notice {column}")
                if not _only_of(before, notices):
                    told.served.append(f"notice {column}")
    assert notices.listed() == before and not notices.damaged()
    return told


def _a_place(bits: Bits, model: Any, numbers: list[int], columns: list[Any], sealed: str) -> tuple[Any, Any]:
    """Where the next bit is turned: in a column of a row, or in the seal of all; and which column that is."""
    column = bits.random.choice([*columns, Meta.value])
    if column is Meta.value:
        return (Meta, Meta.key, sealed, column), column
    return (model, model.number, bits.random.choice(numbers), column), column


def _only_of(before: tuple[AreaNotice, ...], notices: AreaNotices) -> bool:
    """Whether nothing else is read out. One that was taken for good and cannot be read is no better than a false one."""
    try:
        return all(each in before for each in notices.listed())
    except (ValueError, KeyError, TypeError):
        return False


def withdrawal_flips(taken: Withdrawals, engine: Engine, many: int, seed: int) -> Result:
    """So many bits of rows of withdrawals, and of the seal of all: what is withdrawn stays so, for a process that starts too."""
    told, bits = Result(), Bits(engine, seed)
    before = taken.held().flows
    with engine.connect() as connection:
        numbers = list(connection.scalars(select(Withdrawal.number)))
    columns = [getattr(Withdrawal, name) for name in WITHDRAWAL]
    while sum(told.flipped.values()) < many:
        where, column = _a_place(bits, Withdrawal, numbers, columns, withdrawals.SEALED.name)
        with bits.flipped(*where) as done:
            if done:
                told.flipped[f"withdrawal {column}"] += 1
                held = taken.held()
                if not held.damaged:
                    told.unnoticed.append(f"withdrawal {column}")
                if not before <= held.flows:
                    told.served.append(f"withdrawal {column}")
    assert taken.held().flows == before and not taken.held().damaged
    return told


def served_flips(engine: Engine, data_dir: Path, redis: Redis, many: int, seed: int) -> dict[str, Result]:
    """So many bits of each of ``SERVED``, on a database that is as ``db upgrade`` makes it, with the directory that we ship."""
    key, clock = load_release_key(data_dir), lambda: float(NOW)
    settle(engine, key, REPOSITORY / FILE, NOW)
    notices, taken = AreaNotices(engine, redis, key, clock), Withdrawals(engine, key, clock)
    for number in range(3):
        notices.publish(area_notice(TEXTS, PLACE, 30, NOW, 3 + number, "Centro del Sol", "Ana"))
    notices.withdraw(1)
    for flow in ("home_visit", "street_stop", "car_stop"):
        taken.withdraw(LUZ, flow, "an old number")
    taken.restore(LUZ, "street_stop")
    for who in (LUZ, EVA):
        taken.restore(who, "car_stop")
    found = (
        directory_flips(engine, key, data_dir, many, seed),
        notice_flips(notices, engine, many, seed),
        withdrawal_flips(taken, engine, many, seed),
    )
    return dict(zip(SERVED, found, strict=True))
