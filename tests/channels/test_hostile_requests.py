"""Hostile and odd requests at the door: 403 or 400 for what is invalid, an answer for what is merely strange, never a 5xx."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask import Flask

from tests.phone import ACCOUNT, Phone, signature, texts

pytestmark = pytest.mark.slow

SID = "SM" + "1" * 32


def _form(**more: str) -> dict[str, str]:
    return {"MessageSid": SID, "AccountSid": ACCOUNT, "From": "+12025550001", "Body": "hola", **more}


REFUSED = {
    "no signature at all": (_form(), None, 403),
    "an empty signature": (_form(), "", 403),
    "a signature of another token": (_form(), signature(_form(), token="another"), 403),
    "a signature of another form": (_form(Body="hola!"), signature(_form()), 403),
    "a signature of another path": (_form(), signature(_form(), path="/status"), 403),
    "a signature that is not ASCII": (_form(), "ñ" * 28, 403),
    "another account": (_form(AccountSid="AC" + "9" * 32), signature(_form(AccountSid="AC" + "9" * 32)), 403),
    "no account": ({"From": "+1", "MessageSid": SID}, signature({"From": "+1", "MessageSid": SID}), 403),
    "an empty form": ({}, signature({}), 403),
    "no sender": (_form(From=""), signature(_form(From="")), 400),
    "no MessageSid": (_form(MessageSid=""), signature(_form(MessageSid="")), 400),
    "an endless sender": (_form(From="+1" * 400), signature(_form(From="+1" * 400)), 400),
    "a body over the limit": (_form(Body="a" * 70_000), signature(_form(Body="a" * 70_000)), 400),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(app: Flask, name: str) -> None:
    form, signed, status = REFUSED[name]
    headers = {} if signed is None else {"X-Twilio-Signature": signed.encode().decode("latin-1")}
    response = app.test_client().post("/messages", data=form, headers=headers)
    assert (response.status_code, response.data) == (status, b"")


ODD = {
    "nothing at all": {},
    "blanks only": {"Body": "  \n\t "},
    "NUL and control characters": {"Body": "ho\x00la\x0b\x1b"},
    "one emoji": {"Body": "🙏"},
    "a wall of emoji": {"Body": "😭" * 700},
    "right-to-left marks": {"Body": "\u202emigra\u202c"},
    "zero-width letters": {"Body": "m\u200bi\u200bg\u200br\u200ba"},
    "markup": {"Body": "<Response><Message>hi</Message></Response>"},
    "a command of the model": {"Body": "/agents_here_now"},
    "a format string": {"Body": "{0.__class__} %s ${orr} $orr"},
    "1,600 letters": {"Body": "la migra " * 177},
    "far too long": {"Body": "x" * 9_000},
    "decomposed accents": {"Body": "espan\u0303ol"},
    "an opaque WhatsApp address": {"From": "whatsapp:US.13491208655302741918"},
    "a short code": {"From": "72323"},
    "a name as sender": {"From": "PUENTE"},
    "a media count that is none": {"NumMedia": "many"},
    "a negative media count": {"NumMedia": "-1"},
    "a huge media count": {"NumMedia": "9" * 40},
    "a pin without numbers": {"Latitude": "north", "Longitude": "west", "Body": ""},
    "a pin outside the world": {"Latitude": "4000", "Longitude": "1e309", "Body": ""},
    "a pin of NaN": {"Latitude": "nan", "Longitude": "nan", "Body": ""},
    "a pin in the sea": {"Latitude": "0", "Longitude": "-30", "Body": ""},
    "an unknown OptOutType": {"OptOutType": "MAYBE"},
    "an old button": {"ButtonText": "Sí", "ButtonPayload": '{"v":0}', "Body": ""},
    "a list line": {"ListTitle": "abogado", "ListId": "x", "Body": ""},
    "hundreds of new parameters": {f"New{number}": "x" for number in range(400)},
    "a digit of another script": {"Body": "٣"},
    "a keycap": {"Body": "2️⃣"},
    "a very long word": {"Body": "a" * 1_599},
}


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize("name", ODD)
def test_odd_but_answered(app: Flask, name: str, channel: str) -> None:
    phone = Phone(app.test_client(), channel)
    response = phone.post(phone.form("") | ODD[name])
    assert response.status_code == 200
    ElementTree.fromstring(response.data)
    for text in texts(response.data):
        assert "${" not in text and "Traceback" not in text and len(text) <= 1_600


def test_the_query_is_signed_as_it_came(make_app: Callable[..., Flask]) -> None:
    form, path = _form(), "/messages?org=casa%20latina&l=%C3%B1"
    response = (
        make_app().test_client().post(path, data=form, headers={"X-Twilio-Signature": signature(form, path=path)})
    )
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/messages", "/status", "/healthz", "/console/login", "/console/inbox"])
def test_raw_bytes_in_the_query_are_refused_and_break_nothing(app: Flask, path: str) -> None:
    method = "POST" if path in ("/messages", "/status") else "GET"
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "next=\xff&o=\xf1"}
    assert app.test_client().open(environ_overrides=environ).status_code == 400


def test_two_tokens_while_rotating(make_app: Callable[..., Flask]) -> None:
    client = make_app(TWILIO_AUTH_TOKEN="new,old").test_client()
    for token, status in (("new", 200), ("old", 200), ("older", 403)):
        headers = {"X-Twilio-Signature": signature(_form(), token=token)}
        assert client.post("/messages", data=_form(), headers=headers).status_code == status


def test_a_public_address_behind_a_proxy(make_app: Callable[..., Flask]) -> None:
    from twilio.request_validator import RequestValidator

    client = make_app(PUBLIC_BASE_URL="https://bot.example.org").test_client()
    signed = RequestValidator("test-token").compute_signature("https://bot.example.org/messages", _form())
    headers = {"X-Twilio-Signature": signed, "Host": "10.0.0.7:8000", "X-Forwarded-Host": "evil.example"}
    assert client.post("/messages", data=_form(), headers=headers).status_code == 200


def test_the_same_message_twice_gets_the_same_bytes(app: Flask) -> None:
    phone = Phone(app.test_client())
    form = phone.form("la migra esta en mi puerta")
    first = phone.post(form)
    second = phone.post(form)
    assert (first.data, first.headers["X-Puente-Turn"]) == (second.data, second.headers["X-Puente-Turn"])
    assert b"<Message>" in first.data


def test_the_address_may_be_opaque_and_each_is_a_person_of_its_own(app: Flask) -> None:
    one, other = Phone(app.test_client(), "whatsapp", "US.13491"), Phone(app.test_client(), "whatsapp", "US.13492")
    one.send("la migra esta en mi puerta")
    other.send("1")
    assert one.send("1") != "" and other.explain["flow"] == "lost_place"


STATUS = {
    "delivered": ({"MessageSid": SID, "MessageStatus": "delivered", "AccountSid": ACCOUNT}, 204),
    "unknown status": ({"MessageSid": SID, "MessageStatus": "teleported", "AccountSid": ACCOUNT}, 204),
    "an error code": ({"MessageSid": SID, "MessageStatus": "failed", "ErrorCode": "30007", "AccountSid": ACCOUNT}, 204),
    "no status": ({"MessageSid": SID, "AccountSid": ACCOUNT}, 400),
    "another account": ({"MessageSid": SID, "MessageStatus": "sent", "AccountSid": "AC1"}, 403),
}


@pytest.mark.parametrize("name", STATUS)
def test_delivery_reports(app: Flask, name: str) -> None:
    form, status = STATUS[name]
    headers = {"X-Twilio-Signature": signature(form, path="/status")}
    assert app.test_client().post("/status", data=form, headers=headers).status_code == status


def test_an_unsigned_delivery_report_is_refused(app: Flask) -> None:
    assert app.test_client().post("/status", data={"MessageSid": SID, "MessageStatus": "sent"}).status_code == 403


def test_a_blocked_number_is_an_opt_out(app: Flask) -> None:
    form = {
        "MessageSid": SID,
        "MessageStatus": "undelivered",
        "ErrorCode": "21610",
        "AccountSid": ACCOUNT,
        "To": "+12025550009",
    }
    headers = {"X-Twilio-Signature": signature(form, path="/status")}
    app.test_client().post("/status", data=form, headers=headers)
    assert app.extensions["puente"]().opt_outs.is_stopped("+12025550009")
