"""Where somebody is: ZIPs, towns and everyday names -> one place. Pure; reads its files once, when it is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import isfinite, sqrt
from pathlib import Path

from bot.directory.aliases import read_aliases
from bot.directory.everyday_words import EverydayWords, Kind, read_everyday_words
from bot.directory.fold import folded_words
from bot.directory.gazetteer import Gazetteer, read_gazetteer
from bot.directory.misspelling import Misspellings
from bot.directory.naming import LONGEST_CODE, Names
from bot.directory.place import Level, Place, PlaceMatch
from bot.directory.postal_codes import (
    COUNTRIES as POSTAL_COUNTRIES,
)
from bot.directory.postal_codes import (
    LAST_ZONE,
    PostalCodes,
    is_zone_of_the_capital,
    read_postal_codes,
)
from bot.directory.sentence import Sentence
from bot.directory.states import States
from bot.directory.trust import Ground, Trust
from bot.directory.zip_code import without_digits, zip_codes

__all__ = ["Level", "Place", "PlaceMatch", "Places", "load_places"]

LONGEST_TEXT = 300  # letters; a place is named in fewer
FARTHEST_KM = 80.0
BORDER_DOUBT_KM = 3.0
_AT_THE_CENTRE_KM = 1.0
_ZONE = re.compile(r"\b(?:zonas?|zone|z)\.?\s{0,3}(\d{1,2})\b", re.IGNORECASE)
_LAST_ZONE_OF_XELA = 11
_NOTHING = PlaceMatch()
_LONGEST_ANSWER = 7  # words: a longer text is read as a sentence

_BEFORE = frozenset(
    """en in near por pa para cerca de del el la los las the at around to a from of y e mi my centro ciudad downtown
    town city area zona norte sur este oeste north south east west vivo vivimos live toy stoy tamos estoy estamos soy somos i im am
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

    def __init__(self, gazetteer: Gazetteer, names: Names, everyday: EverydayWords, codes: PostalCodes) -> None:
        self._gazetteer = gazetteer
        self._codes = codes
        self._states = States(names)
        self._names = names
        self._everyday = everyday
        self._trust = Trust(gazetteer, everyday)
        self._sentence = Sentence(names, everyday, self._trust)
        self._misspellings = Misspellings(names, everyday)

    def prepare(self) -> None:
        """Does now what else the first text with a misspelt word would wait for: before a server forks, once for all its processes."""
        self._misspellings.prepare()

    def by_zip(self, zip_code: str) -> Place | None:
        """The place of a US ZIP of five digits, None where there is none such."""
        if not _is_code(zip_code):
            return None
        row = self._gazetteer.zip_row(zip_code)
        return None if row is None else self._gazetteer.place(row, zip_code)

    def by_code(self, code: str, country: str | None = None) -> PlaceMatch:
        """What five digits say to somebody who is, as far as is known, in that country (ISO code).

        Guatemala and Mexico have codes of five digits too. Where such a code exists in the person's own country, that is it. Where
        no country is known it is a ZIP if there is one, because most who write are in the United States; but 01010, which a family of
        Guatemala City knows as its zone 10 and one of Massachusetts as its ZIP, is asked about. What is no ZIP is a code of Guatemala
        or Mexico only if it looks like one of a town: a slip in a ZIP must not lead to Michoacán.
        """
        if not _is_code(code):
            return PlaceMatch()
        own = self._codes.row(country, code) if country in POSTAL_COUNTRIES else None
        if own is not None:
            return PlaceMatch(self._gazetteer.place(own))
        zipped = self.by_zip(code)
        sure = () if country == "US" else tuple(map(self._gazetteer.place, self._codes.sure_rows(code)))
        if zipped and country is None and is_zone_of_the_capital(code):
            return PlaceMatch(None, (zipped, *sure))
        if zipped or country == "US":
            return PlaceMatch(zipped)
        return PlaceMatch(sure[0]) if len(sure) == 1 else PlaceMatch(None, sure)

    def find(self, text: str, country: str | None = None) -> PlaceMatch:
        """What an answer to "where are you?" says. Never raises; a text that names nothing is an empty match.

        ``country``: ISO code of the country where the person is, as far as it is known (by the place before, by the phone): its towns
        come first among namesakes, and five digits are read as there. See by_code.
        """
        text = text[:LONGEST_TEXT]
        spoken = self._match(self._answer(_words(text), country))
        zone = _zone_in(text)
        if zone and (in_zone := self._zone_match(zone, spoken)):
            spoken = in_zone
        coded = self._last_code(text, _country_of(spoken) or country)
        if spoken.found and spoken.found.country != "US":
            return coded if self._is_finer(coded.found, spoken.found) else spoken
        return coded if coded.found or (coded.candidates and not zone) else spoken

    def state(self, text: str, country: str | None = None) -> PlaceMatch:
        """What an answer to "in which state?" says: a state or department, by its name, its two letters or a town in it.

        "carolina" is two states, and "washington" may be the town: candidates. Of "Guatemala" only the country is sure.
        """
        words = _words(text[:LONGEST_TEXT])
        attempts = list(_cores(words)) if len(words) <= _LONGEST_ANSWER else []
        return self._match(self._states.rows(attempts, country) or self._states.of(self._answer(words, country)))

    def extract(self, text: str, country: str | None = None) -> Place | None:
        """The place that a sentence says beside what it is about, where that is certain; else None. ``country``: as for find."""
        text = text[:LONGEST_TEXT]
        row = self._sentence.place_row(_words(text))
        spoken = None if row is None else self._gazetteer.place(row)
        if spoken and (zone := _zone_in(text)):
            in_zone = self._zone_match(zone, PlaceMatch(spoken))
            spoken = in_zone.found if in_zone else spoken
        if spoken and spoken.country != "US":
            coded = self._last_code(text, spoken.country).found
            return coded if self._is_finer(coded, spoken) else spoken
        # Elsewhere than in the answer to a question five digits alone may be anything; a ZIP is the likeliest.
        found = self._last_code(text, country if country in POSTAL_COUNTRIES else "US").found
        return found if found and found.country == "US" else spoken

    def _last_code(self, text: str, country: str | None) -> PlaceMatch:
        """The last one that exists: in an address it comes after the number of the house."""
        for code in reversed(zip_codes(text)):
            match = self.by_code(code, country)
            if match.found or match.candidates:
                return match
        return _NOTHING

    def _is_finer(self, coded: Place | None, spoken: Place) -> bool:
        """Whether the code tells more of the same place than the words: "01010 Guatemala", "14001 Quiché"."""
        if coded is None or coded.country != spoken.country or spoken.level not in (Level.COUNTRY, Level.REGION):
            return False
        return spoken.level is Level.COUNTRY or (coded.admin1 == spoken.admin1 and coded.level is Level.TOWN)

    def _zone_match(self, zone: int, spoken: PlaceMatch) -> PlaceMatch | None:
        """ "zona 3" is how people of the capital and of Quetzaltenango say where they live; only the capital goes beyond 11.

        None where a place is said beside it, but for the country and the department: "zona 3 de Guatemala" is the capital.
        """
        said = spoken.found
        of_guatemala = bool(said and said.country == "GT" and said.name == "Guatemala")
        if zone > LAST_ZONE or spoken.candidates or (said and not of_guatemala):
            return None
        towns = ["01001", "09001"] if zone <= _LAST_ZONE_OF_XELA and not of_guatemala else ["01001"]
        return self._match([row for code in towns if (row := self._codes.row("GT", code)) is not None])

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


