"""An answer that was withdrawn: whoever would get it is told so instead, and where help is. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from bot.engine.flow import Flow, Group, Script
from bot.engine.walk import MENU, NOTICES
from bot.frozen import replace
from bot.scripts.release import Release

SAID, SAID_URGENT = "withdrawn", "withdrawn_urgent"
"""The notices that stand in the place of an answer, and in that of one to somebody in danger."""
NEVER = frozenset(
    {MENU, NOTICES, "greet", "human", "thank", "lost_place", "voice_note", "not_understood", "relay", "other_language"}
)
"""What the bot itself is made of, and what a withdrawn answer leads to: it can be mended and undone, not withdrawn."""


def without(release: Release, names: Iterable[str]) -> Release:
    """The release with the notice in the place of these flows; those that it does not have are passed over."""
    flows = {name: release.script.flows[name] for name in names if name in release.script.flows and name not in NEVER}
    if not flows:
        return release
    script = Script.of({**release.script.flows, **{name: _said(release.script, flow) for name, flow in flows.items()}})
    # Nobody has to approve that nothing is said.
    return replace(release, script=script, approved=release.approved | set(flows), withdrawn=MappingProxyType(flows))


def _said(script: Script, flow: Flow) -> Flow:
    notice = script.flows[NOTICES].steps[SAID_URGENT if flow.group is Group.URGENT else SAID]
    return replace(flow, steps={notice.name: notice}, facts=(), approved_by=None, minimum=None)
