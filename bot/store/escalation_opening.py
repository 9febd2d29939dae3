"""Opening an escalation: one for each person, its key on the disk before anything is sealed under it, in the audit with its consent."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct
from sqlalchemy import Connection, Engine, insert

from bot.escalation.escalation import About, Urgency
from bot.message import Channel
from bot.store import audit
from bot.store.database import sql_errors
from bot.store.desk_rows import sealed_about
from bot.store.errors import StoreDown
from bot.store.escalation_entries import EscalationEntries, Found
from bot.store.in_turn import in_turn
from bot.store.key_store import KeyStore
from bot.store.models import Escalation
from bot.store.opened_late import OpenedLate
from bot.store.sealed import Key
from bot.store.sealed_numbers import SealedNumbers, sealed_number

BOT = "bot"
"""As the audit names who opens one: the family asks for it, and the bot writes it down."""
_CLOCKS_APART = 5.0
"""Seconds by which the clocks of two hosts may differ."""


class Opened(Struct, frozen=True):
    """An escalation that is open now, and whether it was opened by this call."""

    id: str
    new: bool


class EscalationOpening:
    """Opens the escalations of an installation. Safe for all threads of a process."""

    def __init__(
        self,
        engine: Engine,
        entries: EscalationEntries,
        numbers: SealedNumbers,
        keys: KeyStore | OpenedLate,
        clock: Callable[[], float],
    ) -> None:
        self._engine, self._entries, self._numbers, self._keys, self._clock = engine, entries, numbers, keys, clock

    def open(self, address: str, channel: Channel, about: About, urgency: Urgency, organization: str | None) -> Opened:
        """Opens one, or finds the one that this person has open, which stays as it is. Raises every ``StoreError``.

        If Redis is down, the worker writes the entry later. One that Redis does not know, because a process died between SQL
        and Redis, is written there now: the next message of the family goes to staff. ``ValueError`` where the audit does not
        take ``about.consent``.
        """
        now = self._clock()
        there, since = self._look_for(address, now)
        if there is None:
            opened = self._in_sql(address, since, channel, about, urgency, organization)
        else:
            opened = Opened(there, new=False)
        with suppress(StoreDown):
            self._entries.add(address, opened.id)
        return opened

    def _in_sql(
        self,
        address: str,
        since: float,
        channel: Channel,
        about: About,
        urgency: Urgency,
        organization: str | None,
    ) -> Opened:
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, "escalations opened")
            there = next(self._numbers.of(address, since, connection=connection), None)
            if there is not None:
                return Opened(there, new=False)
            return Opened(self._insert(connection, address, channel, about, urgency, organization), new=True)

    def _insert(
        self,
        connection: Connection,
        address: str,
        channel: Channel,
        about: About,
        urgency: Urgency,
        organization: str | None,
    ) -> str:
        now = int(self._clock())
        id, key = self._new_key()
        times = {"opened": now, "waiting_since": now, "last_inbound": now}
        row = {
            "id": id, "channel": channel.value, "number": sealed_number(key, address), "about": sealed_about(key, about),
            "urgency": urgency.value, "organization": organization, **times,
            "alarm": now if urgency is Urgency.URGENT else None,
        }  # fmt: skip
        connection.execute(insert(Escalation).values(**row))
        consent = f"consent {about.consent}" if about.consent else "no consent"
        audit.note(connection, now, BOT, "desk.opened", f"{id} {consent}")
        return id

    def _new_key(self) -> tuple[str, Key]:
        # No log and no audit takes what looks like a number or like the code of a person; no command what looks like an option.
        while (id := secrets.token_urlsafe(16)).startswith("-") or not audit.takes(id):
            pass
        return id, self._keys.create(id)

    def _look_for(self, address: str, now: float) -> tuple[str | None, float]:
        """The person's open escalation as far as Redis knows, and since when SQL may hold one that Redis does not know."""
        try:
            found = self._entries.find(address)
        except StoreDown:
            found = Found(None, frozenset(), None)
        if found.open is not None and self._numbers.is_open(found.open):
            return found.open, now
        if found.whole_at is not None:
            return None, found.whole_at - _CLOCKS_APART
        # Before the others wait for us: it takes its time.
        return next(self._numbers.of(address), None), now - _CLOCKS_APART
