"""How big a place must be before words that may mean something else are taken for it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from bot.directory.everyday_words import EverydayWords, Kind
from bot.directory.gazetteer import Gazetteer
from bot.directory.naming import How, Named
from bot.directory.place import WIDE_COUNTRIES, Level


class Ground(IntEnum):
    """Why words are taken for the place of the person who writes, the better the higher."""

    LAST_WORDS = 1  # "abogado houston"
    TOWARDS = 2  # "por Houston", "pa Houston"
    AT = 3  # "en Houston"
    HERE = 4  # "vivo en Houston"
    ASKED = 5  # the answer to "where are you?"


# The least number of people, as (United States, Mexico, Central America). The fewer towns a country has, and the more
# likely its people write here, the smaller a town may be. None: not at all.
Least = tuple[int, int, int]
_PLAIN: dict[Ground, Least] = {
    Ground.LAST_WORDS: (100_000, 100_000, 10_000),
    Ground.TOWARDS: (100_000, 100_000, 10_000),
    Ground.AT: (2_500, 2_500, 0),
    Ground.HERE: (2_500, 2_500, 0),
    Ground.ASKED: (0, 0, 0),
}
_PHRASE: dict[Ground, Least] = {  # "west palm beach", "villa canales"
    Ground.LAST_WORDS: (100_000, 500_000, 100_000),
    Ground.TOWARDS: (100_000, 500_000, 100_000),
    Ground.AT: (20_000, 100_000, 100_000),
    Ground.HERE: (20_000, 100_000, 100_000),
    Ground.ASKED: (5_000, 20_000, 5_000),
}
_NAME: dict[Ground, Least] = {
    Ground.AT: (100_000, 100_000, 100_000),
    Ground.HERE: (100_000, 100_000, 100_000),
    Ground.ASKED: (20_000, 20_000, 5_000),
}
_ORDINARY: dict[Ground, Least] = {
    Ground.AT: (500_000, 500_000, 500_000),
    Ground.HERE: (500_000, 500_000, 500_000),
    Ground.ASKED: (20_000, 20_000, 5_000),
}
_NEVER_WITH_STATE: Least = (20_000, 20_000, 20_000)  # "El Centro, California", but not "ayuda, México"


class Trust:
    """Weighs the rows that words name against what else the words mean."""

    def __init__(self, known: Gazetteer, everyday: EverydayWords) -> None:
        self._known = known
        self._everyday = everyday

    def rows(self, named: Named | None, words: Sequence[str], ground: Ground) -> tuple[int, ...]:
        """The rows that may be believed on this ground. An alias always, a name with its state nearly."""
        if named is None or named.how is How.ALIAS:
            return named.rows if named else ()
        if named.how is How.WITH_STATE:
            return self._with_state(named, ground)
        least = self._least(words, ground)
        if least is None:
            return ()
        rows = [row for row in named.rows if self._known.level[row] is Level.COUNTRY] or named.rows
        return tuple([row for row in rows if row == named.rival or self._is_trusted(row, least, ground)])

    def _with_state(self, named: Named, ground: Ground) -> tuple[int, ...]:
        kind = self._everyday.kind(named.town)
        if kind is not Kind.PLAIN and ground < Ground.AT:
            return ()
        if kind is not Kind.NEVER:
            return named.rows
        return tuple(row for row in named.rows if self._is_trusted(row, _NEVER_WITH_STATE, ground))

    def _least(self, words: Sequence[str], ground: Ground) -> Least | None:
        match self._everyday.kind(words):
            case Kind.PLAIN:
                return _PLAIN[ground]
            case Kind.NEVER:
                return None
            case Kind.NAME:
                phrase = ground >= Ground.AT and self._everyday.is_a_phrase(words)  # "jackson heights"
                return _PHRASE[ground] if phrase else _NAME.get(ground)
            case Kind.ORDINARY:
                phrase = self._everyday.is_a_phrase(words)
                return _PHRASE[ground] if phrase else _ORDINARY.get(ground)

    def _is_trusted(self, row: int, least: Least, ground: Ground) -> bool:
        country = self._known.country[row]
        level = self._known.level[row]
        # "consulado de Guatemala", "pasaporte Honduras": a country or its department needs a word of place.
        if level is Level.COUNTRY or (level is Level.REGION and country != "US"):
            return ground >= Ground.AT and self._known.population[row] >= least[2]
        column = 2 if country not in WIDE_COUNTRIES else ("US", "MX").index(country)
        return self._known.population[row] >= least[column]
