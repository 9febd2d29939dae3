"""The figures of facts, whole numbers with their unit: as fields of texts, and typed where a field belongs. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from string import Template
from typing import Any

from msgspec import Struct

from bot.scripts.errors import FactError

LARGEST_FIGURE = 9999
"""More days than that no deadline has, and no answer room for."""
# How each unit is written in the languages of the answers; of K'iche' what its draft texts may borrow, and the day.
_UNITS = {
    "minutes": r"minutos?|minutes?",
    "hours": r"horas?|hours?|h",
    "days": r"d[ií]as?|days?|q['\u2019\u02bc]ij",
    "weeks": r"semanas?|weeks?",
    "months": r"mes(?:es)?|months?",
    "years": r"años?|years?",
}
# 150 to 120 days; 5 or more days; 5 working days.
_TO_ANOTHER = r"(?:\s*(?:-|\u2013|to|or|and|a|o|y|e)\s*\d+)?"
_KIND = r"(?:(?:working|business|calendar|court|full|whole|more|or more|más|o más)[\s-]+)?"
_NAME = re.compile(rf"(?:[a-z][a-z0-9]*_)*(?:{'|'.join(_UNITS)})")


class Figure(Struct, frozen=True):
    """A number that a fact states, such as the 5 of "within 5 working days". The last word of ``name`` is its unit."""

    fact: str
    name: str
    value: int

    @property
    def field(self) -> str:
        """What stands for it in a text, without the dollar: ``court_address_days``."""
        return f"{self.fact}_{self.name}"

    @property
    def unit(self) -> str:
        """minutes, hours, days, weeks, months or years."""
        return self.name.rpartition("_")[2]

    @property
    def called(self) -> str:
        """Its name in words: ``earliest days``."""
        return self.name.replace("_", " ")


def read_figures(fact: str, says: str, value: Any) -> tuple[Figure, ...]:
    """The figures of a fact from what facts.yml has under ``figures:``. ``FactError`` says the mend, without the file."""
    if value is None:
        return ()
    if not isinstance(value, Mapping):
        raise FactError("figures is a list of names with numbers, such as {days: 5}")
    figures = tuple(_figure(fact, str(name), number) for name, number in value.items())
    for figure in figures:
        if not typed_in(figure, says):
            raise FactError(
                f"its figure {figure.name} is {figure.value}, and says holds no such number of {figure.unit}."
                " Write in digits what the source says, the same in both"
            )
    return figures


def _figure(fact: str, name: str, number: Any) -> Figure:
    if not _NAME.fullmatch(name):
        raise FactError(f"the name of its figure {name!r} does not end with a unit: {', '.join(_UNITS)}")
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= LARGEST_FIGURE:
        raise FactError(f"its figure {name} is no whole number from 1 to {LARGEST_FIGURE}")
    return Figure(fact, name, number)


def typed_in(figure: Figure, words: str) -> tuple[str, ...]:
    """Where this number stands with its unit, each as it stands there: ``5 working days``. Fields are no words here."""
    plain = Template.pattern.sub(" ", unicodedata.normalize("NFKC", words))
    return tuple(match.group() for match in _pattern(figure.value, figure.unit).finditer(plain))


@cache
def _pattern(value: int, unit: str) -> re.Pattern[str]:
    # No part of a larger number, of a day (5/10/2026), nor of the name of a form (EOIR-33).
    return re.compile(
        rf"(?<![\w.,/$])(?<![A-Za-z]-){value}{_TO_ANOTHER}[\s-]*{_KIND}(?:{_UNITS[unit]})(?!\w)", re.IGNORECASE
    )


def with_field(figure: Figure, typed: str) -> str:
    """What was typed with the field in place of the number: ``$court_address_days working days``."""
    rest = typed.removeprefix(str(figure.value))
    glued = rest[:1].isalnum() or rest[:1] == "_"
    return f"${{{figure.field}}}{rest}" if glued else f"${figure.field}{rest}"
