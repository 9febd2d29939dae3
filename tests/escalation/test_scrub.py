"""What is taken out of a sentence before it is kept to learn from."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.scrub import scrub, scrub_signs


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Me llamo Ana López y mi cita es el 12 con Marta", "Me llamo *** y mi cita es el *** con ***"),
        ("me llamo ana lopez y quiero ayuda", "me llamo *** y quiero ayuda"),
        ("mi nombre es juan de la cruz morales necesito comida", "mi nombre es *** necesito comida"),
        ("My name is José de la Cruz, call +1 (312) 555-0100", "My name is ***, call ***"),
        ("mi hijo se llama Luis y tiene 4 años", "mi hijo se llama *** y tiene *** años"),
        ("mi A-123 456 789 la tiene ICE. Vivo en Chicago", "mi *** la tiene ICE. Vivo en ***"),
        ("escribe a ana@correo.org o mira www.foro.com/x?y=1 ya", "escribe a *** o mira *** ya"),
        ("https://x.gt/abc y puente.org", "*** y ***"),
        ("Hola. Soy de Nebaj. ¿Dónde está Pedro?", "Hola. Soy de ***. ¿Dónde está ***?"),
        ("nub'i' Tix kwaj tob'anik", "nub'i' *** kwaj tob'anik"),
        ("necesito una clinica para mi hija", "necesito una clinica para mi hija"),
        ("I am scared of ICE", "I am scared of ICE"),
        ("AYUDA POR FAVOR", "AYUDA POR FAVOR"),
        ("", ""),
    ],
    ids=[
        *(
            "a name, a day, another name",
            "a name in small letters",
            "a long name",
            "a number to call",
            "a child's name and age",
        ),
        *("an A-number", "mail and a page", "addresses", "a town and a question", "K'iche'", "nothing in it"),
        *("a capital that names nobody", "capitals alone", "empty"),
    ],
)
def test_what_is_left(text: str, left: str) -> None:
    assert scrub(text) == left
    assert scrub(left) == left, "what was scrubbed stays as it is"


@given(st.text(max_size=80))
def test_no_digit_and_no_address_is_left(text: str) -> None:
    for left in (scrub(text), scrub_signs(text)):
        assert not any(sign.isdecimal() for sign in left)
        assert not re.search(r"\S@\S", left)


@given(st.text("abc ñÁ12@.¿-", max_size=60))
def test_scrubbing_again_takes_out_nothing_more_of_signs(text: str) -> None:
    assert scrub_signs(scrub_signs(text)) == scrub_signs(text)
