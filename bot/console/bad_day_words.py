"""What families read on a bad day, in the very words of the published content, with the wait that would be told now. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from bot.console.inbox_view import LANGUAGES
from bot.engine.actions import Say
from bot.escalation.board import BadDay, Board
from bot.language import Language
from bot.message import Channel
from bot.scripts.release import Release
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import Settings
from bot.wording.desk import desk_fields

FLOW, OFFERED, NOT_OFFERED = "human", "many_first", "many_else"
"""The steps of the flow for whom a person is offered, and for everybody else."""


class ToldFamilies(Struct, frozen=True):
    """In one language: what those read who are offered a person, before they are asked, and what all others read."""

    name: str
    lang: str
    offered: str
    not_offered: str


def told_families(release: Release, settings: Settings, now: float, wait: int | None) -> tuple[ToldFamilies, ...]:
    """In each language, as by SMS, where no place is known. ``wait``: the median in seconds; ``now`` in unix seconds."""
    return tuple(_told(release, settings, now, wait, language) for language in Language)


def _told(release: Release, settings: Settings, now: float, wait: int | None, language: Language) -> ToldFamilies:
    moment = datetime.fromtimestamp(now, UTC)
    desk = desk_fields(None, Board(bad_day=BadDay(int(now), wait)), "", language, moment)
    writes = renderer(release, settings, Session(language=language), Channel.SMS, now, desk)
    first, rest = ("\n".join(writes.reply([Say(FLOW, step)]).texts) for step in (OFFERED, NOT_OFFERED))
    return ToldFamilies(LANGUAGES[language.value], language.value, first, rest)
