"""People who write. Each remembers what a person would: the last message that came, the language asked for, whether a human was
promised. Nothing of the program is imported here.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.chaos.oracle import Asked, Kind, Trouble, Verdict, judge
from tests.chaos.script import Script, begins, label_of, menu_in, script

LANGUAGES = ("es", "en", "quc")
CHANNELS = ("sms", "whatsapp")


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
    perhaps_noted: int = 0
    """So many of those for staff came while SQL was gone."""
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
        self.perhaps_noted += self.handed_over and Trouble.SQL in troubles
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
