"""What people write and what must come back, as tests/chaos/script.yml has it. Nothing of ours is asked here."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FILE = Path(__file__).with_name("script.yml")
_LINE = re.compile(r"(\d) (.+)")


def fold(text: str) -> str:
    """Without accents and capitals: an SMS has not all of them."""
    plain = unicodedata.normalize("NFD", text)
    return "".join(each for each in plain if not unicodedata.combining(each)).casefold()


def label_of(text: str) -> str:
    """The name of a line of a menu: of one in K'iche' and Spanish the Spanish half."""
    return fold(text).rpartition(" / ")[2]


def menu_in(answer: str) -> dict[str, str]:
    """The digits that an answer offers, each with its label."""
    found = (_LINE.fullmatch(line.strip()) for line in answer.splitlines())
    return {line[1]: label_of(line[2]) for line in found if line}


def begins(answer: str, *openings: str) -> int:
    """How many lines of the answer begin with one of these."""
    heads = tuple(fold(each) for each in openings)
    return sum(fold(line).startswith(heads) for line in answer.splitlines())


@dataclass(frozen=True, slots=True)
class Says:
    """What a person writes, and how the answer begins."""

    write: str
    says: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    begin: Says
    menu: Says
    stop: Says
    more: str
    danger: tuple[Says, ...]
    free: tuple[Says, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """The whole file; labels are folded as ``label_of`` does it."""

    people: dict[str, Words]
    choices: dict[str, tuple[str, ...]]
    lists: dict[str, tuple[str, ...]]
    to_list: dict[str, str]
    place: str
    at_place: tuple[str, ...]
    asked_for_place: tuple[str, ...]
    no_more: tuple[str, ...]
    carrier_stop: str
    lost_place: tuple[str, ...]
    no_memory: tuple[str, ...]
    not_understood: tuple[str, ...]
    not_done: tuple[str, ...]
    person: tuple[str, ...]
    person_asks: tuple[str, ...]
    yes: tuple[str, ...]
    handed_over: tuple[str, ...]
    has_person: tuple[str, ...]


@cache
def script() -> Script:
    """The file, read once."""
    held: dict[str, Any] = YAML(typ="safe").load(FILE.read_text("utf-8"))
    people = {language: _words(words) for language, words in held.pop("people").items()}
    choices = {label_of(label): _many(openings) for label, openings in held.pop("choices").items()}
    to_list = {label_of(label): name for label, name in held.pop("to_list").items()}
    lists = {name: tuple(pages) for name, pages in held.pop("lists").items()}
    rest = {name: tuple(value) if isinstance(value, list) else value for name, value in held.items()}
    return Script(people, choices, lists, to_list, **rest)


def _many(openings: str | list[str]) -> tuple[str, ...]:
    """Where a label leads to one thing here and to another there, there are several."""
    return (openings,) if isinstance(openings, str) else tuple(openings)


def _words(held: dict[str, Any]) -> Words:
    one = {name: Says(**held[name]) for name in ("begin", "menu", "stop")}
    many = {name: tuple(Says(**each) for each in held[name]) for name in ("danger", "free")}
    return Words(**one, more=held["more"], **many)
