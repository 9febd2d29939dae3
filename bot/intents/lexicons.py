"""The lexicons that a turn listens by (bot/intents/phrases.py), all looked for in one reading of the message. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.intents.folding import bare
from bot.intents.phrases import Phrases, both_ends
from bot.intents.runs import Finder
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
    _telling: tuple[int, int, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        lexicons = self.danger, self.lists, self.writers
        finder = Finder(run for lexicon in lexicons for run in lexicon.runs())
        object.__setattr__(self, "_finder", finder)
        # Of each the bits of the runs of which one is in every message that holds one of its phrases.
        object.__setattr__(self, "_telling", tuple(finder.ends_of(lexicon.first_runs()) for lexicon in lexicons))

    def match(self, text: str) -> Named:
        """The danger that this text names."""
        return self.named(bare(text).split())[0]

    def named(self, words: Sequence[str]) -> tuple[Named, Named, Named]:
        """What these folded words name of danger, say to a list, and tell of who writes."""
        ends = self._finder.ends(both_ends(words))
        # Most messages hold guards at most, which name nothing.
        danger, lists, writers = self._telling
        if not ends & (danger | lists | writers):
            return None, None, None
        found = self._finder.runs(ends)
        return (
            self.danger.named(found) if ends & danger else None,
            self.lists.named(found) if ends & lists else None,
            self.writers.named(found) if ends & writers else None,
        )
