"""The texts of an answer step by step, in the order in which a family reads them, each with where it stands in plain words. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.console.spans import Words
from bot.console.topics import title_in
from bot.engine.flow import Choice, Flow, Sentence, Step, Target
from bot.engine.walk import NOTICES
from bot.language import Language
from bot.scripts.release import Release
from bot.scripts.ways import first_passages
from bot.wording.choose import text_for

NAME = "-"
"""How the part is called that holds the name of the answer and its minimum: no step has such a name."""
_FIRST_WORDS = 40


class Placed(Struct, frozen=True):
    """A text, and where it stands. ``short``: a name or a choice, one line of a menu. ``fact``: it goes when that fact runs out."""

    sentence: Sentence
    where: str
    short: bool = False
    fact: str = ""

    @property
    def key(self) -> str:
        """``flow.step.part``."""
        return self.sentence.key


class StepTexts(Struct, frozen=True):
    """One step with its texts. ``step`` is None for the name of the answer. ``title`` says when a family gets it."""

    name: str
    title: str
    step: Step | None
    texts: tuple[Placed, ...]


class Teller(Struct, frozen=True):
    """Says where texts stand, in the language of the page."""

    release: Release
    language: Language
    words: Words

    def steps(self, flow: Flow) -> tuple[StepTexts, ...]:
        """All that has texts, the name of the answer last: it is changed least."""
        words = self.words
        told = (
            StepTexts(step.name, self.title(flow, step), step, tuple(self._texts(flow, step)))
            for step in flow.steps.values()
        )
        named = StepTexts(NAME, words("step.name", "Its name in menus"), None, tuple(self._named(flow)))
        return (*(each for each in told if each.texts), named)

    def title(self, flow: Flow, step: Step) -> str:
        """When a family gets this step."""
        words = self.words
        if flow.name == NOTICES:
            return words("step.notice", "The bot says by itself: %(name)s", name=step.name.replace("_", " "))
        if step is flow.first:
            return words("step.first", "First answer")
        if any(step is each for passage in first_passages(self.release.script, flow) for _, each in passage.steps):
            return words("step.first-for-some", "First answer, for some: %(words)s", words=self._beginning(step))
        labels = tuple(dict.fromkeys(self._said(choice.label) for choice in _choices_to(flow, step.name)))
        if labels:
            named = ", ".join(self._quoted(label) for label in labels[:3])
            return words("step.after", "After choosing %(choice)s", choice=named)
        return words("step.other", "Further on: %(words)s", words=self._beginning(step))

    def _beginning(self, step: Step) -> str:
        sentence = step.say or step.none or (step.choices[0].label if step.choices else None)
        said = self._said(sentence) if sentence else step.name.replace("_", " ")
        return said if len(said) <= _FIRST_WORDS else f"{said[:_FIRST_WORDS].rsplit(' ', 1)[0]} …"

    def _quoted(self, said: str) -> str:
        words = self.words
        return words("step.quoted", "“%(words)s”", words=said)

    def _said(self, sentence: Sentence) -> str:
        return text_for(sentence.key, self.language, sentence.english, self.release.catalogs).text

    def _named(self, flow: Flow) -> Iterator[Placed]:
        words = self.words
        yield Placed(flow.title, words("step.title", "How menus call this answer: short, in lower case"), short=True)
        if flow.minimum:
            where = words(
                "step.minimum", "Goes out in place of every answer here while nobody with a licence has approved them"
            )
            yield Placed(flow.minimum, where)

    def _texts(self, flow: Flow, step: Step) -> Iterator[Placed]:
        words = self.words
        if step.say:
            yield Placed(step.say, words("step.say", "What the bot says"))
        if step.child:
            where = words("step.child", "The same to a child who writes: tú in Spanish, short, plain words")
            yield Placed(step.child, where)
        if step.durable:
            where = words("step.durable", "Goes out in its place while that says something else in another language")
            yield Placed(step.durable, where)
        for sentence in step.also:
            yield Placed(sentence, self._also(sentence), fact=sentence.fact or "")
        if step.none:
            yield Placed(step.none, words("step.none", "Said when nobody is near"))
        for choice in step.choices:
            where = words(
                "step.choice", "Choice %(n)s, goes to %(place)s", n=choice.digit, place=self._leads(flow, choice.target)
            )
            yield Placed(choice.label, where, short=True)

    def _also(self, sentence: Sentence) -> str:
        words = self.words
        said = [words("step.also", "A sentence added at the end")]
        if sentence.fact:
            said.append(words("step.also-fact", "left out once its fact has run out"))
        if sentence.without:
            said.append(words("step.also-without", "only while $%(field)s is not known", field=sentence.without))
        if sentence.country:
            said.append(words("step.also-country", "only for people in %(country)s", country=sentence.country))
        return "; ".join(said)

    def _leads(self, flow: Flow, target: Target) -> str:
        words = self.words
        if target.flow is not None:
            return self._quoted(title_in(self.release, self.language, words)(target.flow))
        if target.back or target.step is None or target.step not in flow.steps:
            return words("step.back", "where they came from")
        step = flow.steps[target.step]
        if step is flow.first:
            return words("step.to-first", "the first answer")
        return self._quoted(self._beginning(step))


def _choices_to(flow: Flow, name: str) -> Iterator[Choice]:
    for step in flow.steps.values():
        yield from (choice for choice in step.choices if choice.target.step == name)
