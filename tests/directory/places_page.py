"""docs/places.md: how phrases that families write are understood. Made from place_phrases.tsv, which is the test too.

python -m tests.directory.places_page          writes the page
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.directory.place import PlaceMatch
from bot.directory.places import Places

PHRASES = Path(__file__).with_name("place_phrases.tsv")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "places.md"
ASKED, SENTENCE, STATE = "asked", "sentence", "state"
_BETWEEN = " | "
_HEADS = {
    ASKED: (
        'The answer to "where are you?"',
        "is taken for",
        "nothing: asked once more, kindly, then for the state, then a person",
    ),
    SENTENCE: (
        "A message in which nobody has asked for a place",
        "is near",
        "nothing: a place is asked for when one is needed",
    ),
    STATE: ('The answer to "in which state?"', "is taken for", "nothing: a person"),
}
_INTRODUCTION = """# What a place is taken for

Made by `python -m tests.directory.places_page` from `tests/directory/place_phrases.tsv`; `tests/directory/test_place_phrases.py` holds the
program to each line and fails when this page is stale. A phrase that goes wrong in the field belongs into that file, and then the tables
(`directory/aliases.tsv`, `not_places.tsv`, `regions.tsv`) are mended until it is right.

Several places in one line are a numbered question to the person. Where a country stands, it is what was known of the person before.
Towns and points: GeoNames (https://www.geonames.org), CC BY 4.0, changed by us; see [directory/README.md](../directory/README.md).
"""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line: what is written, in which situation, to whom with which known country, and what it should be taken for."""

    situation: str
    country: str | None
    text: str
    expected: tuple[str, ...]
    why: str

    @property
    def name(self) -> str:
        """For the list of the tests."""
        return f"{self.situation}: {self.text}" + (f" ({self.country})" if self.country else "")


def phrases() -> list[Phrase]:
    """The lines of the file."""
    with PHRASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))
    return [
        Phrase(
            row["situation"],
            row["country"] or None,
            row["phrase"],
            tuple(row["expected"].split(_BETWEEN)) if row["expected"] else (),
            row["why"],
        )
        for row in rows
    ]


def understood(places: Places, phrase: Phrase) -> tuple[str, ...]:
    """The labels of the one place, of the candidates in their order, or none."""
    if phrase.situation == SENTENCE:
        match = PlaceMatch(places.extract(phrase.text, phrase.country))
    elif phrase.situation == STATE:
        match = places.state(phrase.text, phrase.country)
    else:
        match = places.find(phrase.text, phrase.country)
    return tuple(place.long_label for place in (match.found, *match.candidates) if place)


def page(lines: Iterable[Phrase]) -> str:
    """The whole page."""
    lines = list(lines)
    return "\n".join([_INTRODUCTION, *(_table(situation, lines) for situation in (ASKED, SENTENCE, STATE))])


def _table(situation: str, lines: Iterable[Phrase]) -> str:
    title, head, nothing = _HEADS[situation]
    rows = [
        f"| {line.text}{f' ({line.country})' if line.country else ''} | {_said(line.expected, nothing)} | {line.why} |"
        for line in lines
        if line.situation == situation
    ]
    return "\n".join([f"## {title}", "", f"| written | {head} | note |", "|---|---|---|", *rows, ""])


def _said(expected: tuple[str, ...], nothing: str) -> str:
    if len(expected) > 1:
        return " ".join(f"{number}. {label}" for number, label in enumerate(expected, 1))
    return expected[0] if expected else f"*{nothing}*"


if __name__ == "__main__":
    PAGE.write_text(page(phrases()), "utf-8")
