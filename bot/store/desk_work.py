"""What staff do with a conversation: take it, hand it back, resolve it, pass it on, correct what is known, join two and undo it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct
from sqlalchemy import Engine, select

from bot.escalation.escalation import Author, Resolution, Urgency, alias_of
from bot.escalation.happened import Happened, joined
from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.store.database import sql_errors
from bot.store.desk_door import Inside, Keys, name_of, refuse_others
from bot.store.desk_errors import CannotJoin, CannotPass
from bot.store.desk_posting import DeskPosting, Posting, checked
from bot.store.desk_rows import SAID, said, sealed_about
from bot.store.desk_shifts import DeskShifts
from bot.store.errors import KeyGone, NotYours, StoreDown
from bot.store.escalations import Escalations
from bot.store.models import EscalationMessage
from bot.store.opt_outs import OptOuts
from bot.store.staff_models import DeskOrganizationRow

_CODE = re.compile(r"[a-z]{2,3}(-[a-z]{2,8})?")
_TOPIC = re.compile(r"[a-z0-9_]{1,64}")
_LONGEST_VARIETY = 64


class Taken(Struct, frozen=True):
    """How taking went: whether it is hers now, who has it and since when (unix seconds)."""

    won: bool
    by: str
    since: int


class DeskWork(DeskShifts):
    """The work of an installation's staff; shifts are in bot/store/desk_shifts.py. Safe for all threads of a process.

    Every method raises ``NotYours`` for what the viewer may not see, ``KeyGone`` once it is erased, and ``StoreDown``. What
    somebody else has is not touched: ``TakenBy``. What is over stays so: ``Resolved``.
    """

    def __init__(
        self,
        engine: Engine,
        keys: Keys,
        escalations: Escalations,
        outbox: Posting,
        opt_outs: OptOuts,
        clock: Callable[[], float],
        zone: str = "America/Chicago",
    ) -> None:
        """``zone``: by whose clocks a day begins for who belongs to no organization (TEAM_TIMEZONE)."""
        super().__init__(engine, keys, clock, zone)
        self._escalations = escalations
        self._posting = DeskPosting(engine, keys, outbox, opt_outs)

    def take(self, viewer: Viewer, id: str) -> Taken:
        """Makes it hers if nobody has it. Of two at once exactly one wins, and the other learns who it was."""
        with self._door.inside(viewer, id) as inside:
            inside.refuse_closed()
            found = inside.escalated
            if found.claimed_by is None:
                inside.claim()
                return Taken(True, viewer.name, inside.now)
            name = name_of(inside.connection, found.claimed_by)
            return Taken(found.claimed_by == viewer.user, name, found.claimed_at or 0)

    def hand_back(self, viewer: Viewer, id: str, closing: str = "") -> None:
        """The bot answers again, and nobody waits. ``closing`` is a last line of hers to the family; empty for none.

        Raises ``OptedOut`` and ``WindowClosed`` for that line, and then nothing has changed.
        """
        closing = checked(closing) if closing.strip() else ""
        if closing:
            self._posting.refuse_opted_out(self._door, viewer, id)
        with self._door.inside(viewer, id) as inside:
            inside.refuse_closed()
            inside.refuse_taken()
            if closing:
                self._posting.post(inside, closing)
                inside.set(last_staff=inside.now)
                inside.note("desk.replied")
            inside.set(claimed_by=None, claimed_at=None, waiting_since=None, alarm=None)
            inside.happened(Happened.HANDED_BACK)
            inside.note("desk.handed_back")

    def resolve(self, viewer: Viewer, id: str, resolution: Resolution) -> None:
        """The conversation is over; the bot answers whoever writes again. Who had it stays in the row."""
        with self._door.inside(viewer, id) as inside:
            inside.refuse_closed()
            inside.refuse_taken()
            ended = {"closed": inside.now, "resolution": Resolution(resolution).value, "pass_to": None}  # nosec B105 # a column, no password
            inside.set(**ended, waiting_since=None, alarm=None)
            inside.happened(Happened.RESOLVED, resolution=Resolution(resolution).value)
            inside.note("desk.resolved", Resolution(resolution).value)
        # It takes the entry in Redis away; where it cannot, the worker does.
        with suppress(StoreDown):
            self._escalations.close(id)

    def pass_on(self, viewer: Viewer, id: str, organization: str, words: str) -> int:
        """Asks the family, in these words in its language, whether another organization may have the conversation.

        Its yes moves it (bot/store/desk_turns.py). Nobody is answered by the question: the family waits on. Returns the number
        of the message. Raises ``CannotPass``, ``TextRefused``, ``OptedOut`` and ``WindowClosed``.
        """
        words = checked(words)
        self._posting.refuse_opted_out(self._door, viewer, id)
        with self._door.inside(viewer, id) as inside:
            inside.refuse_closed()
            inside.refuse_taken()
            active = DeskOrganizationRow.active.is_(True)
            there = select(DeskOrganizationRow.id).where(DeskOrganizationRow.id == organization, active)
            if organization == inside.escalated.organization or inside.connection.scalar(there) is None:
                raise CannotPass
            number = self._posting.post(inside, words, {"asks": "pass", "to": organization})
            inside.set(pass_to=organization, last_staff=inside.now)
            inside.happened(Happened.ASKED_TO_PASS, to=organization)
            inside.note("desk.passed_on", f"to {organization}")
        return number

    def set_urgency(self, viewer: Viewer, id: str, urgency: Urgency) -> None:
        """Staff know better than the bot: up or down."""
        urgency = Urgency(urgency)
        with self._door.inside(viewer, id) as inside:
            inside.refuse_closed()
            # Nobody is alarmed any more by what is not urgent.
            inside.set(urgency=urgency.value, **({} if urgency is Urgency.URGENT else {"alarm": None}))
            inside.note("desk.corrected", f"urgency {urgency.value}")

    def set_topic(self, viewer: Viewer, id: str, topic: str | None) -> None:
        """What it is about, as the name of a flow; None for something else. ``ValueError`` for what is no such name."""
        if topic is not None and not _TOPIC.fullmatch(topic):
            raise ValueError("a topic is the name of a flow")
        self._correct(viewer, id, "topic", topic=topic)

    def set_language(self, viewer: Viewer, id: str, language: Language) -> None:
        """The language in which the family is written to."""
        self._correct(viewer, id, "language", language=Language(language).value)

    def set_needs(self, viewer: Viewer, id: str, language: str | None, variety: str | None = None) -> None:
        """That a speaker of this language (a code) is wanted, who speaks as in the town ``variety``; None: none is any more.

        ``ValueError`` for what is no code, or too long for a town.
        """
        if language is not None and not _CODE.fullmatch(language):
            raise ValueError("a language is a code of two or three letters")
        variety = (variety or "").strip() or None
        if variety is not None and len(variety) > _LONGEST_VARIETY:
            raise ValueError(f"a town has at most {_LONGEST_VARIETY} letters")
        self._correct(viewer, id, "needs", needs=language, variety=None if language is None else variety)

    def join(self, viewer: Viewer, id: str, other: str) -> None:
        """Notes in both that they are of one family. Once more changes nothing. Raises ``CannotJoin``."""
        refuse_others(viewer, Role.RESPONDER)
        if id == other:
            raise CannotJoin
        with sql_errors(), self._engine.begin() as connection:
            # In one order, so that two who join the same two wait for each other.
            both = [self._door.enter(connection, viewer, each) for each in sorted((id, other))]
            first, second = both
            if first.escalated.organization != second.escalated.organization:
                raise CannotJoin
            if any(each.escalated.closed is not None for each in both):
                raise CannotJoin
            if second.escalated.id in _joined(first):
                return
            for one, with_ in ((first, second), (second, first)):
                one.happened(Happened.JOINED, other=with_.escalated.id, alias=with_.escalated.alias)
            first.note("desk.joined", f"with {second.escalated.id}")

    def separate(self, viewer: Viewer, id: str, other: str) -> None:
        """Undoes ``join``: both are again as if they had never been joined, and each tells that it was undone.

        Also where one of them is over. Of one that was erased meanwhile, or that she does not reach any more, only hers tells
        it. What is not joined stays as it is.
        """
        refuse_others(viewer, Role.RESPONDER)
        with sql_errors(), self._engine.begin() as connection:
            entered = {}
            for each in sorted((id, other)):
                with suppress(*(() if each == id else (NotYours, KeyGone))):
                    entered[each] = self._door.enter(connection, viewer, each)
            if other not in _joined(entered[id]):
                return
            for one, with_ in ((id, other), (other, id)):
                if one in entered:
                    entered[one].happened(Happened.SEPARATED, other=with_, alias=alias_of(with_))
            entered[id].note("desk.separated", f"from {other}")

    def debrief(self, viewer: Viewer, id: str) -> str:
        """Whom her organization calls after a hard conversation; empty after any other, and where nobody is named."""
        found, _ = self._door.look(viewer, id)
        if found.closed is None or not found.hard:
            return ""
        wanted = select(DeskOrganizationRow.debrief).where(DeskOrganizationRow.id == viewer.organization)
        with sql_errors(), self._engine.connect() as connection:
            return str(connection.scalar(wanted) or "")

    def _correct(self, viewer: Viewer, id: str, what: str, **known: str | None) -> None:
        with self._door.inside(viewer, id) as inside:
            inside.refuse_closed()
            inside.set(about=sealed_about(inside.key, inside.escalated.about.corrected(**known)))
            # Only what was corrected: the rest dies with the key of the conversation, and the audit does not.
            inside.note("desk.corrected", what)


def _joined(inside: Inside) -> frozenset[str]:
    mine = (EscalationMessage.escalation == inside.escalated.id, EscalationMessage.author == Author.SYSTEM.value)
    rows = inside.connection.execute(select(*SAID).where(*mine))
    return joined(said(row, inside.key) for row in rows)
