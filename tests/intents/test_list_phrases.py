"""What people say to a list of organizations: more, or that a number does not work; and what only sounds so."""

from __future__ import annotations

import pytest

from bot.content import load_phrases
from bot.engine.listed import ANY_KIND, FAILS, LISTED, MORE, MORE_OF
from bot.settings import REPOSITORY

PHRASES = load_phrases(REPOSITORY / "nlu" / "list_phrases", LISTED)

FAILING = (
    "ese número no sirve",
    "ese numero no funciona",
    "el teléfono no existe",
    "el número que me dio no sirve",
    "el numero q me dieron ya no existe",
    "no sirve ese número",
    "no contestan y el número está equivocado",
    "numero equivocado ese que me dio",
    "está equivocado el número",
    "ese teléfono está desconectado",
    "el número está fuera de servicio",
    "contesta otra persona",
    "marco y dice que ese número no existe",
    "el número de Centro Romero no sirve",
    "that number does not work",
    "that number doesn't work",
    "the number you gave me is not working",
    "the number is disconnected",
    "it's the wrong number they said",
    "the phone is out of service",
    "someone else answers",
    "that's not the right number",
    "ri número man utz taj",
    "man kchakun ta ri telefono",
    "ri numero no sirve",
    "equivocado ri numero, ri numero equivocado",
)
NOT_FAILING = (
    "no contestan",
    "el 988 no contesta",
    "el número A no sirve",
    "el numero a ya no sirve en la corte",
    "mi número no sirve",
    "el número de caso no existe",
    "el número de seguro social no sirve",
    "me equivoqué de número",
    "número equivocado",
    "necesito el número de un abogado",
    "no tengo número",
    "el teléfono del 911 no funciona",
    "my number does not work",
    "the case number does not exist",
    "my phone is dead",
    "wrong number",
    "sorry, wrong number",
    "the A number is wrong",
    "they do not answer",
    "abogado no sirve",
    "ri 988 man kchakun taj",
)


@pytest.mark.parametrize("text", FAILING)
def test_a_number_that_fails(text: str) -> None:
    found = PHRASES.match(text)
    assert found is not None and found[0] == FAILS, found


@pytest.mark.parametrize("text", NOT_FAILING)
def test_no_number_that_fails(text: str) -> None:
    found = PHRASES.match(text)
    assert found is None or found[0] != FAILS


SAYING_MORE = (
    "otros",
    "otra",
    "más",
    "y más?",
    "hay más?",
    "¿hay otros?",
    "más por favor",
    "tiene otro",
    "no hay otros?",
    "quiero más",
    "me da otro",
    "hay alguno más?",
    "más opciones",
    "quién más?",
    "cuáles otros hay",
    "los demás",
    "siguiente",
    "more please",
    "any others?",
    "anything else?",
    "who else?",
    "show me more",
    "give me some more",
    "is there anyone else",
    "do you have any other",
    "do you have others",
    "another one please",
    "next",
    "k'o chi nik'aj chik",
    "kwaj nik'aj chik",
    "k'o mas",
    "chaya' nik'aj chik",
)


@pytest.mark.parametrize("text", SAYING_MORE)
def test_more(text: str) -> None:
    found = PHRASES.match(text)
    assert found is not None and found[0] == MORE, found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no más mensajes", {MORE_OF}),
        ("otra pregunta: me pueden deportar", {MORE_OF}),
        ("más miedo", {MORE_OF}),
        ("busco otro abogado", {MORE_OF}),
        ("another lawyer", {MORE_OF}),
        ("organizaciones en Houston", {ANY_KIND}),
        ("who helps in Houston", {ANY_KIND}),
        ("en Houston", {None}),
        ("nada más", {None, MORE_OF}),
    ],
)
def test_only_a_message_that_is_nothing_else_asks_for_more(text: str, expected: set[str | None]) -> None:
    found = PHRASES.match(text)
    assert (found[0] if found else None) in expected
