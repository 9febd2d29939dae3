"""What a run is to do, and what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.carrier import Tally
from tests.chaos.killing import Strike
from tests.chaos.oracle import FAULTS, Verdict

CLIENTS = 16


@dataclass(frozen=True, slots=True)
class Plan:
    """What is killed while how many people write how many messages, at so many clients; with the ``model`` or without."""

    strikes: tuple[Strike, ...]
    messages: int = 5_000
    people: int = 200
    seed: int = 1
    model: bool = True
    clients: int = CLIENTS
    pause: float = 0.0
    """Seconds that each client waits between two messages."""


@dataclass(frozen=True, slots=True)
class Held:
    """Something that people were told is so: how often it must be found afterwards, and how often it is.

    ``fewer`` and ``more`` came while SQL was gone: what was to be written then may be there or not.
    """

    what: str
    due: int
    found: int
    fewer: int = 0
    more: int = 0

    @property
    def holds(self) -> bool:
        return self.due - self.fewer <= self.found <= self.due + self.more

    def __str__(self) -> str:
        perhaps = f" ({self.fewer or self.more} perhaps)" if self.fewer or self.more else ""
        return f"{self.what}: {self.found} of {self.due}{perhaps}"


@dataclass(slots=True)
class Result:
    """What came of it. ``told`` are the first faults in words."""

    plan: Plan
    tally: Tally = field(default_factory=Tally)
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    broken: str = ""

    @property
    def errors(self) -> int:
        """Answers with HTTP 5xx."""
        return sum(self.tally.errors.values())

    @property
    def faults(self) -> list[str]:
        """What must not be, in words; the run has passed when there is nothing."""
        found = [f"{self.verdicts[each]} {each}" for each in FAULTS if self.verdicts[each]]
        found += [f"{self.errors} x HTTP 5xx"] if self.errors else []
        found += [str(each) for each in self.held if not each.holds]
        found += [f"{each.kind} was not killed" for each in self.plan.strikes if not self.kills[each.kind]]
        return found + ([self.broken] if self.broken else [])
