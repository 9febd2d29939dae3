"""Walks a flow from a step until it waits, ends or has said all. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.engine.actions import (
    Action,
    Ask,
    Count,
    End,
    Erase,
    Escalate,
    KeepWords,
    Media,
    OptOutChange,
    Say,
    SetLanguage,
    ShowNotices,
    ShowServices,
)
from bot.engine.errors import TooManySteps
from bot.engine.flow import Arm, Group, Script, Step, Target
from bot.engine.listed import NOTICES, PAGE, Outcome, number_fails
from bot.engine.place import is_abroad
from bot.engine.turn import Turn
from bot.engine.who_writes import cannot_wait, is_minor, seen_at
from bot.frozen import replace
from bot.language import Language
from bot.session import Session, Spot

__all__ = [
    "MENU",
    "NOTICES",
    "PAGE",
    "STOPPED",
    "WHERE_ABROAD",
    "Outcome",
    "back",
    "counted_as",
    "first_of",
    "follow",
    "helped",
    "start",
    "start_at",
    "walk",
]

LONGEST_WALK = 50
BARE: Mapping[str, Callable[[Script, Session, Turn], bool]] = {
    "has place": lambda script, session, turn: session.place is not None,
    "desk answers": lambda script, session, turn: turn.desk,
    "bad day": lambda script, session, turn: turn.bad_day,
    "with a person": lambda script, session, turn: turn.escalated,
    "a child writes": lambda script, session, turn: is_minor(session),
    "cannot wait": lambda script, session, turn: cannot_wait(script, session),
}
"""What the conditions without a value ask (bot/engine/read.py, BARE_SUBJECTS)."""
# Read out on request. Where a notice only opens an answer, one is enough.
MOST_NOTICES = 3
STOPPED = Spot(NOTICES, "stopped")
MENU = "menu"
HUMAN = "human"
# The question for a place where organizations are looked for, to somebody of whom it is known that she is not in the US:
# nothing about a ZIP.
WHERE_ABROAD = "where_abroad"


def first_of(script: Script, flow: str) -> Spot:
    """Where a flow starts."""
    return Spot(flow, script.flows[flow].first.name)


def start(script: Script, session: Session, turn: Turn, flow: str) -> Outcome:
    """Begins a flow; the step that was waiting becomes the way back, and is offered again when it was another flow's."""
    return start_at(script, session, turn, first_of(script, flow))


def start_at(script: Script, session: Session, turn: Turn, spot: Spot) -> Outcome:
    """Begins a flow at another step than its first."""
    left = session.at if session.at and session.at.flow != spot.flow else None
    return walk(script, replace(session, misses=0), turn, spot, left=left)


def follow(script: Script, session: Session, turn: Turn, target: Target, flow: str) -> Outcome:
    """Goes where a choice leads."""
    session = replace(session, misses=0)
    if target.back:
        return back(script, session, turn)
    spot = first_of(script, target.flow) if target.flow else Spot(flow, target.step or "")
    return walk(script, session, turn, spot)


def back(script: Script, session: Session, turn: Turn) -> Outcome:
    """One step back on the way that the person came; the menu when there is none."""
    trail = tuple(spot for spot in session.trail if _exists(script, spot))
    if not trail:
        return walk(script, replace(session, at=None, trail=()), turn, first_of(script, MENU))
    return walk(script, replace(session, at=None, trail=trail[:-1]), turn, trail[-1])


def _exists(script: Script, spot: Spot) -> bool:
    return spot.flow in script.flows and spot.step in script.flows[spot.flow].steps


