"""Where somebody is: ZIPs, towns and everyday names -> one place. Pure; reads its files once, when it is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite, sqrt
from pathlib import Path

from bot.directory.aliases import read_aliases
from bot.directory.everyday_words import EverydayWords, Kind, read_everyday_words
from bot.directory.fold import fold
from bot.directory.gazetteer import Gazetteer, read_gazetteer
from bot.directory.misspelling import Misspellings
from bot.directory.naming import LONGEST_CODE, Names
from bot.directory.place import Level, Place, PlaceMatch
from bot.directory.sentence import Sentence
from bot.directory.trust import Ground, Trust
from bot.directory.zip_code import without_digits, zip_codes

__all__ = ["Level", "Place", "PlaceMatch", "Places", "load_places"]

LONGEST_TEXT = 300  # letters; a place is named in fewer
FARTHEST_KM = 80.0
BORDER_DOUBT_KM = 3.0
_AT_THE_CENTRE_KM = 1.0
_LONGEST_ANSWER = 7  # words: a longer text is read as a sentence

_BEFORE = frozenset(
    """en in near por pa para cerca de del el la los las the at around to a from of y e mi my centro ciudad downtown
    town city area zona norte sur este oeste north south east west vivo vivimos live estoy estamos soy somos i im am
    we are is es me encuentro ubico aqui ahi alla here ahorita ahora now mero ando andamos pueblo municipio
    departamento depto dpto estado condado county state aldea barrio colonia canton hola hi hello pues bueno si
    no so just well yo codigo postal zip""".split()
)
_AFTER = frozenset(
    """por favor please gracias thanks thank you porfa ok centro downtown norte sur este oeste area city ciudad usa us
    eeuu ee uu estados unidos aqui now ahorita ahora creo cerca y e""".split()
)


class Places:
    """All known places. Immutable after loading; safe to share between threads."""

    def __init__(self, gazetteer: Gazetteer, names: Names, everyday: EverydayWords) -> None:
        self._gazetteer = gazetteer
        self._names = names
        self._everyday = everyday
        self._trust = Trust(gazetteer, everyday)
        self._sentence = Sentence(names, everyday, self._trust)
        self._misspellings = Misspellings(names, everyday)

    def by_zip(self, zip_code: str) -> Place | None:
        """The place of a US ZIP of five digits, None where there is none such."""
        if len(zip_code) != 5 or not (zip_code.isascii() and zip_code.isdigit()):
            return None
        row = self._gazetteer.zip_row(zip_code)
        return None if row is None else self._gazetteer.place(row, zip_code)

    def find(self, text: str) -> PlaceMatch:
        """What an answer to "where are you?" says. Never raises; a text that names nothing is an empty match."""
        text = text[:LONGEST_TEXT]
        spoken = self._match(self._answer(fold(without_digits(text)).split()))
        zipped = self._last_zip(text)
        # Guatemala and Mexico have codes of five digits too: beside a place there it is not a ZIP.
        if zipped is None or (spoken.found and spoken.found.country != "US"):
            return spoken
        return PlaceMatch(zipped)

    def extract(self, text: str) -> Place | None:
        """The place that a sentence says beside what it is about, where that is certain; else None."""
        text = text[:LONGEST_TEXT]
        row = self._sentence.place_row(fold(without_digits(text)).split())
        spoken = None if row is None else self._gazetteer.place(row)
        zipped = self._last_zip(text)
        return spoken if spoken and (zipped is None or spoken.country != "US") else zipped

    def nearest_town(self, latitude: float, longitude: float) -> Place | None:
        """The town, in the US the ZIP, of a point in degrees.

        None farther than 80 km from any known place, for a point that is not on the globe, and so close to a
        border that the point may lie on the other side: the person is asked instead, laws and numbers differ.
        """
        if not (isfinite(latitude) and isfinite(longitude)) or abs(latitude) > 90 or abs(longitude) > 180:
            return None
        known = self._gazetteer
        around = sorted(known.within(latitude, longitude, FARTHEST_KM))
        if not around:
            return None
        nearest_km, nearest = around[0]
        country = known.country[nearest]
        foreign_km = next((km for km, row in around if known.country[row] != country), None)
        if foreign_km is not None and foreign_km - nearest_km < BORDER_DOUBT_KM and nearest_km > _AT_THE_CENTRE_KM:
            return None
        if country == "US":
            zips = (row for _, row in around if known.level[row] is Level.ZIP)
            return known.place(next(zips, nearest))
        towns = [(km, row) for km, row in around if known.country[row] == country]
        return known.place(min(towns, key=lambda town: town[0] / self._reach_km(town[1]))[1])

    def _reach_km(self, row: int) -> float:
        """How far people still say the town's name: 6 km for Tapachula, half a kilometre for a hamlet."""
        return 0.5 + sqrt(self._gazetteer.population[row]) / 100

    def _last_zip(self, text: str) -> Place | None:
        """The last one that exists: in an address the ZIP comes after the number of the house."""
        return next(filter(None, map(self.by_zip, reversed(zip_codes(text)))), None)

    def _match(self, rows: Sequence[int]) -> PlaceMatch:
        places = tuple(map(self._gazetteer.place, rows))
        return PlaceMatch(places[0]) if len(places) == 1 else PlaceMatch(None, places)

    def _answer(self, words: Sequence[str], country: str | None = None) -> tuple[int, ...]:
        cores = list(_cores(words)) if len(words) <= _LONGEST_ANSWER else []
        for core in cores:
            if len("".join(core)) <= LONGEST_CODE and not _stands_alone(words, core):
                continue
            named = self._names.named(core, asked=True)
            if rows := self._trust.rows(named, core, Ground.ASKED):
                return self._names.meant(rows, named.rival if named else None, country)
        plain = [core for core in cores if self._everyday.kind(core) is Kind.PLAIN]
        if guess := self._misspellings.nearest(plain):
            return self._names.meant(guess.rows, country=country)
        row = self._sentence.place_row(words)
        return () if row is None else (row,)


def _stands_alone(words: Sequence[str], code: Sequence[str]) -> bool:
    """Whether two letters are all that was written, but for "en": "TX", "en NC"; else they are a word ("va", "wa")."""
    return len(words) == 1 or (len(words) == 2 and words[0] in ("en", "in", "el") and words[1:] == code)


def _cores(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """The words, then without what people say before and after a place, least taken away first."""
    first = next((at for at, word in enumerate(words) if word not in _BEFORE), max(len(words) - 1, 0))
    last = len(words)
    while last > first + 1 and words[last - 1] in _AFTER:
        last -= 1
    for start in range(first + 1):
        for end in range(len(words), last - 1, -1):
            if start < end:
                yield words[start:end]


def load_places(folder: Path) -> Places:
    """Reads places.tsv.gz, aliases.tsv and not_places.tsv of a folder, once per process.

    Raises DirectoryFileError, which says what to mend.
    """
    gazetteer = read_gazetteer(folder / "places.tsv.gz")
    names = Names(gazetteer, read_aliases(folder / "aliases.tsv", gazetteer))
    return Places(gazetteer, names, read_everyday_words(folder / "not_places.tsv"))
