"""What the page of the way shows of an answer: pictures, list, what is wrong, what leads here and away. Pure but for the words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from bot.console.finding_words import Told, told
from bot.console.spans import Words
from bot.console.way_graph import Drawer
from bot.engine.flow import Flow
from bot.scripts.change_ways import leading_here, stuck, ways_of
from bot.scripts.checks.paths import CIRCLE
from bot.scripts.picture import Node, Picture, pictures
from bot.scripts.picture_list import Item, nested
from bot.scripts.picture_rounds import rounds


class Trouble(Struct, frozen=True):
    """Something wrong with a step. ``words``: how it begins."""

    step: str
    words: str
    told: Told


class Neighbour(Struct, frozen=True):
    """Another answer, and the words of the ways between it and this one."""

    flow: str
    title: str
    ways: tuple[str, ...]


class Seen(Struct, frozen=True):
    """All of it. ``by_itself``: families or the bot come to this answer without any choice."""

    nodes: tuple[Node, ...]
    pictures: tuple[Picture, ...]
    items: tuple[Item, ...]
    troubles: tuple[Trouble, ...]
    into: tuple[Neighbour, ...]
    out: tuple[Neighbour, ...]
    asked: bool


def seen(drawer: Drawer, flow: Flow, marked: str = "", path: Sequence[str] = ()) -> Seen:
    """``marked``: the step that she looks at; ``path``: the steps that a talk went through, in order."""
    troubles = tuple(_troubles(drawer, flow))
    nodes = drawer.nodes(flow, _marks(drawer.words, flow, troubles, marked, path))
    return Seen(
        nodes,
        pictures(nodes),
        nested(nodes),
        troubles,
        tuple(_into(drawer, flow)),
        tuple(_out(drawer, flow)),
        bool(flow.intents),
    )


def _marks(
    words: Words, flow: Flow, troubles: Iterable[Trouble], marked: str, path: Sequence[str]
) -> Mapping[str, list[str]]:
    marks: dict[str, list[str]] = {name: [] for name in flow.steps}
    marks[flow.first.name].append(words("way.mark-start", "It begins here"))
    if marked in marks:
        marks[marked].append(words("way.mark-this", "This step"))
    for name, step in flow.steps.items():
        if step.end:
            marks[name].append(words("way.mark-end", "The conversation ends here"))
        if numbers := [str(number) for number, each in enumerate(path, 1) if each == name]:
            marks[name].append(words("way.mark-talk", "In the talk: %(n)s", n=", ".join(numbers)))
    for trouble in troubles:
        if trouble.step in marks:
            marks[trouble.step].append(trouble.told.what)
    return marks


def _troubles(drawer: Drawer, flow: Flow) -> Iterable[Trouble]:
    circling = set()
    for finding in stuck(drawer.release, flow.name):
        name = finding.where.partition(".")[2]
        step = flow.steps.get(name, flow.first)
        if finding.rule is CIRCLE:
            circling.add(step.name)
        yield Trouble(step.name, drawer.beginning(step), told(finding))
    words = drawer.words
    for name in rounds(flow):
        if name not in circling:
            yield Trouble(
                name,
                drawer.beginning(flow.steps[name]),
                Told(
                    words("way.round", "Its choices only go round"),
                    words("way.round-why", "Whoever follows them comes by the same steps again, and to no help."),
                    words("way.round-mend", "Let a choice go to another answer, to a person or back."),
                    False,
                ),
            )


def _into(drawer: Drawer, flow: Flow) -> Iterable[Neighbour]:
    found: dict[str, list[str]] = {}
    for name, way in leading_here(drawer.release, flow.name, drawer.texts):
        step = drawer.release.script.flows[name].steps[way.step]
        found.setdefault(name, []).append(drawer.when(step, way.by, way.label))
    return _sorted(drawer, found)


def _out(drawer: Drawer, flow: Flow) -> Iterable[Neighbour]:
    found: dict[str, list[str]] = {}
    for way in ways_of(drawer.release, flow.name, drawer.texts):
        if way.flow and way.flow != flow.name:
            found.setdefault(way.flow, []).append(drawer.when(flow.steps[way.step], way.by, way.label))
    return _sorted(drawer, found)


def _sorted(drawer: Drawer, found: Mapping[str, Sequence[str]]) -> list[Neighbour]:
    named = (Neighbour(flow, drawer.title(flow), tuple(dict.fromkeys(ways))) for flow, ways in found.items())
    return sorted(named, key=lambda each: each.title.casefold())