def walk(script: Script, session: Session, turn: Turn, spot: Spot, *, left: Spot | None = None) -> Outcome:
    """From this step on, until the flow waits or ends. ``TooManySteps`` for a circle that never asks."""
    actions: list[Action] = []
    for _ in range(LONGEST_WALK):
        # In the place of an answer that was withdrawn stands one step alone.
        spot = spot if _exists(script, spot) else first_of(script, spot.flow)
        step = script.flows[spot.flow].steps[spot.step]
        session = seen_at(session, spot)
        session = _do(script, session, spot, step, actions)
        if step.keep:
            session = replace(session, gave=True)
            actions.append(KeepWords(heard_as(turn)))
        if step.waits:
            session = session.moved(spot)
            if step.services:
                session = replace(session, shown=PAGE, listed=(), ended=False)
            actions.append(_ask(script, session, spot, left))
            return session, tuple(actions)
        if step.flag and (outcome := number_fails(script, session)) is not None:
            return outcome[0], (*actions, *outcome[1])
        target = _next(script, session, turn, step)
        if target is None:
            actions.append(End())
            return session.moved(None), tuple(actions)
        if target.back:
            moved, more = back(script, session, turn)
            return moved, (*actions, *more)
        spot = first_of(script, target.flow) if target.flow else Spot(spot.flow, target.step or "")
    raise TooManySteps(f"{spot.flow}.{spot.step}")


def _ask(script: Script, session: Session, spot: Spot, left: Spot | None) -> Ask:
    # A flow may have led to the very one that was left.
    leads = left is not None and left.flow != spot.flow and script.flows[left.flow].group is not Group.CONVERSATION
    title = left.flow if left and leads else None
    return Ask(spot.flow, spot.step, back_to=title, back=bool(session.trail))


def _do(script: Script, session: Session, spot: Spot, step: Step, actions: list[Action]) -> Session:
    """What a step does besides leading on."""
    if spot == STOPPED:
        actions.append(OptOutChange(stopped=True))
    if step.language:
        language = Language(step.language)
        session = replace(session, language=language)
        actions.append(SetLanguage(language))
    if step.needs:
        session = replace(session, needs=step.needs)
        actions.append(Count(counted_as(step.needs)))
    if step.area_notices:
        actions.append(ShowNotices(MOST_NOTICES if step.none else 1, step.none))
    advice = Say(spot.flow, spot.step) if step.say else None
    if step.ask == "place" and is_abroad(session.place) and _looks_for_services(script, spot.flow):
        advice = Say(NOTICES, WHERE_ABROAD)
    if step.services and step.none:
        actions.append(ShowServices(step.services, step.government, 0, step.none, advice))
    elif advice:
        actions.append(advice)
    if step.media:
        actions.append(Media(step.media))
    if step.escalate:
        actions.append(Escalate(step.escalate))
    if step.erase:
        actions.append(Erase())
    return session


def counted_as(language: str) -> str:
    """The topic under which it is counted that somebody speaks this language, which is none of ours: its code, or ``mayan``."""
    return f"language.{language}"


def heard_as(turn: Turn) -> str:
    """The topic for which the bot takes the message; empty where it takes it for none."""
    ranking = turn.understanding.ranking if turn.understanding else ()
    return ranking[0].name if ranking else ""


def _looks_for_services(script: Script, flow: str) -> bool:
    return script.flows[flow].group is Group.SERVICES or flow == HUMAN


def _next(script: Script, session: Session, turn: Turn, step: Step) -> Target | None:
    for arm in step.branch:
        if _holds(script, arm, session, turn):
            return arm.target
    return step.target


def _holds(script: Script, arm: Arm, session: Session, turn: Turn) -> bool:
    condition = arm.condition
    if condition is None:
        return True
    if condition.subject in BARE:
        return BARE[condition.subject](script, session, turn)
    if condition.subject == "country":
        return session.place is not None and session.place[:2] == condition.value
    if condition.subject == "language":
        return session.language is not None and session.language.value == condition.value
    return turn.channel.value == condition.value


def helped(script: Script, session: Session, turn: Turn, yes: bool) -> Outcome:
    """The answer to "did this help?": thanks, or a person."""
    topic = f"helped_{'yes' if yes else 'no'}"
    moved, actions = walk(script, session, turn, first_of(script, "thank" if yes else "human"))
    return moved, (Count(topic), *actions)
