"""What kind of number a sender is, by which the carriers' rules differ. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

_SHORT = re.compile(r"\d{3,6}")


class Kind(StrEnum):
    """Long codes of the US are registered (A2P 10DLC), toll-free numbers are verified, short codes have a contract of their own."""

    US_LONG_CODE = "US long code"
    TOLL_FREE = "toll-free number"
    SHORT_CODE = "short code"
    OTHER = "number of another country"


def kind_of(number: str) -> Kind:
    """The kind of a number such as +13125550100, or of a short code."""
    if _SHORT.fullmatch(number):
        return Kind.SHORT_CODE
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return Kind.OTHER
    if parsed.country_code != 1:
        return Kind.OTHER
    if phonenumbers.number_type(parsed) == PhoneNumberType.TOLL_FREE:
        return Kind.TOLL_FREE
    region = phonenumbers.region_code_for_number(parsed)
    return Kind.US_LONG_CODE if region in ("US", "PR", "VI", None) else Kind.OTHER


def spelt(number: str) -> str:
    """Its digits, to find it however it is written."""
    return re.sub(r"\D", "", number)
