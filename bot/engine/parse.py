"""What a short answer means: a digit in all its dresses, yes and no. Pure; three languages at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bot.intents.folding import bare
from bot.intents.words import Words

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


def number(said: Words) -> int | None:
    """The one digit 0-9 that this text names, else None: ``2``, ``2.``, ``2️⃣``, ``el 2``, ``la segunda``, ``opción dos``."""
    named: str | None = None
    for word in _with_plain_digits(said):
        if word not in _AROUND:
            if named is not None:
                # A sentence: what else is in it need not be looked at.
                return None
            named = word
    if named is None or named in _BY_WORD:
        return _BY_WORD[named] if named else None
    return int(named) if len(named) == 1 and named.isascii() and named.isdigit() else None


def _with_plain_digits(said: Words) -> Sequence[str]:
    """The words, digits of other scripts and dresses (fullwidth, circled, keycap) in them as 0-9."""
    text = said.text
    if text.isascii() or not any(map(str.isdigit, text)):
        return said.each
    return bare("".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text)).split()


def yes_or_no(said: Words) -> bool | None:
    """True for yes, False for no, in Spanish, English and K'iche'; None for anything else."""
    digit = number(said)
    if said.bare in _YES or digit == 1:
        return True
    return False if said.bare in _NO or digit == 2 else None
