"""Whether two conversations may be of one family: a hint for a person, who joins them or does not. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

from msgspec import Struct

from bot.engine.place import from_token

MOST = 60
"""So many are compared: each with each other."""
APART_SECONDS = 48 * 3600
LETTERS = 4
_WORD = re.compile(rf"[^\W\d_]{{{LETTERS},}}")

_EVERYDAY = frozenset(
    "abogada abogado about afraid after agentes agents ahora ahorita alguien always amiga amigo anoche another antes anyone"
    " appointment aqui arrested asked atencion audiencia away ayer ayuda ayudar ayudarme ayuden back because before being bien brother"
    " buenas bueno buenos cada call cama came card carro carta casa casas cerca child children clinic clinica come comida como corte"
    " cosa cosas could court cuando cuanto cuidado daughter days deben decir dejo dentro desde despues detained detenida detenido"
    " detuvieron dias dice dicen dieron dinero does doing donde done door down durante ella ellos embarazada entonces entrar entraron"
    " escuela esos espero esposa esposo esta estaba estado estamos estan estas este esto estos estoy even every familia family father"
    " favor find firmar food friend from fuera fueron gente give going gone good gracias grupo haber habla hablar hace hacer hacia"
    " hasta have hello help here hermana hermano hija hijas hijo hijos hola home hora horas hospital hospitales hours house hoy"
    " husband immigration informacion information into just kids know last later lawyer letter life little live living llama llamar"
    " llamo llegaron lleva llevaron long look lost luego lugar lunes made madre maestra make mama manana mande many martes maybe mean"
    " medico menos meses miedo miercoles migracion minutos misma mismo momento money month months more mother much mucha muchas mucho"
    " muchos mujer must nada nadie name necesita necesitamos necesito need needs never next night nina ningun ninguna nino ninos"
    " nobody noche nombre nosotros nuestra nuestro nueva nuevo number numero nunca office oficina only open orden order other otra"
    " otro otros outside over padre padres pagar papa papeles papers para parada parents parte pasa paso pedir people pero persona"
    " personas phone place please poco podemos poder podria police policia porque pregunta primero problem problema pueda pueden puedo"
    " puerta pues quedo queremos question quien quiere quieren quiero really rent renta right saben saber said salio salir same scared"
    " school semana senor senora should siempre siguen sino sister sobre sola solo some someone something somos sorry soy speak stay"
    " still stop street sure sus take taken talk tambien tanto tarde telefono tell tenemos tener tengo tenia thank thanks that their"
    " them then there these they thing think this those tienda tiene tienen time toda todas todavia today todo todos told tomorrow"
    " took trabajaba trabajando trabajo traer tres truck tuve unas under unos until usted ustedes vamos vecina vecino venir verdad"
    " very viene vienen viernes vino visa visita vive vivimos vivo wait want wants week weeks well went were what when where which"
    " while wife will with without woman work working worried would years yesterday your".split()
)
"""Words without accents that stand in the messages of many families and tell nobody apart."""


class Sign(StrEnum):
    """What the two have in common."""

    NUMBER = "number"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Told:
    """What is compared of a conversation: the number without its channel, where and when (unix seconds), the family's texts."""

    id: str
    number: str = field(repr=False)
    place: str | None = None
    at: int = 0
    texts: tuple[str, ...] = field(default=(), repr=False)


class Hint(Struct, frozen=True):
    """That these two may be of one family, and why."""

    ids: tuple[str, str]
    sign: Sign


def bare(address: str) -> str:
    """A number without its channel.

    >>> bare("whatsapp:+15005550006")
    '+15005550006'
    """
    return address.rpartition(":")[2]


def hints(told: Sequence[Told]) -> tuple[Hint, ...]:
    """The pairs that have the same number; or, in one town or state within 48 hours, two rare words in common.

    A rare word has four letters or more, stands in these two conversations alone and is none of those that many families use:
    names and streets are such words. Only the newest ``MOST`` are compared.
    """
    compared = sorted(told, key=lambda each: (-each.at, each.id))[:MOST]
    words = {each.id: _words(each.texts) for each in compared}
    known_in = Counter(word for each in words.values() for word in each)
    rare = {id: {word for word in each if known_in[word] == 2} for id, each in words.items()}
    states = {each.id: _state(each.place) for each in compared}
    found = []
    for one, other in combinations(compared, 2):
        if one.number and one.number == other.number:
            found.append(Hint((one.id, other.id), Sign.NUMBER))
        elif len(rare[one.id] & rare[other.id]) >= 2 and _near(one, other, states):
            found.append(Hint((one.id, other.id), Sign.WORDS))
    return tuple(found)


def _words(texts: Sequence[str]) -> frozenset[str]:
    # Without accents: one of the family writes González, the other Gonzalez.
    plain = unicodedata.normalize("NFD", " ".join(texts).casefold())
    return frozenset(_WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))) - _EVERYDAY


def _near(one: Told, other: Told, states: Mapping[str, tuple[str, str] | None]) -> bool:
    here = states[one.id]
    return here is not None and here == states[other.id] and abs(one.at - other.at) <= APART_SECONDS


def _state(token: str | None) -> tuple[str, str] | None:
    place = from_token(token)
    return None if place is None else (place.country, place.admin1)
