"""Organizations as answers name them, each by fields of its own: ``$org_...`` its name, ``$tel_...`` its number. Pure.

A field ends in a code of the organization's id (``org_carecen_dc_1f0c6a2b``), so that it stays the same when the name changes; what
stands before it is for people to read. Offices of governments have none: where they may be named is said by each answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from msgspec import Struct

from bot.directory.fold import fold
from bot.directory.offer import phone_to_give
from bot.directory.ranking import NEVER, OFFICES
from bot.directory.service_at_location import ServiceAtLocation
from bot.language import Language

NAME, PHONE = "org", "tel"
_FIELD = re.compile(rf"({NAME}|{PHONE})_(?:[a-z0-9_]*_)?([a-z0-9]{{1,8}})")
_CODE, _READABLE = 8, 24
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
# Names have a short form beside the long one: "Florida Immigrant Coalition (FLIC)", "PASO, West Suburban Action Project".
_PARTED = re.compile(r"[(),/;]")
# Shorter ones are words that mean other things as well.
_SHORTEST = 4
_DIGITS = 10


class Named(Struct, frozen=True):
    """An organization, with its services that families can be told of; none while it is closed or not to be sent to."""

    code: str
    name: str
    name_es: str
    services: tuple[ServiceAtLocation, ...]

    def called(self, language: Language) -> str:
        """Its name; in K'iche' the Spanish one."""
        return self.name if language is Language.EN else self.name_es or self.name

    def field(self, kind: str = NAME) -> str:
        """The name of a field, without the dollar."""
        readable = re.sub(r"[^a-z0-9]+", "_", fold(self.name))[:_READABLE].strip("_")
        return "_".join(filter(None, (kind, readable, self.code)))


@dataclass(frozen=True, eq=False)
class Organizations:
    """Those of a directory, by code."""

    by_code: Mapping[str, Named] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, services: Iterable[ServiceAtLocation]) -> Organizations:
        """The organizations of these services."""
        found: dict[str, list[ServiceAtLocation]] = {}
        for service in services:
            found.setdefault(_code(service.organization_id), []).append(service)
        return cls({code: _named(code, some) for code, some in found.items() if not _is_office(some)})

    def find(self, name: str) -> tuple[str, Named] | None:
        """Kind and organization of a field; None for any other field, and for an organization that is not there (any more)."""
        match = _FIELD.fullmatch(name)
        found = self.by_code.get(match[2]) if match else None
        return (match[1], found) if match and found else None

    def in_words(self, text: str) -> Iterator[tuple[str, Named]]:
        """The organizations whose names are written out in a text, each as it stands there."""
        words = list(_WORD.finditer(text))
        keys = [_folded(word.group()) for word in words]
        at = 0
        while at < len(words):
            last, named = self._longest(words, keys, at)
            if named:
                yield text[words[at].start() : words[last - 1].end()], named
            at = last

    def with_number(self, number: str) -> Named | None:
        """The organization that has this number, however it is written."""
        return self._by_digits.get(_digits(number))

    def _longest(self, words: list[re.Match[str]], keys: list[str], at: int) -> tuple[int, Named | None]:
        """The longest name that begins with this word, and where it ends; the next word where there is none."""
        for last in range(min(len(words), at + self._most_words), at, -1):
            named = self._by_words.get(" ".join(keys[at:last]))
            # One word alone may mean something else (paso, cielo): only as the organization writes it.
            if named and (last > at + 1 or words[at].group() in f"{named.name} {named.name_es}"):
                return last, named
        return at + 1, None

    @cached_property
    def _by_words(self) -> Mapping[str, Named]:
        return {key: named for named in self.by_code.values() for key in _names(named)}

    @cached_property
    def _most_words(self) -> int:
        return max((key.count(" ") + 1 for key in self._by_words), default=1)

    @cached_property
    def _by_digits(self) -> Mapping[str, Named]:
        return {
            _digits(phone.number): named
            for named in self.by_code.values()
            for service in named.services
            for phone in service.phones
        }


def is_field(name: str) -> bool:
    """Whether a field is one of an organization, be it there or not."""
    return _FIELD.fullmatch(name) is not None


def value_of(
    organizations: Organizations, language: Language, today: date, unconfirmed: bool, mark: str, name: str
) -> str:
    """What a field stands for; empty where it has no value, so that its sentence is left out.

    A number that nobody has confirmed within a year goes out only while ``unconfirmed``, followed by ``mark``.
    """
    kind, named = organizations.find(name) or ("", None)
    if named is None or not named.services:
        return ""
    if kind == NAME:
        return named.called(language)
    sure = (phone_to_give(each, today, False) for each in named.services)
    if confirmed := next(filter(None, sure), None):
        return confirmed.text
    other = (phone_to_give(each, today, unconfirmed) for each in named.services)
    found = next(filter(None, other), None)
    return f"{found.text}{mark}" if found else ""


def _named(code: str, services: list[ServiceAtLocation]) -> Named:
    given = (each for each in services if each.status == "active" and NEVER not in each.exclusions)
    return Named(code, services[0].name, services[0].name_es, tuple(given))


def _is_office(services: Iterable[ServiceAtLocation]) -> bool:
    return any(not OFFICES.isdisjoint(each.exclusions) for each in services)


def _code(id: str) -> str:
    return "".join(char for char in id.lower() if char.isascii() and char.isalnum())[:_CODE]


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    """A word to compare by: the same few thousand stand in every answer."""
    return fold(word)


def _names(named: Named) -> Iterator[str]:
    """Every way in which its name is written, folded."""
    for name in dict.fromkeys((named.name, named.name_es)):
        for part in (name, *_PARTED.split(name)):
            words = [word.group() for word in _WORD.finditer(part)]
            if sum(map(len, words)) >= _SHORTEST:
                yield " ".join(map(fold, words))


def _digits(number: str) -> str:
    return "".join(char for char in number if char.isdigit())[-_DIGITS:]
