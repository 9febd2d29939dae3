"""What a short answer means: a digit in all its dresses, yes and no, a label. Pure; three languages at once."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from bot.intents.folding import bare

BACK, PERSON = 9, 0

_NUMBERS = {
    0: "cero zero",
    1: "uno una primero primera primer one first jun nabe",
    2: "dos segundo segunda two second keb kaib ukab",
    3: "tres tercero tercera tercer three third oxib",
    4: "cuatro cuarto cuarta four fourth kajib",
    5: "cinco quinto quinta five fifth job joob",
    6: "seis sexto sexta six sixth waqib",
    7: "siete septimo septima seven seventh wuqub",
    8: "ocho octavo octava eight eighth wajxaqib",
    9: "nueve noveno novena nine ninth belejeb",
}
_BY_WORD = {word: number for number, words in _NUMBERS.items() for word in words.split()}
# What stands around a number when people answer a menu: "la opcion 2 por favor", "number two", "el 2".
_AROUND = frozenset(
    "el la lo los las opcion numero num no nro option number the a un quiero escojo elijo marco pongo choose pick press "
    "por favor please es ri le gracias mejor".split()
)
# As people of Central America agree, too: "si pues", "vaya", "cabal", "esta bueno".
_YES = frozenset("si sip sii yes yeah yep ok okay okey dale claro va vaya cabal bueno acepto correcto sure je jee utz simon".split()) | {
    "por supuesto", "si por favor", "si quiero", "si claro", "esta bien", "de acuerdo", "of course", "yes please", "all right",
    "si pues", "pues si", "si gracias", "claro que si", "va pues", "vaya pues", "dale pues", "esta bueno", "si acepto",
    "estoy de acuerdo", "si estoy de acuerdo", "i agree", "yes i agree",
}  # fmt: skip
_NO = frozenset("no nop nope nel nada jai".split()) | {
    "no gracias", "mejor no", "no thanks", "no thank you", "no quiero", "no pues", "pues no", "no acepto", "ahorita no", "not now",
    "man kwaj taj",
}  # fmt: skip
_NEAR = 85
_SHORTEST_NEAR = 4


def number(text: str) -> int | None:
    """The one digit 0-9 that this text names, else None: ``2``, ``2.``, ``2️⃣``, ``el 2``, ``la segunda``, ``opción dos``."""
    words = [word for word in bare(_plain_digits(text)).split() if word not in _AROUND]
    if len(words) != 1:
        return None
    if words[0] in _BY_WORD:
        return _BY_WORD[words[0]]
    return int(words[0]) if len(words[0]) == 1 and words[0].isascii() and words[0].isdigit() else None


def _plain_digits(text: str) -> str:
    """Digits of other scripts and dresses (fullwidth, circled, keycap) as 0-9."""
    return "".join(str(unicodedata.digit(c)) if unicodedata.digit(c, None) is not None else c for c in text)


def yes_or_no(text: str) -> bool | None:
    """True for yes, False for no, in Spanish, English and K'iche'; None for anything else."""
    word, digit = bare(text), number(text)
    if word in _YES or digit == 1:
        return True
    return False if word in _NO or digit == 2 else None


def label(text: str, labels: Mapping[int, Sequence[str]]) -> int | None:
    """The digit whose label this text is, letter by letter after folding; with its digit before it too (``2 abogado``)."""
    said = bare(text)
    for digit, words in labels.items():
        meant = (said, said.removeprefix(f"{digit} "))
        if any(_folded(word) in meant for word in words):
            return digit
    return None


@functools.lru_cache(maxsize=8192)
def _folded(label: str) -> str:
    """A label of ours as it is compared: the same few thousand at every message. Never what a person wrote: a cache keeps it."""
    return bare(label)


def near_label(text: str, labels: Mapping[int, Sequence[str]]) -> int | None:
    """The digit of the one label that this text nearly spells; None when two are as near, or the text is very short."""
    said = bare(text)
    if len(said) < _SHORTEST_NEAR:
        return None
    scores = sorted(
        (
            (max((fuzz.ratio(said, _folded(word)) for word in words), default=0.0), digit)
            for digit, words in labels.items()
        ),
        reverse=True,
    )
    if not scores or scores[0][0] < _NEAR or (len(scores) > 1 and scores[1][0] > scores[0][0] - 5):
        return None
    return scores[0][1]
