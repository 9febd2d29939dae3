"""The steps of a flow in words, for its picture and its list: what each says, when each way is taken, where it leads. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from bot.console.languages import LANGUAGES
from bot.console.spans import Words
from bot.console.topics import title_in
from bot.console.way_told import CONDITIONS, DOES, VALUES
from bot.engine.flow import Condition, Flow, Sentence, Step
from bot.language import Language
from bot.scripts.change_ways import Way, ways_of
from bot.scripts.picture import Leading, Node
from bot.scripts.release import Release
from bot.wording.choose import text_for

_BEGINNING = 48


class Drawer(Struct, frozen=True):
    """Says the steps of a release: the texts in ``texts``, everything else in ``page``, the language of the page."""

    release: Release
    texts: Language
    page: Language
    words: Words

    def nodes(self, flow: Flow, marks: Mapping[str, Sequence[str]]) -> tuple[Node, ...]:
        """Every step, in the order of the flow. ``marks``: short words about some."""
        ways: dict[str, list[Way]] = {}
        for way in ways_of(self.release, flow.name, self.texts):
            ways.setdefault(way.step, []).append(way)
        return tuple(
            Node(step.name, self.says(step), tuple(self._leading(flow, step, ways.get(step.name, ()))), tuple(marks.get(step.name, ())))
            for step in flow.steps.values()
        )  # fmt: skip

    def says(self, step: Step) -> str:
        """What a step says, or where it says nothing, what it does."""
        if step.say or step.none:
            return self.said(step.say or step.none)
        words = self.words
        return words(next(told for does, told in DOES if does(step)))

    def beginning(self, step: Step) -> str:
        """The first words of what it says."""
        said = self.says(step)
        return said if len(said) <= _BEGINNING else f"{said[:_BEGINNING].rsplit(' ', 1)[0]}…"

    def title(self, flow: str) -> str:
        """How an answer is called."""
        return title_in(self.release, self.page, self.words)(flow)

    def when(self, step: Step, by: str, label: str = "") -> str:
        """When a way is taken."""
        words, (kind, _, number) = self.words, by.partition(".")
        if kind == "choice":
            return f"{number} {label}"
        if kind == "if":
            return self._condition(step.branch[int(number) - 1].condition)
        if kind == "yes":
            return words("way.yes", "1 yes")
        if kind == "no":
            return words("way.no", "2 no")
        if kind == "place":
            return words("way.place", "they write only a place")
        if step.ask:
            return words("way.asked", "when they have answered")
        return words("way.then", "at once, without waiting")

    def _leading(self, flow: Flow, step: Step, ways: Iterable[Way]) -> Iterable[Leading]:
        words = self.words
        for way in ways:
            yield Leading(way.by, self.when(step, way.by, way.label), place_of(way), self._onward(flow, way))
        if step.helped:
            # The engine's own: bot/engine/walk.py, helped().
            yield Leading("helped.yes", words("way.helped", "1 yes, it helped"), "flow:thank", self.title("thank"))
            no = words("way.not-helped", "2 no, it did not help")
            yield Leading("helped.no", no, "flow:human", self.title("human"))

    def _onward(self, flow: Flow, way: Way) -> str:
        words = self.words
        if way.flow:
            return words("way.other-answer", "answer “%(title)s”", title=self.title(way.flow))
        if way.back:
            return words("way.back", "back where they came from")
        step = flow.steps.get(way.to_step or "")
        if step is None:
            return words("way.nowhere", "a step that is not there")
        return words("way.to-step", "step “%(words)s”", words=self.beginning(step))

    def _condition(self, condition: Condition | None) -> str:
        words = self.words
        if condition is None:
            return words("way.else", "otherwise")
        value = condition.value or ""
        value = words(VALUES[value]) if value in VALUES else LANGUAGES.get(value, value)
        return words(CONDITIONS[condition.subject], value=value)

    def said(self, sentence: Sentence | None) -> str:
        """A sentence in the language of the texts."""
        if sentence is None:
            return ""
        return text_for(sentence.key, self.texts, sentence.english, self.release.catalogs).text


def place_of(way: Way) -> str:
    """Where a way leads, as addresses and forms write it."""
    if way.flow:
        return f"flow:{way.flow}"
    return "back" if way.back or not way.to_step else f"step:{way.to_step}"
