"""What an answer to "in which state?" says. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.directory.fold import sound
from bot.directory.naming import LONGEST_CODE, Names
from bot.directory.place import Level

_NO_CODES = frozenset({"ok", "hi"})  # said far more often than Oklahoma and Hawaii are written so
_ONE_SLIP, _TWO_SLIPS = 5, 8  # sounds


class States:
    """Looks only at states and departments, so that it may forgive more slips than a search among 34,000 towns."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._known = names.gazetteer
        areas = sorted({row for rows in self._known.areas.values() for row in rows})
        self._regions = {
            (self._known.country[row], self._known.admin1[row]): row
            for row in areas
            if self._known.level[row] is Level.REGION
        }
        keys = {
            key: rows
            for key, rows in self._known.areas.items()
            if len(key) > LONGEST_CODE and any(self._known.level[row] is Level.REGION for row in rows)
        }
        self._keys, self._sounds = list(keys), [sound(key) for key in keys]

    def rows(self, attempts: Sequence[Sequence[str]], country: str | None) -> tuple[int, ...]:
        """The states that the first telling attempt names, or that hold the town that it names; none if nothing tells."""
        for words in attempts:
            if (named := self._names.named(words, asked=True)) and " ".join(words) not in _NO_CODES:
                # "LA" is Louisiana, and the town in California.
                coded = self._known.areas.get(" ".join(words), ()) if len("".join(words)) <= LONGEST_CODE else ()
                return self.of([*self._names.meant(named.rows, named.rival, country), *coded])
        for words in attempts:
            if rows := self._misspelt(" ".join(words)):
                return self._names.meant(rows, None, country)
        return ()

    def of(self, rows: Iterable[int]) -> tuple[int, ...]:
        """The state of each row, once; a country stays what it is."""
        known = self._known
        states = (self._regions.get((known.country[row], known.admin1[row]), row) for row in rows)
        return tuple(dict.fromkeys(states))

    def _misspelt(self, written: str) -> list[int]:
        heard = sound(written)
        allowed = (len(heard) >= _ONE_SLIP) + (len(heard) >= _TWO_SLIPS)
        if len(heard) < _ONE_SLIP or any(letter.isdigit() for letter in heard):
            return []
        met = [each for each in extract(heard, self._sounds, scorer=OSA.distance, score_cutoff=allowed, limit=None)]
        fewest = min((slips for _, slips, _ in met), default=0)
        best = [self._keys[at] for like, slips, at in met if slips == fewest and like[:1] == heard[:1]]
        rows = (row for key in best for row in self._known.areas[key] if self._known.level[row] is Level.REGION)
        return list(dict.fromkeys(rows))
