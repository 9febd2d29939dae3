"""Who has been waiting for a person longer than anybody should hear nothing, and the bot's word to them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine, func, select, update

from bot.escalation.answering import missed, says_when
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

    def due(self, board: Board, patience: float) -> tuple[Escalated, ...]:
        """Those that somebody has who did not write for ``patience`` seconds, and that heard nothing of the bot in this wait.

        Nobody else waits in silence: while nobody has a conversation the bot answers each message.
        """
        now = self._clock()
        waits = func.coalesce(Escalation.waiting_since, int(now)) <= int(now - patience)
        wanted = select(*COLUMNS).where(Escalation.claimed_by.is_not(None), Escalation.closed.is_(None), waits)
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(
                wanted.where(Escalation.erased.is_(None)).order_by(Escalation.waiting_since)
            ).all()
        found = []
        for row in rows:
            try:
                each = escalated(row, self._keys.require(row.id))
            except (KeyGone, SealBroken, WrappedKeyDamaged):
                continue
            why = missed(each, board, now, patience)
            if why is not None and says_when(each, why, now, patience) and not self._spoken(each):
                found.append(each)
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

    @staticmethod
    def _spoken(each: Escalated) -> bool:
        """Once in a wait: what the bot begins of itself costs the family, who did not ask for it."""
        return (each.last_bot or 0) > max(each.waiting_since or 0, each.claimed_at or 0)
