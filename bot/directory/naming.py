"""From words to the rows that they name: "Dalton, Georgia", "Xela", "Carolina del Norte", "San Marcos Guatemala"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.directory.aliases import Alias
from bot.directory.gazetteer import Gazetteer
from bot.directory.place import Level

BIGGEST_WINS = 5  # times the population of the next
MOST_CANDIDATES = 5
LONGEST_CODE = 2  # letters: PA, TX
_LONGEST_AREA = 5  # words: "departamento de ..." and "los estados unidos mexicanos"
_TOWN_BEFORE_ITS_STATE = 20  # Oaxaca is the town; a hamlet called Hidalgo in Hidalgo is not
_BETWEEN = frozenset({"de", "del", "en", "in", "of"})


class How(Enum):
    """How sure the words are by themselves."""

    ALIAS = auto()
    WITH_STATE = auto()
    BARE = auto()


@dataclass(frozen=True, slots=True)
class Named:
    """Rows of the gazetteer that carry the name, at least one; ``town``: the words without the state."""

    rows: tuple[int, ...]
    how: How
    town: Sequence[str]


class Names:
    """Looks names up exactly as they are filed. Pure; never guesses (misspelling.py does)."""

    def __init__(self, gazetteer: Gazetteer, aliases: Mapping[str, Alias]) -> None:
        self.gazetteer = gazetteer
        self.aliases = aliases

    def named(self, words: Sequence[str], *, asked: bool) -> Named | None:
        """What the words name as a whole; ``asked``: a place was asked for, so a loose everyday name will do."""
        key = " ".join(words)
        alias = self.aliases.get(key)
        if alias and (asked or alias.anywhere):
            return Named((alias.row,), How.ALIAS, words)
        if bare := self.gazetteer.keys.get(key):
            return Named(bare, How.BARE, words)
        for town, areas in self.split_areas(words):
            before = self.named(town, asked=asked)
            if before and before.how is How.BARE and len("".join(town)) <= LONGEST_CODE:
                continue  # "pa Estados Unidos" is K'iche' for "in the United States", not Pennsylvania
            inside = self.inside(before.rows, areas) if before else ()
            if before and inside:
                return Named(inside, How.WITH_STATE, before.town)
        return None

    def split_areas(self, words: Sequence[str]) -> Iterable[tuple[Sequence[str], tuple[int, ...]]]:
        """Every way to read the end of the words as a state, department or country: (words before, its rows)."""
        for size in range(min(_LONGEST_AREA, len(words) - 1), 0, -1):
            areas = self.gazetteer.areas.get(" ".join(words[-size:]))
            town = words[:-size]
            while len(town) > 1 and town[-1] in _BETWEEN:
                town = town[:-1]
            if areas:
                yield town, areas

    def inside(self, rows: Iterable[int], areas: Sequence[int]) -> tuple[int, ...]:
        """The rows that lie in one of the areas; a town is no area and holds nothing."""
        known = self.gazetteer
        states = {(known.country[area], known.admin1[area]) for area in areas if known.level[area] is Level.REGION}
        countries = {known.country[area] for area in areas if known.level[area] is Level.COUNTRY}
        return tuple(
            row for row in rows if known.country[row] in countries or (known.country[row], known.admin1[row]) in states
        )

    def meant(self, rows: Iterable[int]) -> tuple[int, ...]:
        """Which of the rows is meant: one, or the two to five between which only the person can choose."""
        known = self.gazetteer
        ranked = sorted(self._one_for_each_state(rows), key=lambda row: -known.population[row])
        countries = [row for row in ranked if known.level[row] is Level.COUNTRY]
        if countries or not ranked:
            return tuple(countries[:1])
        biggest = known.population[ranked[0]]
        rivals = [row for row in ranked[1:] if known.population[row] * BIGGEST_WINS >= biggest]
        return tuple([ranked[0], *rivals][:MOST_CANDIDATES])

    def _one_for_each_state(self, rows: Iterable[int]) -> Iterable[int]:
        best: dict[tuple[str, str], int] = {}
        for row in rows:
            state = (self.gazetteer.country[row], self.gazetteer.admin1[row])
            best[state] = self._rather(best[state], row) if state in best else row
        return best.values()

    def _rather(self, one: int, other: int) -> int:
        """Of two namesakes in one state the bigger; the town before the state, unless it is a hamlet."""
        population = self.gazetteer.population
        small, big = sorted((one, other), key=lambda row: (population[row], self.gazetteer.level[row] is Level.REGION))
        if self.gazetteer.level[big] is Level.REGION and population[small] * _TOWN_BEFORE_ITS_STATE >= population[big]:
            return small
        return big
