"""A place inside a free sentence: "necesito abogado en Houston", "psicólogo en Xela". Nobody has asked for it.

Silence is better than a wrong town, so a name counts only where it stands after a word of place or ends the text,
where nothing says that somebody else, or another time, is there, and where it could hardly be an ordinary word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from bot.directory.everyday_words import EverydayWords, Kind
from bot.directory.naming import LONGEST_CODE, Named, Names
from bot.directory.place import Level
from bot.directory.trust import Ground, Trust

LONGEST_NAME = 6  # words, the state included
_MOST_FILLERS = 4  # "en la ciudad de"
_AT = frozenset({"en", "in", "near", "around", "nearby"})
_CLOSE = frozenset({("close", "to"), ("next", "to"), ("outside", "of")}) | {
    (near, of)
    for near, ofs in {
        "cerca alrededor afueras lado minutos hora horas millas kilometros norte sur este oeste": ("de", "del"),
        "minutes hour hours miles": ("from",),
        "north south east west outskirts": ("of",),
    }.items()
    for near in near.split()
    for of in ofs
}
_TOWARDS = frozenset({"de", "del", "pa", "por"})
# What stands right before a place, on whatever ground.
_LEADS = _AT | _TOWARDS | {of for _, of in _CLOSE}
# "cerca del centro de Houston", "en la ciudad de Guatemala"
_FILLERS = frozenset(
    """la el los las the centro ciudad downtown area zona condado estado municipio departamento pueblo aldea
    norte sur este oeste north south east west city county state town de del of""".split()
)
_HERE = frozenset("vivo vivimos estoy estamos ando andamos encuentro encontramos resido live im am here aqui".split())
# Somebody else, another time, or a way through: the person who writes may be anywhere.
_ELSEWHERE = frozenset(
    """esta estan vive viven anda andan nacio nacieron naci nacimos murio quedo quedaron tienen tiene tenian
    trabajaba trabaje detenido detenida detenidos detuvieron agarraron agarro llevaron estaba estaban estuve estuvo estuvimos
    vivia vivian viviamos pase paso pasamos pasaron cruce cruzo cruzamos cruzaron entre entro entramos
    entraron vine vino venimos vinimos deporto deportaron creci soy somos es son era eran vengo viene vienen
    sali salio salimos hui huyo hace hacia originario originaria
    is are was were lives lived worked born held detained crossed entered passed grew came from consulado embajada
    pasaporte presidente gobierno tps""".split()
)
# Before the last words: a way there, somebody's name, or a second place.
_NOT_BEFORE_LAST_WORDS = frozenset(
    "a al to hacia hasta desde from y e o u or and con with mi my llamo llama nombre name is soy".split()
)
_NO_HAMLET = 5_000  # people
_OR = frozenset("y e o u or and".split())
_FAMILY = frozenset(
    """familia hijo hija hijos hijas nino nina ninos ninas mama papa madre padre padres esposo esposa marido
    hermano hermana hermanos abuela abuelo family son daughter children kids mother father mom dad wife husband
    brother sister parents""".split()
)
_COME_FROM = frozenset("kinpe kape kpe petinaq xinalexik xinalax alaxinaq".split())  # K'iche': from there, born there
_CODES_THAT_ARE_NO_WORDS = frozenset(
    "az ca ct dc fl ga il ks ky md mn mt nc nd nh nj nm nv ny ri sc sd tn tx ut vt wi wv wy".split()
)
_FINENESS = {level: place for place, level in enumerate(Level)}
_CLOSING = frozenset("por favor gracias please thanks thank you porfa ok".split())


class Mention(Struct, frozen=True):
    """One place in the sentence: its row, and on what ground it counts."""

    row: int
    ground: Ground


class _Name(Struct, frozen=True):
    """What stands at one word: a row (None: several are meant) and where it ends; 0 where nothing may be read there."""

    row: int | None
    end: int


class _Once:
    """What was found in one text, so that nothing is looked up twice; kept no longer than the text is read."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._found: dict[str, Named | None] = {}
        self.begun: dict[tuple[int, Ground], _Name | None] = {}

    def __call__(self, words: Sequence[str]) -> Named | None:
        key = " ".join(words)
        if not self._names.may_name(key, words[-1]):
            return None
        if key not in self._found:
            self._found[key] = self._names.named(words, asked=False)
        return self._found[key]


