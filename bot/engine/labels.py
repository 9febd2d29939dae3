"""The lines of a menu in all languages, as they are compared with what people write: they answer in the one that comes to mind. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from rapidfuzz import fuzz
from rapidfuzz.process import extract

from bot.engine.flow import Sentence
from bot.intents.folding import bare
from bot.intents.words import Words
from bot.language import Language
from bot.wording.catalog import Catalog

_NEAR = 85
_APART = 5
_SHORTEST_NEAR = 4
# A text with more letters than so many times a line's is less than 80 of 100 like it: letters that are in both count twice, of all.
_MOST_LETTERS = 1.5


class Labels(Struct, frozen=True):
    """The lines of one menu, folded. ``written``: by digit, what a line is written as, with its digit before it too.

    ``spelt`` are all lines, whatever the language, and ``digits`` the digit of each. ``longest``: of so many letters.
    """

    written: Mapping[int, frozenset[str]]
    spelt: tuple[str, ...]
    digits: tuple[int, ...]
    longest: int

    @classmethod
    def of(cls, lines: Mapping[int, Sequence[str]]) -> Labels:
        """The labels of a menu with these lines, each in as many languages as there are."""
        folded = {digit: tuple(map(bare, words)) for digit, words in lines.items()}
        spelt = tuple(word for words in folded.values() for word in words)
        return cls(
            {digit: frozenset((*words, *(f"{digit} {word}" for word in words))) for digit, words in folded.items()},
            spelt,
            tuple(digit for digit, words in folded.items() for _ in words),
            max(map(len, spelt), default=0),
        )

    def exactly(self, said: Words) -> int | None:
        """The digit whose line this text is, letter by letter after folding; with its digit before it too (``2 abogado``)."""
        for digit, written in self.written.items():
            if said.bare in written:
                return digit
        return None

    def is_line(self, digit: int, said: Words) -> bool:
        """Whether this text is the line of that digit."""
        return said.bare in self.written.get(digit, ())

    def nearly(self, said: Words) -> int | None:
        """The digit of the one line that this text nearly spells; None when two are as near, or the text is very short."""
        if not _SHORTEST_NEAR <= len(said.bare) <= _MOST_LETTERS * self.longest:
            return None
        # What is less like it than this is neither near nor makes another one doubtful.
        met = extract(said.bare, self.spelt, scorer=fuzz.ratio, score_cutoff=_NEAR - _APART, limit=None)
        likeness: dict[int, float] = {}
        for _, alike, at in met:
            likeness[self.digits[at]] = max(alike, likeness.get(self.digits[at], 0.0))
        best = sorted(((alike, digit) for digit, alike in likeness.items()), reverse=True)
        if not best or best[0][0] < _NEAR or (len(best) > 1 and best[1][0] > best[0][0] - _APART):
            return None
        return best[0][1]


NO_LABELS = Labels({}, (), (), 0)


def in_all_languages(sentence: Sentence, catalogs: Mapping[Language, Catalog]) -> tuple[str, ...]:
    """A sentence as it stands in the flow, then as each catalog has it."""
    entries = (catalog.entry(sentence.key) for catalog in catalogs.values())
    return (sentence.english, *(entry.text for entry in entries if entry and entry.text))
