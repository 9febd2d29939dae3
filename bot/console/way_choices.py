"""Where a choice may lead, as a list to choose from, and back from what was chosen. Pure."""

from __future__ import annotations

from msgspec import Struct

from bot.console.way_graph import Drawer
from bot.engine.flow import Flow, Target
from bot.engine.walk import HUMAN, NOTICES
from bot.scripts.release import Release

BACK, PERSON = "back", f"flow:{HUMAN}"


class Choices(Struct, frozen=True):
    """What a choice may lead to beside BACK and PERSON: value and words, steps in their order, answers by title."""

    steps: tuple[tuple[str, str], ...]
    flows: tuple[tuple[str, str], ...]


def choices_of(drawer: Drawer, flow: Flow) -> Choices:
    """For a choice of this flow."""
    steps = ((f"step:{step.name}", drawer.beginning(step)) for step in flow.steps.values())
    named = (
        (f"flow:{name}", drawer.title(name))
        for name in drawer.release.script.flows
        if name not in (NOTICES, HUMAN, flow.name)
    )
    return Choices(tuple(steps), tuple(sorted(named, key=lambda each: each[1].casefold())))


def target_of(value: str, release: Release, flow: Flow) -> Target | None:
    """What was chosen; None for what is not there, or no choice at all."""
    kind, _, name = value.partition(":")
    if value == BACK:
        return Target(back=True)
    if kind == "step" and name in flow.steps:
        return Target(step=name)
    if kind == "flow" and name in release.script.flows and name != NOTICES:
        return Target(flow=name)
    return None
