"""Phone numbers as people and spreadsheets write them, in E.164. Pure."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from bot.directory.hsds.values import is_whole
from bot.directory.place import COUNTRY_NAMES

_PLAIN = re.compile(r"\+[1-9]\d{6,14}")
_LONGEST = 60


def understood(cell: str, country: str) -> tuple[str, str]:
    """Number and extension; the cell as it is where it is no possible number, so that hsds.check says what is wrong with it.

    ``country``: whose number it is where it does not say so (ISO code). A spreadsheet takes the plus of a number away: what then
    begins with the country's own code is taken to have it.
    """
    plain = cell.strip()
    if _PLAIN.fullmatch(plain) or len(plain) > _LONGEST:
        return plain, ""
    try:
        number = phonenumbers.parse(plain, country if country in COUNTRY_NAMES else None)
    except NumberParseException:
        return plain, ""
    if not is_whole(number):
        return plain, ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164), number.extension or ""
