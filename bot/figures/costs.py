"""What the SMS cost: parts of messages, by language. Pure."""

from __future__ import annotations

from msgspec import Struct

from bot.figures.split import Split
from bot.figures.weeks import OTHER


class Cost(Struct, frozen=True):
    """SMS of one language (or of staff): how many, how many parts they have, how many of them are of a length that is not told.

    Those are taken to be as long as the others.
    """

    language: str
    messages: int
    parts: int
    untold: int

    @property
    def average(self) -> float | None:
        """Parts of one message; None where no length is told."""
        known = self.messages - self.untold
        return self.parts / known if known else None

    @property
    def all_parts(self) -> float:
        """Parts of all of them."""
        return self.parts + self.untold * (self.average or 1.0)


def cost(split: Split) -> Cost:
    """Of one language."""
    parts = sum(int(part) * n for week in split.weeks for part, n in week.items() if part.isdecimal())
    return Cost(split.language, split.total, parts, split.n(OTHER))
