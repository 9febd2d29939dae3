"""The inbox of the desk: the conversations that somebody may see, in their order, each with the family's last words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, func, or_, select

from bot.escalation import family_hint, order
from bot.escalation.escalation import About, Author, Escalated, Said, Urgency
from bot.escalation.family_hint import Hint, Told
from bot.escalation.happened import joined
from bot.escalation.standing import Standing
from bot.escalation.viewer import Role, Viewer
from bot.frozen import replace
from bot.store.database import sql_errors
from bot.store.desk_door import DeskDoor, Keys, reached, refuse_others
from bot.store.desk_rows import COLUMNS, SAID, escalated, said, unsealed_language_and_topic
from bot.store.desk_sendings import not_arrived
from bot.store.errors import SealBroken
from bot.store.models import Escalation, EscalationMessage
from bot.store.sealed import Key
from bot.store.sealed_numbers import unsealed_number
from bot.store.staff_models import User

_STANDING = (
    *(Escalation.id, Escalation.channel, Escalation.opened, Escalation.urgency, Escalation.claimed_by),
    *(Escalation.waiting_since, Escalation.last_staff, Escalation.closed),
)
"""The columns of a ``Standing``, in the order of its fields."""
_SEALED = (Escalation.id, Escalation.about)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One conversation of the inbox.

    ``claimed_name``: who of the staff has it. ``undelivered``: something that staff wrote did not arrive, and nobody has
    written since.
    """

    escalated: Escalated
    claimed_name: str | None = None
    undelivered: bool = False
    sealed: tuple[Any, Key] | None = field(default=None, repr=False, compare=False)

    @property
    def last(self) -> Said | None:
        """The family's newest message; None for who may not read, and where it cannot be opened any more.

        Unsealed when it is asked for: a page shows some of hundreds.
        """
        try:
            return None if self.sealed is None else said(*self.sealed)
        except SealBroken:
            return None


class DeskInbox:
    """The inbox of an installation. Safe for all threads of a process. Every method may raise ``StoreDown``."""

    def __init__(self, engine: Engine, keys: Keys, clock: Callable[[], float]) -> None:
        self._engine, self._keys, self._clock = engine, keys, clock
        self._door = DeskDoor(engine, keys, clock)

    def standing(self, viewer: Viewer) -> tuple[Standing, ...]:
        """Where those stand of which ``rows`` tells, in no order: for counting them and choosing some. Nothing is unsealed for it.

        One whose key is gone is left out; one that is damaged, so that ``rows`` leaves it out, is counted: somebody waits there.
        Raises ``NotYours`` as ``rows``.
        """
        refuse_others(viewer, Role.RESPONDER, Role.COORDINATOR)
        with sql_errors(), self._engine.connect() as connection:
            found = connection.execute(select(*_STANDING).where(self._shown(viewer))).all()
        there = frozenset(self._keys.names())
        return tuple(_standing(row) for row in found if row[0] in there)

    def with_topics(self, viewer: Viewer, standing: Sequence[Standing]) -> tuple[Standing, ...]:
        """The same with language and topic, for which each of them is opened: ask it of no more than are needed.

        They stay None of one that cannot be opened, or is not hers to see. Raises ``NotYours`` as ``rows``.
        """
        refuse_others(viewer, Role.RESPONDER, Role.COORDINATOR)
        wanted = select(*_SEALED).where(self._shown(viewer))
        if all(it.closed is None for it in standing):
            # Of those that are over, which are the most, none is read.
            wanted = wanted.where(Escalation.closed.is_(None))
        with sql_errors(), self._engine.connect() as connection:
            sealed = {id: about for id, about in connection.execute(wanted).all()}
        keys = self._keys.require_many([it.id for it in standing])
        return tuple(_with_topic(it, keys.get(it.id), sealed.get(it.id)) for it in standing)

    def rows(self, viewer: Viewer, ids: Collection[str] | None = None) -> tuple[InboxRow, ...]:
        """What she reaches and is open, or was resolved in the last seven days, in the order of bot/escalation/order.py.

        ``ids``: only these of them. A coordinator gets no words of anybody. Raises ``NotYours`` for other roles. One that nobody
        can open any more is left out, so that the others do not suffer from it.
        """
        refuse_others(viewer, Role.RESPONDER, Role.COORDINATOR)
        shown = self._shown(viewer)
        if ids is not None:
            shown = and_(shown, Escalation.id.in_(ids))
        with sql_errors(), self._engine.connect() as connection:
            wanted = select(*COLUMNS, User.name).outerjoin(User, User.id == Escalation.claimed_by)
            found = connection.execute(wanted.where(shown)).all()
            failed = not_arrived(connection, shown)
            words = _last_words(connection, shown) if viewer.has(Role.RESPONDER) else {}
        keys = self._keys.require_many([row.id for row in found])
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
        newest = select(*COLUMNS, Escalation.number).where(*open_ones)
        newest = newest.order_by(Escalation.opened.desc(), Escalation.id).limit(family_hint.MOST)
        with sql_errors(), self._engine.connect() as connection:
            rows = connection.execute(newest).all()
            threads = _threads(connection, [row.id for row in rows])
        keys = self._keys.require_many([row.id for row in rows])
        told, together, of = [], set(), {}
        for row in rows:
            try:
                each, number = escalated(row, keys[row.id]), unsealed_number(keys[row.id], row.number)
                thread = [said(message, keys[row.id]) for message in threads.get(row.id, ())]
            except (SealBroken, KeyError):
                continue
            texts = tuple(message.text for message in thread if message.author is Author.FAMILY)
            told.append(Told(each.id, family_hint.bare(number), each.about.place, each.opened, texts))
            of[each.id] = each.organization
            together |= {frozenset((each.id, other)) for other in joined(thread)}
        found = family_hint.hints(told)
        return tuple(
            hint for hint in found if of[hint.ids[0]] == of[hint.ids[1]] and frozenset(hint.ids) not in together
        )

    def _shown(self, viewer: Viewer) -> ColumnElement[bool]:
        since = int(self._clock()) - order.RESOLVED_SECONDS
        there = or_(Escalation.closed.is_(None), Escalation.closed > since)
        return and_(Escalation.erased.is_(None), there, reached(viewer))


