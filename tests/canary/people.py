"""The people of the canary: each has a number and words that nobody else has, so that one byte of them anywhere can be told.

All words of one run begin alike, and so do its numbers: a search looks for the beginning and then at the rest.
"""

from __future__ import annotations

import random
import string
from dataclasses import dataclass, field

MARK_LETTERS, MARK_DIGITS, MARK_SID = 6, 6, 12

STORIES = {
    "es": "me llamo {name} y vivo en la calle {street} 12, mi numero A es A{alien}, mi telefono es {number}, {word}",
    "en": "my name is {name}, I live at 12 {street} street, my A-number is A{alien}, call me at {number}, {word}",
    "quc": "in nub'i' {name}, kinjeqe' pa {street}, ri numero A{alien}, {number}, {word}",
}


@dataclass(frozen=True, slots=True)
class Marks:
    """What the words, the numbers, the A-numbers and the message ids of one run begin with."""

    letters: str
    digits: str
    alien: str
    sid: str

    @classmethod
    def of(cls, seed: int) -> Marks:
        """The marks of a seed. No word of any language begins so, and no number of anybody (N11 is no exchange)."""
        chance = random.Random(f"marks {seed}")
        consonants = "qxzwkvj"
        letters = "".join(chance.choice(consonants) for _ in range(MARK_LETTERS))
        digits = (
            f"{chance.randrange(205, 989)}{chance.choice('23456789')}{chance.randrange(2, 10)}{chance.randrange(2, 10)}"
        )
        return cls(letters, digits, f"{chance.randrange(20000, 30000)}", f"{chance.getrandbits(4 * MARK_SID):012x}")


@dataclass(slots=True)
class Person:
    """Somebody who writes. ``address`` is as Twilio has it; ``sids`` are the messages sent so far."""

    number: str
    channel: str
    language: str
    word: str
    name: str
    street: str
    alien: str
    sid_mark: str
    sids: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"whatsapp:{self.number}" if self.channel == "whatsapp" else self.number

    def sid(self) -> str:
        """A new MessageSid: it too leads to the number, in Twilio's own log."""
        made = f"{self.sid_mark}{int(self.number[-4:]):010x}{len(self.sids):010x}"
        self.sids.append(made)
        return f"SM{made}"

    def story(self) -> str:
        """A text with everything that must never be kept."""
        own = {"name": self.name, "street": self.street, "alien": self.alien, "number": self.number, "word": self.word}
        return STORIES[self.language].format(**own)

    def dressed(self, text: str) -> str:
        """A text with this person's word in it, unless it is so short that the word would change what it means."""
        return f"{text} {self.word}" if len(text.split()) > 2 else text


def people(count: int, seed: int) -> list[Person]:
    """So many people, on both channels and in three languages; the same for the same seed."""
    marks, chance = Marks.of(seed), random.Random(f"people {seed}")
    numbers = chance.sample(range(10_000), count)

    def word() -> str:
        return marks.letters + "".join(chance.choice(string.ascii_lowercase) for _ in range(6))

    return [
        Person(
            number=f"+1{marks.digits}{numbers[index]:04d}",
            channel=("sms", "whatsapp")[index % 2],
            language=("es", "en", "quc")[index % 3],
            word=word(),
            name=word().title(),
            street=word().title(),
            alien=f"{marks.alien}{numbers[index]:04d}",
            sid_mark=marks.sid,
        )
        for index in range(count)
    ]
