"""Whether two names may mean one organization: "Centro Romero, Inc." and "The Romero Center". Pure."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct
from rapidfuzz import fuzz

from bot.directory.fold import fold

LIKELY = 86.0
"""Likeness in percent from which two names are told as nearly the same."""
_SAY_NOTHING = frozenset(
    "inc llc ltd corp co ac sc sa ong ngo the of for and at in a an de del la el los las y e en para por su".split()
)
_ONE_WORD = {
    "center": "centro",
    "centre": "centro",
    "association": "asociacion",
    "foundation": "fundacion",
    "organization": "organizacion",
    "organizations": "organizacion",
    "community": "comunidad",
    "communities": "comunidad",
    "comunitario": "comunidad",
    "comunitaria": "comunidad",
    "house": "casa",
    "clinic": "clinica",
    "office": "oficina",
    "project": "proyecto",
    "program": "programa",
    "services": "servicios",
    "service": "servicios",
    "servicio": "servicios",
    "coalition": "coalicion",
    "network": "red",
    "group": "grupo",
    "institute": "instituto",
    "church": "iglesia",
    "saint": "san",
    "santa": "san",
    "national": "nacional",
    "international": "internacional",
}
_SAY_LITTLE = frozenset(_ONE_WORD.values())


class Name(Struct, frozen=True):
    """A name as it is compared. ``words``: those that tell it from others, in order; all of them where none does."""

    words: tuple[str, ...]
    core: str
    whole: str
    numbers: tuple[str, ...]


@lru_cache(maxsize=65_536)
def read_name(name: str) -> Name:
    """Folds a name and weighs its words."""
    folded = [_ONE_WORD.get(word, word) for word in fold(name).split()]
    said = sorted(word for word in folded if word not in _SAY_NOTHING) or sorted(folded)
    words = tuple(word for word in said if word not in _SAY_LITTLE) or tuple(said)
    numbers = tuple(word for word in words if any(sign.isdigit() for sign in word))
    return Name(words, " ".join(words), " ".join(said), numbers)


def likeness(one: Name, other: Name) -> float:
    """0 to 100. Words such as Inc, Centro or the weigh little; a number that differs makes two names different."""
    if not one.words or not other.words or one.numbers != other.numbers:
        return 0.0
    core = fuzz.ratio(one.core, other.core, score_cutoff=LIKELY - 8)
    if not core:
        return 0.0
    # One word is little to go by: Casa Maya is not Clinica Maya.
    share = 0.85 if min(len(one.words), len(other.words)) > 1 else 0.5
    return share * core + (1 - share) * fuzz.ratio(one.whole, other.whole)
