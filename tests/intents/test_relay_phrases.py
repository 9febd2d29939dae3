"""Who writes: somebody for an adult of the family, a child for itself, or just somebody."""

from __future__ import annotations

import pytest

from bot.content import load_phrases
from bot.engine.relay import ABOUT_CHILD, MINOR, RELAYED, SOME_CHILD, WHO_WRITES
from bot.settings import REPOSITORY

PHRASES = load_phrases(REPOSITORY / "nlu" / "relay_phrases", WHO_WRITES)

SAID = {
    RELAYED: (
        "mi abuelita no sabe leer, pregunta si puede ir a la corte",
        "escribo por mi abuelita que no sabe leer",
        "le escribo por mi mamá",
        "Le pregunto de parte de mi abuelo",
        "mi mamá quiere saber si puede trabajar",
        "mi abuela me pidió que le pregunte por un abogado",
        "estoy escribiendo por mi papá porque él no puede",
        "mi mama no puede escribir, yo le ayudo",
        "soy su nieta",
        "i am writing for my grandma, she can't read",
        "my grandmother doesn't know how to read",
        "my mom wants to know if she can go to court",
        "asking on behalf of my grandpa",
        "my grandma asked me to write you",
        "ri nunan man kusik'ij ta wuj, in kintz'ib'aj",
    ),
    MINOR: (
        "el menor soy yo",
        "El niño soy yo",
        "yo soy la niña",
        "soy menor de edad",
        "tengo 14 años",
        "the child is me",
        "I'm a minor",
        "i am 13 years old",
        "in ri ak'al",
    ),
}
NOT_SAID = (
    "tengo 15 años viviendo aquí",
    "mi hijo tiene 14 años",
    "soy mamá de un menor de edad",
    "mi mamá está detenida",
    "se llevaron a mi abuelita",
    "no sé leer",
    "mi abuelita está enferma",
    "quiero hablar con mi mamá",
    "my mom was taken",
    "i was 15 years old when i came",
    "i am not a minor",
    "necesito un abogado para mi papá",
    "busco comida para mi mamá",
    "cuando yo era niño soy menor de edad no",
)


@pytest.mark.parametrize(("who", "text"), [(who, text) for who, texts in SAID.items() for text in texts])
def test_who_writes(who: str, text: str) -> None:
    found = PHRASES.match(text)
    assert found and found[0] == who


@pytest.mark.parametrize("text", NOT_SAID)
def test_nothing_is_read_into_other_messages(text: str) -> None:
    found = PHRASES.match(text)
    # That it is about a child counts only where one is alone (tests/engine/test_of_a_child.py).
    assert found is None or found[0] in (ABOUT_CHILD, SOME_CHILD)
