"""How easy a text is to read: Fernández Huerta for Spanish, Flesch for English. Pure.

    Spanish   206.84 - 60 syllables/words - 1.02 words/sentences     J. Fernández Huerta, 1959, with the words of a sentence as
              its second figure: G. Law, "Error in the Fernandez Huerta readability formula", 2011 (read on legible.es)
    English   206.835 - 84.6 syllables/words - 1.015 words/sentences  R. Flesch, 1948

Both run from 100, very easy, to 0. How many years of school that is: for Spanish the table that goes with the first (as legible.es has
it), for English the grade of Flesch and Kincaid, 0.39 words/sentences + 11.8 syllables/words - 15.59 (J. P. Kincaid and others, 1975).
They see nothing but the length of words and sentences: a text can score well and still be
hard. Fields ($orr) and numbers are no words here; a sentence ends at . ; ! ? and nowhere else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from string import Template

from msgspec import Struct

from bot.language import Language

# From this score on somebody with six years of school reads it without effort, as the two tables have it.
SIXTH_GRADE = {Language.ES: 70.0, Language.EN: 80.0}

# The formulas were made for samples of 100 words: of a sentence or two, one word more or less makes years.
FEWEST_WORDS = 30
UNIVERSITY = 13
_SPANISH_YEARS = ((90.0, 4), (80.0, 5), (70.0, 6), (60.0, 8), (50.0, 12))

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_INITIALS = re.compile(r"\b(?:[^\W\d_]{1,2}\.){2,}")
_NO_END = "\u2024"  # ONE DOT LEADER, while sentences are told apart
_END = re.compile(r"(?<=[.;!?])[\"'\u201d)]*\s+")


class Reading(Struct, frozen=True):
    """What the formula counts in a text, and its score."""

    sentences: int
    words: int
    syllables: int
    score: float


def reading(text: str, language: Language) -> Reading | None:
    """How easy a Spanish or English text is; None where there are no words. Raises KeyError for K'iche', which has no formula."""
    count, formula = _FORMULAS[language]
    sentences = [words for sentence in sentences_of(text) if (words := _words(sentence))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return None
    syllables = sum(map(count, words))
    score = formula(syllables / len(words), len(words) / len(sentences))
    return Reading(len(sentences), len(words), syllables, score)


class Level(Struct, frozen=True):
    """What is told of a text. ``years`` of school that it asks for, UNIVERSITY for more than twelve; None where it is too short to tell.

    ``longest``: the words of its longest sentence; ``letters``: those of a word, on average.
    """

    years: int | None
    longest: int
    letters: float


def level(text: str, language: Language) -> Level | None:
    """How much school a text asks for; None where there are no words, and for K'iche', for which nobody has made a formula."""
    if language not in _FORMULAS or (read := reading(text, language)) is None:
        return None
    words = _words(text)
    longest = len(_words(hardest_sentence(text)))
    years = _years(read, language) if read.words >= FEWEST_WORDS else None
    return Level(years, longest, sum(map(len, words)) / len(words))


def _years(read: Reading, language: Language) -> int:
    if language is Language.ES:
        return next((years for score, years in _SPANISH_YEARS if read.score >= score), UNIVERSITY)
    grade = 0.39 * read.words / read.sentences + 11.8 * read.syllables / read.words - 15.59
    return min(max(round(grade), 1), UNIVERSITY)


def sentences_of(text: str) -> list[str]:
    """The sentences of a text as they stand. The dots of initials (EE.UU.) end none."""
    marked = _INITIALS.sub(lambda initials: initials.group().replace(".", _NO_END), text)
    return [sentence.replace(_NO_END, ".") for sentence in _END.split(marked) if sentence.strip()]


def hardest_sentence(text: str) -> str:
    """The sentence with most words."""
    return max(sentences_of(text), key=lambda sentence: len(_words(sentence)), default="")


def _words(sentence: str) -> list[str]:
    """Its words; EE.UU. is one, fields and numbers are none."""
    plain = _INITIALS.sub(lambda initials: initials.group().replace(".", ""), Template.pattern.sub(" ", sentence))
    return _WORD.findall(plain)


# Spanish: a, e and o always make a syllable; i and u only alone or with an accent; two weak ones together make one.
_ES_STRONG = "aeoáéóíú"
_ES_VOWELS = f"{_ES_STRONG}iuü"
_ES_SILENT_U = re.compile(r"(?<=[qg])u(?=[eiéí])")
# An h between two vowels is not heard, and does not part them (prohibir: prohi-bir).
_ES_SILENT_H = re.compile(rf"(?<=[{_ES_VOWELS}])h(?=[{_ES_VOWELS}])")
_ES_FINAL_Y = re.compile(r"y\b(?!\w)")
_ES_GROUP = re.compile(rf"[{_ES_VOWELS}]+")


def spanish_syllables(word: str) -> int:
    """The syllables of a Spanish word, by the rules of its spelling; at least 1."""
    plain = unicodedata.normalize("NFC", word).lower()
    for pattern, replacement in ((_ES_SILENT_U, ""), (_ES_SILENT_H, ""), (_ES_FINAL_Y, "i")):
        plain = pattern.sub(replacement, plain)
    return sum(max(1, sum(letter in _ES_STRONG for letter in group)) for group in _ES_GROUP.findall(plain)) or 1


# English: groups of vowels, but for what is written and not heard, and what is heard and not written. Beside a dictionary
# (cmudict) 98 of 100 words of flows/ come out right, the Spanish rules beside silabeador 99: no dependency is worth the rest.
_EN_GROUP = re.compile(r"[aeiouy]+")
_EN_ENDING = re.compile(r"(?<!s)(?<!se)(?<!ce)(?<!ge)['\u2019]s$|['\u2019](?:t|re|ll|ve|d|m)$")
_EN_SILENT = re.compile(
    r"""(?<=[^aeiouyl])e$          # home; not table
    | (?<=[aeiouy]l)es?$           # while, rules
    | (?<=[^aeioudt])ed$           # called; not wanted
    | (?<=[^aeiouyhsxzcgl])es$      # names; not places
    | (?<=[a-z]{2})e(?=ly$|ment|less|ful)  # safely
    | (?<=^som)e(?=[a-z])          # someone
    """,
    re.VERBOSE,
)
_EN_PARTED = re.compile(
    r"""ia(?!n\b|ns\b|l) | io(?!n|us)  # diagram, violence; not nation, special
    | (?<=[^tcsgx])i(?:an|on|al)s?$  # guardian, trial
    | (?<=[^gq])u[ao](?!r)         # usual
    | eo(?!u|p)                    # video; not people
    | (?<=[aeiou])ing | (?<=.)y(?=ing)  # going, lying
    | [aeou]y(?=[aeou])            # payable
    | (?:sm|thm)s?$                # rhythm
    """,
    re.VERBOSE,
)


def english_syllables(word: str) -> int:
    """The syllables of an English word as its letters suggest; at least 1."""
    plain = _EN_SILENT.sub("", _EN_ENDING.sub("", word.lower()).replace("'", "e").replace("\u2019", "e"))
    return max(1, len(_EN_GROUP.findall(plain)) + len(_EN_PARTED.findall(plain)))


_FORMULAS: dict[Language, tuple[Callable[[str], int], Callable[[float, float], float]]] = {
    Language.ES: (spanish_syllables, lambda per_word, per_sentence: 206.84 - 60 * per_word - 1.02 * per_sentence),
    Language.EN: (english_syllables, lambda per_word, per_sentence: 206.835 - 84.6 * per_word - 1.015 * per_sentence),
}
