"""Urgent phrases: danger that is understood without a model, in three languages. Pure; the phrases stand in nlu/phrases/.

A phrase is words in order. ``a|b`` is either word, ``word*`` any word that begins so, ``..`` up to six words of any
kind; ``=`` at the beginning wants the whole message to be the phrase. Texts are compared folded (no accents,
apostrophes or capitals), so phrases are written that way. No regular expressions: a phrase of a volunteer can be
wrong, but never slow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.intents.folding import bare
from bot.language import Language

LONGEST_GAP = 6
# A long worried story says what is urgent early or late; beyond this many words it is cut in the middle.
MOST_WORDS = 160
_GAP = ".."


class PhraseError(Exception):
    """A phrase that cannot be used; the message names the file, the phrase and the mend."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Parts in order; each part is the words that fit, a None stands for a gap."""

    parts: tuple[frozenset[str] | None, ...]
    prefixes: tuple[tuple[str, ...], ...]
    language: Language
    whole: bool = False

    def fits(self, words: Sequence[str]) -> bool:
        """Whether the phrase occurs anywhere in these folded words, or is all of them if it is to be whole."""
        if self.whole:
            return len(words) == len(self.parts) and self._from(words, 0, 0)
        return any(self._from(words, start, 0) for start in range(len(words)))

    def _from(self, words: Sequence[str], at: int, part: int) -> bool:
        if part == len(self.parts):
            return True
        fitting = self.parts[part]
        if fitting is None:
            last = min(at + LONGEST_GAP, len(words))
            return any(self._from(words, ahead, part + 1) for ahead in range(at, last + 1))
        if at >= len(words):
            return False
        word = words[at]
        if word not in fitting and not word.startswith(self.prefixes[part] or ("\0",)):
            return False
        return self._from(words, at + 1, part + 1)


@dataclass(frozen=True, slots=True)
class UrgentPhrases:
    """Phrases of one intent, and those beside which they do not count (hearsay, "if they come", long ago)."""

    intent: str
    phrases: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """The whole lexicon, the gravest intent first."""

    intents: tuple[UrgentPhrases, ...]

    def match(self, text: str) -> tuple[str, Language] | None:
        """The urgent intent that this text names, and the language of the phrase; or None."""
        words = bare(text).split()
        if len(words) > MOST_WORDS:
            words = words[: MOST_WORDS // 2] + words[-MOST_WORDS // 2 :]
        for urgent in self.intents:
            found = next((p for p in urgent.phrases if p.fits(words)), None)
            if found and not any(p.fits(words) for p in urgent.unless):
                return urgent.intent, found.language
        return None


def read_phrase(text: str, where: str, language: Language) -> Phrase:
    """The phrase written so; ``PhraseError`` names what is wrong."""
    parts: list[frozenset[str] | None] = []
    prefixes: list[tuple[str, ...]] = []
    tokens = text.split()
    whole = tokens[:1] == ["="]
    for token in tokens[1:] if whole else tokens:
        if token == _GAP:
            parts.append(None)
            prefixes.append(())
            continue
        words = token.split("|")
        if any(bare(word.removesuffix("*")) != word.removesuffix("*") or not word.removesuffix("*") for word in words):
            raise PhraseError(
                f"{where}: {text!r}: write {token!r} in small letters, without accents, apostrophes or marks"
            )
        parts.append(frozenset(word for word in words if not word.endswith("*")))
        prefixes.append(tuple(word[:-1] for word in words if word.endswith("*")))
    if not parts or parts[0] is None or parts[-1] is None:
        raise PhraseError(f"{where}: {text!r}: begin and end a phrase with a word, not with '..'")
    return Phrase(tuple(parts), tuple(prefixes), language, whole)


def read_phrases(files: Mapping[str, Mapping[str, Any]], order: Sequence[str]) -> Phrases:
    """The lexicon of these files (``es.yml`` -> content: intent -> phrases, ``unless`` -> intent -> phrases), in order of gravity."""
    intents = []
    for intent in order:
        phrases: list[Phrase] = []
        unless: list[Phrase] = []
        for name, content in files.items():
            language = Language(name.removesuffix(".yml"))
            for key in content:
                if key not in (*order, "unless"):
                    raise PhraseError(
                        f"{name}: {key!r} is not an urgent intent. Use one of {', '.join(order)}, or unless"
                    )
            phrases += [read_phrase(text, name, language) for text in content.get(intent) or ()]
            guards = content.get("unless") or {}
            unless += [
                read_phrase(text, name, language) for text in (*(guards.get("all") or ()), *(guards.get(intent) or ()))
            ]
        intents.append(UrgentPhrases(intent, tuple(phrases), tuple(unless)))
    return Phrases(tuple(intents))
