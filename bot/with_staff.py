"""The part of a turn for somebody who has a conversation with staff, or wants one: whose turn it is, what is noted, what is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog
from msgspec import Struct

from bot.engine.actions import Action, Erase, Escalate, Say, Silence, has
from bot.engine.flow import Script
from bot.engine.listed import NOTICES
from bot.engine.turn import Turn
from bot.engine.walk import Outcome
from bot.engine.who_writes import topic_of
from bot.escalation import opening
from bot.escalation.answering import Missed, Voice, answers_pass, missed, says_when, who_answers
from bot.escalation.board import Board
from bot.escalation.escalation import About, Escalated, Urgency
from bot.escalation.organization import DeskOrganization
from bot.for_staff import consent_of, heard_as, learned_from, media_of, told_of
from bot.frozen import replace
from bot.intents.reserved import Word
from bot.language import Language
from bot.message import InboundMessage
from bot.neighbours import Desk, Opened
from bot.scripts.release import Release
from bot.session import Beside, Session, Writer
from bot.settings import Settings
from bot.wording.called import called
from bot.wording.desk import desk_fields
from bot.wording.fields import owner_of

log = structlog.get_logger()


def _told(error: Exception) -> dict[str, str]:
    """What the log says of it: the words of an error may name a file."""
    which, why = getattr(error, "store", None), getattr(error, "evidence", None)
    named = {"process": which, "evidence": why} if which and why else {}
    return {"error": type(error).__name__, **named}


class Person(Struct, frozen=True):
    """What is known at the desk of who writes. ``open``: she has a conversation there, though perhaps nobody can look into it."""

    board: Board
    escalated: Escalated | None = None
    open: bool = False

    def __repr__(self) -> str:
        """Nothing of her conversation: this may stand in a traceback."""
        return f"Person(open={self.open})"


class Ruled(Struct, frozen=True):
    """Whose turn it is. ``line`` goes before the bot's answer; ``noted`` is the conversation that the answer belongs to."""

    outcome: Outcome
    voice: Voice = Voice.BOT
    line: Say | None = None
    noted: str | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """A message as staff get it."""

    message: InboundMessage
    beside: Mapping[str, Any] = field(repr=False)
    urgent: bool = False
    learned: About | None = None


