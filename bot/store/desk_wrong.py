"""Messages that the bot took for something else wait among the phrases: words that a person scrubbed, nothing of who wrote them."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.escalation.escalation import Author
from bot.store.desk_door import Inside
from bot.store.desk_rows import SAID, said, sealed_beside
from bot.store.errors import NotYours
from bot.store.models import EscalationMessage
from bot.store.phrases import keep

_MARK = "wrong"
"""Stands beside a message that was kept, so that it is kept once."""


def mark_wrong(inside: Inside, message: int, scrubbed: str, right: str) -> bool:
    """Keeps it; False where it was kept before. ``NotYours`` for what is no message of this family.

    Not in the audit: a row there names the conversation, and the order of rows would lead from the kept words to it.
    """
    mine = (EscalationMessage.number == message, EscalationMessage.escalation == inside.escalated.id)
    row = inside.connection.execute(select(*SAID).where(*mine, EscalationMessage.author == Author.FAMILY.value)).first()
    if row is None:
        raise NotYours
    before = said(row, inside.key)
    if before.beside.get(_MARK):
        return False
    kept = sealed_beside(inside.key, message, {**before.beside, _MARK: True})
    inside.connection.execute(update(EscalationMessage).where(*mine).values(beside=kept))
    heard, language = before.beside.get("topic"), before.beside.get("language") or inside.escalated.about.language
    keep(inside.connection, inside.now, str(language or ""), scrubbed, str(heard or ""), right)
    return True
