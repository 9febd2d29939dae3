"""The Twilio edge piece by piece: the signature against Twilio's published example and a signer of our own, TwiML, forms."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse
from werkzeug.datastructures import MultiDict

from bot.channels.delivery import read_delivery
from bot.channels.errors import NotSigned
from bot.channels.inbound import read_message
from bot.channels.signature import public_url, verify
from bot.channels.twiml import LONGEST, legal, split, to_twiml
from bot.escalation.refused import Next
from bot.message import Channel, OptOut, Pin, Reply
from tests.phone import texts

# The example of twilio.com/docs/usage/security, "Validating signatures".
EXAMPLE_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
EXAMPLE = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
EXAMPLE_SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def _sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """HMAC-SHA1 as Twilio describes it, without Twilio's library."""
    text = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), "sha1")).decode()


def _values(form: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in form.items()}


def test_the_published_example() -> None:
    verify(("12345",), EXAMPLE_URL, _values(EXAMPLE), EXAMPLE_SIGNATURE)
    with pytest.raises(NotSigned):
        verify(("12346",), EXAMPLE_URL, _values(EXAMPLE), EXAMPLE_SIGNATURE)


@given(
    st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=30), max_size=8).filter(
        lambda f: "\ud800" not in str(f)
    )
)
def test_an_independent_signer_agrees(form: dict[str, str]) -> None:
    form = {k.encode("utf-8", "ignore").decode(): v.encode("utf-8", "ignore").decode() for k, v in form.items()}
    verify(
        ("old", "token"),
        "https://bot.example.org/messages",
        _values(form),
        _sign("token", "https://bot.example.org/messages", form),
    )


@given(st.dictionaries(st.text(max_size=6), st.lists(st.text(max_size=6), min_size=1, max_size=3), max_size=6))
def test_twilios_own_library_agrees_on_names_with_several_values(form: dict[str, list[str]]) -> None:
    url, sent = "https://bot.example.org/messages?b=1", MultiDict((name, each) for name in form for each in form[name])
    verify(("old", "token"), url, form, RequestValidator("token").compute_signature(url, sent))
    with pytest.raises(NotSigned):
        verify(("old", "token"), url, {**form, "one more": ["x"]}, RequestValidator("token").compute_signature(url, sent))


def test_the_query_stays_as_it_came() -> None:
    assert (
        public_url("https://a.org/", "/messages", "o=casa%20latina&l=%C3%B1")
        == "https://a.org/messages?o=casa%20latina&l=%C3%B1"
    )
    assert public_url("https://a.org", "/messages", "") == "https://a.org/messages"


BASE = {"MessageSid": "SM1", "From": "+12025550100"}
READ = {
    "words": ({"Body": " hola \x00"}, "text", "hola"),
    "a tapped button": ({"ButtonText": "Sí", "ButtonPayload": "x"}, "text", "Sí"),
    "a tapped button with its words in Body": ({"Body": "Sí", "ButtonText": "Sí"}, "text", "Sí"),
    "a line of a list": ({"ListTitle": "abogado", "ListId": "3"}, "text", "abogado"),
    "a profile name is not read": ({"ProfileName": "abogado"}, "text", ""),
    "two pictures": ({"NumMedia": "2"}, "media", 2),
    "a pin": ({"Latitude": "14.84", "Longitude": "-91.52"}, "pin", Pin(14.84, -91.52)),
    "half a pin": ({"Latitude": "14.84"}, "pin", None),
    "forwarded": ({"Forwarded": "true"}, "forwarded", True),
    "forwarded many times": ({"FrequentlyForwarded": "true"}, "forwarded", True),
    "not forwarded": ({"Forwarded": "false"}, "forwarded", False),
    "opted out": ({"OptOutType": "STOP"}, "opt_out", OptOut.STOP),
    "an SMS": ({}, "channel", Channel.SMS),
    "WhatsApp": ({"From": "whatsapp:+50255501234"}, "channel", Channel.WHATSAPP),
    "WhatsApp without a number": ({"From": "whatsapp:US.1349120865"}, "address", "whatsapp:US.1349120865"),
    "the older name of the sid": ({"MessageSid": "", "SmsSid": "SM2"}, "sid", "SM2"),
}


@pytest.mark.parametrize("name", READ)
def test_reading_a_form(name: str) -> None:
    more, field, expected = READ[name]
    assert getattr(read_message({**BASE, **more}), field) == expected


@given(st.text(max_size=4_000))
def test_twiml_is_always_xml_that_twilio_takes(text: str) -> None:
    answer = to_twiml(Reply((text,)))
    assert len(answer) < 64_000 and all(len(part) <= LONGEST for part in texts(answer))
    ElementTree.fromstring(answer)


MARKUP = st.sampled_from("&<>\"'\r\n\t &amp;]]>")
TEXTS = st.lists(st.one_of(st.text(max_size=60), st.text(MARKUP, max_size=20), st.text(max_size=4_000)), max_size=3)


@given(
    TEXTS, st.lists(st.text(MARKUP, min_size=1, max_size=9).map("https://a.org/media/{}?a=1&b=2".format), max_size=2)
)
def test_twiml_is_what_twilios_own_library_writes(said: list[str], media: list[str]) -> None:
    expected = MessagingResponse()
    for part in (part for text in said for part in split(legal(text))):
        expected.message(part)
    for url in media:
        expected.message("").media(url)
    assert to_twiml(Reply(tuple(said), tuple(media))) == str(expected).encode("utf-8")


@given(st.text(alphabet="ab \n", max_size=500), st.integers(5, 60))
def test_splitting_loses_only_space(text: str, longest: int) -> None:
    parts = split(text, longest)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(0 < len(part) <= longest for part in parts)


def test_silence_is_an_empty_response() -> None:
    assert to_twiml(Reply()).endswith(b"<Response />") or to_twiml(Reply()).endswith(b"<Response/>")


CODES = {
    "21610": Next.OPTED_OUT,
    "30001": Next.RETRY,
    "30003": Next.ONCE_LATER,
    "30034": Next.OPERATOR,
    "30005": Next.STOP,
    "63016": Next.WINDOW,
    "30007": Next.WORDING,
}


@pytest.mark.parametrize("code", [*CODES, "", "99999", "x" * 40])
def test_what_an_error_asks_of_us(code: str) -> None:
    report = read_delivery({"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": code, "To": "+1"})
    assert report.next_ is CODES.get(code)
