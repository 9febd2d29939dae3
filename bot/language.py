"""The three languages of Puente and how one is told from another without a model. Pure: no IO, no clock."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum


class Language(StrEnum):
    """A language that families are answered in; the value is its ISO 639 code."""

    ES = "es"
    EN = "en"
    QUC = "quc"


# Frequent small words. Those that two of the languages share (la, me, no, a, in, are, we, man, le) are left out on purpose.
_MARKS = {
    Language.ES: frozenset(
        "que de el los las un una por para con mi mis su se es esta estoy esta tengo quiero como donde cuando porque pero si"
        " hay aqui hola gracias ayuda necesito puedo soy hijo hija niño niños casa abogado trabajo papeles llevaron"
        " puerta ahora muy usted ustedes yo del al qué cómo dónde está buenos buenas dias tardes noches".split()
    ),
    Language.EN: frozenset(
        "the is my to do does what where when how i you your they them have has want need help with for from and can"
        " please hi hello thanks thank lawyer home house if this that there it was not at of police took am im".split()
    ),
    Language.QUC: frozenset(
        "ri pa chi k'o ko jun taj taq tajin sib'alaj sibalaj utz ruk' ruk rech rumal winaq jas kwaj kawaj nutat nunan"
        " tob'anik tobanik chwe chech che' jawi maj man wal waral maltyox maltiox saqirik xkikam xkik'am xchap wachoch"
        " rajawaxik k'iche' ja' kinch'aw kinchaw quwaj chwek chwe'q quechaw nuwuj walk'wa'l".split()
    ),
}
_SHOWN_BY = {word: language for language, marks in _MARKS.items() for word in marks}
_WORD = re.compile(r"[\w']+")
_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u02bb\ua78c\u0060\u00b4]")


def spoken(text: str) -> Language | None:
    """The language that this text shows by its small words; None when it shows none, or two alike."""
    text = unicodedata.normalize("NFC", _APOSTROPHES.sub("'", text)).casefold()
    shown = [_SHOWN_BY[word] for word in _WORD.findall(text) if word in _SHOWN_BY]
    if len(set(shown)) < 2:
        return shown[0] if shown else None
    best, second, *_ = sorted(Language, key=shown.count, reverse=True)
    return best if shown.count(best) > shown.count(second) else None
