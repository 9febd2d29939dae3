"""How far a template is with Meta, as the pages of admins say it: each state, why nobody could ask, and that nobody can."""

from __future__ import annotations

import pytest

from bot.escalation.approval import Approval
from bot.escalation.viewer import Role
from bot.store.message_templates import MessageTemplate
from tests.console.browsing import Account, Console
from tests.console.clients import hand

SID = "HX" + "0a" * 16


@pytest.fixture
def admin(console: Console) -> Account:
    made = console.account(Role.ADMIN, organization=None, name="Rosa Ixchel")
    console.desk.templates.save(console.viewer(made), MessageTemplate(SID, "we_looked", "es", "Hola. ¿Sigue ahí?"))
    return made


def test_each_state_is_said_in_words_and_why(console: Console, admin: Account) -> None:
    hers, states = hand(console, admin), console.desk.template_states
    for page in ("/templates", f"/templates/{SID}"):
        assert "TWILIO_API_KEY" in hers.get(page).text, "nobody can ask on this machine"
    said = {
        Approval.APPROVED: "Meta la aprobó",
        Approval.WAITING: "Meta todavía no decide",
        Approval.UNSUBMITTED: "Nadie la presentó",
        Approval.REFUSED: "Meta la rechazó",
        Approval.PAUSED: "en pausa",
        Approval.DISABLED: "desactivada",
        Approval.MISSING: "no existe",
    }
    assert set(said) == set(Approval)
    for approval, words in said.items():
        states.heard(SID, approval, "<b>INVALID</b>")
        for page in ("/templates", f"/templates/{SID}"):
            text = hers.get(page).text
            assert words in text and "&lt;b&gt;INVALID" in text and "según Twilio" in text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("70051", "dale permiso de leer plantillas"),
        ("20003", "no acepta nuestra llave"),
        ("20429", "demasiadas preguntas"),
        ("ReadTimeout", "no dio una respuesta"),
        ("unreadable", "no dio una respuesta"),
    ],
)
def test_why_twilio_did_not_tell_is_said(console: Console, admin: Account, code: str, said: str) -> None:
    console.desk.template_states.failed(SID, code)
    text = hand(console, admin).get("/templates").text
    assert said in text and code in text
