"""Replies that stand: the same to whoever asks, from wherever and on any day. Each is written once.

Most menus and many answers are such: they name no fact that may run out, no place, no hour, no organization and nobody at a desk. A
voice notices when it says something else (bot/wording/voice.py, Noticed), and such a reply is never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from bot.engine.actions import Ask, Count, End, Say, SetLanguage
from bot.message import Reply
from bot.wording.performed import Announced, Performed
from bot.wording.render import Renderer

MOST_STANDING = 8_192
"""Nearly three times the steps of a release (474) on both channels in three languages; a reply takes some 600 bytes with what it is
found by."""


class Standing:
    """The replies of one release that stand. The release owns them (bot/scripts/release.py): our own words alone, MOST_STANDING of them."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Reply] = {}

    def reply(self, actions: Sequence[Performed], whose: Hashable, writer: Callable[[], Renderer]) -> Reply:
        """The reply that says these. ``whose``: all of the person and of the settings that a renderer goes by, beside what varies."""
        said = _ours(actions)
        if said is None:
            return writer().reply(actions)
        kept = self._kept.get((whose, said))
        if kept is None:
            renderer = writer()
            kept = renderer.reply(actions)
            if not renderer.voice.noticed.varies and len(self._kept) < MOST_STANDING:
                self._kept[whose, said] = kept
        return kept


def _ours(actions: Sequence[Performed]) -> tuple[Say | Ask, ...] | None:
    """What is said, where all of it are words and menus of ours; None where something else is."""
    said: list[Say | Ask] = []
    for action in actions:
        if isinstance(action, Say):
            if action.fields:
                return None
            said.append(action)
        elif isinstance(action, Ask):
            said.append(action)
        elif isinstance(action, Announced):
            # Nobody has published a notice for the area.
            if action.found or action.none is not None:
                return None
        elif not isinstance(action, (Count, End, SetLanguage)):
            return None
    return tuple(said)
