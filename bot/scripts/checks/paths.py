"""Every way leads somewhere, nothing stands alone, no turn goes in a circle, help is always in reach."""

from __future__ import annotations

from collections.abc import Iterator

from bot.engine.flow import Flow, Group, Step, Target
from bot.scripts.finding import Finding, error, warning
from bot.scripts.release import Release
from bot.scripts.texts import flow_file, place_of
from bot.scripts.ways import circles, leading_to, reachable, starts, ways_out
from bot.session import Spot

UNKNOWN_TARGET = error(
    "unknown target",
    "whoever takes this way gets the menu again instead of an answer",
    "Name a flow or step that exists, or write it",
)
UNREACHABLE = error(
    "unreachable step",
    "its words were written for somebody and reach nobody, and nobody notices when they grow old",
    "Lead to it, give the flow an intent, or take it out",
)
UNLED = warning(
    "answer that nothing leads to yet",
    "its words reach nobody",
    "Let a choice of another answer lead to it, give it an intent, or take it out",
)
CIRCLE = error(
    "circle without waiting",
    "the turn breaks off and a person who asked for help gets none",
    "Let one of these steps wait (choices, ask) or end",
)
DEAD_END = error(
    "dead end",
    "a family that has read it does not know what to write next",
    "Give it choices that lead on",
)
NO_HELP = error(
    "no way to help",
    "an answer alone is not enough where somebody needs a lawyer, an organization or a person",
    "Let a choice lead to flow: services_near, services_legal or human",
)
UNASKED = error(
    "hand-over that nobody was asked about",
    "a person would read what somebody wrote who has not said yes to that",
    "Lead to it only as the yes of a yes_no, or to flow: human, which asks",
)
UNAGREED = error(
    "words kept that nobody agreed to keep",
    "what somebody wrote would be stored without her yes",
    "Lead to it only from a step with ask: text, and to that only as the yes of a yes_no",
)
_HELP_IS_NEEDED = (Group.URGENT, Group.RIGHTS)


def check_paths(release: Release) -> Iterator[Finding]:
    """Where the ways lead."""
    yield from _unknown_targets(release)
    yield from _unreachable(release)
    yield from _circles(release)
    yield from _dead_ends(release)
    yield from _without_help(release)
    yield from _unasked(release)
    yield from _unagreed(release)


def _unknown_targets(release: Release) -> Iterator[Finding]:
    for flow in release.script.flows.values():
        for step in flow.steps.values():
            for target in step.targets:
                if name := _unknown(release, flow, target):
                    yield UNKNOWN_TARGET.broken(flow_file(flow), place_of(flow, step), f"leads to {name}", said=name)


def _unknown(release: Release, flow: Flow, target: Target) -> str:
    if target.flow is not None:
        return "" if target.flow in release.script.flows else f"flow {target.flow!r}, which is not there"
    return f"step {target.step!r}, which is not there" if target.step and target.step not in flow.steps else ""


def _unreachable(release: Release) -> Iterator[Finding]:
    script = release.script
    reached = reachable(script, starts(script))
    for flow in script.flows.values():
        alone = [step for step in flow.steps.values() if Spot(flow.name, step.name) not in reached]
        if len(alone) == len(flow.steps):
            # No error: a new answer goes out first, then the choice that leads to it; the other way round it would lead nowhere.
            yield UNLED.broken(flow_file(flow), flow.name, "no intent and no other flow leads to this flow")
            continue
        for step in alone:
            yield UNREACHABLE.broken(flow_file(flow), place_of(flow, step), "nothing leads here")


def _circles(release: Release) -> Iterator[Finding]:
    for circle in circles(release.script):
        flow = release.script.flows[circle[0].flow]
        names = " -> ".join(f"{spot.flow}.{spot.step}" for spot in (*circle, circle[0]))
        yield CIRCLE.broken(flow_file(flow), f"{circle[0].flow}.{circle[0].step}", f"goes in a circle: {names}")


def _dead_ends(release: Release) -> Iterator[Finding]:
    for flow in release.script.flows.values():
        for step in flow.steps.values():
            if flow.group is not Group.CONVERSATION and not (step.waits or step.branch or step.target):
                problem = "the answer ends here without a way on"
                yield DEAD_END.broken(flow_file(flow), place_of(flow, step), problem)


def _without_help(release: Release) -> Iterator[Finding]:
    """The steps of grave flows from which neither services nor a person can be reached by choices."""
    script = release.script
    spots = [(flow, step, Spot(flow.name, step.name)) for flow in script.flows.values() for step in flow.steps.values()]
    helped = leading_to(script, [spot for flow, step, spot in spots if step.services or flow.name == "human"])
    for flow, step, spot in spots:
        # A step that leads to nothing has been told already.
        if flow.group in _HELP_IS_NEEDED and spot not in helped and ways_out(script, spot):
            yield NO_HELP.broken(flow_file(flow), place_of(flow, step), "no choice leads to services or a person")


def _unasked(release: Release) -> Iterator[Finding]:
    """Steps that hand over to staff and can be come to by another way than a yes."""
    for flow in release.script.flows.values():
        for step in flow.steps.values():
            if step.escalate and not _after_a_yes(flow, step):
                yield UNASKED.broken(flow_file(flow), place_of(flow, step), "more than a yes leads here")


def _unagreed(release: Release) -> Iterator[Finding]:
    """Steps that keep words and can be come to otherwise than by writing them after a yes."""
    for flow in release.script.flows.values():
        for step in flow.steps.values():
            before = [each for each in flow.steps.values() if any(way.step == step.name for way in each.targets)]
            asked = all(each.ask == "text" and _after_a_yes(flow, each) for each in before)
            if step.keep and (step is flow.first or not before or not asked):
                yield UNAGREED.broken(flow_file(flow), place_of(flow, step), "more than words after a yes leads here")


def _after_a_yes(flow: Flow, step: Step) -> bool:
    """Whether nothing but the yes of a question leads to this step."""
    agreed = {each.yes_no[0].step for each in flow.steps.values() if each.yes_no}
    others = {
        target.step
        for each in flow.steps.values()
        for target in each.targets
        if not (each.yes_no and target is each.yes_no[0])
    }
    return step is not flow.first and step.name in agreed and step.name not in others
