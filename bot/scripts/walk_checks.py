"""What must hold everywhere on a walk. Each fault is one line: flow, language, channel, the messages that lead there. Pure."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator

from bot.engine.actions import Silence, has
from bot.engine.flow import Group, Step
from bot.engine.walk import MENU, NOTICES
from bot.message import Channel
from bot.scripts.first_messages import BY_ENGINE, NOWHERE
from bot.scripts.walk import CHOICES, FREE_WORDS, YES_NO, Edge, State, Walk, shortest, told_way, useful
from bot.scripts.withdrawn import SAID, SAID_URGENT
from bot.session import LONGEST_TRAIL, Session, Spot
from bot.wording.gsm7 import non_gsm

# From wherever somebody is, an answer or a person; from "hola", what any flow has to say.
MOST_FROM_ANYWHERE = 3
MOST_FROM_HELLO = 6
# They stand in the place of an answer while it is withdrawn, and nothing is when the answers are walked.
_WITHDRAWN = (Spot(NOTICES, SAID), Spot(NOTICES, SAID_URGENT))
_NUMBERED = re.compile(r"^(\d) \S", re.MULTILINE)


def faults(walk: Walk) -> list[str]:
    """Everything that is wrong on this walk."""
    return [
        *unwalked(walk),
        *unwritten(walk),
        *unanswered_numbers(walk),
        *ways_to_nowhere(walk),
        *too_far(walk),
        *too_far_from_hello(walk),
        *traps(walk),
    ]


def unwalked(walk: Walk) -> Iterator[str]:
    """Steps that no first message leads to, and answers to them that were never given."""
    said = set().union(*{edge.exchange.reply.said for edge in walk.edges})
    given: dict[Spot | None, set[str]] = {}
    for state, ways in walk.ways.items():
        if state and not state.offered:
            given.setdefault(state.at, set()).update(edge.exchange.sent for edge in ways)
    for flow in walk.walker.release.script.flows.values():
        for step in flow.steps.values():
            spot = Spot(flow.name, step.name)
            if spot in _WITHDRAWN:
                continue
            # The notices are sentences of the engine's, many of them parts of others.
            reached = spot in given if step.waits else spot in said or not step.say or flow.name == NOTICES
            if not reached:
                yield f"{flow.name}.{step.name} ({_who(walk)}): no first message and no choice leads here"
            elif step.waits:
                for text in sorted(_expected(walk, step) - given[spot]):
                    yield f"{flow.name}.{step.name} ({_who(walk)}): the answer {text!r} was never tried"


def _expected(walk: Walk, step: Step) -> set[str]:
    """The answers that a step's own words ask for."""
    texts = {str(choice.digit) for choice in step.choices} | {"0"}
    if step.yes_no or step.helped:
        texts |= {*YES_NO[walk.walker.language], "1", "2"}
    if step.ask:
        texts.add(FREE_WORDS if step.ask == "text" else NOWHERE)
    return texts | ({NOWHERE} if step.on_place else set()) | ({"MAS"} if step.services else set())


def unwritten(walk: Walk) -> Iterator[str]:
    """Replies that are empty, hold a field that was not filled, or letters that make an SMS dear."""
    for edge in walk.edges:
        text, silent = edge.exchange.reply.text, has(edge.exchange.actions, Silence)
        if not text.strip() and not silent:
            yield _fault(walk, edge, "the reply is empty")
        if "$" in text:
            yield _fault(walk, edge, f"a field was not filled: {text[text.index('$') :][:20]!r}")
        if walk.walker.channel is Channel.SMS and (strangers := non_gsm(text)):
            yield _fault(walk, edge, f"not GSM-7: {' '.join(strangers)}")


def unanswered_numbers(walk: Walk) -> Iterator[str]:
    """Numbers that a reply shows and that are not understood where it leaves the person; for 9 see ``traps``."""
    lost = {Spot(NOTICES, "digit_unknown"), Spot("lost_place", "first")}
    understood = {
        state: {"9"} | {way.exchange.sent for way in ways if lost.isdisjoint(way.exchange.reply.said)}
        for state, ways in walk.ways.items()
        if state and (state.at or state.offered)
    }
    for edge in walk.edges:
        if edge.target in understood:
            for number in _NUMBERED.findall(edge.exchange.reply.text):
                if number not in understood[edge.target]:
                    yield _fault(walk, edge, f"the reply shows {number}, which is not understood then")


