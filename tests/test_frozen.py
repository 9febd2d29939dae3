"""A changed copy of a value of either kind; what holds words of a family shows none of them where a traceback may show it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from msgspec import Struct

from bot.escalation.board import Board
from bot.escalation.escalation import About, Escalated
from bot.frozen import replace
from bot.session import Beside
from bot.store.sessions import Begun
from bot.with_staff import Person


class Kept(Struct, frozen=True):
    name: str
    number: int = 0
    said: dict[str, str] = {}


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    name: str
    number: int = 0
    said: dict[str, str] = dataclasses.field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ValueError("below zero")


@pytest.mark.parametrize("kind", [Kept, Checked])
def test_a_copy_has_the_changes_and_the_value_has_none(kind: Any) -> None:
    value = kind("ana", 1)
    assert replace(value, number=2) == kind("ana", 2) and value == kind("ana", 1)
    assert replace(value) == value and type(replace(value)) is kind
    with pytest.raises(TypeError):
        replace(value, nmae="beto")


@pytest.mark.parametrize("kind", [Kept, Checked])
def test_nothing_is_changed_in_place_and_no_default_is_shared(kind: Any) -> None:
    one, other = kind("ana"), kind("beto")
    with pytest.raises(AttributeError):
        one.number = 2
    one.said["es"] = "hola"
    assert not other.said


def test_a_copy_is_looked_at_as_a_new_value_is() -> None:
    with pytest.raises(ValueError, match="below zero"):
        replace(Checked("ana"), number=-1)


SECRET = "SECRETO"
TOLD = {
    "a turn that began": Begun(b"SECRETO", {"p": SECRET}, None, Beside(escalation=SECRET)),
    "who writes": Person(Board(), Escalated(SECRET, "sms", 1, about=About(place=SECRET)), open=True),
}


@pytest.mark.parametrize("name", TOLD)
def test_a_traceback_shows_nothing_of_a_person(name: str) -> None:
    shown = repr(TOLD[name])
    assert SECRET not in shown and shown.startswith(type(TOLD[name]).__name__)
