"""Whether a phone number has as many digits as its country wants, and else how many. Pure."""

from __future__ import annotations

import phonenumbers
from msgspec import Struct
from phonenumbers import NumberParseException

from bot.directory.hsds.values import is_whole
from bot.directory.place import COUNTRY_NAMES


class WrongNumber(Struct, frozen=True):
    """``digits`` that were written, without those of the country; ``wanted`` of a number of ``country``. 0 wanted: nobody can say."""

    digits: int
    wanted: int
    country: str


def wrong_number(written: str, country: str) -> WrongNumber | None:
    """What is wrong with a number as somebody wrote it; None where it is one. ``country``: whose it is where it does not say so."""
    home = country.upper() if country.upper() in COUNTRY_NAMES else None
    try:
        number = phonenumbers.parse(written.strip(), home)
    except NumberParseException:
        return WrongNumber(sum(sign.isdigit() for sign in written), _wanted(home), home or "")
    if is_whole(number):
        return None
    region = phonenumbers.region_code_for_country_code(number.country_code) if number.country_code else home
    region = home if home and phonenumbers.country_code_for_region(home) == number.country_code else region
    return WrongNumber(len(phonenumbers.national_significant_number(number)), _wanted(region), region or "")


def _wanted(region: str | None) -> int:
    """How many digits a whole number of that country has: those of its example."""
    example = phonenumbers.example_number(region) if region else None
    return len(phonenumbers.national_significant_number(example)) if example else 0
