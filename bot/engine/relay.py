"""Who writes for somebody else, and what such a person is told; and a child who says so. Pure.

A child that reads its grandmother's question out must not read out the answer about violence in her house: those flows stop
at words that tell nothing, and offer the adult a person.
"""

from __future__ import annotations

from bot.engine.flow import Group, Script
from bot.engine.turn import Turn
from bot.engine.walk import Outcome, first_of, start, walk
from bot.engine.who_writes import CHILD_ALONE, RELAY, is_relayed, seen_at, way
from bot.frozen import replace
from bot.session import LONGEST_TRAIL, Session, Spot

# What nlu/relay_phrases/ tells apart, what is heard first first.
MINOR, RELAYED, ABOUT_CHILD, SOME_CHILD = "minor", "relayed", "about_child", "some_child"
WHO_WRITES = (MINOR, RELAYED, ABOUT_CHILD, SOME_CHILD)
_PRIVATE, _LIFE = Spot(RELAY, "private"), Spot(RELAY, "life")
SELF_HARM = "self_harm"
# Where a child who says that it is the child is spoken to as one.
_FOR_CHILDREN = {
    "child_distress": Spot("child_distress", "me"),
    "services_counseling": Spot("child_distress", "me"),
    "youth_visa": Spot("youth_visa", "me"),
    "children_left": Spot(CHILD_ALONE, "country"),
}
_ELSE = Spot("child_distress", "me")


def held_back(script: Script, session: Session, turn: Turn, flow: str) -> Outcome | None:
    """What is said in place of a flow that is not for the ears of who relays; None where nothing is held back.

    Danger at this moment is answered whole, whoever writes. The flow is where "I am an adult" and 9 lead.
    """
    named = script.flows[flow]
    if not (turn.relayed or is_relayed(session)) or not named.sensitive or RELAY not in script.flows:
        return None
    if named.group is Group.URGENT and flow != SELF_HARM:
        return None
    if session.at is not None:
        session = session.moved(None)
    trail = (*session.trail, first_of(script, flow))[-LONGEST_TRAIL:]
    return walk(script, replace(session, misses=0, trail=trail), turn, _LIFE if flow == SELF_HARM else _PRIVATE)


def noted(script: Script, session: Session, turn: Turn) -> Session:
    """The session of who says to write for another: it is remembered from then on, and 9 leads to what such a person is told."""
    if not turn.relayed or is_relayed(session) or RELAY not in script.flows:
        return session
    if session.at is not None:
        session = session.moved(None)
    relay = first_of(script, RELAY)
    return seen_at(replace(session, trail=(*session.trail, relay)[-LONGEST_TRAIL:]), relay)


def child(script: Script, session: Session, turn: Turn, flow: str | None) -> Outcome | None:
    """The words for a child, to one who says to be it; ``flow`` is what else the message surely means, if anything."""
    here = flow or next((spot.flow for spot in way(session) if spot.flow in script.flows), None)
    if flow is not None and flow not in _FOR_CHILDREN:
        return None
    spot = _FOR_CHILDREN.get(here or "", _ELSE)
    if script.step(spot.flow, spot.step) is None:
        return None
    return walk(script, replace(session, misses=0), turn, spot)


def begun(script: Script, session: Session, turn: Turn) -> Outcome | None:
    """Who says only that she writes for somebody else is asked what; None where there is no flow for it."""
    return start(script, session, turn, RELAY) if RELAY in script.flows else None
