"""Tells of each answer whether it is the right one: from the menus as they were sent and a script in plain data.

It imports nothing of the program.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tests.chaos.script import Script, begins, script


class Verdict(StrEnum):
    """What an answer is. The second four are as it should be while a part is gone, and are counted apart."""

    RIGHT = "right"
    UNANSWERED = "unanswered"
    LOST = "lost"
    DOUBLED = "doubled"
    WRONG = "wrong"
    PLACE_LOST = "said that the place in the talk is lost"
    NO_MEMORY = "answered without memory, and said so"
    NO_MODEL = "free words not understood without the model, and said so"
    NOT_DONE = "said that a person cannot be reached now"


FAULTS = (Verdict.UNANSWERED, Verdict.LOST, Verdict.DOUBLED, Verdict.WRONG)


class Trouble(StrEnum):
    """What is gone, or was since the person's last message."""

    MEMORY = "Redis"
    MODEL = "Rasa"
    SQL = "PostgreSQL"


class Kind(StrEnum):
    """What a message is."""

    WORD = "word"
    FREE = "free"
    CHOICE = "choice"
    PLACE = "place"
    MORE = "more"
    SILENT = "silent"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Asked:
    """A message, how its answer may begin, and the list that it may show with the page."""

    text: str
    kind: Kind
    says: tuple[str, ...] = ()
    shows: str = ""
    page: int = 0


def judge(asked: Asked, answer: str, troubles: frozenset[Trouble] = frozenset()) -> Verdict:
    """What an answer to this message is."""
    of = script()
    if asked.kind is Kind.SILENT:
        return Verdict.RIGHT if not answer.strip() else Verdict.WRONG
    if not answer.strip():
        return Verdict.LOST
    if begins(answer, *of.no_memory):
        guessed = asked.kind in (Kind.CHOICE, Kind.YES, Kind.MORE) and begins(answer, *asked.says)
        return Verdict.WRONG if guessed else _if(Trouble.MEMORY in troubles, Verdict.NO_MEMORY)
    if begins(answer, *of.lost_place):
        return _if(Trouble.MEMORY in troubles, Verdict.PLACE_LOST)
    if asked.kind is Kind.MORE or (asked.shows in of.lists and begins(answer, *of.at_place)):
        return _page(of, asked, answer, troubles)
    found = begins(answer, *asked.says)
    if found:
        return Verdict.RIGHT if found == 1 else Verdict.DOUBLED
    return _excused(of, asked, answer, troubles)


def _page(of: Script, asked: Asked, answer: str, troubles: frozenset[Trouble]) -> Verdict:
    """A page of a list: the next one, not the one after it, nor the former one again."""
    pages = of.lists[asked.shows]
    heads = [number for number, name in enumerate(pages) if begins(_first_entry(answer), f"- {name}")]
    if begins(answer, *of.no_more):
        heads = [len(pages)]
    if heads == [asked.page]:
        return Verdict.RIGHT
    if asked.kind in (Kind.MORE, Kind.PLACE) and Trouble.MEMORY in troubles:
        # MAS without a list is a word of its own; a place whose topic is forgotten gets what helps there with anything.
        return Verdict.PLACE_LOST
    if heads and heads[0] == asked.page + 1:
        return Verdict.DOUBLED
    return Verdict.LOST if heads and heads[0] == asked.page - 1 else Verdict.WRONG


def _first_entry(answer: str) -> str:
    return next((line for line in answer.splitlines() if line.startswith("- ")), "")


def _excused(of: Script, asked: Asked, answer: str, troubles: frozenset[Trouble]) -> Verdict:
    """An answer that is not the one looked for: whether what is gone explains it. A choice is never excused."""
    if asked.kind is Kind.YES and troubles & {Trouble.SQL, Trouble.MEMORY} and begins(answer, *of.not_done):
        # A conversation is in SQL, and Redis is told of it: without either it is not promised.
        return Verdict.NOT_DONE
    menus = [words.menu.says for words in of.people.values()]
    if asked.kind is Kind.FREE and Trouble.MODEL in troubles and begins(answer, *of.not_understood, *menus):
        return Verdict.NO_MODEL
    words = [*menus, *(words.stop.says for words in of.people.values())]
    if asked.kind is Kind.WORD and Trouble.MEMORY in troubles and begins(answer, *words):
        # The language is forgotten too, and these words are those of another one as well.
        return Verdict.PLACE_LOST
    if asked.kind is Kind.PLACE and Trouble.MEMORY in troubles and begins(answer, *of.at_place):
        return Verdict.PLACE_LOST
    return Verdict.WRONG


def _if(excused: bool, verdict: Verdict) -> Verdict:
    return verdict if excused else Verdict.LOST
