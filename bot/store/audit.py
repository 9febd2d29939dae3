"""Who of the staff did what: rows that are only ever added, each sealed together with the one before.

    seal = SHA-256(seal of the row before | canonical row)

``meta`` holds the head (number and seal of the newest row), so that a cut tail shows, and the foot (those of the last row
that was purged), so that the rest can still be verified. Triggers of the database refuse to change a row, and to take one
out beyond the foot. Whoever may change the tables themselves can take these away and write a whole new chain: against that
only a head helps that was noted elsewhere; ``audit verify`` prints it.
"""

from __future__ import annotations

import hashlib
import json
import re

from msgspec import Struct
from sqlalchemy import Connection, Engine, delete, insert, select, update

from bot.privacy import RETENTION
from bot.store.database import sql_errors
from bot.store.errors import StoreError
from bot.store.in_turn import in_turn
from bot.store.models import Meta
from bot.store.staff_models import AuditRow

_HEAD, _FOOT = "audit head", "audit foot"
_BEGINNING = "0|" + "0" * 64

LONGEST_ACTOR, LONGEST_OBJECT = 64, 255

_ACTION = re.compile(r"[a-z_]{1,30}(\.[a-z_]{1,30})?")
_WORDS = re.compile(r"[\w .,:/'&()-]*")
# A phone number however it is written; half of a contact key.
_NUMBER = re.compile(r"\d(?:[ ().-]*\d){6}")
_CODE = re.compile(r"[0-9a-fA-F]{16}")


class AuditBroken(StoreError):
    """The audit is not as it was written. ``seq`` is the first row that does not fit, or that is missing."""

    def __init__(self, seq: int, why: str) -> None:
        self.seq = seq
        super().__init__(f"the audit does not hold from row {seq} on: {why}")


class Verified(Struct, frozen=True):
    """An audit that holds: how many rows, and the head, to be noted where nobody of this server can write."""

    rows: int
    seq: int
    seal: str


def note(connection: Connection, at: float, actor: str, action: str, object: str = "") -> int:
    """Adds a row within the caller's transaction, which has begun by writing; returns its number.

    ``ValueError`` for words that could be a number or a code of a person. Two at once wait for each other.
    """
    for text, longest in ((actor, LONGEST_ACTOR), (object, LONGEST_OBJECT)):
        check_words(text, longest)
    if not actor.strip() or not _ACTION.fullmatch(action):
        raise ValueError("the audit wants a name, and an action such as 'hold.set'")
    seq, seal = _parted(in_turn(connection, _HEAD, _BEGINNING))
    row = (seq + 1, int(at), actor, action, object)
    seal = _sealed(seal, row)
    connection.execute(insert(AuditRow).values(**dict(zip(_COLUMNS, (*row, seal), strict=True))))
    connection.execute(update(Meta).where(Meta.key == _HEAD).values(value=f"{seq + 1}|{seal}"))
    return seq + 1


def check_words(text: str, longest: int) -> None:
    """Raises ``ValueError`` for what must not stand in the audit: too long, a number, a code, a sign that no name has."""
    if len(text) > longest:
        raise ValueError(f"at most {longest} letters")
    if not _WORDS.fullmatch(text):
        raise ValueError("only letters, digits, spaces and . , : / ' & ( ) -")
    if holds_number(text) or _CODE.search(text):
        raise ValueError("no number of a phone and no code of a person: seven digits, or sixteen of a code, in a row")


def takes(text: str) -> bool:
    """Whether it may stand in the audit."""
    try:
        check_words(text, LONGEST_OBJECT)
    except ValueError:
        return False
    return True


def holds_number(text: str) -> bool:
    """Whether seven digits or more stand together, as in a phone number."""
    return bool(_NUMBER.search(text))


def verify(engine: Engine) -> Verified:
    """Reads the whole chain. Raises ``AuditBroken`` for the first row that does not fit, and ``StoreDown``."""
    wanted = select(*(getattr(AuditRow, name) for name in _COLUMNS)).order_by(AuditRow.seq)
    with sql_errors(), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            # Others write meanwhile: head, foot and rows have to be of one moment, as they are on SQLite.
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        foot, head = (connection.scalar(select(Meta.value).where(Meta.key == key)) for key in (_FOOT, _HEAD))
        rows = 0
        seq, seal = _parted(foot or _BEGINNING)
        with connection.execution_options(yield_per=1_000).execute(wanted) as found:
            for *row, kept in found:
                if row[0] != seq + 1:
                    raise AuditBroken(seq + 1, "it is missing")
                seal = _sealed(seal, tuple(row))
                if seal != kept:
                    raise AuditBroken(row[0], "it, or the one before, was changed")
                seq, rows = seq + 1, rows + 1
    if (head or _BEGINNING) != f"{seq}|{seal}":
        raise AuditBroken(seq + 1, "the newest rows are missing")
    return Verified(rows, seq, seal)


def purge(engine: Engine, now: float) -> int:
    """Cuts the rows off that are over their time and notes where; returns how many. Raises ``StoreDown``."""
    limit = int(now - RETENTION["audit"].total_seconds())
    with sql_errors(), engine.begin() as connection:
        in_turn(connection, _HEAD, _BEGINNING)
        # From the foot up to the first that stays: a chain has no holes.
        stays = connection.scalar(select(AuditRow.seq).where(AuditRow.at > limit).order_by(AuditRow.seq).limit(1))
        gone = AuditRow.seq < stays if stays is not None else AuditRow.seq > 0
        last = connection.execute(
            select(AuditRow.seq, AuditRow.seal).where(gone).order_by(AuditRow.seq.desc()).limit(1)
        ).first()
        if last is None:
            return 0
        in_turn(connection, _FOOT, _BEGINNING)
        connection.execute(update(Meta).where(Meta.key == _FOOT).values(value=f"{last.seq}|{last.seal}"))
        return int(connection.execute(delete(AuditRow).where(gone)).rowcount)


_COLUMNS = ("seq", "at", "actor", "action", "object", "seal")


def _parted(value: str) -> tuple[int, str]:
    seq, _, seal = value.partition("|")
    return int(seq), seal


def _sealed(before: str, row: tuple[object, ...]) -> str:
    return hashlib.sha256(f"{before}|{json.dumps(row, separators=(',', ':'))}".encode()).hexdigest()
