"""What a message takes back itself, and two questions in one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents.clauses import _after_no_i_said, _after_not_this, meant, questions, what_is_meant
from bot.intents.folding import bare
from bot.intents.words import Words

TAKEN_BACK = {
    "no quiero abogado, quiero psicólogo": "quiero psicólogo",
    "No, dije Houston TX": "Houston TX",
    "no quise decir comida": "comida",
    "no necesito comida sino ropa": "ropa",
    "no ocupo doctor, mejor un dentista": "un dentista",
    "I don't need a lawyer, I need food": "need food",
    "no, I said Dallas": "Dallas",
    "I do not want court help but a clinic": "a clinic",
    "man kwaj ta abogado, kwaj ajkun": "kwaj ajkun",
}


@pytest.mark.parametrize("text", TAKEN_BACK)
def test_what_is_meant(text: str) -> None:
    assert meant(text) == TAKEN_BACK[text]


WHOLE = [
    "no quiero firmar",
    "no tengo papeles, necesito abogado",
    "no puedo pagar y quiero ayuda",
    "no es mi esposo, es mi hermano al que se llevaron",
    "no no quiero",
    "quiero abogado, no quiero notario",
    "no dije nada",
    "I did not say that",
    "no",
    "",
    "no han vuelto mis papas y quiero saber donde estan",
]


@pytest.mark.parametrize("text", WHOLE)
def test_what_is_no_correction_stays_whole(text: str) -> None:
    assert meant(text) == text


QUESTIONS = {
    "donde hay abogado gratis? y donde hay comida": ("donde hay abogado gratis", "y donde hay comida"),
    "necesito un doctor y también quiero saber de la escuela": ("necesito un doctor", "quiero saber de la escuela"),
    "how do I get food and also where is the court": ("how do I get food", "where is the court"),
    "hola. necesito un abogado en Houston": None,
    "se llevaron a mi papa. no se donde esta. que hago ahora": None,
    "abogado": None,
    "": None,
}


@pytest.mark.parametrize("text", QUESTIONS)
def test_two_questions(text: str) -> None:
    assert questions(text) == QUESTIONS[text]


@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    assert len(meant(text)) <= len(text)
    parts = questions(text)
    assert parts is None or all(part in text for part in parts)


TAKES_BACK = st.lists(
    st.sampled_from(
        "no not man no, ¡No! 'no quiero quiero, want es mejor sino but dije said que x papa k'aslem".split()
    ),
    max_size=12,
)


@given(TAKES_BACK.map(" ".join) | st.text(max_size=80))
def test_without_looking_first_it_would_be_the_same(text: str) -> None:
    folded = [bare(word) for word in text.split()]
    start = _after_no_i_said(folded) or _after_not_this(folded)
    assert meant(text) == (" ".join(text.split()[start:]) if start else text)
    said = what_is_meant(Words.of(text))
    assert said == Words.of(said.text)
