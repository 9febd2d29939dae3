"""The word list of K'iche', as help for whoever writes: the rows that fit a text. Pure."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from bot.wording.kiche import words_of

MOST = 12
_ALIKE = 5
"""Words that begin with so many letters alike are taken for forms of one: abogado, abogada."""
_SHORTEST = 4


class Row(Struct, frozen=True):
    """A word that somebody has written before, what it means in Spanish, where it was seen, and its kind (bot/wording/kiche.py)."""

    word: str
    es: str
    source: str
    kind: str


def load_rows(path: Path) -> tuple[Row, ...]:
    """All rows of the list, in its order. ``load_words`` checks them."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(Row(**row) for row in csv.DictReader(file, strict=True))


def fitting(rows: Sequence[Row], spanish: str, kiche: str, most: int = MOST) -> tuple[Row, ...]:
    """The rows of words that stand in the K'iche', then those that mean a word of the Spanish, in the order of the texts."""
    own, wanted = words_of(kiche), words_of(spanish)
    by_word = {words_of(row.word)[0]: row for row in rows if words_of(row.word)}
    # The small words stand in every sentence: whoever speaks the language needs no help with them.
    found = [by_word[word] for word in own if word in by_word and len(word) >= _SHORTEST]
    for word in wanted:
        if len(word) >= _SHORTEST:
            found += [row for row in rows if any(_alike(word, each) for each in words_of(row.es))]
    # A loan that is written as the Spanish word helps nobody.
    useful = (row for row in dict.fromkeys(found) if words_of(row.word) != words_of(row.es))
    return tuple(useful)[:most]


def _alike(one: str, other: str) -> bool:
    if len(other) < _SHORTEST:
        return False
    return one == other or (min(len(one), len(other)) >= _ALIKE and one[:_ALIKE] == other[:_ALIKE])
