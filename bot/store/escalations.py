"""Conversations that people asked to have with staff: SQL holds them sealed, each under a key of its own in the key store.

To erase one is to destroy its key; the row stays for a while as a tombstone, so that nothing brings it back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from redis import Redis
from sqlalchemy import Engine, delete, func, select, update

from bot.escalation.escalation import About, Author, Said, Urgency
from bot.message import Channel
from bot.privacy import Peppers
from bot.store import legal_hold
from bot.store.database import sql_errors
from bot.store.desk_rows import SAID, said, write
from bot.store.errors import Held, KeyGone, SetupError, StoreDown, WrappedKeyDamaged
from bot.store.escalation_entries import Entries, EscalationEntries
from bot.store.escalation_opening import EscalationOpening, Opened
from bot.store.key_store import KeyStore
from bot.store.keys import DayKeys
from bot.store.legal_hold import Hold
from bot.store.models import Escalation, EscalationMessage, OutboxRow
from bot.store.opened_late import OpenedLate
from bot.store.sealed_numbers import SealedNumbers

AUTHORS = tuple(Author)
_TELLING = (
    *("number", "organization", "about", "claimed_by", "claimed_at", "waiting_since", "last_inbound", "last_staff"),
    *("last_bot", "pass_to", "resolution", "alarm", "alarmed"),
)
"""What a tombstone has no more: it only says that there was one, on which channel, and when."""


class Escalations:
    """The escalations of an installation. Safe for all threads of a process."""

    def __init__(
        self,
        engine: Engine,
        redis: Redis,
        peppers: Peppers,
        day_keys: DayKeys,
        keys: KeyStore | OpenedLate | Callable[[], KeyStore],
        clock: Callable[[], float],
    ) -> None:
        """``keys`` may open the key store when it is first needed, raising a ``StoreError`` where it cannot."""
        self._engine, self._clock = engine, clock
        self._entries = EscalationEntries(redis, peppers, day_keys, clock)
        self._keys = keys if isinstance(keys, KeyStore | OpenedLate) else OpenedLate(keys)
        self._numbers = SealedNumbers(engine, self._keys)
        self._opening = EscalationOpening(engine, self._entries, self._numbers, self._keys, clock)
        self._named: tuple[bytes, dict[str, Entries]] = (b"", {})

    def open(self, address: str, channel: Channel) -> str:
        """Opens one of which nothing is known and returns its id, or the id of the one that this person has open."""
        return self.hand_over(address, channel, About(), Urgency.NORMAL, None).id

    def hand_over(
        self, address: str, channel: Channel, about: About, urgency: Urgency, organization: str | None
    ) -> Opened:
        """As ``EscalationOpening.open``."""
        return self._opening.open(address, channel, about, urgency, organization)

    def add(self, id: str, author: str, text: str) -> int:
        """Adds a message and returns its number. Raises ``KeyGone`` after the erasure, and every other ``StoreError``."""
        if author not in AUTHORS:
            raise ValueError(f"{author!r} writes nothing; one of {', '.join(AUTHORS)} does")
        key = self._keys.require(id)
        with sql_errors(), self._engine.begin() as connection:
            # It writes first, so that an erasing is either over or waits.
            there = update(Escalation).where(Escalation.id == id, Escalation.erased.is_(None))
            if not connection.execute(there.values(channel=Escalation.channel)).rowcount:
                raise KeyGone
            return write(connection, key, Author(author), self._clock(), text)

    def messages(self, id: str) -> tuple[Said, ...]:
        """Its messages in the order in which they came. Raises ``KeyGone`` after the erasure."""
        key = self._keys.require(id)
        wanted = select(*SAID).where(EscalationMessage.escalation == id).order_by(EscalationMessage.number)
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
        return tuple(said(row, key) for row in rows)

    def address(self, id: str) -> str:
        """Whom to answer. Raises ``KeyGone`` after the erasure."""
        return self._numbers.address(id)

    def close(self, id: str) -> None:
        """Notes that the conversation is over. Once more changes nothing. Raises ``StoreDown``."""
        mine = (Escalation.id == id, Escalation.closed.is_(None))
        with sql_errors(), self._engine.begin() as connection:
            connection.execute(update(Escalation).where(*mine).values(closed=int(self._clock())))
        address = self._numbers.address_or_none(id)
        if address is not None:
            with suppress(StoreDown):
                self._entries.drop(address, id, erased=False)

    def erase(self, id: str, address: str | None = None) -> None:
        """Destroys its key, then what was sealed under it; a tombstone stays. Once more, or for an unknown id, changes nothing.

        ``address`` lets the entry in Redis go at once even where the key went before; else the worker takes it away.
        Raises ``Held`` with nothing destroyed, ``StoreDown`` and ``SetupError`` when it is not finished: call it again.

        Without SQL the key is not destroyed, although the key store could: only SQL knows whether counsel holds it. A wait
        can be made good and a destroyed key cannot: destroying what a court asked for harms the organization and the
        family whose proof it may be, and there is no way back. Meanwhile nobody reads it through us either, for the sealed
        text is in the SQL that is down. The hold and the erasing wait for each other at the row: a hold that was set
        before the key went stops it, and one that comes later finds a tombstone.
        """
        address = address or self._numbers.address_or_none(id)
        if not self.erase_all([id]):
            self._refuse_held(id)
            # Nothing names it: what is left of an opening that failed, or of an erasing that was cut off.
            self._keys.destroy(id)
        if address is not None:
            self._entries.drop(address, id, erased=True)

    def erase_all(self, ids: Sequence[str]) -> int:
        """As ``erase`` for many, passing over those that are held, erased or unknown; returns how many were erased."""
        mine = (Escalation.id.in_(ids), Escalation.erased.is_(None), Escalation.held_since.is_(None))
        now = int(self._clock())
        ended = {"erased": now, "closed": func.coalesce(Escalation.closed, now), "urgency": Urgency.NORMAL.value}
        tombstone = {**dict.fromkeys(_TELLING), **ended}
        with sql_errors(), self._engine.begin() as connection:
            # The rows are locked by being written; what was written shows only after the keys are gone.
            rows = tuple(connection.scalars(update(Escalation).where(*mine).values(tombstone).returning(Escalation.id)))
            # What staff wrote and is not sent yet, never is.
            connection.execute(delete(OutboxRow).where(OutboxRow.escalation.in_(rows)))
            connection.execute(delete(EscalationMessage).where(EscalationMessage.escalation.in_(rows)))
            if rows:
                self._keys.destroy_all(rows)
        return len(rows)

    def find(
        self, address: str, closed_too: bool = False, since: float = 0, until: float | None = None
    ) -> tuple[str, ...]:
        """The ids of this person's open escalations, by unsealing every number: for when Redis knows nothing.

        ``closed_too``: also of those that are closed and not erased yet. ``since`` and ``until`` (unix seconds): only of
        those opened between. Raises every ``StoreError``.
        """
        return tuple(self._numbers.of(address, since, closed_too, until=until))

    def find_open(self, address: str) -> str | None:
        """The id of this person's open escalation, as ``find`` finds it; Redis knows it from then on, if it is up."""
        id = next(self._numbers.of(address), None)
        if id is not None:
            with suppress(StoreDown):
                self._entries.add(address, id)
        return id

    def mirror(self) -> int:
        """Writes the entries of all of them into Redis again; returns how many are open. For the worker. Raises every ``StoreError``."""
        began, (day_key, _) = self._clock(), self._entries.pair()
        known = self._named[1] if self._named[0] == day_key else {}
        rows = self._numbers.all()
        named = dict(known)
        for id, address in self._numbers.unsealed([row for row in rows if row.id not in named]).items():
            named[id] = self._entries.named(address, day_key)
        named = {row.id: named[row.id] for row in rows if row.id in named}
        self._named = (day_key, named)
        is_open = {row.id: row.open for row in rows}
        opened = {id: entries for id, entries in named.items() if is_open[id]}
        closed = {id: entries for id, entries in named.items() if not is_open[id]}
        self._entries.replace(opened, closed, began, day_key, self._in_sql)
        return len(opened)

    def sweep(self) -> int:
        """Drops the entries in Redis of those that are closed or erased; returns how many. Raises ``StoreDown``."""
        return self._entries.sweep(self._in_sql)

    def hold(self, id: str, for_counsel: str, by: str) -> None:
        """Counsel asks that it be kept: until it is released nothing erases it. In the audit. As ``legal_hold.hold``.

        ``KeyGone`` when it stands and keeps nothing: an erasing was cut off after it had destroyed the key.
        """
        legal_hold.hold(self._engine, self._clock(), id, for_counsel, by)
        # Whether its key can be had at this moment changes nothing.
        with suppress(StoreDown, SetupError, WrappedKeyDamaged):
            self._keys.require(id)

    def release_hold(self, id: str, by: str) -> None:
        """It need not be kept any more: the next purge may take it. In the audit. As ``legal_hold.release``."""
        legal_hold.release(self._engine, self._clock(), id, by)

    def holds(self) -> tuple[Hold, ...]:
        """What is held now, the oldest first. Raises ``StoreDown``."""
        return legal_hold.holds(self._engine)

    def _in_sql(self) -> dict[str, bool]:
        """The ids of all that are not erased, and whether each is open."""
        return {row.id: row.open for row in self._numbers.all()}

    def _refuse_held(self, id: str) -> None:
        with sql_errors(), self._engine.connect() as connection:
            held = select(Escalation.held_since).where(Escalation.id == id, Escalation.erased.is_(None))
            if connection.scalar(held) is not None:
                raise Held
