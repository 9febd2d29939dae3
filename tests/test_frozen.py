"""Changed copies of frozen values are those that the standard library makes."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.frozen import replace
from bot.language import Language
from bot.session import Session, Spot


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """A value that looks at what it is given."""

    number: int

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ValueError("below zero")


@dataclasses.dataclass(frozen=True, slots=True)
class Remembering:
    """A value with something of its own beside what it is given."""

    name: str
    said: list[str] = dataclasses.field(default_factory=list, init=False, compare=False)


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "language": st.sampled_from([None, *Language]),
        "at": st.sampled_from([None, Spot("menu", "first"), Spot("asylum", "first")]),
        "trail": st.sampled_from([(), (Spot("menu", "first"),)]),
        "misses": st.integers(0, 3),
        "updated": st.floats(0, 2e9),
        "known": st.booleans(),
    },
)


@given(first=CHANGES, then=CHANGES)
def test_a_copy_is_what_dataclasses_would_make(first: dict[str, object], then: dict[str, object]) -> None:
    session = dataclasses.replace(Session(), **first)  # type: ignore[arg-type]
    before = repr(session)
    assert replace(session, **then) == dataclasses.replace(session, **then)  # type: ignore[arg-type]
    assert repr(session) == before, "the value itself was changed"


def test_where_nothing_changes_no_copy_is_made() -> None:
    session = Session(language=Language.ES)
    assert replace(session, language=Language.ES, misses=0) is session


def test_a_field_that_is_not_there_is_refused() -> None:
    for changes in ({"lenguage": Language.ES}, {"misses": 7, "lenguage": Language.ES}):
        with pytest.raises((TypeError, AttributeError)):
            replace(Session(), **changes)  # type: ignore[arg-type]


def test_a_value_that_checks_itself_does_so_in_every_copy() -> None:
    assert replace(Checked(1), number=2) == Checked(2)
    with pytest.raises(ValueError, match="below zero"):
        replace(Checked(1), number=-1)


def test_what_is_a_values_own_is_not_handed_on() -> None:
    one = Remembering("one")
    one.said.append("hello")
    assert replace(one, name="other").said == []
