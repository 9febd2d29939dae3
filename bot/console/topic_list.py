"""Every topic that the model can hear, by its plain name, for a list to choose from. Pure."""

from __future__ import annotations

from collections.abc import Callable

from bot.engine.flow import Group
from bot.scripts.release import Release

_GROUPS = (Group.URGENT, Group.RIGHTS, Group.SERVICES, Group.CONVERSATION)
# What is said to the bot about its last words: nobody comes to write about these.
_SMALL_TALK = frozenset({"affirm", "deny", "repeat"})


def topics(release: Release, title: Callable[[str | None], str]) -> tuple[tuple[str, str], ...]:
    """Name and words of each: what is urgent first, and each group by its words."""
    named = [
        (_GROUPS.index(flow.group), title(name), name)
        for name, flow in release.script.flows.items()
        if flow.intents and name not in _SMALL_TALK
    ]
    return tuple((name, said) for _, said, name in sorted(named))
