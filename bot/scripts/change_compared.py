"""A change beside what families get now: words, costs, ways, and who would get stuck. Pure."""

from __future__ import annotations

from msgspec import Struct

from bot.language import Language
from bot.scripts.change import Conflict, Opened
from bot.scripts.change_answer import Answer, Line
from bot.scripts.change_applied import Changed
from bot.scripts.change_costs import CostChange, cost_changes
from bot.scripts.change_ways import WayChange, stuck, way_changes
from bot.scripts.change_words import Difference, differences, left_behind
from bot.scripts.finding import Finding
from bot.scripts.release import Release


class Compared(Struct, frozen=True):
    """What a reviewer looks at. ``answer`` is None where the flow is to go. ``behind``: texts that another language left behind."""

    opened: Opened
    answer: Answer | None
    differences: tuple[Difference, ...]
    behind: tuple[tuple[Line, Language], ...]
    costs: tuple[CostChange, ...]
    ways: tuple[WayChange, ...]
    stuck: tuple[Finding, ...]
    conflicts: tuple[Conflict, ...]
    approval_ends: bool
    """A lawyer or accredited representative had approved it, and that word no longer is about these words."""


def compared(
    before: Release, changed: Changed, opened: Opened, answer: Answer | None, conflicts: tuple[Conflict, ...]
) -> Compared:
    """The change beside the release that it would go into."""
    after, flow = changed.release, opened.flow
    return Compared(
        opened,
        answer,
        differences(answer) if answer else (),
        left_behind(answer) if answer else (),
        cost_changes(before, after, flow),
        way_changes(before, after, flow),
        stuck(after, flow),
        conflicts,
        flow in before.approved and flow not in after.approved,
    )
