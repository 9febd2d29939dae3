"""Sentences of the catalogs that a family with a conversation gets beside the answers of a turn: in her language, for her channel."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.engine.actions import Say
from bot.escalation.board import Board
from bot.escalation.escalation import Escalated
from bot.escalation.organization import DeskOrganization
from bot.language import Language
from bot.message import Channel
from bot.scripts.release import Release
from bot.scripts.reply import renderer
from bot.session import Session, Writer
from bot.settings import Settings
from bot.wording.called import called
from bot.wording.desk import desk_fields
from bot.wording.fields import owner_of
from bot.wording.render import NOTICES

CLOSINGS = ("back", "thanks", "courage")
"""Last lines from which staff choose: ``closing_...`` of the notices."""


def closing(name: str) -> Say:
    """The last line of that name (``CLOSINGS``)."""
    return Say(NOTICES, f"closing_{name}")


def asking_to_pass(to: DeskOrganization) -> Say:
    """The question whether another organization may have the conversation."""
    return Say(NOTICES, "pass_question", (("desk_organization", called(to.name)),))


def language_of(escalated: Escalated, settings: Settings) -> Language:
    """In which this family is answered."""
    known = escalated.about.language
    return Language(known) if known in list(Language) else Language(settings.default_language)


def text_to(
    escalated: Escalated, says: tuple[Say, ...], release: Release, board: Board, settings: Settings, now: float
) -> str:
    """These sentences as one message. ``now`` is in unix seconds."""
    language = language_of(escalated, settings)
    about, moment = escalated.about, datetime.fromtimestamp(now, UTC)
    session = Session(language=language, place=about.place, writer=Writer.CHILD if about.minor else None)
    fields = desk_fields(board.of(escalated.organization), board, owner_of(settings, language), language, moment)
    writes = renderer(release, settings, session, Channel(escalated.channel), now, fields)
    return "\n".join(writes.reply(list(says)).texts)
