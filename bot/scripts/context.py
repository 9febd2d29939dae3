"""Where each text stands, in plain words for whoever translates or checks it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from bot.engine.flow import Choice, Flow, Sentence, Step
from bot.engine.walk import NOTICES
from bot.language import Language
from bot.scripts.lengths import limit_of
from bot.wording.fill import placeholders
from bot.wording.gsm7 import most_characters


class Context(Struct, frozen=True):
    """One text: the file of its flow, where it stands, the names of its fields.

    ``limits``: the most SMS segments of the whole answer that it is part of; empty for the name of a flow.
    """

    sentence: Sentence
    flow: Flow
    step: Step | None
    where: str
    fields: tuple[str, ...]
    limits: Mapping[Language, int]

    @property
    def file(self) -> str:
        """The file that the English stands in."""
        return f"flows/{self.flow.group}/{self.flow.name}.yml"

    def limit(self, language: Language) -> str:
        """How long the whole answer may be, in words; empty where nothing limits it."""
        if language not in self.limits:
            return ""
        what = "answer, menu and Spanish" if language is Language.QUC else "answer with its menu"
        most = self.limits[language]
        return f"the whole {what}: at most {most} SMS ({most_characters(most)} characters)"

    def lines(self, language: Language, spanish: str = "") -> tuple[str, ...]:
        """The comment lines of a catalog. ``spanish``: what a K'iche' text is checked against."""
        fields = f"fields, to be kept as they are: {' '.join(self.fields)}" if self.fields else ""
        beside = f"es: {spanish}" if spanish and language is Language.QUC else ""
        return tuple(line for line in (self.where, self.limit(language), fields, beside) if line)


def contexts(flows: Mapping[str, Flow], only: Collection[str] | None = None) -> dict[str, Context]:
    """The context of every text of these flows by its key, flow by flow, in the order in which they are read.

    ``only``: the names of those that are asked for; None for all.
    """
    wanted = (flow for flow in flows.values() if only is None or flow.name in only)
    found = (context for flow in wanted for context in _of_flow(flow, flows))
    return {context.sentence.key: context for context in found}


def _of_flow(flow: Flow, flows: Mapping[str, Flow]) -> Iterator[Context]:
    yield Context(flow.title, flow, None, f"what menus call the flow {flow.name}: short, lower case", (), {})
    if flow.minimum:
        where = f"goes out in place of every answer of '{flow.title.english}' while no lawyer has approved them"
        yield Context(flow.minimum, flow, None, where, _fields(flow.minimum), {})
    for step in flow.steps.values():
        limits = {language: limit_of(flow, step, language) for language in Language}
        for sentence, where in _places(flow, step, flows):
            yield Context(sentence, flow, step, where, _fields(sentence), limits)


def _fields(sentence: Sentence) -> tuple[str, ...]:
    return tuple(f"${name}" for name in sorted(placeholders(sentence.english)))


def _places(flow: Flow, step: Step, flows: Mapping[str, Flow]) -> Iterator[tuple[Sentence, str]]:
    answer = answer_name(flow, step)
    if step.say:
        yield step.say, answer
    if step.child:
        yield step.child, f"the {answer} to a child who writes: tú, short, plain words"
    if step.durable:
        yield step.durable, f"goes out in place of the {answer} while that says something else in another language"
    for sentence in step.also:
        gone = f"; left out once the fact {sentence.fact} has run out" if sentence.fact else ""
        only = f"; only while ${sentence.without} is not known" if sentence.without else ""
        yield sentence, f"sentence added to the {answer}{gone}{only}"
    if step.none:
        yield step.none, f"said in the {answer} when nobody is near"
    for choice in step.choices:
        yield choice.label, f"menu line {choice.digit} of the {answer}; {_leads(choice, flows)}"


def answer_name(flow: Flow, step: Step) -> str:
    """How a step is called in words: ``first answer of 'if agents come to my home'``."""
    if flow.name == NOTICES:
        return f"sentence '{step.name}' that the bot says by itself"
    which = "first answer" if step is flow.first else f"answer '{step.name}'"
    return f"{which} of '{flow.title.english}'"


def _leads(choice: Choice, flows: Mapping[str, Flow]) -> str:
    target = choice.target
    if target.flow is not None:
        return f"leads to '{flows[target.flow].title.english if target.flow in flows else target.flow}'"
    return f"leads to the answer '{target.step}'" if target.step else "leads back"
