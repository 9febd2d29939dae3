"""Who writes and about what, as far as the way here tells: a child, somebody for another, somebody who cannot wait. Pure.

Who writes is kept beside the topic, and goes with it: MENU and another question do not make an adult of a child. All else is
read from the steps of the way back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.engine.flow import Group, Script
from bot.frozen import replace
from bot.session import Session, Spot, Writer

CHILD_ALONE, CHILD_OR_ADULT, CHILDREN_LEFT = "child_alone", "child_or_adult", "children_left"
RELAY, NOT_UNDERSTOOD = "relay", "not_understood"
# Steps that a child has chosen for itself, and a flow all of whose words are for one.
_OF_CHILDREN = frozenset({Spot("child_distress", "me"), Spot("youth_visa", "me")})
# "I am an adult" leads here, from words for a child, from those for somebody who relays and from those that suit both; and the
# engine whom it hears to be one ("my son is alone").
_OF_ADULTS = frozenset(
    {
        Spot(CHILD_ALONE, "adult"),
        Spot(CHILD_OR_ADULT, "adult"),
        Spot("child_distress", "adult"),
        Spot(RELAY, "adult"),
    }
)
_FLOWS: Mapping[str, Writer] = {CHILD_ALONE: Writer.CHILD, RELAY: Writer.RELAY}
_TELLING = frozenset({spot.flow for spot in _OF_CHILDREN | _OF_ADULTS}) | _FLOWS.keys()


def way(session: Session) -> Iterator[Spot]:
    """Where the person stands, then the way back, the latest first."""
    if session.at is not None:
        yield session.at
    yield from reversed(session.trail)


def told_by(spot: Spot) -> Writer | None:
    """Who writes, as far as it is told by being led to this step; None where anybody is."""
    if spot.flow not in _TELLING:
        # Asked of every step of the way, several times in a turn.
        return None
    if spot in _OF_ADULTS:
        return Writer.ADULT
    return Writer.CHILD if spot in _OF_CHILDREN else _FLOWS.get(spot.flow)


def seen_at(session: Session, spot: Spot) -> Session:
    """The session of who is led to this step."""
    told = told_by(spot)
    return replace(session, writer=told) if told else session


def is_minor(session: Session) -> bool:
    """Whether a child writes for itself, by the last step that told."""
    return _writer(session) is Writer.CHILD


def is_relayed(session: Session) -> bool:
    """Whether somebody writes for another person of the family. A child who does so may speak of itself in between."""
    writer = _writer(session)
    return writer is Writer.RELAY or (writer is Writer.CHILD and any(spot.flow == RELAY for spot in way(session)))


def _writer(session: Session) -> Writer | None:
    """As it is kept; where nothing is, as her way tells it."""
    return session.writer or next(filter(None, map(told_by, way(session))), None)


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
