"""Messages of staff on their way: each is put into SQL with the act that wrote it, and the worker gives it to the carrier.

The try is committed before the carrier is called, so that whoever comes after a crash knows that it may have gone out.
"""

from __future__ import annotations

import json
import random
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from bot.escalation.outgoing import ENDS, TOO_LONG, Progress, Report, State, after, of_carrier
from bot.escalation.refused import ERASED
from bot.message import Channel
from bot.store.database import sql_errors
from bot.store.errors import KeyGone
from bot.store.key_store import KeyStore
from bot.store.models import Escalation, EscalationMessage, OutboxRow
from bot.store.opened_late import OpenedLate
from bot.store.outbox_rows import ANSWER, COLUMNS, Going, going, in_order, names
from bot.store.sealed import unseal

_NAME = re.compile(r"([A-Za-z0-9_-]{1,32})\.([0-9]{1,5})")
_MESSAGES = EscalationMessage.__tablename__


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent, unsealed. ``values`` are those of a template; ``last_inbound`` begins WhatsApp's 24 hours."""

    channel: Channel
    text: str = field(repr=False)
    values: dict[str, str] = field(repr=False)
    last_inbound: int


class Outbox:
    """The outbox of an installation. Every method raises ``StoreDown``. Safe for all threads."""

    def __init__(self, engine: Engine, keys: KeyStore | OpenedLate, clock: Callable[[], float]) -> None:
        self._engine, self._keys, self._clock = engine, keys, clock

    def put(self, connection: Connection, escalation: str, message: int, template: str | None = None) -> str:
        """Puts a message of this escalation into the outbox, within the caller's transaction; returns its id there.

        Of a template its values stand in ``beside`` of the message, as ``{"values": {"1": "..."}}``.
        """
        id, now = secrets.token_urlsafe(16), int(self._clock())
        row = {"id": id, "escalation": escalation, "message": message, "template": template}
        times = {"made": now, "not_before": now, "changed": now}
        connection.execute(insert(OutboxRow).values(**row, **times, state=State.QUEUED.value, attempts=0))
        return id

    def due(self, limit: int = 20) -> tuple[str, ...]:
        """The ids of messages that may be sent now, the oldest first; of one person's not before those that were written before."""
        now = self._clock()
        wanted = (
            select(OutboxRow.id)
            .where(OutboxRow.state == State.QUEUED.value, OutboxRow.not_before <= int(now), in_order())
            .where(OutboxRow.made > int(now - TOO_LONG))
            .order_by(OutboxRow.not_before, OutboxRow.message)
            .limit(limit)
        )
        with sql_errors(), self._engine.connect() as connection:
            return tuple(connection.scalars(wanted))

    def begin(self, id: str) -> Going | None:
        """Begins a try; None where somebody else has begun it, or it may not be sent now. It is committed when this returns."""
        now = int(self._clock())
        mine = (OutboxRow.id == id, OutboxRow.state == State.QUEUED.value, OutboxRow.not_before <= now, in_order())
        young = OutboxRow.made > now - TOO_LONG
        values = {"state": State.SENDING.value, "attempts": OutboxRow.attempts + 1, "since": now, "sid": None}
        with sql_errors(), self._engine.begin() as connection:
            row = connection.execute(
                update(OutboxRow).where(*mine, young).values(**values, changed=now).returning(*COLUMNS)
            ).first()
        return None if row is None else going(row)

    def letter(self, going: Going) -> Letter:
        """What is to be sent. Raises ``KeyGone`` after the erasure, and what a key store raises."""
        wanted = (
            select(
                EscalationMessage.sealed,
                EscalationMessage.author,
                EscalationMessage.beside,
                Escalation.channel,
                func.coalesce(Escalation.last_inbound, Escalation.opened).label("last_inbound"),
                Escalation.erased,
            )
            .join(Escalation, Escalation.id == EscalationMessage.escalation)
            .where(EscalationMessage.number == going.message, Escalation.id == going.escalation)
        )
        with sql_errors(), self._engine.connect() as connection:
            row = connection.execute(wanted).first()
        if row is None or row.erased is not None:
            raise KeyGone
        key, number = self._keys.require(going.escalation), going.message
        text = unseal(key, row.sealed, table=_MESSAGES, row=number, column=row.author).decode()
        beside = json.loads(unseal(key, row.beside, table=_MESSAGES, row=number, column="beside")) if row.beside else {}
        return Letter(Channel(row.channel), text, dict(beside.get("values", {})), row.last_inbound)

    def sent(self, going: Going, sid: str | None, status: str, error: int | None = None) -> None:
        """The carrier took it, and says how far it is."""
        self._report(going, of_carrier(status) or State.SENDING, error, sid)

    def refused(self, going: Going, code: int) -> Progress | None:
        """The carrier, or we ourselves, refused it for this reason: it is tried again where that may help, else it has failed."""
        return self._report(going, State.FAILED, code, None)

    def canceled(self, going: Going, code: int = ERASED) -> None:
        """It is not to be sent any more, for this reason."""
        self._report(going, State.CANCELED, code, None)

    def again(self, going: Going, when: float) -> None:
        """It was surely not sent: it may be tried again at ``when`` (unix seconds)."""
        self._move(going, (State.SENDING, State.UNSURE), State.QUEUED, int(when))

    def unsure(self, going: Going, when: float | None = None) -> None:
        """Nobody knows whether it was sent. From ``when`` on the carrier is asked, if it has not told by then."""
        later_on = self._clock() + ANSWER if when is None else when
        self._move(going, (State.SENDING, State.UNSURE), State.UNSURE, int(later_on))

    def reported(self, o: str, status: str, error: int | None, sid: str | None) -> bool:
        """Notes a report of the carrier about the message that it knows as ``o``; False for one, or a status, that is not ours."""
        named, state = _NAME.fullmatch(o), of_carrier(status)
        if named is None or state is None:
            return False
        return self._after(named[1], Report(int(named[2]), state, error, sid)) is not None

    def has_told(self, o: str, error: int | None) -> bool:
        """Whether the carrier has said before that the message which it knows as ``o`` failed for this reason."""
        named = _NAME.fullmatch(o)
        if named is None:
            return False
        wanted = select(OutboxRow.id).where(OutboxRow.id == named[1], OutboxRow.state.in_(names(ENDS)))
        with sql_errors(), self._engine.connect() as connection:
            return connection.scalar(wanted.where(OutboxRow.error == error)) is not None

    def _report(self, going: Going, state: State, error: int | None, sid: str | None) -> Progress | None:
        return self._after(going.id, Report(going.tries, state, error, sid))

    def _after(self, id: str, report: Report) -> Progress | None:
        mine, now = OutboxRow.id == id, self._clock()
        with sql_errors(), self._engine.begin() as connection:
            # It writes first: whoever reports the same at the same moment waits.
            row = connection.execute(
                update(OutboxRow).where(mine).values(changed=OutboxRow.changed).returning(*COLUMNS)
            ).first()
            if row is None:
                return None
            before = Progress(State(row.state), row.attempts, row.error, row.sid, row.not_before)
            # A jitter, no secret.
            came = after(before, report, now, random.random())  # nosec B311 # noqa: S311
            if came != before:
                connection.execute(update(OutboxRow).where(mine).values(**_values(came), changed=int(now)))
        return came

    def _move(self, going: Going, of: tuple[State, ...], to: State, when: int) -> None:
        mine = (OutboxRow.id == going.id, OutboxRow.attempts == going.tries, OutboxRow.sid.is_(None))
        values = {"state": to.value, "not_before": when, "changed": int(self._clock())}
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(update(OutboxRow).where(*mine, OutboxRow.state.in_(names(of))).values(**values))


def _values(progress: Progress) -> dict[str, Any]:
    return {
        "state": progress.state.value,
        "error": progress.error,
        "sid": progress.sid,
        "not_before": progress.not_before,
    }
