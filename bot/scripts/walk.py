"""Everywhere that a walker gets: from every first message, by every number, place and word that can be an answer. Pure."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

from bot.engine.actions import Escalate, has
from bot.engine.flow import Group, Step
from bot.engine.walk import HUMAN
from bot.frozen import replace
from bot.language import Language
from bot.scripts.first_messages import NOWHERE, PLACES, ZIP, first_messages
from bot.scripts.walker import Exchange, Walker
from bot.session import Session, Spot

YES_NO = {Language.ES: ("sí", "no"), Language.EN: ("yes", "no"), Language.QUC: ("je'", "jai")}
FREE_WORDS = "qq qq qq"
# What somebody writes who goes straight on: numbers of the menu, yes or no, a ZIP with organizations near.
CHOICES = frozenset("12345678")
STRAIGHT_ON = frozenset({*CHOICES, ZIP, FREE_WORDS, *itertools.chain(*YES_NO.values())})


class State(NamedTuple):
    """Where a conversation stands, as far as it decides what can come next. ``back``: whether there is a way back."""

    at: Spot | None
    offered: tuple[str, ...]
    place: str | None
    back: bool
    language: Language | None


def state_of(session: Session) -> State:
    """The state of a session."""
    return State(session.at, session.offered, session.place, bool(session.trail), session.language)


class Edge(Struct, frozen=True):
    """One exchange on a walk, from a state to a state; ``source`` is None for a first message."""

    source: State | None
    exchange: Exchange
    target: State


class Walk(Struct, frozen=True):
    """All that was walked in one language on one channel.

    ``ways``: the edges from each state, first messages under None. ``arrived``: by which edge each was first reached.
    """

    walker: Walker
    ways: dict[State | None, list[Edge]] = {}
    arrived: dict[State, Edge] = {}

    @property
    def edges(self) -> Iterable[Edge]:
        """All edges, those nearest to a first message first."""
        return itertools.chain.from_iterable(self.ways.values())

    def path(self, edge: Edge) -> str:
        """The messages that lead to an edge and along it, for people."""
        way = [edge]
        while way[0].source is not None:
            way.insert(0, self.arrived[way[0].source])
        return told_way(way)


def told_way(way: Sequence[Edge]) -> str:
    """A way for people: ``(home_visit) > 1 > 60629``; what the first message meant stands for its words."""
    first = way[0].exchange
    meant = f"({first.reply.said[0].flow})" if first.reply.said else first.sent
    return " > ".join((meant, *(edge.exchange.sent for edge in way[1:])))


def walk(walker: Walker) -> Walk:
    """Walks every edge from every state, the nearest to a first message first."""
    done = Walk(walker)
    waiting: deque[Session] = deque()

    def arrive(source: State | None, exchange: Exchange) -> None:
        edge = Edge(source, exchange, state_of(exchange.after))
        done.ways.setdefault(source, []).append(edge)
        if edge.target not in done.arrived:
            done.arrived[edge.target] = edge
            # Another language is another walk.
            if exchange.after.language is walker.language:
                waiting.append(replace(exchange.after, misses=0, shown=0))

    for exchange in first_messages(walker):
        arrive(None, exchange)
    while waiting:
        session = waiting.popleft()
        for text in answers(walker, session):
            arrive(state_of(session), walker.say(session, text))
    return done


def answers(walker: Walker, session: Session) -> tuple[str, ...]:
    """All that a person may sensibly write here.

    What leads to the same wherever somebody is, is tried once: while no place is known, and with the ZIP.
    """
    nowhere, somewhere = session.place is None, session.place is not None and ZIP not in session.place
    general = ("0",) if somewhere else ("0", "9", "MENU", "COMPARTIR") if nowhere else ("0", "9")
    if session.offered:
        return (*(str(number) for number in range(1, len(session.offered) + 1)), *general)
    step = walker.release.script.step(session.at.flow, session.at.step) if session.at else None
    if step is None:
        return general
    places = () if somewhere else (*PLACES, NOWHERE) if nowhere or step.services else (ZIP, NOWHERE)
    return (*_answers_to(step, walker.language, places), *general)


def _answers_to(step: Step, language: Language, places: tuple[str, ...]) -> tuple[str, ...]:
    texts = tuple(str(choice.digit) for choice in step.choices)
    if step.yes_no or step.helped:
        texts += (*YES_NO[language], "1", "2")
    if step.ask == "text":
        texts += (FREE_WORDS,)
    if step.ask == "place" or step.on_place or step.services:
        texts += places
    return (*texts, "MAS") if step.services else texts


def useful(walker: Walker, exchange: Exchange) -> bool:
    """Whether this reply is what somebody wrote for.

    Organizations; the hand-over to a person; or a step of an urgent, rights or services flow that says something and does
    not only ask for a place.
    """
    if exchange.reply.listed or has(exchange.actions, Escalate):
        return True
    flows = walker.release.script.flows
    if any(spot.flow == HUMAN for spot in exchange.reply.said) and any(
        step.escalate for step in flows[HUMAN].steps.values()
    ):
        return True
    return any(
        flows[spot.flow].group is not Group.CONVERSATION and flows[spot.flow].steps[spot.step].ask is None
        for spot in exchange.reply.said
    )


def shortest(walk: Walk, starts: Iterable[Edge], goal: Callable[[Edge], bool]) -> list[Edge] | None:
    """The fewest exchanges from one of these to the goal, going straight on; of several the one with fewest segments."""
    order = itertools.count()
    waiting = [(1, edge.exchange.reply.segments, next(order), [edge]) for edge in starts]
    heapq.heapify(waiting)
    left: set[State] = set()
    while waiting:
        texts, spent, _, way = heapq.heappop(waiting)
        here = way[-1]
        if goal(here):
            return way
        if here.target in left:
            continue
        left.add(here.target)
        for edge in walk.ways.get(here.target, ()):
            if edge.exchange.sent in STRAIGHT_ON:
                heapq.heappush(waiting, (texts + 1, spent + edge.exchange.reply.segments, next(order), [*way, edge]))
    return None
