"""The first page of a volunteer: which few things somebody can do in twenty minutes with a phone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import zip_longest

from msgspec import Struct

from bot.language import Language

MOST = 5
MINUTES_IN_ALL = 20
_A_LITTLE_MORE = 3
ENOUGH = 5
"""After so many in a day the page says that it is enough."""


class Kind(StrEnum):
    """What there is to do. The order is that in which kinds take turns."""

    FACT = "fact"
    CALL = "call"
    LINE = "line"
    TEXT = "text"
    PHRASE = "phrase"
    REVIEW = "review"


MINUTES: Mapping[Kind, int] = {Kind.FACT: 5, Kind.CALL: 8, Kind.LINE: 6, Kind.TEXT: 4, Kind.PHRASE: 1, Kind.REVIEW: 5}
"""How long one takes, by guess: nobody has measured it."""


_SHARES: Mapping[Kind, Kind] = {Kind.LINE: Kind.CALL}
"""Calls are calls: a page with one of each would have no minutes left for sentences and reviews."""


class Task(Struct, frozen=True, order=True):
    """One thing to do.

    ``subject``: the name of the fact, the code of the entry, the id of the line, ``language:key``, the id of a phrase, the flow.
    """

    kind: Kind
    subject: str

    @property
    def minutes(self) -> int:
        """How long it may take, by guess."""
        return MINUTES[self.kind]


class Open(Struct, frozen=True):
    """A task that somebody should do. ``urgent``: it belongs to an answer for people in danger.

    ``language``: only for who works in it. ``state``: who lives there first. ``publishers``: only for them. ``weight`` orders
    what is else the same: days until a fact runs out, for example; small first.
    """

    task: Task
    urgent: bool = False
    language: Language | None = None
    state: str = ""
    publishers: bool = False
    weight: int = 0


class Worker(Struct, frozen=True):
    """For whom the page is: languages that she works in, the state (US-IL) where she calls."""

    publisher: bool
    works_in: frozenset[Language]
    state: str


class Held(Struct, frozen=True):
    """What is not for her now: ``others`` have taken it, ``left``: she put it off, was not sure or did it. ``mine``: she has taken it."""

    others: frozenset[Task] = frozenset()
    left: frozenset[Task] = frozenset()
    mine: frozenset[Task] = frozenset()


def fits(open: Open, worker: Worker) -> bool:
    """Whether a task is one that she can do at all."""
    if open.publishers and not worker.publisher:
        return False
    return open.language is None or open.language in worker.works_in


def chosen(found: Iterable[Open], worker: Worker, held: Held) -> tuple[Open, ...]:
    """At most five, about twenty minutes in all: hers first, then what is urgent, and of each kind one before a second of any."""
    free = [
        each for each in found
        if fits(each, worker) and each.task not in held.others and each.task not in held.left
    ]  # fmt: skip
    mine = sorted((each for each in free if each.task in held.mine), key=lambda each: _rank(each, worker))
    taken: list[Open] = []
    for each in (*mine, *_in_turns((each for each in free if each.task not in held.mine), worker)):
        minutes = sum(other.task.minutes for other in taken)
        if len(taken) < MOST and (not taken or minutes + each.task.minutes <= MINUTES_IN_ALL + _A_LITTLE_MORE):
            taken.append(each)
    return tuple(taken)


def _in_turns(free: Iterable[Open], worker: Worker) -> list[Open]:
    """The best of each kind, then the second best of each. What is urgent stands before what is not within a turn."""
    by_kind: dict[Kind, list[Open]] = {}
    for each in sorted(free, key=lambda each: _rank(each, worker)):
        by_kind.setdefault(each.task.kind, []).append(each)
    sharing: dict[Kind, list[list[Open]]] = {}
    for kind, opens in by_kind.items():
        sharing.setdefault(_SHARES.get(kind, kind), []).append(opens)
    turns = [(n, each) for kinds in sharing.values() for n, each in enumerate(_by_turns(kinds, worker))]
    order = list(Kind)
    return [each for _, each in sorted(turns, key=lambda at: (at[0], not at[1].urgent, order.index(at[1].task.kind)))]


def _by_turns(kinds: list[list[Open]], worker: Worker) -> list[Open]:
    """Kinds that share one turn, one of each after the other; the better begins."""
    ordered = sorted(kinds, key=lambda opens: _rank(opens[0], worker))
    return [each for row in zip_longest(*ordered) for each in row if each is not None]


def _rank(each: Open, worker: Worker) -> tuple[bool, int, int, str]:
    # Her own state, then what works everywhere, then other states.
    far = 1 if not each.state else 0 if each.state == worker.state else 2
    return not each.urgent, far, each.weight, each.task.subject


def minutes(chosen: Iterable[Open]) -> int:
    """How long these take in all, by guess."""
    return sum(each.task.minutes for each in chosen)
