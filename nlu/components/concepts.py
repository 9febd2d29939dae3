"""What words stand for, across the three languages (concepts.yml): *abogado*, *lawyer* and *attorney* are one thing.

A model of letters learns each word of each language by itself. Counting the things as well lets a sentence in one
language help in the others, and a word that no sentence has help where its neighbours in meaning do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ruamel.yaml import YAML

from components.text import bare, normalise, sound

_SHORTEST_PREFIX = 4
# In a long story everything stands beside everything: pairs say nothing there.
_MOST_PAIRED = 12


class Concepts:
    """A lexicon: words, beginnings of words and short phrases, each with the things that it may stand for."""

    def __init__(self, lexicon: Mapping[str, str]) -> None:
        self.lexicon = dict(lexicon)
        self._words: dict[str, list[str]] = {}
        self._prefixes: dict[str, list[str]] = {}
        for concept, words in lexicon.items():
            for word in words.split():
                table = self._prefixes if word.endswith("*") else self._words
                table.setdefault(_key(word.rstrip("*").replace("_", " ")), []).append(concept)
        self._longest_phrase = max((len(key.split()) for key in self._words), default=1)
        self._longest_prefix = max(map(len, self._prefixes), default=0)

    @classmethod
    def read(cls, path: Path) -> Concepts:
        """The lexicon of this file: concept -> words with spaces between."""
        return cls(YAML(typ="safe").load(path.read_text("utf-8")))

    def found(self, normalised: str) -> list[Sequence[str]]:
        """What the words of a normalised text stand for, in their order; the longest phrase wins."""
        words = sound(normalised)
        found: list[Sequence[str]] = []
        at = 0
        while at < len(words):
            length, concepts = self._at(words, at)
            if concepts:
                found.append(concepts)
            at += length
        return found

    def _at(self, words: Sequence[str], at: int) -> tuple[int, Sequence[str]]:
        for length in range(min(self._longest_phrase, len(words) - at), 0, -1):
            concepts = self._words.get(" ".join(words[at : at + length]))
            if concepts:
                return length, concepts
        word = words[at]
        for length in range(min(self._longest_prefix, len(word)), _SHORTEST_PREFIX - 1, -1):
            concepts = self._prefixes.get(word[:length])
            if concepts:
                return 1, concepts
        return 1, ()

    def grams(self, normalised: str) -> list[str]:
        """What is counted: each thing, each thing after another, and which things are in the same message.

        >>> Concepts({"take": "llevaron", "parent": "papa mama"}).grams("se llevaron a mi papa")
        ['take', 'parent', 'take>parent', 'parent+take']
        """
        found = self.found(normalised)
        single = [concept for concepts in found for concept in concepts]
        after = [f"{a}>{b}" for first, second in zip(found, found[1:], strict=False) for a in first for b in second]
        kinds = sorted(set(single))
        together = [f"{a}+{b}" for at, a in enumerate(kinds) for b in kinds[at + 1 :]] if len(kinds) <= _MOST_PAIRED else []
        return single + after + together


def _key(word: str) -> str:
    return " ".join(sound(bare(normalise(word))))
