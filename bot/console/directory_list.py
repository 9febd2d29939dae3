"""Which entries of the directory a volunteer asked for: by name, town or digits, and by what they are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import asdict

from bot.console.directory_words import state_of
from bot.directory.fold import fold
from bot.directory.freshness import FRESH_DAYS
from bot.directory.place import Level
from bot.directory.places import Places
from bot.store.directory_seen import EntrySeen

LEAST_DIGITS = 3
PAGE = 25
AGES = ("old", "never", "flagged")


class Asked(Struct, frozen=True):
    """What the list is asked for. ``age``: one of AGES; ``state``: one of STATE_WORDS. Empty is any."""

    q: str = ""
    kind: str = ""
    place: str = ""
    language: str = ""
    cost: str = ""
    age: str = ""
    state: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Asked:
        """As the address says it."""
        return cls(**{name: " ".join(args.get(name, "").split())[:60] for name in cls.__struct_fields__})

    @property
    def given(self) -> dict[str, str]:
        """What is asked for, for a link."""
        return {name: said for name, said in asdict(self).items() if said}


def found(
    entries: Iterable[EntrySeen], asked: Asked, flags: Mapping[str, int], today: date, places: Places
) -> list[EntrySeen]:
    """Those that fit, in their order."""
    region = region_of(asked.place, places)
    return [
        each
        for each in entries
        if _named(each, asked.q)
        and (not asked.kind or asked.kind in each.listed.kinds)
        and (not asked.place or _is_in(each, asked.place, region))
        and (not asked.language or asked.language in _languages(each))
        and (not asked.cost or _costs(each, asked.cost))
        and (not asked.age or _aged(each, asked.age, flags, today))
        and (not asked.state or entry_state(each) == asked.state)
    ]


def entry_state(each: EntrySeen) -> str:
    """One of STATE_WORDS."""
    return state_of(each.listed.status, each.listed.held_back, "service" in each.row.ids)


def confirmed_on(each: EntrySeen) -> date | None:
    """When somebody of the network last confirmed it."""
    return each.listed.confirmed[0] if each.listed.confirmed else None


def region_of(place: str, places: Places) -> tuple[str, str] | None:
    """Country and state that the words name: Illinois is US and IL."""
    match = places.state(place) if place else None
    named = match.found if match else None
    return (
        (named.country, named.admin1)
        if named and named.level is Level.REGION and _is_its_name(place, named.name)
        else None
    )


def _is_its_name(said: str, name: str) -> bool:
    # Of a town its state is found too, and all of that was not asked for.
    return fold(said) == fold(name)


def _named(each: EntrySeen, q: str) -> bool:
    if not q:
        return True
    digits = "".join(sign for sign in q if sign.isdigit())
    if len(digits) >= LEAST_DIGITS and any(digits in number.phone.number for number in each.listed.numbers):
        return True
    said = fold(f"{each.listed.name} {each.listed.name_es} {each.listed.city}")
    return all(word in said for word in fold(q).split()) and bool(fold(q))


def _is_in(each: EntrySeen, place: str, region: tuple[str, str] | None) -> bool:
    listed, wanted = each.listed, fold(place)
    if region and (listed.country, fold(listed.state)) == (region[0], fold(region[1])):
        return True
    return wanted in fold(listed.city) or wanted == fold(listed.state) or wanted == fold(listed.country)


def _languages(each: EntrySeen) -> set[str]:
    return {*each.listed.languages, *each.listed.interpreters.split(";")}


def _costs(each: EntrySeen, cost: str) -> bool:
    return bool(each.listed.cost) if cost == "known" else not each.listed.cost


def _aged(each: EntrySeen, age: str, flags: Mapping[str, int], today: date) -> bool:
    day = confirmed_on(each)
    if age == "flagged":
        return each.code in flags
    if age == "never":
        return day is None
    return day is None or (today - day).days > FRESH_DAYS
