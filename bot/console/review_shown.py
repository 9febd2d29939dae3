"""What whoever reviews a change is shown: texts old and new, costs, ways, findings, kept conversations; from the stores' values. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from bot.console.editor_steps import Teller
from bot.console.spans import Words
from bot.engine.flow import Flow
from bot.language import Language
from bot.message import Channel
from bot.scripts.change_answer import ORDER, Answer, Said
from bot.scripts.change_compared import Compared
from bot.scripts.change_costs import CostChange
from bot.scripts.change_ways import Way
from bot.scripts.change_words import Difference
from bot.scripts.outcome import Gets, Outcome, outcomes


class Cell(Struct, frozen=True):
    """A text in one language: what becomes of it, or (``difference`` None) that nothing does.

    ``behind``: it did not change although another language of it now means something else.
    """

    language: Language
    said: Said
    difference: Difference | None
    behind: bool

    @property
    def kept(self) -> bool:
        """Whether nothing is to be said of it but that it stays."""
        return self.difference is None and not self.behind


class Changing(Struct, frozen=True):
    """One text that changes in some language, with all its languages. ``where`` says in plain words where it stands."""

    key: str
    where: str
    cells: tuple[Cell, ...]


class Cost(Struct, frozen=True):
    """The SMS parts of the dearest answer of those whose length changes in one language, before and after; US dollars of each."""

    language: Language
    before: int
    after: int
    was: float
    now: float


def places(flow: Flow, teller: Teller) -> Mapping[str, str]:
    """Where each text stands, by its key, in the language of the page."""
    return {
        text.key: f"{step.title}: {text.where}" if step.step else text.where
        for step in teller.steps(flow)
        for text in step.texts
    }


def changing(compared: Compared, where: Mapping[str, str]) -> tuple[Changing, ...]:
    """The texts that a change has otherwise, in reading order, each with its three languages."""
    return tuple(_changing(compared, where))


def _changing(compared: Compared, where: Mapping[str, str]) -> Iterator[Changing]:
    found = {(each.line.key, each.language): each for each in compared.differences}
    behind = {(line.key, language) for line, language in compared.behind}
    lines = {each.line.key: each.line for each in compared.differences}
    for key, line in lines.items():
        cells = (
            Cell(language, line.said[language], found.get((key, language)), (key, language) in behind)
            for language in ORDER
        )
        yield Changing(key, where.get(key, line.where), tuple(cells))


def costs(changes: Iterable[CostChange], price: float) -> tuple[Cost, ...]:
    """What the dearest answer costs by SMS in each language, of those whose length changes."""
    by_sms = [each for each in changes if each.channel is Channel.SMS]
    found = []
    for language in ORDER:
        mine = [each for each in by_sms if each.language is language]
        if mine:
            before = max(each.before.segments if each.before else 0 for each in mine)
            after = max(each.after.segments if each.after else 0 for each in mine)
            found.append(Cost(language, before, after, before * price, after * price))
    return tuple(found)


def dearer(changes: Iterable[CostChange]) -> tuple[CostChange, ...]:
    """The answers that take more or fewer parts of an SMS than before."""
    return tuple(each for each in changes if each.channel is Channel.SMS and each.more)


def choice_of(way: Way, words: Words) -> str:
    """Which way out of a step it is, in words."""
    if way.label:
        return f"“{way.label}”"
    match way.by.partition(".")[0]:
        case "yes":
            return words("review.by-yes", "“Yes”")
        case "no":
            return words("review.by-no", "“No”")
        case "place":
            return words("review.by-place", "once the place is known")
        case "if":
            return words("review.by-if", "by what is known of the person")
    return words("review.by-go", "by itself")


def leads_to(way: Way, words: Words) -> str:
    """Where a way goes, in words."""
    if way.flow:
        return f"“{way.title}”"
    if way.back or way.to_step is None:
        return words("step.back", "where they came from")
    return words("review.to-step", "the step “%(step)s”", step=way.to_step.replace("_", " "))


def way_words(before: Way | None, after: Way | None, words: Words) -> dict[str, str]:
    """A way that leads elsewhere than before, in words: step, choice, before and after (empty where there is none)."""
    way = after or before
    return {
        "step": way.step.replace("_", " ") if way else "",
        "choice": choice_of(way, words) if way else "",
        "before": leads_to(before, words) if before else "",
        "after": leads_to(after, words) if after else "",
    }


class Received(Struct, frozen=True):
    """What families that read one language get of each text that the change touches."""

    language: Language
    texts: tuple[Outcome, ...]

    @property
    def kinds(self) -> tuple[Gets, ...]:
        """What happens in this language, each thing once."""
        return tuple(dict.fromkeys(each.gets for each in self.texts))

    @property
    def unread(self) -> bool:
        """Whether K'iche' goes out that no speaker has read."""
        return any(each.unread for each in self.texts)


def received(answer: Answer) -> tuple[Received, ...]:
    """What families will get, by language: es, en, quc."""
    found = outcomes(answer)
    return tuple(Received(language, tuple(each for each in found if each.language is language)) for language in ORDER)
