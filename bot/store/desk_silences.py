"""Who has been waiting for a person longer than anybody should hear nothing, and the bot's word to them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import Engine, func, select, update

from bot.escalation.answering import Missed, left_alone
from bot.escalation.board import Board
from bot.escalation.escalation import Author, Escalated
from bot.store.database import sql_errors
from bot.store.desk_door import Keys
from bot.store.desk_rows import COLUMNS, escalated, write
from bot.store.errors import KeyGone, SealBroken, WrappedKeyDamaged
from bot.store.models import Escalation
from bot.store.opt_outs import OptOuts
from bot.store.outbox import Outbox
from bot.store.sealed_numbers import SealedNumbers


class DeskSilences:
    """The silences of an installation. Safe for all threads. Every method may raise any ``StoreError`` of SQL and the key store."""

    def __init__(
        self, engine: Engine, keys: Keys, outbox: Outbox, opt_outs: OptOuts, clock: Callable[[], float]
    ) -> None:
        self._engine, self._keys, self._outbox, self._opt_outs, self._clock = engine, keys, outbox, opt_outs, clock
        self._numbers = SealedNumbers(engine, keys)

    def due(self, board: Board, patience: float) -> tuple[tuple[Escalated, Missed], ...]:
        """Who was left alone for ``patience`` seconds by the person who has them, and why (bot/escalation/answering.py).

        Nobody else waits in silence: while nobody has a conversation the bot answers each message.
        """
        now = self._clock()
        waits = (Escalation.claimed_by.is_not(None), Escalation.waiting_since <= int(now - patience))
        wanted = select(*COLUMNS).where(Escalation.closed.is_(None), Escalation.erased.is_(None), *waits)
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(wanted.order_by(Escalation.waiting_since)).all()
        found = []
        for row in rows:
            # One that nobody can open any more must not keep the others waiting.
            with suppress(KeyGone, SealBroken, WrappedKeyDamaged):
                each = escalated(row, self._keys.require(row.id))
                if (why := left_alone(each, board, now, patience)) is not None:
                    found.append((each, why))
        return tuple(found)

    def say(self, waiting: Escalated, text: str) -> bool:
        """Writes it into the thread and puts it on its way; False where somebody wrote meanwhile, or she asked us to stop."""
        if self._opt_outs.is_stopped(self._numbers.address(waiting.id)):
            return False
        key, now = self._keys.require(waiting.id), int(self._clock())
        same = (
            Escalation.id == waiting.id,
            Escalation.closed.is_(None),
            Escalation.erased.is_(None),
            Escalation.claimed_by == waiting.claimed_by,
            Escalation.waiting_since == waiting.waiting_since,
            func.coalesce(Escalation.last_bot, 0) == (waiting.last_bot or 0),
        )
        with sql_errors(), self._engine.begin() as connection:
            if not connection.execute(update(Escalation).where(*same).values(last_bot=now)).rowcount:
                return False
            self._outbox.put(connection, waiting.id, write(connection, key, Author.BOT, now, text))
        return True
