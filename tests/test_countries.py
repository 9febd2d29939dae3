"""Whose messages are answered: the countries that families write from, never a machine."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.countries import is_answered, parse, unknown
from bot.message import Channel
from bot.settings import Settings

OURS = Settings().countries
SMS = [
    ("+12025550100", True, "the United States"),
    ("+15005550006", True, "an area code that is none counts as the main country of +1"),
    ("+18005551212", True, "toll-free"),
    ("+17875551234", True, "Puerto Rico"),
    ("+13405551234", True, "the Virgin Islands"),
    ("+14165551234", True, "Canada"),
    ("+525512345678", True, "Mexico"),
    ("+5215512345678", True, "Mexico as it was written until 2019"),
    ("+50255551234", True, "Guatemala"),
    ("+50112345", True, "Belize, a digit short"),
    ("+18765550100", False, "Jamaica, behind +1"),
    ("+18095551234", False, "the Dominican Republic, behind +1"),
    ("+18761234567", False, "Jamaica, a number that cannot be"),
    ("+8801712345678", False, "Bangladesh"),
    ("+447911123456", False, "Great Britain"),
    ("+34600123456", False, "Spain"),
    ("+88213300000", False, "a satellite"),
    ("+99912345678", False, "a calling code of nobody"),
    ("72975", False, "a short code"),
    ("AMAZON", False, "a name"),
    ("12025550100", False, "no plus"),
    ("+1202555010012345678", False, "too long"),
    ("+1 202 555 0100", False, "with spaces, as no carrier writes"),
    ("", False, "nothing"),
]


@pytest.mark.parametrize(("address", "answered"), [row[:2] for row in SMS], ids=[row[2] for row in SMS])
def test_sms(address: str, answered: bool) -> None:
    assert is_answered(address, Channel.SMS, OURS) is answered


@given(st.from_regex(r"\+1[2-9][0-9]{9}", fullmatch=True))
def test_behind_1_a_number_is_read_as_phonenumbers_reads_it(number: str) -> None:
    assert parse(number) == phonenumbers.parse(number)


@pytest.mark.parametrize("address", ["whatsapp:+447911123456", "whatsapp:US.13491208655302741918", "whatsapp:+1"])
def test_whatsapp_is_answered_everywhere(address: str) -> None:
    assert is_answered(address, Channel.WHATSAPP, OURS)


def test_no_list_means_every_country_and_still_no_machine() -> None:
    assert is_answered("+447911123456", Channel.SMS, ())
    assert not is_answered("72975", Channel.SMS, ())


def test_codes_that_are_none_are_found() -> None:
    assert unknown(OURS) == [] and unknown(("US", "us", "UK", "XX", "")) == ["us", "UK", "XX", ""]