class WithStaff(Struct, frozen=True):
    """The desk as a turn uses it. Whatever is down there, the bot answers as ever and says nothing that is not so."""

    desk: Desk
    board: Callable[[], Board]
    settings: Settings
    unavailable: tuple[type[Exception], ...]

    @property
    def patience(self) -> float:
        """Seconds for which a person who has the conversation is waited for."""
        return self.settings.desk_patience * 60.0

    def person(self, message: InboundMessage, beside: Beside) -> Person:
        """Whether this person has a conversation with staff. Where Redis cannot be believed, SQL is looked through."""
        board, here = self.board(), beside.escalation is not None
        if beside.whole and not here:
            return Person(board)
        try:
            found = self.desk.state(beside.escalation) if beside.escalation else self.desk.find(message.address)
        except self.unavailable as error:
            log.error("desk.unknown", **_told(error))
            return Person(board, open=here)
        there = found is not None and found.closed is None
        return Person(board, found if there else None, there)

    def known(self, person: Person, session: Session, now: float) -> Session:
        """The session, with the language of the conversation, and who writes in it, where Redis has forgotten them."""
        if session.language is not None or person.escalated is None:
            return session
        about = person.escalated.about
        if about.language not in list(Language):
            return session
        writer = Writer.CHILD if about.minor else Writer.RELAY if about.relayed else None
        return replace(session, language=Language(about.language), writer=writer, known=True, updated=now)

    def turn(self, person: Person, turn: Turn, beside: Beside) -> Turn:
        """The turn with what is known beside it."""
        return replace(
            turn,
            escalated=person.open,
            with_staff=bool(beside.kept) or person.open,
            blind=not beside.whole and not person.open,
            erasing=beside.erasing,
            shared=beside.shared,
            desk=person.board.answers,
            bad_day=person.board.bad_day is not None,
        )

    def ruled(
        self,
        person: Person,
        script: Script,
        before: Session,
        message: InboundMessage,
        turn: Turn,
        outcome: Outcome,
        now: float,
    ) -> Ruled:
        """Notes the message for staff, and says who answers it. What cannot be noted is never met with silence."""
        escalated = person.escalated
        # A yes that opens a conversation is the bot's, also where it comes again because its first turn died after opening it.
        if escalated is None or has(outcome[1], Erase, Escalate):
            return Ruled(outcome)
        heard = heard_as(script, before, turn, outcome)
        passed = answers_pass(escalated, heard)
        voice = Voice.BOT if passed else who_answers(escalated, person.board, heard, now, self.patience)
        told = told_of(script, escalated, heard, turn, outcome, message, voice, passed=passed)
        learned = learned_from(script, turn, outcome[0], answers=voice is not Voice.PERSON and not passed)
        noted = Noted(message, told, heard.urgent, learned)
        if not self._note(escalated.id, noted):
            return Ruled(outcome)
        if passed:
            return Ruled(self._passed(person, escalated, before, bool(heard.yes)), noted=escalated.id)
        if voice is Voice.PERSON:
            return Ruled((replace(before, updated=now, known=True), (Silence(),)), voice)
        # Who looks for a way out by MENU is told too.
        for_now = voice is Voice.BOT_FOR_NOW or (turn.reserved is not None and turn.reserved.word is Word.MENU)
        return Ruled(outcome, voice, self._line(person, escalated, now) if for_now else None, escalated.id)

    def heard_in_a_pause(self, person: Person, script: Script, message: InboundMessage, turn: Turn) -> None:
        """A pause is the bot's: what is written for staff is noted all the same."""
        if person.escalated is not None:
            urgent = any(script.is_urgent(name or "") for name in (turn.urgent, turn.doubted))
            self._note(person.escalated.id, Noted(message, media_of(message), urgent))

    def fields(self, person: Person, release: Release, session: Session, now: float) -> Mapping[str, str]:
        """What ``$desk_...`` stands for to this person: who has her conversation, else who would."""
        if not (person.open or person.board.answers):
            return {}
        owner = owner_of(self.settings, session.language)
        moment = datetime.fromtimestamp(now, UTC)
        return desk_fields(
            _organization(person, release.script, session), person.board, owner, session.language, moment
        )

    def open(
        self, person: Person, release: Release, message: InboundMessage, before: Session, session: Session, now: float
    ) -> tuple[Say, Opened | None]:
        """Opens a conversation after a yes, and what is said of it. Without the question nothing is opened."""
        consent = consent_of(release, before)
        organization = _organization(person, release.script, session)
        about = opening.about(release.script, session, consent)
        urgency = opening.urgency(release.script, session)
        if not consent or not person.board.answers:
            return Say(NOTICES, "escalate_failed"), None
        try:
            id = organization.id if organization else None
            opened = self.desk.open(message.address, message.channel, about, urgency, id, consent)
        except self.unavailable as error:
            log.error("desk.not_opened", **_told(error))
            return Say(NOTICES, "escalate_failed"), None
        there = organization is not None and organization.is_open(datetime.fromtimestamp(now, UTC))
        return Say(NOTICES, _opened_words(about.minor, there, urgency)), opened

    def answered(self, id: str | None, message: InboundMessage, texts: tuple[str, ...]) -> None:
        """Notes what the bot said, so that staff see what the family has read."""
        if not id or not texts:
            return
        try:
            self.desk.said(id, message.sid, texts, {})
        except self.unavailable as error:
            log.error("desk.answer_lost", **_told(error))

    def lost(self, opened: Opened | None) -> None:
        """The turn that opened it is lost, so that nobody was told: it goes again."""
        if opened is None or not opened.new:
            return
        try:
            self.desk.drop(opened.id)
        except self.unavailable as error:
            log.error("desk.not_dropped", **_told(error))

    def _note(self, id: str, noted: Noted) -> bool:
        """Whether staff have it now: not where the store is down, nor where the conversation has ended meanwhile."""
        message, urgency = noted.message, Urgency.URGENT if noted.urgent else Urgency.NORMAL
        try:
            if self.desk.heard(id, message.sid, message.text, noted.beside, urgency, noted.learned):
                return True
            # A turn that was lost has noted it, or the conversation is over.
            now = self.desk.state(id)
        except self.unavailable as error:
            log.error("desk.message_lost", **_told(error))
            return False
        return now is not None and now.closed is None

    def _line(self, person: Person, escalated: Escalated, now: float) -> Say | None:
        """That the person is not there, and when she is back; None where she is, and where it was said a moment ago."""
        why = missed(escalated, person.board, now, self.patience)
        if why is None or not says_when(escalated, why, now, self.patience):
            return None
        return absence(why)

    def _passed(self, person: Person, escalated: Escalated, before: Session, yes: bool) -> Outcome:
        try:
            self.desk.agreed_to_pass(escalated.id, yes)
        except self.unavailable as error:
            log.error("desk.not_passed", **_told(error))
            return before, (Say(NOTICES, "pass_failed"),)
        if not yes:
            return before, (Say(NOTICES, "not_passed_on"),)
        to = person.board.of(escalated.pass_to)
        named = (("desk_organization", called(to.name)),) if to else ()
        return before, (Say(NOTICES, "passed_on", named),)


def absence(why: Missed) -> Say:
    """What a family is told of the person who is not there."""
    return Say(NOTICES, "desk_away" if why is Missed.AWAY else "desk_slow")


def with_line(ruled: Ruled, actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """The answer, after the line about who is away; a silence stays one."""
    if ruled.line is None or has(actions, Silence, Erase):
        return actions
    return (ruled.line, *actions)


def _organization(person: Person, script: Script, session: Session) -> DeskOrganization | None:
    if person.escalated is not None:
        return person.board.of(person.escalated.organization)
    return person.board.for_(session.language, session.place, topic_of(script, session))


def _opened_words(minor: bool, there: bool, urgency: Urgency) -> str:
    if minor:
        return "escalated_child" if there else "escalated_child_later"
    if there:
        return "escalated"
    return "escalated_first" if urgency is Urgency.URGENT else "escalated_later"
