"""What was made of each held-out message. Values without any text, so that nothing built on them can quote one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topics:
    """The groups of nlu/intents.yml with their intents, which flow answers which intent, and which flows are urgent.

    An urgent flow need not belong to one intent: some_danger is for messages between two.
    """

    groups: Mapping[str, tuple[str, ...]]
    flows: Mapping[str, str]
    urgent_flows: frozenset[str]

    @property
    def urgent(self) -> frozenset[str]:
        """The urgent intents."""
        return frozenset(self.groups["urgent"])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the bot does: starts ``flow``, or asks back with ``options`` (flows); neither: it did not understand."""

    flow: str | None = None
    options: tuple[str, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether it asks "did you mean"."""
        return self.flow is None and bool(self.options)


@dataclass(frozen=True, slots=True)
class Judged:
    """One message: what it is about, what the model says (likeliest first), what the bot does.

    ``phrase``: an urgent phrase is in it. ``without_phrases``: what the bot would do if there were no phrases.
    """

    language: str
    intent: str
    ranking: tuple[tuple[str, float], ...]
    phrase: bool
    without_phrases: Outcome
    outcome: Outcome

    @property
    def best(self) -> str:
        """The likeliest intent; empty when the model found nothing to understand."""
        return self.ranking[0][0] if self.ranking else ""

    @property
    def confidence(self) -> float:
        """Of the likeliest intent."""
        return self.ranking[0][1] if self.ranking else 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    """The language that the model names for one message, as it is written and without any apostrophe."""

    language: str
    words: int
    told: str
    told_bare: str


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that the figures are made of. ``elsewhere``: messages in languages that the service does not speak."""

    topics: Topics
    judged: tuple[Judged, ...]
    heard: tuple[Heard, ...]
    elsewhere: tuple[Heard, ...]
