"""What is compared without any Twilio: kinds of numbers, addresses, and the ways in which they are wrong."""

from __future__ import annotations

import pytest

from bot.channels.setup.addresses import clean, is_at_twilio, shown, wanted_of
from bot.channels.setup.checks import Report
from bot.channels.setup.findings import Finding, State, look, ok, wrong
from bot.channels.setup.kinds import Kind, kind_of
from bot.channels.setup.routes import NAMES
from bot.countries import is_answered
from bot.message import Channel


@pytest.mark.parametrize(("number", "kind"), [
    ("+13125550100", Kind.US_LONG_CODE), ("+17873331234", Kind.US_LONG_CODE), ("+18885550100", Kind.TOLL_FREE),
    ("+18335550100", Kind.TOLL_FREE), ("+16045550100", Kind.OTHER), ("+525512345678", Kind.OTHER),
    ("55512", Kind.SHORT_CODE), ("PUENTE", Kind.OTHER), ("", Kind.OTHER),
])  # fmt: skip
def test_kinds_of_numbers(number: str, kind: Kind) -> None:
    assert kind_of(number) is kind


@pytest.mark.parametrize(("base", "messages"), [
    ("https://bot.example.org", "https://bot.example.org/messages#rc=5&rp=ct,5xx"),
    ("https://bot.example.org/", "https://bot.example.org/messages#rc=5&rp=ct,5xx"),
    ("https://example.org/puente", "https://example.org/puente/messages#rc=5&rp=ct,5xx"),
    ("http://bot.example.org", None), ("", None),
])  # fmt: skip
def test_the_wanted_address(base: str, messages: str | None) -> None:
    wanted = wanted_of(base)
    assert (wanted.messages if wanted else None) == messages


@pytest.mark.parametrize(("url", "printed"), [
    ("https://u:p@old.example.net/in?token=t#rc=2", "https://old.example.net/in?...#rc=2"),
    ("a page", "a page"), ("https://[bot", "(unreadable)"), ("https://e.org/\x1b[2J", "https://e.org/?[2J"),
    ("https://e.org/" + "a" * 500, "https://e.org/" + "a" * 186),
])  # fmt: skip
def test_what_is_printed_of_an_address(url: str, printed: str) -> None:
    assert shown(url) == printed


def test_what_would_move_a_cursor_is_not_printed() -> None:
    assert clean("a\x1b[2J\r\nb\u202ec ñ") == "a?[2J??b?c ñ"


@pytest.mark.parametrize(("url", "there"), [
    ("https://handler.twilio.com/twiml/EH1", True), ("https://puente-1234.twil.io/down", True),
    ("https://twilio.com.example.net/twiml", False), ("https://nottwil.io/down", False), ("https://[x", False),
])  # fmt: skip
def test_which_addresses_are_at_twilio(url: str, there: bool) -> None:
    assert is_at_twilio(url) is there


@pytest.mark.parametrize(("findings", "locked", "code"), [
    ([ok("a", "b"), look("a", "b", "c")], False, 0), ([ok("a", "b"), wrong("a", "b")], False, 1),
    ([ok("a", "b"), Finding(State.UNASKED, "a", "b")], False, 1), ([ok("a", "b")], True, 2), ([wrong("a", "b")], True, 2),
])  # fmt: skip
def test_exit_codes(findings: list[Finding], locked: bool, code: int) -> None:
    assert Report(tuple(findings), None, locked).exit_code == code  # type: ignore[arg-type]


def test_every_thing_with_an_address_has_its_names() -> None:
    assert all(names.url and names.method and names.fallback and names.fallback_method for names in NAMES.values())


@pytest.mark.parametrize("number", ["+50255512345", "+525512345678", "+50499123456", "+50370123456"])
def test_the_bot_itself_answers_the_countries_that_the_page_tells_of(number: str) -> None:
    """docs/twilio.md: what keeps them from us is the carriers, not Puente."""
    from bot.settings import Settings

    assert is_answered(number, Channel.SMS, Settings().countries)
