"""Whether the directory has anybody for a kind of help in a state, in which languages, and how old its word is. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from bot.directory.freshness import Freshness
from bot.directory.listed import Listed

NATIONAL = "national"


class Cover(Struct, frozen=True):
    """Who works for a state: how many are active, how many of them were confirmed lately, which languages they serve in."""

    active: int
    fresh: int
    languages: frozenset[str]

    def lacks(self, languages: Iterable[str]) -> list[str]:
        """Those of these languages in which nobody serves."""
        return [each for each in languages if each not in self.languages]


class Coverage:
    """The entries that families are sent to, on one day."""

    def __init__(self, entries: Iterable[Listed], today: date) -> None:
        self._entries = tuple(each for each in entries if each.status == "active" and not each.held_back)
        self._today = today

    def of(self, state: str, kind: str) -> Cover:
        """For a kind of help in a state as counts name it: US-IL, GT-Quetzaltenango. "any" is every kind."""
        country, _, name = state.partition("-")
        found = [each for each in self._entries if _helps(each, kind) and _works_in(each, country, name)]
        fresh = sum(each.freshness(self._today) is Freshness.FRESH for each in found)
        spoken = (language for each in found for language in (*each.languages, *each.interpreters.split(";")))
        return Cover(len(found), fresh, frozenset(filter(None, map(str.strip, spoken))))


def _helps(each: Listed, kind: str) -> bool:
    return kind in each.kinds or kind == "any"


def _works_in(each: Listed, country: str, state: str) -> bool:
    """Who works for the whole country works there too, and who is elsewhere in the state as well: a family may be far away."""
    return each.country == country and (each.area == NATIONAL or each.state == state)
