"""The eyes of her who looks at the inbox now: her rights, her language, what the release calls things, who else looks."""

from __future__ import annotations

from collections.abc import Sequence

from bot.console.access import viewer
from bot.console.desk import desk
from bot.console.inbox_view import Eyes
from bot.console.times import exact
from bot.console.topics import title_in
from bot.console.words import page_language, words
from bot.escalation.viewer import Role
from bot.language import Language


def eyes(ids: Sequence[str] = ()) -> Eyes:
    """For these conversations: of who else looks only theirs is asked."""
    parts, mine = desk(), viewer()
    title = title_in(parts.puente.conversation.release(), Language(page_language()), words)
    looking: dict[str, tuple[str, ...]] = {}
    if mine.has(Role.RESPONDER):
        others = parts.looking.others_of(mine, ids)
        looking = {id: tuple(name for name, _ in names) for id, names in others.items()}
    return Eyes(
        viewer=mine,
        words=words,
        now=parts.clock(),
        title=title,
        exact=exact,
        others=lambda id: looking.get(id, ()),
    )
