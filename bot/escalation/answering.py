"""Who answers a message of somebody who has a conversation with staff: the person, the bot, or the bot with a line about them. Pure.

The bot never leaves a silence: it keeps quiet only while a person has the conversation and may be expected to answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.escalation.board import Board
from bot.escalation.escalation import Escalated


class Voice(StrEnum):
    """``BOT``: it answers as ever. ``BOT_FOR_NOW``: it says first when the person is back. ``PERSON``: it keeps quiet."""

    BOT = "bot"
    BOT_FOR_NOW = "bot_for_now"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message is, as far as it decides who answers.

    ``urgent``: it names a danger. ``ours``: a word that is for the bot whoever answers (MENU, BORRAR, STOP, a language).
    ``choice``: a digit, a yes or a no where the bot asked last, so that only the bot can know what it means.
    """

    urgent: bool = False
    ours: bool = False
    choice: bool = False


def who_answers(escalated: Escalated, board: Board, heard: Heard, now: float, patience: float) -> Voice:
    """``now`` and ``patience`` in seconds. ``escalated`` is as it was before this message."""
    if escalated.claimed_by is None or escalated.closed is not None:
        return Voice.BOT
    if heard.urgent or heard.ours:
        return Voice.BOT
    if heard.choice and (escalated.last_bot or 0) > max(escalated.last_staff or 0, escalated.claimed_at or 0):
        return Voice.BOT
    organization = board.of(escalated.organization)
    moment = datetime.fromtimestamp(now, UTC)
    if organization is not None and organization.back_at(moment) is not None:
        return Voice.BOT_FOR_NOW
    # Who has just taken it gets the time to read, however long the family had waited before.
    waits_since = max(escalated.waiting_since or now, escalated.claimed_at or 0)
    return Voice.BOT_FOR_NOW if now - waits_since >= patience else Voice.PERSON