def ways_to_nowhere(walk: Walk) -> Iterator[str]:
    """Lines of a menu that leave the person where she is."""
    for edge in walk.edges:
        if edge.source and edge.source.at and edge.exchange.sent in CHOICES and edge.target == edge.source:
            yield _fault(walk, edge, "this answer leads to where it was given")


def too_far(walk: Walk) -> Iterator[str]:
    """States from which no answer and no person is so near as it must be."""
    away = distances(walk)
    for state, edge in walk.arrived.items():
        if state in walk.ways and away.get(state, MOST_FROM_ANYWHERE + 1) > MOST_FROM_ANYWHERE:
            yield _fault(walk, edge, f"from here on, help is more than {MOST_FROM_ANYWHERE} messages away")


def distances(walk: Walk) -> dict[State, int]:
    """How many messages each state is away from an answer or a person. What is not in it never gets there."""
    into: dict[State, list[State]] = {}
    away: dict[State, int] = {}
    for edge in walk.edges:
        if edge.source is not None:
            into.setdefault(edge.target, []).append(edge.source)
            if useful(walk.walker, edge.exchange):
                away[edge.source] = 1
    waiting = deque(away)
    while waiting:
        state = waiting.popleft()
        for before in into.get(state, ()):
            if before not in away:
                away[before] = away[state] + 1
                waiting.append(before)
    return away


def too_far_from_hello(walk: Walk) -> Iterator[str]:
    """Flows whose words are too many messages away for somebody who only says hello and follows the numbers."""
    for name, way in from_hello(walk).items():
        if way is None or len(way) > MOST_FROM_HELLO:
            count = "never" if way is None else f"only with message {len(way)} ({told_way(way)})"
            yield f"{name} ({_who(walk)}): from hello it is reached {count}; {MOST_FROM_HELLO} at most"


def from_hello(walk: Walk) -> dict[str, list[Edge] | None]:
    """For each urgent, rights and services flow: the way from hello to a useful reply of it, by numbers and places."""
    flows = walk.walker.release.script.flows
    hello = [edge for edge in walk.ways[None] if _says(edge, "greet") and edge.exchange.before == Session()]
    return {
        name: shortest(walk, hello, _useful_words_of(walk, name))
        for name, flow in flows.items()
        if flow.group is not Group.CONVERSATION and name not in BY_ENGINE and any(s.say for s in flow.steps.values())
    }


def _useful_words_of(walk: Walk, flow: str) -> Callable[[Edge], bool]:
    return lambda edge: _says(edge, flow) and useful(walk.walker, edge.exchange)


def _says(edge: Edge, flow: str) -> bool:
    spots = (*edge.exchange.reply.said, edge.target.at)
    return any(spot.flow == flow for spot in spots if spot)


def traps(walk: Walk) -> Iterator[str]:
    """Replies from which 9, pressed again and again, does not lead to the menu."""
    menu = walk.walker.release.script.flows[MENU]
    first, led = Spot(MENU, menu.first.name), set[object]()
    for edge in walk.edges:
        session = edge.exchange.after
        passed = [_stand(session)]
        while passed[-1] not in led and len(passed) < LONGEST_TRAIL + 3:
            session = walk.walker.say(session, "9").after
            passed.append(_stand(session))
            if session.at == first:
                led.update(passed)
        if passed[-1] in led:
            led.update(passed)
        else:
            yield _fault(walk, edge, "and then 9 again and again: it never leads to the menu")


def _stand(session: Session) -> object:
    """Where somebody stands, with the whole way back; 9 asks for no more."""
    return session.at, session.trail, session.offered, session.language


def _fault(walk: Walk, edge: Edge, problem: str) -> str:
    spots = (edge.target.at, *edge.exchange.reply.said)
    flow = next((spot.flow for spot in spots if spot), NOTICES)
    return f"{flow} ({_who(walk)}), after {walk.path(edge)}: {problem}"


def _who(walk: Walk) -> str:
    return f"{walk.walker.language}, {walk.walker.channel}"
