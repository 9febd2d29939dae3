"""Words that are also towns: "la corte", "paz", "hope". They say whether a text may be taken for a place.

Some 17,000 hamlets are known, and one of them is called after nearly every word that a family writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from bot.directory.sheet import read_sheet

COLUMNS = ["word", "kind"]


class Kind(StrEnum):
    """What a text is when it is not a place. The order goes from the least to the most likely place."""

    NEVER = "never"  # said all the time: a place only with its state, "Ayuda, Oaxaca"
    ORDINARY = "ordinary"  # a word with a meaning: only a big town
    NAME = "name"  # the name of a person: only a big town
    PLAIN = "plain"  # no other meaning known


# Words that make no name longer: "la paz" is one word, "garden city" is two.
_SMALL = frozenset("el la los las the de del of y and".split())


class EverydayWords:
    """The kind of each word of ``directory/not_places.tsv``."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = dict(kinds)

    def kind(self, words: Sequence[str]) -> Kind:
        """The kind of a whole text: as plain as its plainest word, so that "san jose" is a place and "la paz" is not."""
        kinds = {Kind.NEVER if word.isdigit() else self._kinds.get(word, Kind.PLAIN) for word in words}
        if len(kinds) == 1:
            return kinds.pop()
        return next(kind for kind in (Kind.PLAIN, Kind.NAME, Kind.ORDINARY, Kind.NEVER) if kind in kinds)

    def is_a_phrase(self, words: Sequence[str]) -> bool:
        """Whether two words or more stand together, as they seldom do by chance: "west palm beach", "villa canales"."""
        return len([word for word in words if word not in _SMALL]) > 1


def read_everyday_words(file: Path) -> EverydayWords:
    """Reads not_places.tsv. Raises DirectoryFileError for a kind that does not exist."""
    known = [kind.value for kind in Kind if kind is not Kind.PLAIN]
    lines = read_sheet(file, COLUMNS, separator="\t")
    return EverydayWords({line.required("word"): Kind(line.one_of("kind", known)) for line in lines})
