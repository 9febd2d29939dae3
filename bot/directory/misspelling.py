"""Near spellings of a town: "kezaltenango", "chicgo", "los anjeles". Asked only where a place was asked for.

A wrong town is worse than one more question, so the rule is narrow: five letters at least, the same first letter or
sound, one slip (two in a very long name), and the shorter the word the bigger the town must be. In a short word the
slip must be a letter left out, put in or moved: with one letter replaced nearly every word is a town.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.directory.everyday_words import EverydayWords, Kind
from bot.directory.fold import sound
from bot.directory.naming import How, Named, Names
from bot.directory.place import WIDE_COUNTRIES, Level

_DIGIT = re.compile(r"\d")
SHORTEST = 5  # letters
_SHORTEST_IN_AREA = 4  # with its state: "linn, massachusetts"
_LONG = 9  # sounds: any slip may be forgiven from here on
_VERY_LONG = 11  # sounds: two may
_WELL_KNOWN_LONG = 10_000  # people
_WELL_KNOWN_SHORT = 100_000
_CENTRAL_AMERICA_SMALLER = 5  # times: towns there are fewer, and they are why this service exists


class _Bucket(Struct):
    """Names and how they sound, side by side."""

    keys: list[str]
    sounds: list[str]


# By the first sound, or (True) by the first letter where that is written otherwise than it sounds; and by the number of sounds.
Spellings = dict[tuple[str, bool, int], _Bucket]


class Misspellings:
    """Every spelling as it sounds. Listening to 34,000 names takes 0.2 s, so that waits for the first slip, or for ``prepare``."""

    def __init__(self, names: Names, everyday: EverydayWords) -> None:
        self._names = names
        self._everyday = everyday
        self._known = names.gazetteer
        self._heard: Spellings | None = None

    def prepare(self) -> None:
        """Listens to all names now."""
        self._spellings()

    def nearest(self, attempts: Iterable[Sequence[str]]) -> Named | None:
        """What the attempt with the fewest slips comes nearest to; of equals the first. None if none is near."""
        best: Named | None = None
        fewest = _LONG
        for words in attempts:
            slips, named = self._one(words)
            if named and slips < fewest:
                best, fewest = named, slips
        return best

    def _one(self, words: Sequence[str]) -> tuple[int, Named | None]:
        for town, areas in self._names.split_areas(words):
            # "abogado en México" is no misspelt town of Mexico.
            slips, rows = self._rows(town, areas) if self._everyday.kind(town) is Kind.PLAIN else (0, ())
            if rows:
                return slips, Named(rows, How.WITH_STATE, town)
        if any(town for town, _ in self._names.split_areas(words)):
            return 0, None  # "Riverdale MD" is no Riverdale of Georgia
        slips, rows = self._rows(words, None)
        return slips, Named(rows, How.BARE, words) if rows else None

    def _rows(self, words: Sequence[str], areas: Sequence[int] | None) -> tuple[int, tuple[int, ...]]:
        """The fewest slips with which a well-known town is met, and the towns met so."""
        written, heard = " ".join(words), sound(" ".join(words))
        met: dict[int, list[int]] = {}
        for slips, key in self._near(written, heard, SHORTEST if areas is None else _SHORTEST_IN_AREA):
            if not self._is_meant(key, in_area=areas is not None):
                continue
            rows = self._filed(key) if areas is None else self._names.inside(self._filed(key), areas)
            known = [row for row in rows if self._is_well_known(row, heard, slips, in_area=areas is not None)]
            met.setdefault(slips, []).extend(known)
        return next(((slips, tuple(dict.fromkeys(met[slips]))) for slips in sorted(met) if met[slips]), (0, ()))

    def _near(self, written: str, heard: str, shortest: int) -> Iterator[tuple[int, str]]:
        if len(written.replace(" ", "")) < shortest or _DIGIT.search(written):
            return
        allowed = 2 if len(heard) >= _VERY_LONG else 1
        for bucket in self._buckets(written[:1], heard, allowed):
            met = extract(heard, bucket.sounds, scorer=OSA.distance, score_cutoff=allowed, limit=None)
            for sounds_like, slips, at in met:
                key = bucket.keys[at]
                # Of a short word, and of a name that is itself written as it is heard, only the very sound counts.
                exact = len(written) < SHORTEST or (len(key) < _LONG and key in self._names.aliases)
                same_start = key[0] == written[0] or sounds_like[0] == heard[0]
                if (slips and exact) or not same_start:
                    continue
                if len(heard) >= _LONG or _keeps_its_letters(heard, sounds_like):
                    yield int(slips), key

    def _buckets(self, letter: str, heard: str, allowed: int) -> Iterator[_Bucket]:
        """The spellings that begin and are about as long as what was heard: a hundredth of all, so that a search takes no time."""
        spellings = self._spellings()
        for begin in {(letter, False), (letter, True), (heard[:1], False)}:
            for length in range(len(heard) - allowed, len(heard) + allowed + 1):
                if bucket := spellings.get((*begin, length)):
                    yield bucket

    def _spellings(self) -> Spellings:
        # Two threads may both build it at first; they build the same.
        if self._heard is None:
            keys = [key for key in self._known.keys if len(key) >= _SHORTEST_IN_AREA]
            keys += [key for key in self._names.aliases if len(key) >= SHORTEST]
            # "Dallas" is English: its ll is no Spanish one.
            self._heard = _filed_by_sound([*keys, *(key for key in keys if "ll" in key)], len(keys))
        return self._heard

    def _filed(self, key: str) -> tuple[int, ...]:
        alias = self._names.aliases.get(key)
        return (alias.row,) if alias else self._known.keys[key]

    def _is_meant(self, key: str, in_area: bool) -> bool:
        """An everyday word is not taken for another everyday word that is a town too."""
        return in_area or self._everyday.kind(key.split()) is Kind.PLAIN or key in self._names.aliases

    def _is_well_known(self, row: int, heard: str, slips: int, *, in_area: bool) -> bool:
        """Whether the town is big enough for so short a word and so many slips; countries are never guessed."""
        level = self._known.level[row]
        if in_area or level in (Level.ZIP, Level.COUNTRY):
            return level is not Level.COUNTRY
        least = _WELL_KNOWN_LONG if len(heard) >= _LONG or not slips else _WELL_KNOWN_SHORT
        if self._known.country[row] not in WIDE_COUNTRIES:
            least //= _CENTRAL_AMERICA_SMALLER
        return self._known.population[row] >= least


def _filed_by_sound(keys: Sequence[str], spanish: int) -> Spellings:
    """Each name under its first sound; the first ``spanish`` of them as a Spanish speaker reads them."""
    filed: Spellings = defaultdict(lambda: _Bucket([], []))
    read = [*keys[:spanish], *(key.replace("ll", "l") for key in keys[spanish:])]
    # All at once: it takes half the time.
    for key, heard in zip(keys, sound("\n".join(read)).split("\n"), strict=True):
        heard = heard or "-"
        begins = ((heard[0], False),) if heard[0] == key[0] else ((heard[0], False), (key[0], True))
        for begin in begins:
            bucket = filed[*begin, len(heard)]
            bucket.keys.append(key)
            bucket.sounds.append(heard)
    return dict(filed)


def _keeps_its_letters(heard: str, other: str) -> bool:
    """Whether one sound was left out, put in or moved, and none replaced."""
    return len(heard) != len(other) or sorted(heard) == sorted(other)
