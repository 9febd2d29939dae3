"""Whom the words about a child alone are meant for: the child itself, somebody grown who writes about it, or either. Pure.

Wrong is dangerous both ways. Who is told "stay inside, it is not your fault" as a mother does not go for her child; who is told
"before you go for them, see that the agents are gone" as a child goes out. Where nothing tells, the words suit both.
"""

from __future__ import annotations

from bot.engine.flow import Script
from bot.engine.turn import Turn
from bot.engine.who_writes import CHILD_ALONE, CHILD_OR_ADULT, CHILDREN_LEFT, is_minor
from bot.session import Session, Spot, Writer

# Behind the step that asks whether it is known that a child writes: a mother may have its phone.
GROWN, EITHER = Spot(CHILD_OR_ADULT, "adult"), Spot(CHILD_OR_ADULT, "country")


def said_to(script: Script, session: Session, turn: Turn, flow: str) -> Spot | None:
    """Where this flow begins for who writes about a child; None where it begins as for everybody.

    Words without a sign of who writes are a child's ("nobody has come, I am alone"), unless she has said to be grown.
    """
    if flow != CHILD_ALONE or turn.minor:
        return None
    spot = _grown_or_either(session, turn)
    return spot if spot and script.step(spot.flow, spot.step) else None


def _grown_or_either(session: Session, turn: Turn) -> Spot | None:
    grown = session.writer is Writer.ADULT
    if turn.about_child:
        # "My son" from a phone on which a child has just written.
        return EITHER if is_minor(session) else GROWN
    if is_minor(session):
        return None
    if turn.some_child:
        return GROWN if grown else EITHER
    # "I am alone" from who has said to be grown; and somebody whose mother asks through her.
    return EITHER if grown or turn.relayed else None


def offered_as(script: Script, session: Session, turn: Turn, flow: str) -> str:
    """The flow that is offered in place of this one: the digit that chooses it tells no more of who writes."""
    spot = said_to(script, session, turn, flow)
    if spot == GROWN and CHILDREN_LEFT in script.flows:
        return CHILDREN_LEFT
    return spot.flow if spot else flow
