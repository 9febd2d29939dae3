"""What of a message staff are told, what it is to who answers it, and what somebody has said yes to."""

from __future__ import annotations

import hashlib
from typing import Any

from bot.engine.actions import Ask, Offer, Say
from bot.engine.flood import is_asked_for, is_danger
from bot.engine.flow import Script
from bot.engine.listed import NOTICES, list_spot
from bot.engine.turn import Turn
from bot.engine.walk import Outcome
from bot.escalation.answering import Heard, Voice, answers_the_bot
from bot.escalation.escalation import Escalated
from bot.intents.reserved import Word
from bot.language import Language
from bot.message import InboundMessage
from bot.scripts.release import Release
from bot.session import Session

# The audit takes no long runs of digits, so that no phone number gets in: a version is written in letters.
_IN_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def consent_of(release: Release, session: Session) -> str:
    """The question that the session waits at, ``human.consent cfaehdbbigmp``: its step, and the version of its English and Spanish.

    Empty where it waits at no yes or no.
    """
    step = release.script.step(session.at.flow, session.at.step) if session.at else None
    if session.at is None or step is None or step.yes_no is None or step.say is None:
        return ""
    spanish = release.catalogs[Language.ES].entry(step.say.key)
    words = f"{step.say.english}\0{spanish.text if spanish else ''}"
    version = hashlib.sha256(words.encode()).hexdigest()[:12].translate(_IN_LETTERS)
    return f"{session.at.flow}.{session.at.step} {version}"


def heard_as(script: Script, before: Session, turn: Turn, outcome: Outcome) -> Heard:
    """What this message is to who answers it. ``outcome`` is what the bot would answer."""
    word = turn.reserved.word if turn.reserved else None
    # Without a list "mas" is a word like any other.
    ours = turn.opt_out is not None or (
        word is not None and (word is not Word.MORE or list_spot(script, before) is not None)
    )
    return Heard(
        urgent=is_danger(script, turn, outcome[1]),
        ours=ours,
        choice=is_asked_for(script, before, turn),
        yes=turn.yes,
    )


def told_of(
    escalated: Escalated, heard: Heard, turn: Turn, outcome: Outcome, message: InboundMessage, voice: Voice
) -> dict[str, Any]:
    """What belongs to a message of the family: what the bot understood of it, and what it answers if it does."""
    session, actions = outcome
    understood = turn.corrected or turn.understanding
    top = understood.ranking[0] if understood and understood.ranking else None
    spoken = next((action.flow for action in actions if isinstance(action, Say | Ask) and action.flow != NOTICES), None)
    offered = next((action.options for action in actions if isinstance(action, Offer)), ())
    answered, to_bot = voice is not Voice.PERSON, heard.ours or answers_the_bot(escalated, heard)
    told = {
        "language": session.language.value if session.language else None,
        "topic": turn.urgent or (top.name if top else None),
        "sure": 1.0 if turn.urgent else round(top.confidence, 2) if top else None,
        "answer": (spoken or next(iter(offered), None)) if answered else None,
        # What only the bot can answer is no question to staff.
        "to_bot": to_bot or None,
    }
    return {name: value for name, value in told.items() if value is not None} | media_of(message)


def media_of(message: InboundMessage) -> dict[str, Any]:
    """How many voice notes or photos came with it. They are counted and never fetched."""
    return {"media": message.media} if message.media else {}
