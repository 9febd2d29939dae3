"""The sheet for a lawyer or accredited representative: whole answers, and the facts that they lean on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from bot.engine.flow import Flow, Group, Sentence, Step
from bot.language import Language
from bot.scripts.approval import approved_flows, fact_names, words_of
from bot.scripts.context import answer_name
from bot.scripts.errors import SheetError
from bot.scripts.fact import Fact
from bot.scripts.release import Release
from bot.wording.catalog import Catalog
from bot.wording.choose import text_for

FLOW, PART, VERSION, CHANGES, NAME, DATE = "flow", "part", "version", "changes", "name", "date"
ANSWER, LICENCE = "yes/change/no", "licence or DOJ accreditation"
FACT_COLUMNS = ("source", "source_date", "checked", "valid_until", "volatile")
TO_FILL = (ANSWER, CHANGES, NAME, LICENCE, DATE)
COLUMNS = (FLOW, PART, VERSION, "en", "es", *FACT_COLUMNS, *TO_FILL)
WHOLE = "the whole flow"


class Answer(Struct, frozen=True):
    """One step in both languages: what it says, what may be added, and its menu, line by line."""

    where: str
    english: tuple[str, ...]
    spanish: tuple[str, ...]


class Block(Struct, frozen=True):
    """One rights flow. ``version`` is the hash that an approval binds to, with letters in front of it."""

    flow: Flow
    version: str
    title: Mapping[Language, str]
    answers: tuple[Answer, ...]
    facts: tuple[Fact, ...]
    approved: bool


def version_of(flow: Flow, release: Release) -> str:
    """What an approval is bound to, so that no spreadsheet takes it for a number."""
    return f"words-{words_of(flow, release.catalogs, release.facts)}"


def blocks(release: Release, flows: Iterable[str] = ()) -> tuple[Block, ...]:
    """These rights flows, or all. Raises SheetError for a flow that needs nobody's approval, or is none."""
    rights = {flow.name: flow for flow in release.script.flows.values() if flow.group is Group.RIGHTS}
    wanted = tuple(flows) or tuple(rights)
    for name in wanted:
        if name not in rights:
            raise SheetError(f"{name!r} is no rights flow. A lawyer reads: {', '.join(rights)}")
    approved = approved_flows(release)
    return tuple(_block(rights[name], release, name in approved) for name in dict.fromkeys(wanted))


def rows(block: Block) -> Iterator[dict[str, str]]:
    """The rows of a block: the flow itself, where the answer goes, then each step and each fact."""
    common = {FLOW: block.flow.name, VERSION: block.version}
    titles = {language.value: text for language, text in block.title.items()}
    yield common | titles | {PART: WHOLE}
    for answer in block.answers:
        texts = {"en": "\n".join(answer.english), "es": "\n".join(answer.spanish)}
        yield common | texts | {PART: answer.where}
    for fact in block.facts:
        yield common | fact_cells(fact) | {PART: f"fact {fact.name}", "en": fact_says(fact)}


def fact_says(fact: Fact) -> str:
    """What it says, and what the fields stand for that the answers name its figures by: ``$court_address_days = 5``."""
    return "\n".join((fact.says, *(f"${figure.field} = {figure.value}" for figure in fact.figures)))


def fact_cells(fact: Fact) -> dict[str, str]:
    """What is known about the source of a fact, by column."""
    return {
        "source": fact.source,
        "source_date": fact.source_date,
        "checked": fact.checked.isoformat() if fact.checked else "nobody has read a source yet",
        "valid_until": fact.valid_until.isoformat(),
        "volatile": "changing now" if fact.volatile else "no",
    }


def _block(flow: Flow, release: Release, approved: bool) -> Block:
    catalogs = release.catalogs
    facts = tuple(release.facts[name] for name in fact_names(flow) if name in release.facts)
    title = {language: _text(flow.title, language, catalogs) for language in (Language.EN, Language.ES)}
    answers = tuple(_answer(flow, step, catalogs) for step in flow.steps.values() if step.sentences)
    return Block(flow, version_of(flow, release), title, (*_minimum(flow, catalogs), *answers), facts, approved)


def _minimum(flow: Flow, catalogs: Mapping[Language, Catalog]) -> Iterator[Answer]:
    if flow.minimum:
        english, spanish = (_text(flow.minimum, language, catalogs) for language in (Language.EN, Language.ES))
        yield Answer("what families get until somebody approves this", (english,), (spanish,))


def _answer(flow: Flow, step: Step, catalogs: Mapping[Language, Catalog]) -> Answer:
    english, spanish = (tuple(_lines(step, language, catalogs)) for language in (Language.EN, Language.ES))
    return Answer(answer_name(flow, step), english, spanish)


def _lines(step: Step, language: Language, catalogs: Mapping[Language, Catalog]) -> Iterator[str]:
    if step.say:
        yield _text(step.say, language, catalogs)
    if step.child:
        yield f"[in its place to a child] {_text(step.child, language, catalogs)}"
    for sentence in step.also:
        yield f"[{_condition(sentence)}] {_text(sentence, language, catalogs)}"
    if step.durable:
        yield f"[in its place while the languages differ] {_text(step.durable, language, catalogs)}"
    if step.none:
        yield f"[when nobody is near] {_text(step.none, language, catalogs)}"
    for choice in step.choices:
        yield f"{choice.digit} {_text(choice.label, language, catalogs)}"


def _condition(sentence: Sentence) -> str:
    if sentence.fact:
        return f"while the fact {sentence.fact} holds"
    return f"while ${sentence.without} is not known" if sentence.without else "added"


def _text(sentence: Sentence, language: Language, catalogs: Mapping[Language, Catalog]) -> str:
    """The words that the hash covers: English as families get it, Spanish as it is written."""
    if language is Language.EN:
        return text_for(sentence.key, language, sentence.english, catalogs).text
    entry = catalogs[language].entries.get(sentence.key)
    return entry.text if entry else ""