class Sentence:
    """Reads sentences against the names and the everyday words."""

    def __init__(self, names: Names, everyday: EverydayWords, trust: Trust) -> None:
        self._names = names
        self._known = names.gazetteer
        self._everyday = everyday
        self._trust = trust

    def place_row(self, words: Sequence[str]) -> int | None:
        """The row of the one place that the sentence is about, or None where there is none or more than one."""
        if not _COME_FROM.isdisjoint(words):
            return None
        while words and words[-1] in _CLOSING:
            words = words[:-1]
        named = _Once(self._names)
        mentions = list(self._after_a_word_of_place(words, named)) or list(self._last_words(words, named))
        if len(mentions) < 2:
            return mentions[0].row if mentions else None
        best = max(mention.ground for mention in mentions)
        row = self._agreed([mention.row for mention in mentions if mention.ground is best])
        return None if row is None else self._finest(row, [mention.row for mention in mentions])

    def _finest(self, row: int, others: list[int]) -> int:
        """Of a state or country and one town named in it the town: "en Houston, aquí en Texas"."""
        inside = {other for other in others if other != row and self._names.inside([other], [row])}
        return inside.pop() if len(inside) == 1 else row

    def _agreed(self, rows: list[int]) -> int | None:
        """The one row, or the finest of several that lie in one another; None where they are different places."""
        finest = sorted(set(rows), key=lambda row: _FINENESS[self._known.level[row]])
        if all(self._names.inside(finest[:1], [row]) for row in finest[1:]):
            return finest[0]
        return None

    def _after_a_word_of_place(self, words: Sequence[str], named: _Once) -> Iterator[Mention]:
        read = 0
        for position in [at for at, word in enumerate(words[:-1], 1) if word in _LEADS]:
            ground = _ground(words, position) if position >= read else None
            found = self._longest(words, position, ground, named) if ground else None
            if not (found and ground):
                continue
            row, end = found.row, found.end
            if row is not None and not self._is_home_country(row, words[position - 2 : position - 1]):
                yield Mention(row, ground)
            # "en Houston o Dallas": the second place counts on the ground of the first.
            second = (
                self._longest(words, end + 1, ground, named) if words[end : end + 1] and words[end] in _OR else None
            )
            if second and second.row is not None:
                yield Mention(second.row, ground)
            read = end

    def _is_home_country(self, row: int, before: Sequence[str]) -> bool:
        """Whether it is where the family is: "mis hijos en Guatemala" says nothing of the one who writes."""
        return self._known.level[row] is Level.COUNTRY and bool(_FAMILY.intersection(before))

    def _longest(self, words: Sequence[str], start: int, ground: Ground, named: _Once) -> _Name | None:
        """The longest name at ``start`` or after its fillers."""
        for begin in range(start, min(len(words), start + _MOST_FILLERS + 1)):
            if (begin, ground) not in named.begun:
                named.begun[begin, ground] = self._name_at(words, begin, ground, named)
            name = named.begun[begin, ground]
            if name is not None:
                return name if name.end else None
            if words[begin] not in _FILLERS:
                return None
        return None

    def _name_at(self, words: Sequence[str], begin: int, ground: Ground, named: _Once) -> _Name | None:
        for end in range(min(len(words), begin + LONGEST_NAME), begin, -1):
            name = named(words[begin:end])
            if name is None:
                continue
            if meant := self._meant(name, words[begin:end], ground, ends=end == len(words)):
                return _Name(meant[0] if len(meant) == 1 else None, end)
            if self._is_a_town(words[begin:end]):
                return _Name(None, 0)  # "Jackson Heights", not sure enough here, is not Jackson
        return None

    def _is_a_town(self, words: Sequence[str]) -> bool:
        """Whether two words or more are together the name of a place that is no hamlet."""
        rows = self._known.keys.get(" ".join(words), ())
        return any(self._known.population[row] >= _NO_HAMLET for row in rows) and self._everyday.is_a_phrase(words)

    def _last_words(self, words: Sequence[str], named: _Once) -> Iterator[Mention]:
        for size in range(min(LONGEST_NAME, len(words)), 0, -1):
            name = named(words[-size:])
            if name is None or not _may_be_last(words[: len(words) - size]):
                continue
            meant = self._meant(name, words[-size:], Ground.LAST_WORDS, ends=True)
            if len(meant) == 1:
                yield Mention(meant[0], Ground.LAST_WORDS)
                return

    def _meant(self, name: Named, words: Sequence[str], ground: Ground, *, ends: bool) -> tuple[int, ...]:
        """The rows that these words, which are that name, may mean, as far as they may be believed on this ground."""
        if not self._fits_here(words, ground, ends=ends):
            return ()
        return self._names.meant(self._trust.rows(name, words, ground), name.rival)

    def _fits_here(self, words: Sequence[str], ground: Ground, *, ends: bool) -> bool:
        """Short forms and state codes ("LA", "en TX") only after a word of place, and only as the last word.

        In the midst of a sentence a code may end a name of several words if it is no word itself: "in Brentwood NY and".
        """
        if len(words) > 1 and " ".join(words) in self._names.aliases:
            return True
        kind = self._everyday.kind(words[-1:])
        short = len(words[-1]) <= LONGEST_CODE
        if len(words) == 1 and (short or kind is Kind.NEVER):
            return ends and ground >= Ground.AT
        return ends or not (kind is Kind.NEVER or (short and words[-1] not in _CODES_THAT_ARE_NO_WORDS))


def _may_be_last(before: Sequence[str]) -> bool:
    """Whether the last words may be where the person is, as far as those before them tell."""
    return _ELSEWHERE.isdisjoint(before[-5:]) and _NOT_BEFORE_LAST_WORDS.isdisjoint(before[-1:])


def _ground(words: Sequence[str], position: int) -> Ground | None:
    """The ground on which a name at this position, behind one of ``_LEADS``, would count, from the words before it."""
    before = words[position - 1]
    close = tuple(words[max(0, position - 2) : position]) in _CLOSE
    lead = words[max(0, position - 4) : position - 1]
    if not (close or before in _AT or before in _TOWARDS) or _ELSEWHERE.intersection(lead[-2:]):
        return None
    if close or before in _AT:
        return Ground.HERE if _HERE.intersection(lead) else Ground.AT
    return Ground.TOWARDS
