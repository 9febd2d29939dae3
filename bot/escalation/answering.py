"""Who answers a message of somebody who has a conversation with staff: the person, the bot, or the bot with a line about them. Pure.

The bot never leaves a silence: it keeps quiet only while a person has the conversation and may be expected to answer.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct

from bot.escalation.board import Board
from bot.escalation.escalation import Escalated

SAID_AGAIN = 60 * 60
"""Seconds after which it is said again that nobody is there: within one wait once is enough, and each costs the family."""


class Voice(StrEnum):
    """``BOT``: it answers as ever. ``BOT_FOR_NOW``: it says first when the person is back. ``PERSON``: it keeps quiet."""

    BOT = "bot"
    BOT_FOR_NOW = "bot_for_now"
    PERSON = "person"


class Heard(Struct, frozen=True):
    """What a message is, as far as it decides who answers.

    ``urgent``: it names a danger. ``ours``: a word that is for the bot whoever answers (MENU, BORRAR, STOP, a language).
    ``choice``: it fits what the bot asked last (a digit, a place, a yes). ``yes``: it is a yes (True) or a no (False).
    """

    urgent: bool = False
    ours: bool = False
    choice: bool = False
    yes: bool | None = None


def who_answers(escalated: Escalated, board: Board, heard: Heard, now: float, patience: float) -> Voice:
    """``now`` and ``patience`` in seconds. ``escalated`` is as it was before this message."""
    if escalated.claimed_by is None or escalated.closed is not None:
        return Voice.BOT
    if heard.urgent or heard.ours or answers_the_bot(escalated, heard):
        return Voice.BOT
    return Voice.BOT_FOR_NOW if missed(escalated, board, now, patience) else Voice.PERSON


class Missed(StrEnum):
    """Why the person who has a conversation is not waited for: nobody is there at this hour, or it takes her too long."""

    AWAY = "away"
    SLOW = "slow"


def missed(escalated: Escalated, board: Board, now: float, patience: float) -> Missed | None:
    """Whether the person who has it is not to be waited for; None while she is, and where nobody has it."""
    if escalated.claimed_by is None or escalated.closed is not None:
        return None
    if is_away(escalated, board, now):
        return Missed.AWAY
    # Who has just taken it gets the time to read, however long the family had waited before.
    waits_since = max(escalated.waiting_since or now, escalated.claimed_at or 0)
    return Missed.SLOW if now - waits_since >= patience else None


def answers_the_bot(escalated: Escalated, heard: Heard) -> bool:
    """Whether only the bot can know what it means: the last that the family read was the bot's question.

    That somebody has taken the conversation meanwhile the family does not see.
    """
    return heard.choice and (escalated.last_bot or 0) > (escalated.last_staff or 0)


def answers_pass(escalated: Escalated, heard: Heard) -> bool:
    """Whether it is the yes or no to the question of staff whether another organization may have the conversation."""
    asked = escalated.pass_to is not None and escalated.closed is None and heard.yes is not None
    return asked and not heard.urgent and not answers_the_bot(escalated, heard)


def is_away(escalated: Escalated, board: Board, now: float) -> bool:
    """Whether it is known that nobody of its organization is there now. Of hours that nobody has said nothing is known."""
    organization = board.of(escalated.organization)
    return organization is not None and organization.back_at(datetime.fromtimestamp(now, UTC)) is not None


def says_when(escalated: Escalated, why: Missed, now: float, patience: float) -> bool:
    """Whether the line about who is not there goes before the bot's answer.

    Not again where this wait has heard it lately: where the bot has spoken since the family waits, or since the person had
    her time.
    """
    last = escalated.last_bot
    if last is None or escalated.waiting_since is None or now - last >= SAID_AGAIN:
        return True
    since = max(escalated.waiting_since, escalated.claimed_at or 0)
    return last < (since if why is Missed.AWAY else since + patience)


def left_alone(escalated: Escalated, board: Board, now: float, patience: float) -> Missed | None:
    """Why nobody is there for somebody who waits and has heard nothing in this wait, not of the bot either; None else.

    Once in a wait: what the bot begins of itself costs the family, who did not ask for it.
    """
    if escalated.waiting_since is None:
        return None
    began = max(escalated.waiting_since, escalated.claimed_at or 0)
    heard = (escalated.last_bot or 0) > began
    # Outside of the hours too she is given the time in which somebody may still look in.
    return None if heard or now - began < patience else missed(escalated, board, now, patience)
