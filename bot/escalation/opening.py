"""What a conversation with staff begins with: why, how urgent, about what, from where; as far as the way of the session tells. Pure."""

from __future__ import annotations

from bot.directory.place import Level
from bot.engine.flow import Script
from bot.engine.place import from_token, to_token
from bot.engine.who_writes import (
    CHILD_ALONE,
    CHILD_OR_ADULT,
    is_minor,
    is_not_understood,
    is_relayed,
    is_urgent,
    topic_of,
)
from bot.escalation.escalation import DISCREET_TOPICS, About, Cause, Urgency
from bot.frozen import replace
from bot.session import Session


def about(script: Script, session: Session, consent: str) -> About:
    """What is known as it opens. ``consent`` is the question that was answered with a yes: its step and the version of its words."""
    return About(
        cause=cause(script, session),
        topic=topic_of(script, session),
        language=session.language.value if session.language else None,
        place=town_of(session.place),
        consent=consent,
        minor=is_minor(session),
        relayed=is_relayed(session),
        needs=session.needs,
    )


def cause(script: Script, session: Session) -> Cause:
    """Why it opens: the gravest that the way tells."""
    if topic_of(script, session) in (CHILD_ALONE, CHILD_OR_ADULT):
        return Cause.CHILD_ALONE
    if is_urgent(script, session):
        return Cause.DANGER
    if is_relayed(session):
        return Cause.RELAYED
    return Cause.NOT_UNDERSTOOD if is_not_understood(session) else Cause.ASKED


def urgency(script: Script, session: Session) -> Urgency:
    """How long it may wait: danger not at all; a child, and what is delicate, not long."""
    if is_urgent(script, session):
        return Urgency.URGENT
    topic = topic_of(script, session)
    delicate = topic is not None and (topic in DISCREET_TOPICS or script.flows[topic].sensitive)
    return Urgency.SOON if delicate or is_minor(session) else Urgency.NORMAL


def town_of(token: str | None) -> str | None:
    """The town or state of a place: no ZIP, and no nearer than some ten kilometres."""
    place = from_token(token)
    if place is None:
        return None
    level = Level.TOWN if place.level is Level.ZIP else place.level
    rounded = replace(
        place, zip=None, level=level, latitude=round(place.latitude, 1), longitude=round(place.longitude, 1)
    )
    return to_token(rounded)
