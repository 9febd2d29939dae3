"""Urgent phrases: danger that is understood without a model, in three languages. Pure; the phrases stand in nlu/phrases/.

A phrase is words in order. ``a|b`` is either word, ``word*`` any word that begins so, ``<family>`` any word of the list
``family`` under ``words`` in the same file, ``..`` up to six words of any kind. ``&`` joins phrases that must all be in
the message, wherever; ``=`` at the beginning wants the whole message to be the phrase. What follows ``unless`` takes
the phrase back when it is in the message too; so do the guards of the intent. Texts are compared folded (no accents,
apostrophes or capitals), so phrases are written that way. No regular expressions: a phrase of a volunteer can be wrong,
but never slow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.intents.folding import bare
from bot.language import Language

LONGEST_GAP = 6
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


@dataclass(frozen=True, slots=True)
class Choice:
    """One place in a phrase: the words that fit there, and the beginnings of words that do."""

    words: frozenset[str]
    beginnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Choices in order; None stands for a gap. Compared by identity, which makes a set of the runs found cheap."""

    parts: tuple[Choice | None, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
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


class _Reached:
    """A place in the runs of a lexicon, read from their beginnings: what ends here, and what may come next."""

    __slots__ = ("after", "ends", "gap")

    def __init__(self) -> None:
        self.ends: list[Run] = []
        self.after: dict[int, _Reached] = {}
        self.gap: _Reached | None = None

    def next(self, number: int | None) -> _Reached:
        """The place after this choice, or after a gap."""
        if number is not None:
            return self.after.setdefault(number, _Reached())
        if self.gap is None:
            self.gap = _Reached()
        return self.gap


class Finder:
    """Finds all runs of a lexicon in one reading of the message, in a time that hardly depends on its length.

    The places of a choice are the bits of one number: bit 3 is set when the fourth word fits. "Next word" is then a
    shift, "up to six words" a few of them, for all places at once. Runs that begin alike are followed together.
    """

    def __init__(self, runs: Iterable[Run]) -> None:
        numbers: dict[Choice, int] = {}
        self._anywhere, self._whole = _Reached(), _Reached()
        for run in runs:
            reached = self._whole if run.whole else self._anywhere
            for part in run.parts:
                reached = reached.next(None if part is None else numbers.setdefault(part, len(numbers)))
            reached.ends.append(run)
        self._words: dict[str, list[int]] = {}
        self._beginnings: dict[str, list[int]] = {}
        for choice, number in numbers.items():
            for word in choice.words:
                self._words.setdefault(word, []).append(number)
            for beginning in choice.beginnings:
                self._beginnings.setdefault(beginning, []).append(number)
        # By their first letter, so that a word is compared with few.
        self._by_letter: dict[str, tuple[str, ...]] = {}
        for beginning in self._beginnings:
            self._by_letter[beginning[0]] = (*self._by_letter.get(beginning[0], ()), beginning)

    def found(self, words: Sequence[str]) -> frozenset[Run]:
        """The runs that are in these folded words."""
        places, found = self._places(words), set[Run]()
        for number in self._anywhere.after.keys() & places.keys():
            after = self._anywhere.after[number]
            # After most of them nothing comes that fits: that is seen without going there.
            if after.ends or after.gap or not places.keys().isdisjoint(after.after):
                _follow(after, places[number] << 1, places, -1, found)
        for number in self._whole.after.keys() & places.keys():
            if places[number] & 1:
                _follow(self._whole.after[number], 2, places, 1 << len(words), found)
        return frozenset(found)

    def _places(self, words: Sequence[str]) -> dict[int, int]:
        """Of each choice that fits somewhere its places: a message meets few of a lexicon's thousands."""
        where: dict[str, int] = {}
        for place, word in enumerate(words):
            where[word] = where.get(word, 0) | 1 << place
        places: dict[int, int] = {}
        for word in where.keys() & self._words.keys():
            for number in self._words[word]:
                places[number] = places.get(number, 0) | where[word]
        for word, bits in where.items() if self._by_letter else ():
            beginnings = self._by_letter.get(word[0], ())
            if beginnings and word.startswith(beginnings):
                for beginning in filter(word.startswith, beginnings):
                    for number in self._beginnings[beginning]:
                        places[number] = places.get(number, 0) | bits
        return places


def _follow(at: _Reached, reached: int, places: Mapping[int, int], ends: int, found: set[Run]) -> None:
    """Adds the runs that go on from here. ``reached``: the words that may come next; ``ends``: those before which a run may end."""
    if at.ends and reached & ends:
        found.update(at.ends)
    for number, after in at.after.items():
        if number in places and (behind := (reached & places[number]) << 1):
            _follow(after, behind, places, ends, found)
    if at.gap is not None:
        # 0 or 1 further, then 0 or 2, then 0 or 3: anything up to LONGEST_GAP.
        reached |= reached << 1
        reached |= reached << 2
        _follow(at.gap, reached | reached << 3, places, ends, found)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The whole lexicon, the gravest intent first."""

    intents: tuple[UrgentPhrases, ...]
    _finder: Finder = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        phrases = (phrase for urgent in self.intents for phrase in (*urgent.phrases, *urgent.unless))
        finder = Finder(run for phrase in phrases for run in phrase.all_runs())
        object.__setattr__(self, "_finder", finder)

    def match(self, text: str) -> tuple[str, Language] | None:
        """The urgent intent that this text names, and the language of the phrase; or None.

        The guards of a file take back the phrases of that file, not those of another language.
        """
        return self.match_words(bare(text).split())

    def match_words(self, words: Sequence[str]) -> tuple[str, Language] | None:
        """Like ``match``, of words that were folded before."""
        if len(words) > MOST_WORDS:
            words = [*words[: MOST_WORDS // 2], *words[-MOST_WORDS // 2 :]]
        found = self._finder.found(words)
        if not found:
            return None
        for urgent in self.intents:
            held = urgent.held(found)
            if held:
                guarded = {guard.language for guard in urgent.unless if guard.runs[0] in found and guard.holds(found)}
                for phrase in held:
                    if phrase.language not in guarded:
                        return urgent.intent, phrase.language
        return None


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
