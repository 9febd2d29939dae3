"""The head of a conversation's page: who this is, how urgent, who has it, whether the bot speaks; and what may be written. Pure."""

from __future__ import annotations

from datetime import tzinfo
from enum import StrEnum

from msgspec import Struct

from bot.console import moments
from bot.console.inbox_view import LANGUAGES, SHAPES, channel_words, urgency_words, why
from bot.console.spans import Words, span
from bot.console.speakable import SPEAKABLE
from bot.console.system_words import resolution_words
from bot.console.thread_view import Reader
from bot.escalation.answering import Heard, Voice, who_answers
from bot.escalation.board import Board
from bot.escalation.escalation import Escalated
from bot.escalation.grouping import place_words
from bot.escalation.viewer import Viewer


class Writing(StrEnum):
    """What may be written to the family, and else why not."""

    FREE = "free"
    TEMPLATE = "template"
    TAKEN = "taken"
    OPTED_OUT = "opted_out"
    CLOSED = "closed"


def writing(escalated: Escalated, viewer: Viewer, opted_out: bool, window_ends: int | None, now: float) -> Writing:
    """``window_ends``: until when WhatsApp takes free text (unix seconds), None for SMS."""
    if escalated.closed is not None:
        return Writing.CLOSED
    if opted_out:
        return Writing.OPTED_OUT
    if escalated.claimed_by not in (None, viewer.user):
        return Writing.TAKEN
    return Writing.TEMPLATE if window_ends is not None and now >= window_ends else Writing.FREE


class Head(Struct, frozen=True):
    """``bot`` says whether it speaks; ``held`` who has the conversation, empty for nobody; ``passing`` to whom it may go."""

    id: str
    alias: str
    urgency: str
    urgency_words: str
    shape: str
    language: str
    channel: str
    topic: str
    place: str
    why: str
    needs: str
    held: str
    mine: bool
    bot: str
    bot_speaks: bool
    passing: str
    window: str
    closed: str
    minor: bool
    relayed: bool


class Now(Struct, frozen=True):
    """The moment at which the page is made: ``at`` in unix seconds, the desk as it stands, ``patience`` in seconds."""

    at: float
    board: Board
    patience: float
    window_ends: int | None = None


def head(escalated: Escalated, viewer: Viewer, reader: Reader, now: Now) -> Head:
    """What the head says to this reader."""
    words, about = reader.words, escalated.about
    voice = who_answers(escalated, now.board, Heard(), now.at, now.patience)
    held = reader.names.get(escalated.claimed_by or 0, "") if escalated.claimed_by is not None else ""
    if escalated.claimed_by is not None and not held:
        held = words("thread.staff", "Staff")
    return Head(
        id=escalated.id,
        alias=escalated.alias,
        urgency=escalated.urgency.value,
        urgency_words=urgency_words(escalated.urgency, words),
        shape=SHAPES[escalated.urgency],
        language=LANGUAGES.get(about.language or "", words("inbox.language-unknown", "language unknown")),
        channel=channel_words(escalated.channel),
        topic=reader.topic(about.topic),
        place=place_words(about.place),
        why=why(about.cause, words),
        needs=_needs(about.needs, about.variety, words),
        held=held,
        mine=escalated.claimed_by == viewer.user,
        bot=_bot(words, voice, escalated, held),
        bot_speaks=voice is not Voice.PERSON,
        passing=reader.organizations.get(escalated.pass_to or "", escalated.pass_to or ""),
        window=window_words(words, now, reader.zone, reader) if escalated.closed is None else "",
        closed=_closed(escalated, words) if escalated.closed is not None else "",
        minor=about.minor,
        relayed=about.relayed,
    )


def window_words(words: Words, now: Now, zone: tzinfo, reader: Reader) -> str:
    """Until when WhatsApp lets staff write freely, or that it does not; empty for SMS."""
    if now.window_ends is None:
        return ""
    if now.at >= now.window_ends:
        return words(
            "conversation.window-closed",
            "WhatsApp: 24 hours have passed since the person wrote. Only an approved template can be sent.",
        )
    until = moments.day_and_clock(now.window_ends, now.at, zone, reader.language)
    left = span(words, now.window_ends - now.at)
    return words(
        "conversation.window", "WhatsApp: you can write freely until %(until)s (%(left)s left).", until=until, left=left
    )


def _bot(words: Words, voice: Voice, escalated: Escalated, held: str) -> str:
    if voice is Voice.PERSON:
        return words("conversation.bot-paused", "The bot is PAUSED")
    if voice is Voice.BOT_FOR_NOW:
        return words("conversation.bot-for-now", "The bot ANSWERS until %(name)s is back", name=held)
    return words("conversation.bot-answers", "The bot ANSWERS")


def _needs(needs: str | None, variety: str | None, words: Words) -> str:
    if not needs:
        return ""
    language = SPEAKABLE.get(needs, needs)
    if variety:
        return words("conversation.needs-variety", "%(language)s as in %(town)s", language=language, town=variety)
    return language


def _closed(escalated: Escalated, words: Words) -> str:
    why = resolution_words(words, escalated.resolution or "")
    return words("conversation.closed", "Resolved: %(why)s. The next message goes to the bot.", why=why)
