"""THE purge: everything that is over its time goes, as the table of retention in bot/privacy.py says. Every 15 minutes.

Each part stands for itself: a store that is down keeps no other part from its work. May be cut off, run again, and run twice
at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from redis import Redis
from sqlalchemy import ColumnElement, Engine, delete, or_, select

from bot.privacy import RETENTION
from bot.store import audit, counts
from bot.store.area_notices import AreaNotices
from bot.store.content_models import Autosave, Phrase, TaskTaken
from bot.store.database import sql_errors
from bot.store.directory_models import DirectoryFlag, DirectoryHistory
from bot.store.errors import StoreDown, StoreError
from bot.store.escalations import Escalations
from bot.store.key_store import KeyStore
from bot.store.keys import utc_day
from bot.store.models import Erasure, Escalation, EscalationMessage, OutboxRow, SharedPhone
from bot.store.opened_late import OpenedLate
from bot.store.outlived import drop_outlived
from bot.store.staff_models import ConsoleSession, Invitation
from bot.store.unnamed_keys import destroy_unnamed

_CHUNK = 250
"""So many keys die in one transaction: short enough that a family's turn does not wait for it."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything that holds something."""

    engine: Engine
    redis: Redis
    keys: KeyStore | OpenedLate
    escalations: Escalations
    seals: bytes = field(repr=False)
    """The key of the seals: what is left of a table has to fit too."""


class PurgeUnfinished(StoreError):
    """Parts could not be purged. ``failed`` says which and why, ``gone`` what went in spite of it."""

    def __init__(self, gone: Mapping[str, int], failed: Mapping[str, StoreError]) -> None:
        self.gone, self.failed = gone, failed
        super().__init__("; ".join(f"{part}: {error}" for part, error in failed.items()))


def purge(stores: Stores, now: float) -> Mapping[str, int]:
    """Lets everything go that is over its time; how much went, by name. Raises ``PurgeUnfinished`` after all parts were tried."""
    gone: dict[str, int] = {}
    failed: dict[str, StoreError] = {}
    for part, run in _parts(stores, now).items():
        try:
            done = run()
        except StoreError as error:
            failed[part] = error
        else:
            gone |= done if isinstance(done, Mapping) else {part: done}
    if failed:
        raise PurgeUnfinished(gone, failed)
    return gone


def _parts(stores: Stores, now: float) -> dict[str, Callable[[], int | Mapping[str, int]]]:
    engine = stores.engine
    return {
        "Redis": lambda: drop_outlived(stores.redis, now),
        "escalations": lambda: _escalations(stores, now),
        "tombstones": lambda: _tombstones(engine, now),
        "unfinished erasings": lambda: _erasings(stores, now),
        "shared phones": lambda: _delete(engine, SharedPhone, SharedPhone.until <= int(now)),
        "keys without a row": lambda: destroy_unnamed(engine, stores.redis, stores.keys, now),
        "logins": lambda: _delete(engine, ConsoleSession, ConsoleSession.made <= _before(now, "console session")),
        "invitations": lambda: _delete(engine, Invitation, _over_invitations(now)),
        "phrases": lambda: _delete(engine, Phrase, _over_phrases(now)),
        "unsaved texts": lambda: _delete(engine, Autosave, Autosave.at <= _before(now, "unsaved text")),
        "tasks": lambda: _delete(engine, TaskTaken, TaskTaken.until <= _before(now, "task")),
        "audit": lambda: audit.purge(engine, now),
        "area notices": AreaNotices(engine, stores.redis, stores.seals, lambda: now).purge,
        "counts": lambda: counts.purge(engine, now),
        "directory flags": lambda: _delete(engine, DirectoryFlag, DirectoryFlag.week < _day_before(now, "counts")),
        "directory history": lambda: _delete(
            engine, DirectoryHistory, DirectoryHistory.at <= _before(now, "directory history")
        ),
    }


def _escalations(stores: Stores, now: float) -> int:
    """Erases those that are over their time, and takes their entries out of Redis; the worker's next mirror does it too."""
    over = or_(
        Escalation.closed <= _before(now, "closed escalation"),
        Escalation.opened <= _before(now, "escalation"),
    )
    due = select(Escalation.id).where(Escalation.erased.is_(None), Escalation.held_since.is_(None), over)
    with sql_errors(), stores.engine.connect() as connection:
        ids = list(connection.scalars(due.order_by(Escalation.opened, Escalation.id)))
    gone = sum(stores.escalations.erase_all(chunk) for chunk in _chunks(ids))
    if gone:
        with suppress(StoreDown):
            stores.escalations.sweep()
    return gone


def _tombstones(engine: Engine, now: float) -> int:
    over = Escalation.erased <= _before(now, "tombstone")
    # What an erasing has left behind, if anything has.
    for table in (OutboxRow, EscalationMessage):
        _delete(engine, table, table.escalation.in_(select(Escalation.id).where(over)))
    return _delete(engine, Escalation, over)


def _erasings(stores: Stores, now: float) -> int:
    """What could not be finished in all that time: the wish is given up, and with it the number that it was about."""
    over = Erasure.asked <= _before(now, "unfinished erasing")
    with sql_errors(), stores.engine.connect() as connection:
        ids = list(connection.scalars(select(Erasure.id).where(over).order_by(Erasure.id)))
    for chunk in _chunks(ids):
        # As everywhere, the key goes first: a row that outlives it says nothing.
        stores.keys.destroy_all(chunk)
        _delete(stores.engine, Erasure, Erasure.id.in_(chunk))
    return len(ids)


def _over_invitations(now: float) -> ColumnElement[bool]:
    # One that is over its time stays some days, so that an admin sees it and can send it again.
    return or_(Invitation.used <= int(now), Invitation.made <= _before(now, "invitation"))


def _over_phrases(now: float) -> ColumnElement[bool]:
    # Counted from the Monday: what came on the Sunday goes some days before its time, and nothing after it.
    return or_(Phrase.quarter < _quarter_before(now), Phrase.week <= _day_before(now, "agreed phrase"))


def _quarter_before(now: float) -> str:
    """The quarter before the one that it is now, as 2026Q3: what is older than that goes."""
    day = utc_day(now)
    year, number = divmod(day.year * 4 + (day.month - 1) // 3 - 1, 4)
    return f"{year:04d}Q{number + 1}"


def _delete(engine: Engine, table: type, over: ColumnElement[bool]) -> int:
    with sql_errors(), engine.begin() as connection:
        return int(connection.execute(delete(table).where(over)).rowcount)


def _before(now: float, kind: str) -> int:
    return int(now - RETENTION[kind].total_seconds())


def _day_before(now: float, kind: str) -> date:
    return utc_day(now) - RETENTION[kind]


def _chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    rest = iter(ids)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
