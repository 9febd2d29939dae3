"""Urgent phrases: danger that is understood without a model, in three languages. Pure; the phrases stand in nlu/phrases/.

A phrase is words in order. ``a|b`` is either word, ``word*`` any word that begins so, ``<family>`` any word of the list
``family`` under ``words`` in the same file, ``..`` up to six words of any kind. ``&`` joins phrases that must all be in
the message, wherever; ``=`` at the beginning wants the whole message to be the phrase. What follows ``unless`` takes
the phrase back when it is in the message too; so do the guards of the intent. Texts are compared folded (no accents,
apostrophes or capitals), so phrases are written that way. No regular expressions: a phrase of a volunteer can be wrong,
but never slow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from msgspec import Struct

from bot.intents.folding import bare
from bot.intents.runs import Choice, Finder, Run
from bot.language import Language

# A long worried story says what is urgent early or late; beyond this many words it is cut in the middle.
MOST_WORDS = 160
_GAP = ".."
_AND = " & "
_UNLESS = " unless "
_WORDS = "words"
_GUARDS = "unless"
_ALL = "all"


class PhraseError(Exception):
    """A phrase that cannot be used; the message names the file, the phrase and the mend."""


class Phrase(Struct, frozen=True):
    """Runs that must all be in the message, in any order, and the phrases that take it back."""

    runs: tuple[Run, ...]
    language: Language
    unless: tuple[Phrase, ...] = ()

    def all_runs(self) -> Iterator[Run]:
        """Every run that has to be looked for."""
        yield from self.runs
        for guard in self.unless:
            yield from guard.runs

    def holds(self, found: frozenset[Run]) -> bool:
        """Whether the phrase is in a message in which these runs were found."""
        return found.issuperset(self.runs) and not any(found.issuperset(guard.runs) for guard in self.unless)


@dataclass(frozen=True, slots=True)
class UrgentPhrases:
    """Phrases of one intent, and those beside which they do not count (hearsay, "if they come", long ago)."""

    intent: str
    phrases: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]
    _first: Mapping[Run, list[int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        first: dict[Run, list[int]] = {}
        for number, phrase in enumerate(self.phrases):
            first.setdefault(phrase.runs[0], []).append(number)
        object.__setattr__(self, "_first", first)

    def held(self, found: frozenset[Run]) -> list[Phrase]:
        """The phrases that are in a message in which these runs were found, in their order."""
        # Nearly every message holds no beginning of any of them: that is seen without going through a thousand.
        if self._first.keys().isdisjoint(found):
            return []
        begun = sorted(number for run in found for number in self._first.get(run, ()))
        return [phrase for phrase in map(self.phrases.__getitem__, begun) if phrase.holds(found)]


@dataclass(frozen=True)
class Phrases:
    """The whole lexicon, the gravest intent first."""

    intents: tuple[UrgentPhrases, ...]

    @cached_property
    def _finder(self) -> Finder:
        """Made when this lexicon is first asked by itself; a turn asks all of them together (bot/intents/lexicons.py)."""
        return Finder(self.runs())

    def runs(self) -> Iterator[Run]:
        """Every run that has to be looked for."""
        for urgent in self.intents:
            for phrase in (*urgent.phrases, *urgent.unless):
                yield from phrase.all_runs()

    def first_runs(self) -> frozenset[Run]:
        """The runs of which one is in every message that holds one of the phrases."""
        return frozenset(phrase.runs[0] for urgent in self.intents for phrase in urgent.phrases)

    def match(self, text: str) -> tuple[str, Language] | None:
        """The urgent intent that this text names, and the language of the phrase; or None.

        The guards of a file take back the phrases of that file, not those of another language.
        """
        return self.named(self._finder.found(both_ends(bare(text).split())))

    def named(self, found: frozenset[Run]) -> tuple[str, Language] | None:
        """Like ``match``, of a message in which these runs were found."""
        for urgent in self.intents:
            held = urgent.held(found)
            if held:
                guarded = {guard.language for guard in urgent.unless if guard.runs[0] in found and guard.holds(found)}
                for phrase in held:
                    if phrase.language not in guarded:
                        return urgent.intent, phrase.language
        return None


def both_ends(words: Sequence[str]) -> Sequence[str]:
    """The words, those in the middle of a very long message left out."""
    return words if len(words) <= MOST_WORDS else [*words[: MOST_WORDS // 2], *words[-MOST_WORDS // 2 :]]


def read_choice(token: str, groups: Mapping[str, Choice], where: str) -> Choice:
    """The words of ``a|b*|<group>``; ``where`` is the beginning of what is said about a wrong one."""
    words: set[str] = set()
    beginnings: list[str] = []
    for word in token.split("|"):
        if word.startswith("<") and word.endswith(">"):
            group = groups.get(word[1:-1])
            if group is None:
                raise PhraseError(f"{where}: there is no list {word} above it, under {_WORDS} in the same file")
            words |= group.words
            beginnings += group.beginnings
            continue
        plain = word.removesuffix("*")
        if not plain or bare(plain) != plain or " " in plain:
            raise PhraseError(f"{where}: write {token!r} in small letters, without accents, apostrophes or marks")
        if word.endswith("*"):
            beginnings.append(plain)
        else:
            words.add(plain)
    return Choice(frozenset(words), tuple(dict.fromkeys(beginnings)))


def read_groups(lists: Mapping[str, str], where: str) -> dict[str, Choice]:
    """The named lists of words of one file. A list may use the lists above it."""
    groups: dict[str, Choice] = {}
    for name, words in lists.items():
        if not isinstance(words, str) or not words.split():
            raise PhraseError(f"{where}: {_WORDS}: {name}: write the words in one line with spaces between")
        groups[name] = read_choice("|".join(words.split()), groups, f"{where}: {_WORDS}: {name}")
    return groups


def read_phrase(text: str, where: str, language: Language, groups: Mapping[str, Choice] | None = None) -> Phrase:
    """The phrase written so; ``PhraseError`` names what is wrong."""
    meant, *guards = f" {text} ".split(_UNLESS)
    return Phrase(
        _read_runs(meant, text, where, groups or {}),
        language,
        tuple(Phrase(_read_runs(guard, text, where, groups or {}), language) for guard in guards),
    )


def _read_runs(part: str, text: str, where: str, groups: Mapping[str, Choice]) -> tuple[Run, ...]:
    return tuple(_read_run(run.split(), f"{where}: {text!r}", groups) for run in part.split(_AND))


def _read_run(tokens: Sequence[str], where: str, groups: Mapping[str, Choice]) -> Run:
    whole = tokens[:1] == ["="]
    parts = tuple(None if token == _GAP else read_choice(token, groups, where) for token in tokens[whole:])
    if not parts or parts[0] is None or parts[-1] is None:
        raise PhraseError(f"{where}: begin and end a phrase with a word, not with '..' or nothing")
    return Run(parts, whole)


def read_phrases(files: Mapping[str, Mapping[str, Any]], order: Sequence[str]) -> Phrases:
    """The lexicon of these files (``es.yml`` -> content: ``words`` -> lists, intent -> phrases, ``unless`` -> intent ->
    guards), in order of gravity."""
    groups = {}
    for name, content in files.items():
        for key in content:
            if key not in (*order, _WORDS, _GUARDS):
                raise PhraseError(
                    f"{name}: {key!r} is not an urgent intent. Use one of {', '.join(order)}, {_WORDS} or {_GUARDS}"
                )
        for key in content.get(_GUARDS) or ():
            if key not in (*order, _ALL):
                raise PhraseError(
                    f"{name}: {_GUARDS}: {key!r} is not an urgent intent. Use one of {', '.join(order)}, or {_ALL}"
                )
        groups[name] = read_groups(content.get(_WORDS) or {}, name)
    intents = []
    for intent in order:
        phrases: list[Phrase] = []
        guards: list[Phrase] = []
        for name, content in files.items():
            language = Language(name.removesuffix(".yml"))
            unless = content.get(_GUARDS) or {}
            phrases += [read_phrase(text, name, language, groups[name]) for text in content.get(intent) or ()]
            guards += [
                read_phrase(text, name, language, groups[name])
                for text in (*(unless.get(_ALL) or ()), *(unless.get(intent) or ()))
            ]
        intents.append(UrgentPhrases(intent, tuple(phrases), tuple(guards)))
    return Phrases(tuple(intents))
