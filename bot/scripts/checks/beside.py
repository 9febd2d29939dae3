"""The languages beside one another: a copy is no translation, and all of them name the same lines of the menu."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from string import Template

from bot.language import Language
from bot.scripts.finding import Finding, warning
from bot.scripts.release import Release
from bot.scripts.texts import catalog_file, sentences
from bot.wording.choose import text_for

COPY = warning(
    "copy of another language",
    "who reads only this language gets words of another one, and nobody sees that the translation is missing",
    "Translate it, or leave it empty: then the other language goes out and says so",
)
OPTIONS_DIFFER = warning(
    "option numbers differ",
    "one language tells people to write a number that leads elsewhere, or to nothing",
    "Name the same numbers of the menu in each language",
)
# Names are the same in every language (El Salvador, Plan Retorno); sentences are not.
SHORTEST_COPY = 4  # words
# People are told to write a number; what is pressed belongs to the menu of a hotline.
_TOLD = re.compile(
    r"\b(?:escriba|responda|conteste|mande|env[ií]e|opci[oó]n|write|reply|answer|send|text|choose|option)"
    r"\s+(?:el |la |un |the |a )?([1-8])(?![\w-])",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"(?<![\w$-])[1-8](?![\w-])")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_BESIDE = {Language.ES: Language.EN, Language.QUC: Language.ES}


def check_beside(release: Release) -> Iterator[Finding]:
    """Spanish beside English, K'iche' beside Spanish."""
    for flow in release.script.flows.values():
        for _, sentence in sentences(flow):
            entries = {language: release.catalogs[language].entry(sentence.key) for language in _BESIDE}
            texts = {language: entry.text for language, entry in entries.items() if entry and entry.text.strip()}
            texts[Language.EN] = text_for(sentence.key, Language.EN, sentence.english, release.catalogs).text
            yield from _copies(sentence.key, texts)
            yield from _options(sentence.key, texts)


def _copies(key: str, texts: Mapping[Language, str]) -> Iterator[Finding]:
    for language, other in _BESIDE.items():
        text = texts.get(language, "")
        if is_copy(text, texts.get(other, "")):
            problem = f"the same words as in {other}"
            yield COPY.broken(catalog_file(language), key, problem, language=language, said=text)


def is_copy(text: str, other: str) -> bool:
    """Whether a text repeats that of another language; a name or a label of few words may."""
    mine, theirs = (_WORD.findall(Template.pattern.sub(" ", each).casefold()) for each in (text, other))
    return len(mine) >= SHORTEST_COPY and mine == theirs


def _options(key: str, texts: Mapping[Language, str]) -> Iterator[Finding]:
    """Where Spanish or English sends people to a line that the other does not name; 0 and 9 are the bot's own and always there."""
    spanish, english = texts.get(Language.ES, ""), texts[Language.EN]
    missing = sorted((options(spanish) - _digits(english)) | (options(english) - _digits(spanish))) if spanish else ()
    for digit in missing:
        problem = f"the option {digit} is named in one language only, Spanish or English"
        yield OPTIONS_DIFFER.broken(catalog_file(Language.ES), key, problem, language=Language.ES, said=digit)


def options(text: str) -> frozenset[str]:
    """The lines of a menu that a text tells people to write."""
    return frozenset(_TOLD.findall(text))


def _digits(text: str) -> frozenset[str]:
    return frozenset(_DIGIT.findall(text))
