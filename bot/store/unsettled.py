"""The other side of the outbox: what nobody knows the end of, what the carrier is silent about, and what took too long."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import ColumnElement, Engine, case, select, update

from bot.escalation.escalation import Author
from bot.escalation.happened import Happened
from bot.escalation.outgoing import TOO_LONG, State
from bot.escalation.refused import TOO_LATE, UNKNOWN_OUTCOME
from bot.store.database import sql_errors
from bot.store.desk_rows import write
from bot.store.errors import KeyGone, SetupError, WrappedKeyDamaged
from bot.store.key_store import KeyStore
from bot.store.models import Escalation, OutboxRow
from bot.store.opened_late import OpenedLate
from bot.store.outbox_rows import ANSWER, COLUMNS, ON_ITS_WAY, Going, going, names

_SILENCE = 600
_COPY_GONE = 86_400
"""Seconds after which the carrier's copy is deleted (bot/channels/copies.py)."""
_CANNOT_TELL = _COPY_GONE - 3600
_UNKNOWN = (State.SENDING, State.UNSURE)
_FINDING_OUT = 600
"""Seconds that the last try of a message may still be looked up after the two days."""
_KNOWN_BEFORE = 600
"""Seconds by which a try may have begun before the carrier made its message."""


class Unsettled:
    """Messages of the outbox of which the worker has to find out the end. Every method raises ``StoreDown``."""

    def __init__(self, engine: Engine, keys: KeyStore | OpenedLate, clock: Callable[[], float]) -> None:
        self._engine, self._keys, self._clock = engine, keys, clock

    def to_look_up(self, limit: int = 20) -> tuple[Going, ...]:
        """Tries of which the carrier is to be asked whether it has them: unknown outcomes, and those of a worker that died."""
        now = int(self._clock())
        died = (OutboxRow.state == State.SENDING.value) & OutboxRow.sid.is_(None) & (OutboxRow.since <= now - ANSWER)
        unsure = (OutboxRow.state == State.UNSURE.value) & (OutboxRow.not_before <= now)
        young = (OutboxRow.made > now - TOO_LONG) | (OutboxRow.since > now - _FINDING_OUT)
        return self._those(died | unsure, young, OutboxRow.since > now - _CANNOT_TELL, limit=limit)

    def silent(self, limit: int = 20) -> tuple[Going, ...]:
        """Messages that the carrier has and has said nothing about for a while. After a day its copy is gone: then nobody asks."""
        now = int(self._clock())
        under_way = OutboxRow.state.in_(names((State.SENDING, State.SENT))) & OutboxRow.sid.is_not(None)
        asked_for = OutboxRow.not_before + _SILENCE <= now
        young = OutboxRow.since > now - _COPY_GONE
        return self._those(under_way, asked_for, OutboxRow.changed + _SILENCE <= now, young, limit=limit)

    def asked(self, each: Going) -> None:
        """The carrier was asked about it and had nothing new: it is asked again after twice the time that it is under way."""
        now = int(self._clock())
        self._set(each, not_before=now + (now - each.since) - _SILENCE)

    def known(self, since: float) -> frozenset[str]:
        """The carrier's names of messages from then on, as far as they are known; this person's of an earlier conversation too."""
        tried = OutboxRow.since >= int(since) - _KNOWN_BEFORE
        wanted = select(OutboxRow.sid).where(tried, OutboxRow.sid.is_not(None))
        with sql_errors(), self._engine.connect() as connection:
            return frozenset(connection.scalars(wanted))

    def overdue(self, limit: int = 20) -> tuple[Going, ...]:
        """Messages that did not go out for too long, and unknown outcomes that the carrier cannot tell any more."""
        now = int(self._clock())
        unknown = OutboxRow.state.in_(names(_UNKNOWN))
        too_old = (OutboxRow.made <= now - TOO_LONG) & (~unknown | (OutboxRow.since <= now - _FINDING_OUT))
        untold = unknown & (OutboxRow.since <= now - _CANNOT_TELL)
        waits = OutboxRow.state.in_(names(ON_ITS_WAY)) & OutboxRow.sid.is_(None)
        return self._those(waits, too_old | untold, limit=limit)

    def give_up(self, each: Going) -> bool:
        """It is not sent any more, and the thread says so to staff; False where somebody else has noted that, or it went out."""
        now = int(self._clock())
        mine = (OutboxRow.id == each.id, OutboxRow.state.in_(names(ON_ITS_WAY)), OutboxRow.sid.is_(None))
        code = case((OutboxRow.state == State.QUEUED.value, TOO_LATE), else_=UNKNOWN_OUTCOME)
        values = {"state": State.FAILED.value, "error": code, "told": now, "changed": now}
        with sql_errors(), self._engine.begin() as connection:
            # The escalation's row first, as an erasing takes them.
            held = update(Escalation).where(Escalation.id == each.escalation).values(channel=Escalation.channel)
            connection.execute(held)
            if not connection.execute(update(OutboxRow).where(*mine).values(**values)).rowcount:
                return False
            # A key that only a person can mend must not keep the others waiting: the state says that it failed.
            with suppress(KeyGone, WrappedKeyDamaged, SetupError):
                key = self._keys.require(each.escalation)
                write(connection, key, Author.SYSTEM, now, Happened.UNDELIVERED, beside={"message": each.message})
        return True

    def forget(self) -> int:
        """Forgets the carrier's names of messages that came to an end a day ago; returns how many."""
        over = (OutboxRow.sid.is_not(None), OutboxRow.since <= int(self._clock() - _COPY_GONE))
        with sql_errors(), self._engine.begin() as connection:
            return int(connection.execute(update(OutboxRow).where(*over).values(sid=None)).rowcount)

    def _those(self, *wanted: ColumnElement[bool], limit: int) -> tuple[Going, ...]:
        chosen = select(*COLUMNS).where(*wanted).order_by(OutboxRow.not_before, OutboxRow.message).limit(limit)
        with sql_errors(), self._engine.connect() as connection:
            return tuple(going(row) for row in connection.execute(chosen))

    def _set(self, each: Going, **values: Any) -> None:
        mine = (OutboxRow.id == each.id, OutboxRow.attempts == each.tries)
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(update(OutboxRow).where(*mine).values(**values))
