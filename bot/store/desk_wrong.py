"""Messages that the bot took for something else, kept to learn from: words that a person scrubbed, and nothing of who wrote them."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from sqlalchemy import insert, select, update

from bot.escalation.escalation import Author
from bot.escalation.scrub import scrub_signs
from bot.store.desk_door import Inside
from bot.store.desk_rows import SAID, said, sealed_beside
from bot.store.errors import NotYours
from bot.store.models import EscalationMessage, WrongGuess

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
    inside.connection.execute(
        insert(WrongGuess).values(
            id=secrets.token_urlsafe(16),
            quarter=quarter(inside.now),
            language=str(language or "")[:8],
            # Whatever she let stand: a number or an address of anybody is never what it takes to learn a topic.
            text=scrub_signs(scrubbed),
            heard=str(heard or "")[:64],
            right=right[:64],
        )
    )
    return True


def quarter(now: float) -> str:
    """The quarter of a moment in unix seconds, as 2026Q4."""
    day = datetime.fromtimestamp(now, UTC)
    return f"{day.year}Q{(day.month + 2) // 3}"
