"""The checks of ``content check`` about one answer, quick enough for while somebody types. Pure.

The whole check reads every answer of every flow and takes seconds. What is wrong with words can be told from the words of one
flow; what an answer costs, from the answers of one step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from bot.engine.flow import Flow, Script
from bot.frozen import replace
from bot.language import Language
from bot.scripts.accepted import Accepted
from bot.scripts.change_check import of_words
from bot.scripts.finding import Finding
from bot.scripts.release import Release
from bot.wording.catalog import Catalog, Entry
from bot.wording.reading import SIXTH_GRADE, hardest_sentence, reading

# Names and short choices are read at a glance, and the formula says nothing about so few words.
_SHORTEST_READ = 12


class Rules(Struct, frozen=True):
    """What a text is measured by: the words that a K'iche' draft may be made of, and what was accepted with a reason."""

    kiche: frozenset[str]
    accepted: tuple[Accepted, ...]

    def open(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Without what was accepted."""
        return (each for each in findings if not any(line.covers(each) for line in self.accepted))


def with_texts(release: Release, flow: Flow, typed: Mapping[tuple[str, Language], str]) -> Release:
    """The release as it would be with these words in one flow: what is typed and not saved. Their states stay as they are.

    ``Changes.preview`` tells the states anew too, and takes longer than somebody types.
    """
    english = {sentence.key: sentence.english for sentence in flow.sentences}
    catalogs = {language: dict(catalog.entries) for language, catalog in release.catalogs.items()}
    for (key, language), text in typed.items():
        if key in english:
            entry = catalogs[language].get(key, Entry(key, english[key]))
            same = language is Language.EN and text == english[key]
            catalogs[language][key] = replace(entry, text="" if same else text)
    return replace(release, catalogs={language: Catalog(language, entries) for language, entries in catalogs.items()})


def findings_of(release: Release, flow: Flow, rules: Rules, part: str | None = None) -> tuple[Finding, ...]:
    """What is wrong with the words of this flow, errors first; with ``part`` only with those of this step, which is quicker."""
    narrow = _only(release, flow if part is None else _part(flow, part))
    return tuple(sorted(rules.open(of_words(narrow, rules.kiche)), key=lambda each: (each.severity, each.where)))


def _part(flow: Flow, name: str) -> Flow:
    """The flow with its first step and this one; its name and minimum where there is no such step."""
    if name in flow.steps:
        return replace(flow, steps={flow.first.name: flow.first, name: flow.steps[name]}, minimum=None)
    return replace(flow, steps={flow.first.name: flow.first})


def _only(release: Release, flow: Flow) -> Release:
    keys = [sentence.key for sentence in flow.sentences]
    catalogs = {
        language: Catalog(language, {key: catalog.entries[key] for key in keys if key in catalog.entries})
        for language, catalog in release.catalogs.items()
    }
    none = replace(release.directory, services=())
    return replace(release, script=Script.of({flow.name: flow}), catalogs=catalogs, directory=none)


def hard_to_read(text: str, language: Language) -> str:
    """The hardest sentence of a text that somebody with six years of school would not read without effort; else empty."""
    if language not in SIXTH_GRADE or len(text.split()) < _SHORTEST_READ:
        return ""
    read = reading(text, language)
    return hardest_sentence(text) if read is not None and read.score < SIXTH_GRADE[language] else ""
