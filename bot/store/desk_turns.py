"""What a turn of the bot notes of a conversation with staff: opening one, what the family wrote, what the bot answered.

Every note is made once, however often a turn runs and a message comes: under the key of the escalation stands a name of the
carrier's message. When a conversation is over, or erased, nothing is noted any more: the family's yes was for that one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, select, update

from bot.escalation.escalation import About, Author, Escalated, Urgency
from bot.escalation.happened import Happened
from bot.frozen import replace
from bot.message import Channel
from bot.privacy import inbound_key
from bot.store import audit
from bot.store.database import sql_errors
from bot.store.desk_rows import COLUMNS, SAID, escalated, said, sealed_about, write
from bot.store.errors import KeyGone
from bot.store.escalation_opening import Opened
from bot.store.escalations import Escalations
from bot.store.key_store import KeyStore
from bot.store.models import Escalation, EscalationMessage
from bot.store.opened_late import OpenedLate
from bot.store.sealed import Key

FAMILY = "family"
"""As the audit names whoever answers a question of the desk. Which family, the id of the conversation tells."""


@dataclass(frozen=True, slots=True)
class _Held:
    """An open escalation whose row this transaction holds: nobody changes or erases it meanwhile."""

    connection: Connection = field(repr=False)
    key: Key = field(repr=False)
    row: Any = field(repr=False)
    now: int

    def set(self, **values: object) -> None:
        self.connection.execute(update(Escalation).where(Escalation.id == self.row.id).values(**values))

    def messages(self, name: str) -> tuple[Row[Any], ...]:
        """The messages whose ``inbound`` begins so."""
        mine = (EscalationMessage.escalation == self.row.id, EscalationMessage.inbound.startswith(name))
        return tuple(self.connection.execute(select(*SAID).where(*mine).order_by(EscalationMessage.number)))


class DeskTurns:
    """The conversations with staff as turns see them. Safe for all threads of a process. Every method may raise any ``StoreError``."""

    def __init__(
        self, engine: Engine, keys: KeyStore | OpenedLate, escalations: Escalations, clock: Callable[[], float]
    ) -> None:
        self._engine, self._keys, self._escalations, self._clock = engine, keys, escalations, clock

    def open(
        self,
        address: str,
        channel: Channel,
        about: About,
        urgency: Urgency,
        organization: str | None,
        consent: str,
    ) -> Opened:
        """Opens one, or finds the one that this person has open, which stays as it is.

        ``consent`` is the version of the text that she said yes to: words that the audit takes (``audit.takes``), ``ValueError``
        for others. ``organization`` None: the shared pool. The message that brought her here is ``heard`` afterwards.
        """
        if not audit.takes(consent):
            raise ValueError("the version of a consent is a word that the audit takes")
        agreed = replace(about, consent=consent)
        return self._escalations.hand_over(address, channel, agreed, urgency, organization)

    def state(self, id: str) -> Escalated | None:
        """How it stands, also when it is closed; None when it was erased, or there is none."""
        wanted = select(*COLUMNS).where(Escalation.id == id, Escalation.erased.is_(None))
        with sql_errors(), self._engine.connect() as connection:
            row = connection.execute(wanted).first()
        if row is None:
            return None
        try:
            return escalated(row, self._keys.require(id))
        except KeyGone:
            return None

    def find(self, address: str) -> Escalated | None:
        """This person's open one, for when Redis cannot be believed: every number of SQL is unsealed for it."""
        id = self._escalations.find_open(address)
        return None if id is None else self.state(id)

    def heard(
        self,
        id: str,
        sid: str,
        text: str,
        beside: Mapping[str, Any],
        urgency: Urgency = Urgency.NORMAL,
        learned: About | None = None,
    ) -> bool:
        """Notes what the family wrote; False when it was noted before, or the conversation is over.

        ``sid`` is the carrier's name of the message, ``beside`` as ``Said.beside``: of a photo or a voice note only ``media``, how
        many came. ``learned``: what is known now takes the place of what was known (``About.with_learned``). The urgency only
        ever rises; an urgent message alarms those on duty, each time anew.
        """
        with self._held(id) as held:
            if held is None:
                return False
            name = inbound_key(held.key.secret, "heard", sid)
            if held.messages(name):
                return False
            write(held.connection, held.key, Author.FAMILY, held.now, text, None, beside, name)
            row = held.row
            changed: dict[str, object] = {"last_inbound": held.now}
            # What was for the bot waits for nobody: MENU, a digit to its menu.
            if row.waiting_since is None and not beside.get("to_bot"):
                changed["waiting_since"] = held.now
            if urgency.rank < Urgency(row.urgency).rank:
                changed["urgency"] = urgency.value
            # When they were told last stays: it keeps three messages in a minute from being three mails (bot/store/desk_alarms.py).
            if urgency is Urgency.URGENT and row.alarm is None:
                changed["alarm"] = held.now
            if learned is not None:
                changed["about"] = sealed_about(held.key, escalated(row, held.key).about.with_learned(learned))
            held.set(**changed)
        return True

    def said(self, id: str, sid: str, texts: Sequence[str], beside: Mapping[str, Any]) -> bool:
        """Notes what the bot answered to that message; False when the conversation is over, or nothing is new.

        A turn that runs again may answer something else: then that stands in place of the former answer, which nobody got.
        """
        with self._held(id) as held:
            if held is None:
                return False
            # Room for the number of each part.
            name = inbound_key(held.key.secret, "said", sid)[:28]
            before = held.messages(name)
            if [said(row, held.key).text for row in before] == list(texts):
                return False
            numbers = [row.number for row in before]
            held.connection.execute(delete(EscalationMessage).where(EscalationMessage.number.in_(numbers)))
            for part, text in enumerate(texts):
                write(held.connection, held.key, Author.BOT, held.now, text, None, beside, f"{name}{part:04x}")
            held.set(last_bot=held.now)
        return True

    def agreed_to_pass(self, id: str, yes: bool) -> bool:
        """The family answered whether another organization may have it; False when nobody asks any more.

        With a yes it goes there, where nobody has it yet, and waits on from when it began to wait.
        """
        with self._held(id) as held:
            if held is None or held.row.pass_to is None:
                return False
            to = held.row.pass_to
            if yes:
                urgent = {"alarm": held.now, "alarmed": None} if held.row.urgency == Urgency.URGENT else {}
                held.set(organization=to, pass_to=None, claimed_by=None, claimed_at=None, **urgent)
                write(held.connection, held.key, Author.SYSTEM, held.now, Happened.PASSED, None, {"to": to})
            else:
                held.set(pass_to=None)
            answer = "desk.passed" if yes else "desk.not_passed"
            audit.note(held.connection, held.now, FAMILY, answer, f"{id} to {to}")
        return True

    def drop(self, id: str) -> None:
        """Erases one that was opened in a turn which was lost: the family got no answer that tells of it."""
        self._escalations.erase(id)

    @contextmanager
    def _held(self, id: str) -> Iterator[_Held | None]:
        try:
            key = self._keys.require(id)
        except KeyGone:
            yield None
            return
        mine = (Escalation.id == id, Escalation.closed.is_(None), Escalation.erased.is_(None))
        # It writes first, so that an erasing is either over or waits.
        hold = update(Escalation).where(*mine).values(channel=Escalation.channel)
        with sql_errors(), self._engine.begin() as connection:
            row = connection.execute(hold.returning(*COLUMNS, Escalation.alarm, Escalation.alarmed)).first()
            yield None if row is None else _Held(connection, key, row, int(self._clock()))