def _is_code(text: str) -> bool:
    return len(text) == 5 and text.isascii() and text.isdigit()


def _zone_in(text: str) -> int | None:
    found = _ZONE.search(text) if _may_say_a_zone(text) else None
    return int(found.group(1)) or None if found else None


def _may_say_a_zone(text: str) -> bool:
    """Whether it has the letter that every zone has: most texts have none, and are not searched."""
    return "z" in text or "Z" in text


def _words(text: str) -> list[str]:
    """The words that may name a place, without numbers and the zone of a town; of more than two alike ("Walla Walla") two."""
    words = folded_words(without_digits(_ZONE.sub(" ", text) if _may_say_a_zone(text) else text))
    return [word for at, word in enumerate(words) if at < 2 or not word == words[at - 1] == words[at - 2]]


def _country_of(match: PlaceMatch) -> str | None:
    """The country of the place, or that which all candidates are in; None where that is not one."""
    countries = {place.country for place in (match.found, *match.candidates) if place}
    return countries.pop() if len(countries) == 1 else None


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
    """Reads places.tsv.gz, aliases.tsv, postal_codes.tsv and not_places.tsv of a folder, once per process.

    Raises DirectoryFileError, which says what to mend.
    """
    gazetteer = read_gazetteer(folder / "places.tsv.gz")
    names = Names(gazetteer, read_aliases(folder / "aliases.tsv", gazetteer))
    codes = read_postal_codes(folder / "postal_codes.tsv", gazetteer)
    return Places(gazetteer, names, read_everyday_words(folder / "not_places.tsv"), codes)
