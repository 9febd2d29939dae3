"""Who writes and about what, as far as the way here tells: a child, somebody for another, somebody who cannot wait. Pure.

Nothing of this is kept: it is read from the steps of the way back, and goes with them.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.flow import Group, Script
from bot.session import Session, Spot

CHILD_ALONE, RELAY, NOT_UNDERSTOOD = "child_alone", "relay", "not_understood"
# Steps that a child has chosen for itself, and a flow all of whose words are for one.
_OF_CHILDREN = (Spot("child_distress", "me"), Spot("youth_visa", "me"))
# "I am an adult" leads here.
_OF_ADULTS = ("children_left", RELAY)


def way(session: Session) -> Iterator[Spot]:
    """Where the person stands, then the way back, the latest first."""
    if session.at is not None:
        yield session.at
    yield from reversed(session.trail)


def is_minor(session: Session) -> bool:
    """Whether a child writes, by the last step that tells."""
    for spot in way(session):
        if spot.flow == CHILD_ALONE or spot in _OF_CHILDREN:
            return True
        if spot.flow in _OF_ADULTS:
            return False
    return False


def is_relayed(session: Session) -> bool:
    """Whether somebody writes for another person of the family."""
    return any(spot.flow == RELAY for spot in way(session))


def topic_of(script: Script, session: Session) -> str | None:
    """The flow that answered last, beside those that only lead to others."""
    flows = (script.flows.get(spot.flow) for spot in way(session))
    return next((flow.name for flow in flows if flow and flow.group is not Group.CONVERSATION), None)


def is_not_understood(session: Session) -> bool:
    """Whether the person comes from where we did not understand her for the second time."""
    spots = (spot for spot in way(session) if spot.flow != "human")
    last = next(spots, None)
    # Behind it she has given a place, and seen who is near.
    return last is not None and last.flow == NOT_UNDERSTOOD and last.step != "first"


def is_urgent(script: Script, session: Session) -> bool:
    """Whether it is about danger."""
    topic = topic_of(script, session)
    return topic is not None and script.flows[topic].group is Group.URGENT


def cannot_wait(script: Script, session: Session) -> bool:
    """Who is offered a person on a bad day too: danger, a child, and whom we did not understand twice."""
    return is_urgent(script, session) or is_minor(session) or is_not_understood(session)
