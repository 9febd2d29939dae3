"""What words stand for: in three languages, however they are spelled, and never two ways by accident."""

from __future__ import annotations

import pytest
from components.concepts import Concepts
from components.text import normalise

from tests.nlu.conftest import NLU

ALL = Concepts.read(NLU / "concepts.yml")


def found(text: str) -> set[str]:
    return {concept for concepts in ALL.found(normalise(text)) for concept in concepts}


SAME = {
    "a lawyer": ("lawyer", ["necesito abogado", "busco un avogao", "I want a LAWYER", "attorney?", "kwaj jun abogado"]),
    "taking somebody": ("take", ["lo agarraron", "se la yevaron", "they took him", "xkik\u02bcam b'ik", "xkikam bik"]),
    "a door": ("door", ["en la puerta", "at the Door", "k'o chuchi' ri ja", "knocking"]),
    "a child": ("child", ["mi ijo", "mis niños", "my kids", "ri ak'alab'"]),
    "work": ("work", ["mi trabajo", "en la chamba", "my boss", "pa nuchak", "trabajadores"]),
    "a phrase": ("gone", ["no ha vuelto", "he did not come, no contesta", "sachinaq ri wal"]),
}


@pytest.mark.parametrize(("concept", "texts"), SAME.values(), ids=SAME.keys())
def test_one_thing(concept: str, texts: list[str]) -> None:
    assert [text for text in texts if concept not in found(text)] == []


def test_the_longest_phrase_wins() -> None:
    lexicon = Concepts({"order": "orden", "warrant": "orden_de_cateo", "search": "cateo"})
    assert lexicon.found("traen orden de cateo") == [["warrant"]]


def test_a_short_beginning_is_no_prefix() -> None:
    assert Concepts({"alone": "sol*"}).found("solicitud") == []


def test_nothing_in_nothing() -> None:
    assert ALL.found("") == [] and ALL.grams("") == []


def test_every_word_of_the_lexicon_is_found() -> None:
    lost = [
        f"{concept}: {word}"
        for concept, words in ALL.lexicon.items()
        for word in words.split()
        if not word.endswith("*") and concept not in found(word.replace("_", " "))
    ]
    assert lost == []
