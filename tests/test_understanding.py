"""The trained model behind the real webhook: what a newcomer types first, and sentences that must never go astray."""

from __future__ import annotations

import pytest
from flask import Flask

from bot.frozen import replace
from tests.phone import Phone

pytestmark = pytest.mark.slow

FIRST = {
    "hola": "greet",
    "abogado 60629": "services_legal",
    "la migra esta en mi puerta": "agents_here_now",
    "what do I do if ICE comes to my house": "home_visit",
    "se llevaron a mi mama y estoy solo": "child_alone",
    "dicen que hay redada hoy": "rumor",
    "Kwaj jun tob'anik": "menu",
    "AYUDA me está golpeando": "danger_now",
    "que hago si vienen a mi casa": "home_visit",
    "quiero hablar con una persona": "human",
    "quien puede leer mis mensajes": "privacy",
    "how do I find my husband in detention": "find_detained",
    "un notario me robo el dinero": "notario_fraud",
    "necesito interprete de kiche": "interpreter",
    "mi hijo cruzo solo y esta en un albergue": "child_in_custody",
    "if they deport me who takes care of my kids": "family_plan",
    "psicologo cerca de houston": "services_counseling",
    "after school program 60640": "services_after_school",
    "Kwaj jun abogado": "services_legal",
    "Xkik'am b'ik ri nutat": "relative_just_taken",
    "i want to die": "self_harm",
}


@pytest.mark.parametrize("text", FIRST)
def test_the_first_message(whole_app: Flask, text: str) -> None:
    phone = Phone(whole_app.test_client())
    assert phone.send(text)
    assert phone.explain["flow"] == FIRST[text]


class _Gone:
    """A model that does not answer."""

    def parse(self, text: str, timeout: float | None = None) -> None:
        return None


def test_a_sentence_understood_a_moment_ago_needs_no_model(whole_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    text, puente = "mi papa trabajaba y perdio su permiso", whole_app.extensions["puente"]()
    Phone(whole_app.test_client()).send(text)
    talk = puente.conversation
    deaf = replace(puente, conversation=replace(talk, model=replace(talk.model, model=_Gone())))
    monkeypatch.setitem(whole_app.extensions, "puente", lambda: deaf)
    phone = Phone(whole_app.test_client())
    phone.send(text)
    assert phone.explain["flow"] == "work_permit" and phone.explain["degraded"] is None
    phone.send(text + " ayer")
    assert phone.explain["degraded"] == "model", "so that this test can fail"


def test_a_command_of_the_model_is_only_text(whole_app: Flask) -> None:
    phone = Phone(whole_app.test_client())
    phone.send("/affirm")
    assert phone.explain["confidence"] != 1.0, "a slash in front must not choose the intent"


def test_a_question_in_the_middle_and_back(whole_app: Flask) -> None:
    phone = Phone(whole_app.test_client())
    phone.send("que pasa con mis hijos si me deportan")
    assert "volver a" in phone.send("cuanto cuesta un abogado cerca de 60629")
    phone.send("9")
    assert phone.explain["flow"] == "family_plan"


def test_an_urgent_sentence_never_passes_for_a_place(whole_app: Flask) -> None:
    phone = Phone(whole_app.test_client())
    phone.send("necesito un abogado")
    phone.send("acaban de detener a mi esposo en Houston")
    assert phone.explain["flow"] == "relative_just_taken"
