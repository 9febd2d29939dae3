"""Which SMS numbers are answered: those of the countries that families write from. Pure.

Floods for money (SMS pumping) make us send to numbers abroad, whose carrier shares the price with whoever began it. +1 is
not one country: much of the Caribbean has it too, so the region of the number decides, not its calling code.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber

from bot.message import Channel

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_TEN_DIGITS = re.compile(r"\+1([2-9][0-9]{9})")
"""A number behind +1, as nearly all messages have it: nothing in it has to be told apart, so it is not searched for that."""


def is_answered(address: str, channel: Channel, countries: Collection[str]) -> bool:
    """Whether a message from this address is answered, whatever it says.

    On SMS only a number of one of ``countries`` (ISO codes; none = every country). Short codes and names are machines: never.
    WhatsApp always: it costs the same everywhere, and half of its addresses show no number.
    """
    if channel is not Channel.SMS:
        return True
    if is_machine(address):
        return False
    return not countries or _region(address) in countries


def is_machine(address: str) -> bool:
    """Whether an SMS comes from a short code or a name: no person writes from those, and answering them goes round in circles."""
    return not _E164.fullmatch(address)


def _region(number: str) -> str | None:
    """The country of a number in E.164; where its digits tell none, the main one of its calling code."""
    parsed = parse(number)
    if parsed is None:
        return None
    region = phonenumbers.region_code_for_number(parsed)
    return region or phonenumbers.region_code_for_country_code(parsed.country_code or 0)


def parse(number: str) -> PhoneNumber | None:
    """A number in E.164 as phonenumbers reads it; None for what it takes for none."""
    if plain := _TEN_DIGITS.fullmatch(number):
        return PhoneNumber(country_code=1, national_number=int(plain[1]))
    try:
        return phonenumbers.parse(number)
    except NumberParseException:
        return None


def unknown(countries: Iterable[str]) -> list[str]:
    """The codes that are no country with phone numbers."""
    return [code for code in countries if code not in phonenumbers.SUPPORTED_REGIONS]
