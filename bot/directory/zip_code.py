"""Finds what may be a US ZIP inside a sentence: five digits that are neither money, nor an age, nor a house."""

from __future__ import annotations

import re

_FIVE_DIGITS = re.compile(r"(?<![\w$.,#/+-])(\d{5})(?:-\d{4})?(?![\w/+%-]|[.,]\d)")
_COUNTED = frozenset(
    """dolares dólares pesos quetzales lempiras colones cordobas córdobas usd dollars dollar bucks euros
    años anos years personas people familias families kilometros kilómetros km millas miles veces times
    horas hours""".split()
)
_STREETS = frozenset("st street ave avenue rd road blvd dr drive ln lane calle avenida".split())
_NUMBERED = frozenset({"caso", "case", "expediente", "apt", "apartamento", "apartment", "unit", "placa", "badge"})
_PAID = frozenset(
    """pague pagué pago pagamos pagaron pagar cobra cobran cobro cobró cobraron debo debe debemos deben cuesta cuestan costo costó
    gano gané gana paid pay pays owe owes cost costs charged earn earned""".split()
)
_NEAR = 60  # letters: the few words beside a number that tell what it counts
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")


def zip_codes(text: str) -> list[str]:
    """The five digits of each, in the order of the text; whether such a ZIP exists is for the table to say."""
    found = _FIVE_DIGITS.finditer(text)
    return [match.group(1) for match in found if _is_free(*_around(text, match.start(), match.end()))]


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    return text[max(0, start - _NEAR) : start], text[end : end + _NEAR]


def _is_free(before: str, after: str) -> bool:
    following = _WORD.findall(after.lower())[:4]
    numbered = _NUMBERED.intersection(_WORD.findall(before.lower())[-2:])
    paid = _PAID.intersection(_WORD.findall(before.lower())[-2:])
    return not (numbered or paid or _COUNTED.intersection(following[:1]) or _STREETS.intersection(following))


def without_digits(text: str) -> str:
    """The text with its numbers taken out: what is left may name the place in words."""
    return _DIGITS.sub(" ", text)
