"""Sentences that wait in a console, for the tests of its pages and for pictures of them."""

from __future__ import annotations

from sqlalchemy import delete, select

from bot.console.desk import Desk
from bot.store.content_models import Phrase
from bot.store.phrases import Origin, keep

NO_FOOD = "mi hijo tiene *** años y no come desde ayer"
IN_KICHE = "kwaj jun ajkun rech ri wal"
SENTENCES = (
    ("es", NO_FOOD, "services_legal", "services_health"),
    ("en", "they are knocking and it says police on the vest", "home_visit", "agents_here_now"),
    ("quc", IN_KICHE, "", "services_health"),
)


def wait(desk: Desk, *sentences: tuple[str, str, str, str]) -> list[str]:
    """Only these wait; their ids in the same order. Language, text, what the bot heard, what staff say."""
    now = desk.clock()
    with desk.engine.begin() as connection:
        connection.execute(delete(Phrase))
        for language, text, heard, topic in sentences:
            keep(connection, now, language, text, heard, topic)
        ids = {row.text: row.id for row in connection.execute(select(Phrase.text, Phrase.id))}
    return [ids[text] for _, text, *_ in sentences]


def agree(desk: Desk, language: str, text: str, heard: str) -> None:
    """Only this waits, a question that a family agreed to keep."""
    with desk.engine.begin() as connection:
        connection.execute(delete(Phrase))
        keep(connection, desk.clock(), language, text, heard, origin=Origin.AGREED)
