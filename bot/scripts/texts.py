"""Every text of a release beside the place where it is written. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.engine.flow import Flow, Sentence, Step
from bot.language import Language
from bot.scripts.release import Release

FACTS_FILE = "flows/facts.yml"


@dataclass(frozen=True)
class Text:
    """The words of one sentence in one language, and where they are mended. ``step`` is None for a title or a minimum."""

    flow: Flow
    step: Step | None
    sentence: Sentence
    language: Language
    words: str
    file: str

    @property
    def key(self) -> str:
        """``flow.step.part``."""
        return self.sentence.key

    @cached_property
    def plain(self) -> str:
        """Lower case, for looking for words."""
        return self.words.casefold()


def flow_file(flow: Flow) -> str:
    """Where a flow stands, with its English."""
    return f"flows/{flow.group}/{flow.name}.yml"


def catalog_file(language: Language) -> str:
    """Where the words of a language stand."""
    return f"locales/{language}/LC_MESSAGES/answers.po"


def place_of(flow: Flow, step: Step) -> str:
    """How a step is called in a finding: ``flow.step``."""
    return f"{flow.name}.{step.name}"


def sentences(flow: Flow) -> Iterator[tuple[Step | None, Sentence]]:
    """Every sentence of a flow with its step."""
    of_steps = {sentence.key: step for step in flow.steps.values() for sentence in step.sentences}
    for sentence in flow.sentences:
        yield of_steps.get(sentence.key), sentence


def texts(release: Release) -> Iterator[Text]:
    """Every text in every language in which it is written; the English of the flow and what replaces it, both."""
    for flow in release.script.flows.values():
        for step, sentence in sentences(flow):
            yield from texts_of(release, flow, step, sentence)


def texts_of(release: Release, flow: Flow, step: Step | None, sentence: Sentence) -> Iterator[Text]:
    """One sentence in every language in which it is written."""
    yield Text(flow, step, sentence, Language.EN, sentence.english, flow_file(flow))
    for language, catalog in release.catalogs.items():
        entry = catalog.entry(sentence.key)
        if entry is not None and entry.text.strip():
            yield Text(flow, step, sentence, language, entry.text, catalog_file(language))
