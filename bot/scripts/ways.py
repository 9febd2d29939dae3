"""Where a conversation can go: what one turn passes through, and where the person can be led from there. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.engine.flow import Flow, Group, Script, Step, Target
from bot.engine.walk import MENU, NOTICES
from bot.session import Spot

# What the engine goes to by itself, by name. Without these a turn could not be answered.
NEEDED_FLOWS = (
    MENU, NOTICES, "greet", "human", "thank", "services_near", "area_notices", "lost_place", "voice_note", "not_understood",
    "some_danger", "other_language", "relay", "child_or_adult",
)  # fmt: skip
NEEDED_NOTICES = (
    "stopped", "stop_confirm", "started_again", "help_word", "exited", "erased", "erase_unfinished", "erase_failed",
    "erase_held", "erase_confirm", "welcome_line", "language_switched", "language_ask", "spanish_only", "back_to",
    "other_question", "did_you_mean", "none_of_these", "see_options", "place_unknown", "place_which", "place_unknown_abroad", "place_state",
    "place_person", "where_abroad", "more_none", "more_end", "number_which", "number_thanks", "digit_unknown",
    "degraded", "person", "back", "yes", "no", "services_near", "services_more", "draft_mark", "safe_minimum",
    "share_nothing", "share_hint", "share_read", "share_unread", "area_notice", "paused", "paused_line", "known_talk",
    "known_nothing", "known_person", "known_unsure", "known_erasing", "brief", "zero_person", "services_far",
    "services_beyond", "services_by_phone", "line_open", "line_closed", "line_call_first", "line_speak", "line_interpreters",
    "line_only_speak", "line_by_phone", "line_state", "line_region", "line_country", "line_new_arrivals", "line_women",
    "line_men", "line_nationals", "line_office", "escalated", "escalated_later", "escalated_first", "escalated_child",
    "escalated_child_later", "escalate_failed", "desk_away", "desk_slow", "desk_write_again", "media_noted",
    "pass_question", "passed_on", "not_passed_on", "pass_failed", "closing_back", "closing_thanks", "closing_courage",
    "withdrawn", "withdrawn_urgent", "words_kept", "words_not_kept", "words_tried",
)  # fmt: skip
# And steps of flows.
_STEPS = (
    Spot("other_language", "mayan"), Spot("not_understood", "second"), Spot("not_understood", "learn"),
    Spot("relay", "private"), Spot("relay", "life"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passage:
    """What one turn passes through, from where it begins until the bot waits or has said all."""

    spots: tuple[Spot, ...]
    script: Script = field(compare=False, repr=False)

    @property
    def steps(self) -> tuple[tuple[Flow, Step], ...]:
        """The steps with their flows, in order."""
        return tuple(
            (self.script.flows[spot.flow], self.script.flows[spot.flow].steps[spot.step]) for spot in self.spots
        )

    @property
    def said(self) -> tuple[tuple[Flow, Step], ...]:
        """The steps that say something or show services."""
        return tuple((flow, step) for flow, step in self.steps if step.say or step.services)

    @property
    def opens_urgent(self) -> bool:
        """Whether this is the first answer to somebody in danger: an urgent flow begins in it."""
        return any(flow.group is Group.URGENT and step is flow.first for flow, step in self.steps)


def step_of(script: Script, spot: Spot) -> Step | None:
    """The step, or None where the script has none there."""
    return script.step(spot.flow, spot.step)


def landing(script: Script, flow: Flow, target: Target) -> Spot | None:
    """Where a way leads; ``back`` is the menu, where it ends at last. None for a flow that is not there."""
    name = MENU if target.back else target.flow
    if name is None:
        return Spot(flow.name, target.step or "")
    return Spot(name, script.flows[name].first.name) if name in script.flows else None


def onward(script: Script, spot: Spot) -> tuple[Spot, ...]:
    """Where the bot may go from this step without waiting; nowhere from one that waits."""
    step = step_of(script, spot)
    if step is None or step.waits:
        return ()
    ways = [arm.target for arm in step.branch] or ([step.target] if step.target else [])
    return _landings(script, spot, ways)


def ways_out(script: Script, spot: Spot) -> tuple[Spot, ...]:
    """Every place that a step leads to, by itself or by what the person answers."""
    step = step_of(script, spot)
    return _landings(script, spot, step.targets) if step else ()


def _landings(script: Script, spot: Spot, targets: Iterable[Target]) -> tuple[Spot, ...]:
    landings = (landing(script, script.flows[spot.flow], target) for target in targets)
    return tuple(each for each in landings if each is not None and step_of(script, each) is not None)


def passages_from(script: Script, spot: Spot) -> Iterator[Passage]:
    """Every passage that begins at this step. One that goes in a circle ends where it began to repeat itself."""
    yield from (Passage(spots, script) for spots in _paths(script, (spot,)))


def _paths(script: Script, so_far: tuple[Spot, ...]) -> Iterator[tuple[Spot, ...]]:
    following = [spot for spot in onward(script, so_far[-1]) if spot not in so_far]
    if not following:
        yield so_far
    for spot in following:
        yield from _paths(script, (*so_far, spot))


def first_passages(script: Script, flow: Flow) -> tuple[Passage, ...]:
    """The first answers of a flow: whatever is reached without waiting, a branch taken each way."""
    return tuple(passages_from(script, Spot(flow.name, flow.first.name)))


def beginnings(script: Script) -> tuple[Spot, ...]:
    """Where a turn can begin: every flow, what an answer leads to, and what the engine says by name."""
    spots = [Spot(flow.name, flow.first.name) for flow in script.flows.values()]
    for flow in script.flows.values():
        for step in flow.steps.values():
            if step.waits:
                spots += ways_out(script, Spot(flow.name, step.name))
    return tuple(dict.fromkeys([*spots, *_by_name(script)]))


def starts(script: Script) -> tuple[Spot, ...]:
    """Where a conversation can begin: what an intent starts and what the engine starts by name."""
    flows = [
        flow for flow in script.flows.values() if (flow.intents or flow.name in NEEDED_FLOWS) and flow.name != NOTICES
    ]
    return tuple(dict.fromkeys([*(Spot(flow.name, flow.first.name) for flow in flows), *_by_name(script)]))


def _by_name(script: Script) -> Iterator[Spot]:
    spots = (*(Spot(NOTICES, name) for name in NEEDED_NOTICES), *_STEPS)
    yield from (spot for spot in spots if step_of(script, spot) is not None)


def reachable(script: Script, begin: Iterable[Spot]) -> frozenset[Spot]:
    """Every step that these lead to, themselves among them."""
    reached, waiting = set(begin), list(begin)
    while waiting:
        for spot in ways_out(script, waiting.pop()):
            if spot not in reached:
                reached.add(spot)
                waiting.append(spot)
    return frozenset(reached)


def leading_to(script: Script, goals: Iterable[Spot]) -> frozenset[Spot]:
    """Every step from which one of these can be reached, themselves among them."""
    before: dict[Spot, list[Spot]] = {}
    for flow in script.flows.values():
        for name in flow.steps:
            for following in ways_out(script, here := Spot(flow.name, name)):
                before.setdefault(following, []).append(here)
    reached, waiting = set(goals), list(goals)
    while waiting:
        for spot in before.get(waiting.pop(), ()):
            if spot not in reached:
                reached.add(spot)
                waiting.append(spot)
    return frozenset(reached)


def circles(script: Script) -> tuple[tuple[Spot, ...], ...]:
    """Every way in which the bot would go in a circle without ever waiting for the person, each told once."""
    found: dict[frozenset[Spot], tuple[Spot, ...]] = {}
    done: set[Spot] = set()

    def visit(spot: Spot, path: tuple[Spot, ...]) -> None:
        if spot in path:
            circle = path[path.index(spot) :]
            found.setdefault(frozenset(circle), circle)
        elif spot not in done:
            for following in onward(script, spot):
                visit(following, (*path, spot))
            done.add(spot)

    for flow in script.flows.values():
        for name in flow.steps:
            visit(Spot(flow.name, name), ())
    return tuple(found.values())
