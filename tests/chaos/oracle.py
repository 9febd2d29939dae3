"""Tells of each answer whether it is the right one: from the menus as they were sent and a script in plain data.

It imports nothing of the program. A person here remembers what a person would: the last message that came, the language
asked for, whether a human was promised.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import StrEnum

from tests.chaos.script import Script, begins, label_of, menu_in, script

LANGUAGES = ("es", "en", "quc")
CHANNELS = ("sms", "whatsapp")


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


@dataclass(slots=True)
class Person:
    """Somebody who writes. ``role``: ``stops`` says ALTO once, ``asks`` is handed over to a human, others just ask."""

    index: int
    seed: int
    messages: int
    model: bool = True
    menu: dict[str, str] = field(default_factory=dict)
    begun: bool = False
    written: int = 0
    waits_for: str = ""
    shown: str = ""
    page: int = 0
    last: str = ""
    stopped: bool = False
    handed_over: bool = False
    for_staff: int = 0
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"person {self.seed} {self.index}")

    @property
    def language(self) -> str:
        return LANGUAGES[self.index % 3]

    @property
    def channel(self) -> str:
        return CHANNELS[self.index % 2]

    @property
    def role(self) -> str:
        return {3: "stops", 7: "asks"}.get(self.index % 10, "")

    @property
    def address(self) -> str:
        number = f"+1202{5_550_000 + self.index}"
        return f"whatsapp:{number}" if self.channel == "whatsapp" else number

    def write(self) -> Asked:
        """The next message."""
        asked = self._next(script())
        self.written += 1
        self.last = asked.text
        self.for_staff += self.handed_over
        return asked

    def _next(self, of: Script) -> Asked:
        words = of.people[self.language]
        if not self.begun:
            return Asked(words.begin.write, Kind.WORD, (words.begin.says,))
        if self.role == "stops" and not self.stopped and self.written > self.messages // 3:
            return self._stop(of)
        if self.role == "asks" and not self.handed_over and self.written > self.messages // 3:
            asked = self._for_a_person(of)
            if asked:
                return asked
        if self.waits_for and self.chance.random() < 0.8:
            return Asked(of.place, Kind.PLACE, of.at_place, self.waits_for)
        if self.page and self.chance.random() < 0.6:
            return self._more(of)
        known = [digit for digit, label in self.menu.items() if label in of.choices or label in of.to_list]
        if known and self.chance.random() < 0.8:
            return self._choice(of, self.chance.choice(known))
        return self._in_words(of)

    def _stop(self, of: Script) -> Asked:
        stop = of.people[self.language].stop
        by_carrier = self.channel == "sms" and stop.write == of.carrier_stop
        return Asked(stop.write, Kind.SILENT) if by_carrier else Asked(stop.write, Kind.WORD, (stop.says,))

    def _for_a_person(self, of: Script) -> Asked | None:
        for labels, kind, says in ((of.yes, Kind.YES, of.handed_over), (of.person, Kind.CHOICE, of.person_asks)):
            for digit, label in self.menu.items():
                if label in map(label_of, labels):
                    return Asked(digit, kind, says)
        menu = of.people[self.language].menu
        return None if self.last == menu.write else Asked(menu.write, Kind.WORD, (menu.says,))

    def _more(self, of: Script) -> Asked:
        pages = of.lists[self.shown]
        says = of.at_place if self.page < len(pages) else of.no_more
        return Asked(of.people[self.language].more, Kind.MORE, says, self.shown, self.page)

    def _choice(self, of: Script, digit: str) -> Asked:
        label = self.menu[digit]
        if label in of.choices:
            return Asked(digit, Kind.CHOICE, of.choices[label])
        return Asked(digit, Kind.CHOICE, (*of.at_place, *of.asked_for_place), of.to_list[label])

    def _in_words(self, of: Script) -> Asked:
        words = of.people[self.language]
        said = [(words.menu, Kind.WORD)] * 4 + [(each, Kind.WORD) for each in words.danger]
        said += [(each, Kind.FREE) for each in words.free] if self.model else []
        # Who writes the same twice in a row is shown another way: that is not tried here.
        says, kind = self.chance.choice([each for each in said if each[0].write != self.last])
        return Asked(says.write, kind, (says.says,))

    def hear(self, asked: Asked, answer: str | None, troubles: frozenset[Trouble] = frozenset()) -> Verdict:
        """What this answer is; None is none at all. ``troubles`` are those since her last answer."""
        if answer is None:
            # She knows no more than before, and begins anew.
            self._forget()
            return Verdict.UNANSWERED
        verdict = judge(asked, answer, troubles)
        self._remember(asked, answer, verdict)
        return verdict

    def _remember(self, asked: Asked, answer: str, verdict: Verdict) -> None:
        of = script()
        self.menu = menu_in(answer)
        self.stopped |= asked.text == of.people[self.language].stop.write
        self.waits_for, self.page = "", 0
        if verdict in (Verdict.NO_MEMORY, Verdict.PLACE_LOST):
            # Spanish comes first where nobody knows who writes; the menu that came counts all the same.
            self.begun = verdict is Verdict.PLACE_LOST and self.language == "es"
            return
        self.begun |= verdict is Verdict.RIGHT
        self.handed_over |= asked.kind is Kind.YES and verdict is Verdict.RIGHT
        if asked.shows and verdict is Verdict.RIGHT:
            self._list(of, asked, answer)

    def _list(self, of: Script, asked: Asked, answer: str) -> None:
        if not begins(answer, *of.at_place):
            self.waits_for = asked.shows if asked.kind is Kind.CHOICE else ""
        elif asked.shows in of.lists:
            self.shown, self.page = asked.shows, asked.page + 1

    def _forget(self) -> None:
        self.menu, self.waits_for, self.page, self.begun = {}, "", 0, False


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
    if asked.kind is Kind.MORE and Trouble.MEMORY in troubles:
        # MAS without a list is a word of its own.
        return Verdict.PLACE_LOST
    if heads and heads[0] == asked.page + 1:
        return Verdict.DOUBLED
    return Verdict.LOST if heads and heads[0] == asked.page - 1 else Verdict.WRONG


def _first_entry(answer: str) -> str:
    return next((line for line in answer.splitlines() if line.startswith("- ")), "")


def _excused(of: Script, asked: Asked, answer: str, troubles: frozenset[Trouble]) -> Verdict:
    """An answer that is not the one looked for: whether what is gone explains it. A choice is never excused."""
    if asked.kind is Kind.YES and Trouble.SQL in troubles and begins(answer, *of.not_done):
        return Verdict.NOT_DONE
    menus = [words.menu.says for words in of.people.values()]
    if asked.kind is Kind.FREE and Trouble.MODEL in troubles and begins(answer, *of.not_understood, *menus):
        return Verdict.NO_MODEL
    if asked.kind is Kind.WORD and Trouble.MEMORY in troubles and begins(answer, *menus):
        # The language is forgotten too.
        return Verdict.PLACE_LOST
    if asked.kind is Kind.PLACE and Trouble.MEMORY in troubles and begins(answer, *of.at_place):
        return Verdict.PLACE_LOST
    return Verdict.WRONG


def _if(excused: bool, verdict: Verdict) -> Verdict:
    return verdict if excused else Verdict.LOST
