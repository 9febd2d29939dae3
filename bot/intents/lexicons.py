"""The lexicons that a turn listens by (bot/intents/phrases.py), all looked for in one reading of the message. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.intents.folding import bare
from bot.intents.phrases import Phrases, both_ends
from bot.intents.runs import Finder, Run
from bot.language import Language

Named = tuple[str, Language] | None
"""What a phrase names, and the language of that phrase; None for no phrase."""


@dataclass(frozen=True, slots=True)
class Lexicons:
    """Of one release. ``danger``: the urgent phrases. ``lists``: what is said to a list of organizations that stands there.
    ``writers`` tell who writes: somebody for another, or a child for itself.
    """

    danger: Phrases
    lists: Phrases = Phrases(())
    writers: Phrases = Phrases(())
    _finder: Finder = field(init=False, repr=False, compare=False)
    _telling: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        lexicons = self.danger, self.lists, self.writers
        finder = Finder(run for lexicon in lexicons for run in lexicon.runs())
        telling = (finder.ends_of(lexicon.first_runs()) for lexicon in lexicons)
        object.__setattr__(self, "_finder", finder)
        object.__setattr__(self, "_telling", tuple(telling))

    def match(self, text: str) -> Named:
        """The danger that this text names."""
        return self.named(bare(text).split())[0]

    def named(self, words: Sequence[str]) -> tuple[Named, Named, Named]:
        """What these folded words name of danger, say to a list, and tell of who writes."""
        ends = self._finder.ends(both_ends(words))
        # Most messages hold guards at most, which name nothing.
        danger, lists, writers = (ends & telling for telling in self._telling)
        found = self._finder.runs(ends) if danger or lists or writers else frozenset[Run]()
        return (
            self.danger.named(found) if danger else None,
            self.lists.named(found) if lists else None,
            self.writers.named(found) if writers else None,
        )
