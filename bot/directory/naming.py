"""From words to the rows that they name: "Dalton, Georgia", "Xela", "Carolina del Norte", "San Marcos Guatemala"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto

from msgspec import Struct

from bot.directory.aliases import Alias
from bot.directory.distance import distance_km
from bot.directory.gazetteer import Gazetteer
from bot.directory.place import WIDE_COUNTRIES, Level

BIGGEST_WINS = 5  # times the population of the next
MOST_CANDIDATES = 5
LONGEST_CODE = 2  # letters: PA, TX
_LONGEST_AREA = 5  # words: "departamento de ..." and "los estados unidos mexicanos"
_TOWN_BEFORE_ITS_STATE = 20  # Oaxaca is the town; a hamlet called Hidalgo in Hidalgo is not
_BESIDE_KM = 30.0  # a part of a town, or a suburb, from the town's centre
_BETWEEN = frozenset({"de", "del", "en", "in", "of"})


class How(Enum):
    """How sure the words are by themselves."""

    ALIAS = auto()
    WITH_STATE = auto()
    BARE = auto()


class Named(Struct, frozen=True):
    """Rows of the gazetteer that carry the name, at least one; ``town``: the words without the state.

    ``rival``: the one of the rows that no bigger namesake outweighs, if there is such a one.
    """

    rows: tuple[int, ...]
    how: How
    town: Sequence[str]
    rival: int | None = None


class Names:
    """Looks names up exactly as they are filed. Pure; never guesses (misspelling.py does)."""

    def __init__(self, gazetteer: Gazetteer, aliases: Mapping[str, Alias]) -> None:
        self.gazetteer = gazetteer
        self.aliases = aliases
        # Most words end no state's name, and begin none: that is seen before anything is tried.
        self._ends = frozenset(key.split()[-1] for key in gazetteer.areas)
        self._starts = frozenset(key.split()[0] for key in gazetteer.areas)

    def may_name(self, key: str, last: str) -> bool:
        """Whether words, of which this is the key and the last one, may name anything where no place was asked for. Most name nothing."""
        return key in self.gazetteer.keys or key in self.aliases or last in self._ends

    def named(self, words: Sequence[str], *, asked: bool) -> Named | None:
        """What the words name as a whole; ``asked``: a place was asked for, so a loose everyday name will do."""
        key = " ".join(words)
        alias = self.aliases.get(key)
        if alias and not alias.also and (asked or alias.anywhere):
            return Named((alias.row,), How.ALIAS, words)
        bare = self.gazetteer.keys.get(key, ())
        if alias and alias.also:
            return Named((alias.row, *bare), How.BARE, words, alias.row)
        inside = self._with_area(words, asked=asked)
        if bare and not (inside and self._outweighs(inside.rows, bare)):
            return Named(bare, How.BARE, words)
        return inside or (self._part_of_a_town(words) if asked else None)

    def _with_area(self, words: Sequence[str], *, asked: bool) -> Named | None:
        """ "Dalton, Georgia", and for an answer also "Georgia, Dalton"."""
        if not words or not (words[-1] in self._ends or (asked and words[0] in self._starts)):
            return None
        for town, areas in self.split_areas(words, either_end=asked):
            before = self.named(town, asked=asked)
            if before and before.how is How.BARE and len("".join(town)) <= LONGEST_CODE:
                continue  # "pa Estados Unidos" is K'iche' for "in the United States", not Pennsylvania
            inside = self.inside(before.rows, areas) if before else ()
            if before and inside:
                return Named(inside, How.WITH_STATE, before.town)
        return None

    def _outweighs(self, rows: Iterable[int], bare: Iterable[int]) -> bool:
        """Whether "LA, California" is meant where the words are also the whole name of a hamlet."""
        population = self.gazetteer.population
        return max(population[row] for row in rows) > _TOWN_BEFORE_ITS_STATE * max(population[row] for row in bare)

    def _part_of_a_town(self, words: Sequence[str]) -> Named | None:
        """ "Pilsen Chicago", "Corona Queens": the first, where it lies in or beside the second."""
        for size in range(1, len(words)):
            part, town = (self._exactly(each) for each in (words[:size], words[size:]))
            if inside := tuple(row for row in part if any(self._is_beside(row, other) for other in town)):
                return Named(inside, How.WITH_STATE, words[:size])
        return None

    def _exactly(self, words: Sequence[str]) -> tuple[int, ...]:
        key = " ".join(words)
        alias = self.aliases.get(key)
        rows = self.gazetteer.keys.get(key, ())
        return (alias.row, *rows) if alias else rows

    def _is_beside(self, row: int, town: int) -> bool:
        known = self.gazetteer
        if row == town or known.level[town] is not Level.TOWN or known.level[row] not in (Level.TOWN, Level.ZIP):
            return False
        points = (known.latitude[row], known.longitude[row], known.latitude[town], known.longitude[town])
        return known.country[row] == known.country[town] and distance_km(*points) < _BESIDE_KM

    def split_areas(
        self, words: Sequence[str], *, either_end: bool = False
    ) -> Iterable[tuple[Sequence[str], tuple[int, ...]]]:
        """Every way to read the end of the words (or their beginning) as a state, department or country: (other words, its rows)."""
        longest = min(_LONGEST_AREA, len(words) - 1)
        for size in range(longest, 0, -1) if words and words[-1] in self._ends else ():
            areas = self.gazetteer.areas.get(" ".join(words[-size:]))
            town = words[:-size]
            while len(town) > 1 and town[-1] in _BETWEEN:
                town = town[:-1]
            if areas:
                yield town, areas
        for size in range(longest, 0, -1) if either_end and words and words[0] in self._starts else ():
            if len("".join(words[:size])) > LONGEST_CODE and (
                areas := self.gazetteer.areas.get(" ".join(words[:size]))
            ):
                yield words[size:], areas

    def inside(self, rows: Iterable[int], areas: Sequence[int]) -> tuple[int, ...]:
        """The rows that lie in one of the areas; a town is no area and holds nothing."""
        known = self.gazetteer
        states = {(known.country[area], known.admin1[area]) for area in areas if known.level[area] is Level.REGION}
        countries = {known.country[area] for area in areas if known.level[area] is Level.COUNTRY}
        return tuple(
            row for row in rows if known.country[row] in countries or (known.country[row], known.admin1[row]) in states
        )

    def meant(self, rows: Iterable[int], rival: int | None = None, country: str | None = None) -> tuple[int, ...]:
        """Which of the rows is meant: one, or the two to five between which only the person can choose.

        The biggest come first, but before them those of the ``country`` where the person is. No namesake far away outweighs
        a ``rival``, nor a town of Central America for somebody who is in that country.
        """
        rows = tuple(rows)
        if len(rows) == 1:
            return rows
        known = self.gazetteer
        ranked = sorted(self._one_for_each_state(rows, rival), key=lambda row: self._rank(row, rival, country))
        countries = [row for row in ranked if known.level[row] is Level.COUNTRY]
        if countries or not ranked:
            return tuple(countries[:1])
        others = [row for row in ranked if row != rival]
        home = [row for row in others if known.country[row] == country and country not in WIDE_COUNTRIES]
        kept = {rival, *self._biggest(others), *self._biggest(home)}
        return tuple([row for row in ranked if row in kept][:MOST_CANDIDATES])

    def _rank(self, row: int, rival: int | None, country: str | None) -> tuple[bool, bool, int]:
        # Nobody knows how many live in a ZIP; as a rival it is a part of a big town.
        part = row == rival and self.gazetteer.level[row] is Level.ZIP
        return self.gazetteer.country[row] != country, not part, -self.gazetteer.population[row]

    def _biggest(self, rows: Sequence[int]) -> Iterable[int]:
        population, level = self.gazetteer.population, self.gazetteer.level
        biggest = max(rows, key=population.__getitem__, default=None)
        if biggest is None:
            return ()
        # A state does not outweigh a state: who says "Carolina" may mean either.
        states = [row for row in rows if level[row] is level[biggest] is Level.REGION]
        return [row for row in rows if population[row] * BIGGEST_WINS >= population[biggest] or row in states]

    def _one_for_each_state(self, rows: Iterable[int], rival: int | None) -> Iterable[int]:
        best: dict[tuple[str, str, bool], int] = {}
        for row in rows:
            state = (self.gazetteer.country[row], self.gazetteer.admin1[row], row == rival)
            best[state] = self._rather(best[state], row) if state in best else row
        return best.values()

    def _rather(self, one: int, other: int) -> int:
        """Of two namesakes in one state the bigger; the town before the state, unless it is a hamlet."""
        population = self.gazetteer.population
        small, big = sorted((one, other), key=lambda row: (population[row], self.gazetteer.level[row] is Level.REGION))
        if self.gazetteer.level[big] is Level.REGION and population[small] * _TOWN_BEFORE_ITS_STATE >= population[big]:
            return small
        return big
