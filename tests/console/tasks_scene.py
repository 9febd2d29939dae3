"""Something to do of every kind, for the tests of the first page and for pictures of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete

from bot.console.desk import Desk
from bot.escalation.viewer import Viewer
from bot.language import Language
from bot.store.content_models import FactCheck, TaskTaken
from bot.store.models import TopicCount
from tests.console.phrases_scene import SENTENCES, wait

FACT, LINE, FLOW, SENT = "door_closed", "orr", "services_health", "services_legal"


@dataclass(frozen=True)
class ToDo:
    """The subject of a task of each kind."""

    fact: str
    call: str
    line: str
    text: str
    phrase: str
    review: str


def clear(desk: Desk) -> None:
    """Nobody has taken or said anything, and nothing was read."""
    with desk.engine.begin() as connection:
        for table in (TaskTaken, FactCheck, TopicCount):
            connection.execute(delete(table))


def to_do(desk: Desk, marta: Viewer) -> ToDo:
    """Marta has changed what one answer means in Spanish, sent another for review; sentences wait; a call is due."""
    phrase = wait(desk, *SENTENCES)[0]
    key = _overtaken(desk, marta)
    if desk.changes.open_for(SENT) is None:
        _write(desk, marta, SENT, False)
        desk.changes.send(marta, SENT, "Una frase más clara")
    entries = desk.directory.seen(marta).entries
    code = next(
        code
        for code, each in entries.items()
        if len(each.listed.numbers) == 1 and each.listed.status == "active" and not each.listed.confirmed
    )
    return ToDo(FACT, code, LINE, f"quc:{key}", phrase, SENT)


def _overtaken(desk: Desk, who: Viewer) -> str:
    """The key of a text whose K'iche' has to follow the Spanish now."""
    if desk.changes.open_for(FLOW) is None:
        _write(desk, who, FLOW, True)
    lines = desk.changes.answer(FLOW).lines
    return next(line.key for line in lines if line.said[Language.QUC].stale)


def _write(desk: Desk, who: Viewer, flow: str, meaning: bool) -> None:
    line = next(line for line in desk.changes.answer(flow).lines if line.part == "say" and line.said[Language.QUC].text)
    said = line.said[Language.ES]
    desk.changes.save(who, flow, line.key, Language.ES, f"{said.text} Llame antes.", said.version, meaning)
