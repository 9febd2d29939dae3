"""A signature fits under one of the tokens and for exactly these bytes, or the request is refused in words; nothing else is raised."""

from __future__ import annotations

import pytest

from bot.channels.errors import ChannelError, NotSigned
from bot.channels.signature import public_url, verify

URL = "https://example.com/myapp"
FORM = {"CallSid": ["CA1234567890ABCDE"], "Caller": ["+14158675310"], "Digits": ["1234"], "From": ["+14158675310"]}
TOKEN = "12345"
SIGNED = "XJBepVFmVOLwucnMj+WCy+m4Pu0="
"""Of the form and address above under that token: HMAC-SHA1 as Twilio's page describes it, reckoned with openssl, not with our code."""


def test_a_signature_that_was_reckoned_elsewhere_fits() -> None:
    verify((TOKEN,), URL, FORM, SIGNED)


@pytest.mark.parametrize("tokens", [("another", TOKEN), (TOKEN, "another"), ("", TOKEN)])
def test_any_of_the_tokens_will_do_while_they_are_rotated(tokens: tuple[str, ...]) -> None:
    verify(tokens, URL, FORM, SIGNED)


FALSE = {
    "nothing": "",
    "the beginning of it": SIGNED[:-1],
    "more than it": f"{SIGNED} ",
    "in other letters": SIGNED.lower(),
    "letters that are none of ASCII": "ñandú",
    "half of a letter": "\udcff",
    "bytes as a server hands them on": "\xff\xfe",
}


@pytest.mark.parametrize("name", FALSE)
def test_any_other_is_refused_in_words(name: str) -> None:
    with pytest.raises(NotSigned, match="^the signature does not fit$") as refused:
        verify((TOKEN,), URL, FORM, FALSE[name])
    assert isinstance(refused.value, ChannelError) and refused.value.status == 403


@pytest.mark.parametrize("tokens", [(), ("",), ("another",)])
def test_without_the_token_nothing_fits(tokens: tuple[str, ...]) -> None:
    with pytest.raises(NotSigned):
        verify(tokens, URL, FORM, SIGNED)


@pytest.mark.parametrize("url", [URL + "/", URL + "?a=1", URL.replace("https", "http"), URL.upper()])
def test_another_address_is_not_signed(url: str) -> None:
    with pytest.raises(NotSigned):
        verify((TOKEN,), url, FORM, SIGNED)


@pytest.mark.parametrize("name", [*FORM, "More"])
def test_another_form_is_not_signed(name: str) -> None:
    with pytest.raises(NotSigned):
        verify((TOKEN,), URL, {**FORM, name: ["x"]}, SIGNED)


ADDRESSES = {
    "plain": ("https://bot.example.org", "/messages", "", "https://bot.example.org/messages"),
    "with a slash at its end": ("https://bot.example.org/", "/messages", "", "https://bot.example.org/messages"),
    "with several": ("https://bot.example.org//", "/status", "", "https://bot.example.org/status"),
    "below a path": ("https://example.org/bot", "/status", "o=a.1", "https://example.org/bot/status?o=a.1"),
    "percent signs stay": ("https://a.org", "/m", "l=%C3%B1&x=a%20b", "https://a.org/m?l=%C3%B1&x=a%20b"),
    "bytes stay": ("https://a.org", "/m", "l=\xc3\xb1\xff", "https://a.org/m?l=\xc3\xb1\xff"),
    "an empty name": ("https://a.org", "/m", "=", "https://a.org/m?="),
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_the_address_that_twilio_signed(name: str) -> None:
    base, path, query, expected = ADDRESSES[name]
    assert public_url(base, path, query) == expected
