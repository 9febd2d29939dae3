"""Which organization a conversation goes to: by place, language and topic, else the default, else the shared pool. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.engine.place import from_token
from bot.escalation.organization import DeskOrganization
from bot.language import Language


def route(
    organizations: Sequence[DeskOrganization], language: Language | None, place: str | None, topic: str | None
) -> DeskOrganization | None:
    """The organization that fits best; None sends it to the shared pool. ``place`` is a token of bot/engine/place.py.

    One that names another place, or a topic, than this one is never chosen. Of those that fit, one that names the state comes
    before one that names the country, then who names the topic, then who speaks the language; of equals the default, then
    the first by name. The language never excludes: a person with an interpreter is better than none.
    """
    fitting = [(_rank(each, language, place, topic), each) for each in organizations if each.active]
    ranked = [(rank, each.name, each.id, each) for rank, each in fitting if rank is not None]
    if ranked:
        return min(ranked, key=lambda found: found[:3])[3]
    return next((each for each in organizations if each.active and each.is_default), None)


def _rank(
    each: DeskOrganization, language: Language | None, place: str | None, topic: str | None
) -> tuple[int, int, int, int] | None:
    near = _near(each.states, place)
    if near is None or (each.topics and topic not in each.topics):
        return None
    speaks = bool(language) and language in each.languages
    if not (near or each.topics or speaks or each.is_default):
        # It says nothing of itself that fits: only the default takes what nobody claims.
        return None
    return (-near, -int(bool(each.topics)), -int(speaks), -int(each.is_default))


def _near(states: Sequence[str], place: str | None) -> int | None:
    """2 where the state is named, 1 where the country is, 0 where no place is named or nobody knows hers; None elsewhere."""
    here = from_token(place)
    if not states or here is None:
        return 0
    return 2 if f"{here.country}-{here.admin1}" in states else 1 if here.country in states else None
