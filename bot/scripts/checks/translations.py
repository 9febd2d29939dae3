"""Every language says the same: whole in Spanish, not out of date, with the same fields."""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.flow import Flow, Group, Sentence, Step
from bot.language import Language
from bot.scripts.finding import Finding, Rule, error, warning
from bot.scripts.release import Release
from bot.scripts.texts import Text, catalog_file, sentences, texts
from bot.scripts.ways import first_passages
from bot.wording.catalog import Entry
from bot.wording.fill import placeholders
from bot.wording.state import State, state_of

MISSING = error(
    "no Spanish",
    "most families read Spanish, and would get English here",
    "Write it in the catalog; make catalogs puts the key there",
)
MEANING_CHANGED = error(
    "Spanish of another meaning",
    "the Spanish says what is no longer so",
    "Write the Spanish again, or give the step a durable text",
)
BEHIND = error(
    "catalog behind its flow",
    "nobody notices that the translation speaks of another sentence",
    "Run make catalogs",
)
ORPHANED = warning("text without a sentence", "work on it helps nobody", "Run make catalogs")
STALE = warning(
    "stale text",
    "it was written before the sentence changed and may say something else",
    "Read it beside the English and write it again, or clear the mark",
)
NO_KICHE = warning(
    "no K'iche'",
    "K'iche' speakers get only Spanish, which some of them do not read",
    "Write a draft of attested words, or accept that there is none yet",
)
FIELDS_DIFFER = error(
    "fields differ",
    "one language names a number or a place and the other does not",
    "Use the same $fields in both",
)
FIELD_ONLY_IN_SPANISH = warning(
    "field missing in K'iche'",
    "who reads only the K'iche' does not see the number; it stands in the Spanish above",
    "Put the field into the draft, or accept that it stands only in the Spanish",
)
# What somebody who speaks K'iche' is to recognize her topic by.
_KICHE_GROUPS = (Group.URGENT, Group.RIGHTS, Group.SERVICES)


def check_translations(release: Release) -> Iterator[Finding]:
    """The catalogs beside the flows."""
    for flow in release.script.flows.values():
        durable = {step.say.key for step in flow.steps.values() if step.say and step.durable}
        for _, sentence in sentences(flow):
            yield from _spanish(release, sentence, durable)
            yield from _ages(release, sentence)
        yield from _kiche(release, flow)
    yield from _orphans(release)
    yield from _fields(release)


def _spanish(release: Release, sentence: Sentence, durable: set[str]) -> Iterator[Finding]:
    """A Spanish speaker never gets English, nor a Spanish that means something else by now."""
    file, entry = catalog_file(Language.ES), release.catalogs[Language.ES].entry(sentence.key)
    if entry is None or not entry.text.strip():
        yield MISSING.broken(file, sentence.key, "there is no Spanish", language=Language.ES)
    elif entry.meaning_changed and sentence.key not in durable:
        problem = "the English means something else now"
        yield MEANING_CHANGED.broken(file, sentence.key, problem, language=Language.ES)


def _ages(release: Release, sentence: Sentence) -> Iterator[Finding]:
    """Texts that were written for another sentence than the one that stands in the flow."""
    for language, catalog in release.catalogs.items():
        entry = catalog.entry(sentence.key)
        if entry is None:
            continue
        file = catalog_file(language)
        if entry.english != sentence.english:
            problem = "the catalog still has the former English"
            yield BEHIND.broken(file, sentence.key, problem, language=language)
        elif state_in(release, sentence, entry, language) is State.STALE and not _is_refused(entry, language):
            problem = "written for the former sentence"
            yield STALE.broken(file, sentence.key, problem, language=language)


def state_in(release: Release, sentence: Sentence, entry: Entry, language: Language) -> State:
    """How far a text can be trusted beside the English and the Spanish that go out now."""
    english, spanish = (release.catalogs[other].entry(sentence.key) for other in (Language.EN, Language.ES))
    said = english.text if english and english.text else sentence.english
    return state_of(entry, said, spanish.text if spanish else "")


def _is_refused(entry: Entry, language: Language) -> bool:
    """Whether the Spanish check has its say about it already."""
    return language is Language.ES and entry.meaning_changed


def _kiche(release: Release, flow: Flow) -> Iterator[Finding]:
    if flow.group not in _KICHE_GROUPS:
        return
    first = (step.say for passage in first_passages(release.script, flow) for step in _own(passage.said, flow))
    for sentence in dict.fromkeys([flow.title, *(say for say in first if say)]):
        entry = release.catalogs[Language.QUC].entry(sentence.key)
        if entry is None or not entry.text.strip():
            part = "title" if sentence is flow.title else "first answer"
            problem = f"the {part} has no K'iche'"
            yield NO_KICHE.broken(catalog_file(Language.QUC), sentence.key, problem, language=Language.QUC)


def _own(said: tuple[tuple[Flow, Step], ...], flow: Flow) -> tuple[Step, ...]:
    return tuple(step for each, step in said if each is flow)


def _orphans(release: Release) -> Iterator[Finding]:
    keys = {sentence.key for flow in release.script.flows.values() for sentence in flow.sentences}
    for language, catalog in release.catalogs.items():
        for key in sorted(set(catalog.entries) - keys):
            yield ORPHANED.broken(catalog_file(language), key, "no flow has this sentence any more", language=language)


def _fields(release: Release) -> Iterator[Finding]:
    """The same $fields as the English. A K'iche' draft is shorter than the Spanish beside it and may name fewer, though not in
    danger; K'iche' that a speaker has approved goes out alone, and must name all.
    """
    for text in texts(release):
        wanted, found = placeholders(text.sentence.english), placeholders(text.words)
        if text.language is not Language.QUC or _goes_alone(release, text):
            yield from _differing(FIELDS_DIFFER, text, wanted - found, "is missing")
        elif text.flow.group is Group.URGENT:
            yield from _differing(FIELD_ONLY_IN_SPANISH, text, wanted - found, "is missing")
        yield from _differing(FIELDS_DIFFER, text, found - wanted, "is not in the English")


def _goes_alone(release: Release, text: Text) -> bool:
    entry = release.catalogs[text.language].entry(text.key)
    return entry is not None and state_in(release, text.sentence, entry, text.language) is State.REVIEWED


def _differing(rule: Rule, text: Text, names: frozenset[str], how: str) -> Iterator[Finding]:
    for name in sorted(names):
        yield rule.broken(text.file, text.key, f"${name} {how}", language=text.language, said=f"${name}")
