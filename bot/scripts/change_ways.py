"""Where the choices of a flow lead, before and after a change, and who would get stuck. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.engine.flow import Flow, Target
from bot.language import Language
from bot.scripts.checks.paths import CIRCLE, DEAD_END, NO_HELP, UNLED, UNREACHABLE, check_paths
from bot.scripts.finding import Finding
from bot.scripts.release import Release
from bot.wording.choose import text_for


class Way(Struct, frozen=True):
    """One way out of a step. ``by``: choice.2, yes, no, place, go, or if.1 of a branch; ``label`` the menu line, else empty.

    Where it leads: ``flow`` (and its title in the language asked for), a ``step`` of the same flow, or ``back``.
    """

    step: str
    by: str
    label: str
    flow: str | None
    title: str
    to_step: str | None
    back: bool

    @property
    def place(self) -> tuple[str, str]:
        """Which way it is."""
        return self.step, self.by

    @property
    def target(self) -> Target:
        """Where it leads."""
        return Target(self.to_step, self.flow, self.back)


class WayChange(Struct, frozen=True):
    """A way that leads elsewhere, is new (``before`` None) or gone (``after`` None)."""

    before: Way | None
    after: Way | None


def ways_of(release: Release, flow: str, language: Language = Language.ES) -> tuple[Way, ...]:
    """Every way out of every step, in the order of the flow; none where there is no such flow."""
    found = release.script.flows.get(flow)
    return tuple(_ways(release, found, language)) if found else ()


def way_changes(before: Release, after: Release, flow: str, language: Language = Language.ES) -> tuple[WayChange, ...]:
    """The ways that lead elsewhere. A menu line is the same while it says the same, whatever its number."""
    old, new = ({_same(way): way for way in ways_of(each, flow, language)} for each in (before, after))
    changed = ((old.get(key), new.get(key)) for key in dict.fromkeys((*old, *new)))
    return tuple(WayChange(was, now) for was, now in changed if (was and was.target) != (now and now.target))


def stuck(release: Release, flow: str) -> tuple[Finding, ...]:
    """Dead ends, steps that nothing leads to, circles, and grave answers without a way to help, of this flow."""
    rules = (DEAD_END, UNREACHABLE, UNLED, CIRCLE, NO_HELP)
    return tuple(each for each in check_paths(release) if each.rule in rules and each.where.partition(".")[0] == flow)


def leading_here(release: Release, flow: str, language: Language = Language.ES) -> tuple[tuple[str, Way], ...]:
    """The ways of other flows that lead to this one, each with the flow that it is of."""
    return tuple(
        (each.name, way)
        for each in release.script.flows.values()
        if each.name != flow
        for way in _ways(release, each, language)
        if way.flow == flow
    )


def _same(way: Way) -> tuple[str, str]:
    return way.step, way.label or way.by


def _ways(release: Release, flow: Flow, language: Language) -> Iterator[Way]:
    for step in flow.steps.values():
        for choice in step.choices:
            label = text_for(choice.label.key, language, choice.label.english, release.catalogs).text
            yield _way(release, step.name, f"choice.{choice.digit}", label, choice.target, language)
        for by, target in zip(("yes", "no"), step.yes_no or (), strict=False):
            yield _way(release, step.name, by, "", target, language)
        for number, arm in enumerate(step.branch, 1):
            yield _way(release, step.name, f"if.{number}", "", arm.target, language)
        for by, only in (("place", step.on_place), ("go", step.target)):
            if only is not None:
                yield _way(release, step.name, by, "", only, language)


def _way(release: Release, step: str, by: str, label: str, target: Target, language: Language) -> Way:
    led = release.script.flows.get(target.flow or "")
    title = text_for(led.title.key, language, led.title.english, release.catalogs).text if led else ""
    return Way(step, by, label, target.flow, title, target.step, target.back)
