"""What of a message staff are told, what it is to who answers it, and what somebody has said yes to."""

from __future__ import annotations

import hashlib
from typing import Any

from bot.engine.actions import Ask, Offer, Say
from bot.engine.flood import is_asked_for, is_danger
from bot.engine.flow import Group, Script
from bot.engine.listed import NOTICES, list_spot
from bot.engine.turn import Turn
from bot.engine.walk import Outcome
from bot.engine.who_writes import is_minor, is_relayed, topic_of
from bot.escalation.answering import Heard, Voice, answers_the_bot
from bot.escalation.escalation import About, Escalated
from bot.escalation.opening import town_of
from bot.intents.reserved import Word
from bot.intents.thresholds import threshold
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
    script: Script,
    escalated: Escalated,
    heard: Heard,
    turn: Turn,
    outcome: Outcome,
    message: InboundMessage,
    voice: Voice,
    *,
    passed: bool,
) -> dict[str, Any]:
    """What belongs to a message of the family: what the bot understood of it, and what it answers if it does.

    ``topic`` is the flow that it likely asks for, ``sure`` how likely that is. ``to_bot``: only the bot can answer it, so that it is
    no question to staff.
    """
    session, actions = outcome
    answers = voice is not Voice.PERSON and not passed
    understood = turn.corrected or turn.understanding
    top = understood.ranking[0] if understood and understood.ranking else None
    guess = script.by_intent.get(turn.urgent or (top.name if top else ""))
    sure = 1.0 if turn.urgent else round(top.confidence, 2) if top else None
    spoken = next((action.flow for action in actions if isinstance(action, Say | Ask) and action.flow != NOTICES), None)
    offered = next((action.options[0] for action in actions if isinstance(action, Offer)), None)
    told = {
        "language": session.language.value if session.language else None,
        "topic": guess,
        "sure": sure,
        "answer": (spoken or offered) if answers else None,
        "to_bot": heard.ours or passed or answers_the_bot(escalated, heard),
    }
    return {name: value for name, value in told.items() if value} | media_of(message)


def learned_from(script: Script, turn: Turn, session: Session, *, answers: bool) -> About:
    """What is sure of it, and so is known of the conversation from then on. ``answers``: the bot does."""
    heard = turn.corrected or turn.understanding
    top = heard.ranking[0] if heard and heard.ranking else None
    sure = top is not None and top.confidence >= threshold(session.language or Language.ES).sure
    topic = script.by_intent.get(turn.urgent or (top.name if top and sure else ""))
    if topic and script.flows[topic].group is Group.CONVERSATION:
        topic = None
    return About(
        topic=topic or (topic_of(script, session) if answers else None),
        language=session.language.value if session.language else None,
        place=town_of(turn.place or session.place),
        minor=is_minor(session),
        relayed=is_relayed(session),
    )


def media_of(message: InboundMessage) -> dict[str, Any]:
    """How many voice notes or photos came with it. They are counted and never fetched."""
    return {"media": message.media} if message.media else {}
