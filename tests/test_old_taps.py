"""Buttons that are tapped weeks later, as Twilio posts them, signed: they reach what they said, and never another menu's line."""

from __future__ import annotations

from flask import Flask

from tests.phone import Phone

DETAINED = {"ListTitle": "la migra está aquí", "MessageType": "interactive"}


def tap(phone: Phone, words: str, payload: str) -> str:
    return phone.send(words, ButtonText=words, ButtonPayload=payload, MessageType="button")


def test_an_old_line_of_danger_is_answered_in_the_middle_of_something_else(app: Flask) -> None:
    for id in ("p1:menu.first.1", "p1:gone.first.1", "p9:menu.first.1", '{"v":0}', "1"):
        phone = Phone(app.test_client(), "whatsapp")
        phone.send("menu")
        answer = phone.send(DETAINED["ListTitle"], ListId=id, **DETAINED)
        assert answer.startswith("No abra") and phone.explain["flow"] == "agents_here_now", id


def test_an_old_yes_does_not_answer_the_question_that_waits(app: Flask) -> None:
    def asked() -> Phone:
        phone = Phone(app.test_client(), "whatsapp")
        phone.send("cancelar")
        assert (phone.explain["flow"], phone.explain["step"]) == ("notices", "stop_confirm")
        return phone

    for payload in ("x", "p1:menu.first.1", "p1:forget_me.first.1", "p1:notices.stop_confirm.2"):
        phone = asked()
        tap(phone, "Sí", payload)
        assert phone.explain["step"] != "stopped", payload
    for words in ("Sí", "1 Sí", "1 sí"):
        phone = asked()
        tap(phone, words, "p1:notices.stop_confirm.1")
        assert phone.explain["step"] == "stopped", words
    phone = asked()
    tap(phone, "2 Sí", "p1:notices.stop_confirm.1")
    assert phone.explain["step"] != "stopped", "no button of ours says that"


def test_a_line_of_a_former_menu_leads_where_it_led(app: Flask) -> None:
    phone = Phone(app.test_client(), "whatsapp")
    phone.send("menu")
    tap(phone, "abogado", "p1:menu.first.3")
    assert phone.explain["flow"] == "services_legal"
    tap(phone, "abogado", "p1:menu.first.3")
    assert phone.explain["flow"] == "services_legal", "and it does so again from there"


def test_a_forged_tap_is_refused_as_any_request_that_is_not_signed(app: Flask) -> None:
    phone = Phone(app.test_client(), "whatsapp")
    form = phone.form("abogado", ButtonText="abogado", ButtonPayload="p1:menu.first.3")
    assert phone.post(form, token="another").status_code == 403