def without_words(escalated: Escalated) -> Escalated:
    """As a coordinator sees it: nothing of what the family, or the bot about her, said."""
    about = escalated.about
    known = About(about.cause, about.topic, about.language, about.place, minor=about.minor, needs=about.needs)
    return replace(escalated, about=known)


def _standing(row: Any) -> Standing:
    id, channel, opened, urgency, *others = row
    return Standing(id, channel, opened, Urgency(urgency), *others)


def _with_topic(it: Standing, key: Key | None, sealed: bytes | None) -> Standing:
    if key is None or sealed is None:
        return it
    try:
        language, topic = unsealed_language_and_topic(key, sealed)
    except SealBroken:
        return it
    return it._replace(language=language, topic=topic)


def _row(row: Any, keys: Mapping[str, Key], words: Mapping[str, Any], failed: Mapping[str, int]) -> InboxRow | None:
    id, claimed_name = row[0], row[-1]
    if id not in keys:
        return None
    try:
        found = escalated(row, keys[id])
    except SealBroken:
        return None
    last = (words[id], keys[id]) if id in words else None
    return InboxRow(found, claimed_name, id in failed and failed[id] >= (found.last_staff or 0), last)


def _last_words(connection: Connection, which: ColumnElement[bool]) -> dict[str, Any]:
    """The family's newest message of each escalation of these, sealed."""
    newest = (
        select(func.max(EscalationMessage.number))
        .join(Escalation, Escalation.id == EscalationMessage.escalation)
        .where(which, EscalationMessage.author == Author.FAMILY.value)
        .group_by(EscalationMessage.escalation)
    )
    rows = connection.execute(select(*SAID).where(EscalationMessage.number.in_(newest)))
    return {row[1]: row for row in rows}


def _threads(connection: Connection, ids: Sequence[str]) -> dict[str, list[Any]]:
    """What the family wrote, and what happened, of each of these; sealed."""
    told = EscalationMessage.author.in_((Author.FAMILY.value, Author.SYSTEM.value))
    threads: dict[str, list[Any]] = {}
    for row in connection.execute(select(*SAID).where(EscalationMessage.escalation.in_(ids), told)):
        threads.setdefault(row[1], []).append(row)
    return threads
