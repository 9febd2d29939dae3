"""The inbox of the desk: the conversations that somebody may see, in their order, each with the family's last words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Engine, func, or_, select

from bot.escalation import family_hint, order
from bot.escalation.escalation import About, Author, Escalated, Said
from bot.escalation.family_hint import Hint, Told
from bot.escalation.happened import joined
from bot.escalation.viewer import Role, Viewer
from bot.store.database import sql_errors
from bot.store.desk_door import DeskDoor, Keys, reached, refuse_others
from bot.store.desk_rows import COLUMNS, SAID, escalated, said
from bot.store.desk_sendings import NOT_ARRIVED, newest_sendings
from bot.store.errors import SealBroken
from bot.store.models import Escalation, EscalationMessage, User
from bot.store.sealed import Key
from bot.store.sealed_numbers import unsealed_number


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One conversation of the inbox.

    ``last``: the family's newest message, None for who may not read. ``claimed_name``: who of the staff has it. ``undelivered``:
    something that staff wrote did not arrive, and nobody has written since.
    """

    escalated: Escalated
    last: Said | None = field(default=None, repr=False)
    claimed_name: str | None = None
    undelivered: bool = False


class DeskInbox:
    """The inbox of an installation. Safe for all threads of a process. Every method may raise ``StoreDown``."""

    def __init__(self, engine: Engine, keys: Keys, clock: Callable[[], float]) -> None:
        self._engine, self._keys, self._clock = engine, keys, clock
        self._door = DeskDoor(engine, keys, clock)

    def rows(self, viewer: Viewer) -> tuple[InboxRow, ...]:
        """What she reaches and is open, or was resolved in the last seven days, in the order of bot/escalation/order.py.

        A coordinator gets no words of anybody. Raises ``NotYours`` for other roles. One that nobody can open any more is left
        out, so that the others do not suffer from it.
        """
        refuse_others(viewer, Role.RESPONDER, Role.COORDINATOR)
        since = int(self._clock()) - order.RESOLVED_SECONDS
        wanted = (
            select(*COLUMNS, User.name.label("claimed_name"))
            .outerjoin(User, User.id == Escalation.claimed_by)
            .where(Escalation.erased.is_(None), or_(Escalation.closed.is_(None), Escalation.closed > since))
            .where(reached(viewer))
        )
        with sql_errors(), self._engine.connect() as connection:
            found = connection.execute(wanted).all()
            ids = [row.id for row in found]
            failed = _undelivered(connection, ids)
            words = _last_words(connection, ids) if viewer.has(Role.RESPONDER) else {}
        keys = self._keys.require_many(ids)
        rows = [row for each in found if (row := _row(each, keys, words, failed)) is not None]
        if not viewer.has(Role.RESPONDER):
            rows = [replace(row, escalated=without_words(row.escalated)) for row in rows]
        return tuple(sorted(rows, key=lambda row: order.key(row.escalated)))

    def one(self, viewer: Viewer, id: str) -> Escalated:
        """One conversation, for who may read it. Raises ``NotYours``, ``KeyGone`` once it is erased, and every ``StoreError``."""
        return self._door.look(viewer, id)[0]

    def hints(self, viewer: Viewer) -> tuple[Hint, ...]:
        """Which open conversations of one organization may be of one family; those that were joined are in it no more."""
        refuse_others(viewer, Role.RESPONDER)
        open_ones = (Escalation.closed.is_(None), Escalation.erased.is_(None), reached(viewer))
        wanted = select(*COLUMNS, Escalation.number).where(*open_ones)
        newest = wanted.order_by(Escalation.opened.desc(), Escalation.id).limit(family_hint.MOST)
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(newest).all()
            ids = [row.id for row in rows]
            said_there = connection.execute(select(*SAID).where(EscalationMessage.escalation.in_(ids))).all()
        keys = self._keys.require_many(ids)
        told, together, of = [], set(), {}
        for row in rows:
            try:
                each = escalated(row, keys[row.id])
                number = unsealed_number(keys[row.id], row.number)
                thread = [said(message, keys[row.id]) for message in said_there if message.escalation == row.id]
            except (SealBroken, KeyError):
                continue
            texts = tuple(message.text for message in thread if message.author is Author.FAMILY)
            of[each.id] = each.organization
            told.append(Told(each.id, family_hint.bare(number), each.about.place, each.opened, texts))
            together |= {frozenset((each.id, other)) for other in joined(thread)}
        found = family_hint.hints(told)
        return tuple(
            hint for hint in found if of[hint.ids[0]] == of[hint.ids[1]] and frozenset(hint.ids) not in together
        )


def without_words(escalated: Escalated) -> Escalated:
    """As a coordinator sees it: nothing of what the family, or the bot about her, said."""
    about = escalated.about
    known = About(about.cause, about.topic, about.language, about.place, minor=about.minor, needs=about.needs)
    return replace(escalated, about=known)


def _row(row: Any, keys: Mapping[str, Key], words: Mapping[str, Any], failed: Mapping[str, int]) -> InboxRow | None:
    key = keys.get(row.id)
    if key is None:
        return None
    try:
        last = said(words[row.id], key) if row.id in words else None
        found = escalated(row, key)
    except SealBroken:
        return None
    undelivered = row.id in failed and failed[row.id] >= (row.last_staff or 0)
    return InboxRow(found, last, row.claimed_name, undelivered)


def _last_words(connection: Connection, ids: Sequence[str]) -> dict[str, Any]:
    by_family = EscalationMessage.author == Author.FAMILY.value
    newest = (
        select(func.max(EscalationMessage.number))
        .where(EscalationMessage.escalation.in_(ids), by_family)
        .group_by(EscalationMessage.escalation)
    )
    return {
        row.escalation: row for row in connection.execute(select(*SAID).where(EscalationMessage.number.in_(newest)))
    }


def _undelivered(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """When something last failed, of those whose newest try of a message failed."""
    failed: dict[str, int] = {}
    for sending in newest_sendings(connection, ids).values():
        if sending.state in NOT_ARRIVED:
            failed[sending.escalation] = max(failed.get(sending.escalation, 0), sending.changed)
    return failed
