"""The kinds of values that a column of the directory holds. Each turns a cell into its one written form, or says what is wrong. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from uuid import UUID

import phonenumbers
from msgspec import Struct
from phonenumbers import NumberParseException

from bot.directory.errors import ScheduleError
from bot.directory.hours import parse_zone
from bot.directory.place import COUNTRY_NAMES

LONGEST_TEXT = 2_000
LONGEST_NAME = 200
LONGEST_CELL = 20_000
"""Characters that are looked at all: what is longer is no text, and reading it would only cost time."""
# UTF-8 that somebody read as Windows-1252: the first byte of a letter, then a sign that no text has beside it.
_TWICE_ENCODED = re.compile("[\u00c2\u00c3][\u00a1-\u00bf\u2030\u201c\u0161\u0153\u2018]|\u00e2\u20ac")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SCRIPT = re.compile(r"\s*(javascript|vbscript|data|file)\s*:", re.IGNORECASE)
_E164 = re.compile(r"\+[1-9]\d{6,14}")
# What the library takes a hundred times as long to find whole: ten digits after +1, eight in most of Central America.
_USUAL = re.compile(r"\+1[2-9]\d{9}|\+50[2-6]\d{8}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_CODE = re.compile(r"[a-z0-9][a-z0-9_]{1,63}")
_EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[A-Za-z]{2,}")
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?([/?#][^\s<>\"'`\\]*)?")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class ValueRefused(Exception):
    """A cell that does not hold what its column is for: what is wrong, and what to write."""

    def __init__(self, problem: str, mend: str) -> None:
        self.problem, self.mend = problem, mend
        super().__init__(f"{problem} {mend}")


Value = Callable[[str], str]
"""Takes a cell that is not empty and returns its one written form. Raises ValueRefused."""


def _quoted(text: str) -> str:
    """A cell as it may stand in a message: short, and without signs that move the rest of the line."""
    plain = "".join(sign if sign.isprintable() else "." for sign in text[:40])
    return repr(plain + ("..." if len(text) > 40 else ""))


def text(most: int = LONGEST_TEXT) -> Value:
    """Words of at most so many characters: NFC, one line, no signs that cannot be seen."""

    def read(cell: str) -> str:
        if len(cell) > LONGEST_CELL:
            raise ValueRefused(f"It has {len(cell)} characters.", f"Write {most} at most.")
        if len(cell) <= most and cell.isascii() and cell.isprintable() and "  " not in cell:
            return cell.strip()
        plain = " ".join(unicodedata.normalize("NFC", cell).split())
        if len(plain) > most:
            raise ValueRefused(f"It has {len(plain)} characters.", f"Write {most} at most.")
        if not plain.isprintable():
            hidden = next(sign for sign in plain if not sign.isprintable())
            raise ValueRefused(f"It holds the invisible sign U+{ord(hidden):04X}.", "Type the text again.")
        if not plain.isascii():
            _undamaged(plain)
        return plain

    return read


def _undamaged(text: str) -> None:
    """Raises ValueRefused where the text shows that its letters suffered on the way."""
    if "\ufffd" in text:
        raise ValueRefused("A letter was lost on the way (U+FFFD).", "Save the file as UTF-8 and send it again.")
    if _TWICE_ENCODED.search(text):
        raise ValueRefused(f"Accents became other signs: {_quoted(text)}.", "Save the file as UTF-8 and send it again.")


class OneOf(Struct, frozen=True):
    """One of the known words; capitals do not matter."""

    known: tuple[str, ...]

    def __call__(self, cell: str) -> str:
        """The word as it is written here."""
        if cell in self.known:
            return cell
        for word in self.known:
            if word.casefold() == cell.casefold():
                return word
        raise ValueRefused(f"It is {_quoted(cell)}.", f"Use one of: {', '.join(self.known)}.")


def one_of(*known: str) -> OneOf:
    """One of these words."""
    return OneOf(known)


def yes_or_no(cell: str) -> str:
    """``yes`` or ``no``, for columns that came after the tables had been made: SQLite adds no list of words to a table."""
    return one_of("yes", "no")(cell)


class Number(Struct, frozen=True):
    """A decimal number between two others, in degrees, years or money."""

    low: float
    high: float

    def __call__(self, cell: str) -> str:
        """The number as Python writes it, whole ones without a point."""
        try:
            value = float(cell)
        except ValueError:
            value = float("nan")
        if not self.low <= value <= self.high:
            raise ValueRefused(f"It is {_quoted(cell)}.", f"Write a number from {self.low:g} to {self.high:g}.")
        return repr(value + 0.0).removesuffix(".0")


def number(low: float, high: float) -> Number:
    """A number from ``low`` to ``high``."""
    return Number(low, high)


def identifier(cell: str) -> str:
    """A UUID, in small letters with dashes."""
    if _UUID.fullmatch(cell):
        return cell
    try:
        return str(UUID(cell))
    except ValueError:
        raise ValueRefused(
            f"It is {_quoted(cell)}.", "Write a UUID, such as d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610."
        ) from None


def code(cell: str) -> str:
    """A short name of ours that never changes: small letters, digits and ``_``."""
    if not _CODE.fullmatch(cell):
        raise ValueRefused(
            f"It is {_quoted(cell)}.", "Write 2 to 64 small letters, digits or _, such as centro_romero."
        )
    return cell


def day(cell: str) -> str:
    """A day as 2026-01-31."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
            return date.fromisoformat(cell).isoformat()
    except ValueError:
        pass
    raise ValueRefused(f"It is {_quoted(cell)}.", "Write a day as 2026-01-31.")


def time_of_day(cell: str) -> str:
    """A time as 09:00, by the clocks of the location. Seconds of nought and an offset from UTC, as HSDS allows, are cut off."""
    plain = re.sub(r"(?<=\d:\d\d):00(\.0+)?", "", cell)
    plain = re.sub(r"\s*(Z|[+-]\d\d:?\d\d)$", "", plain)
    plain = f"0{plain}" if re.fullmatch(r"\d:\d\d", plain) else plain
    if not _TIME.fullmatch(plain):
        raise ValueRefused(f"It is {_quoted(cell)}.", "Write a time as 09:00.")
    return plain


def days_of_week(cell: str) -> str:
    """Days of iCalendar, ``MO,TU``, in the order of the week."""
    said = [word.strip().upper() for word in cell.split(",") if word.strip()]
    if not said or any(word not in _DAYS for word in said):
        raise ValueRefused(f"It is {_quoted(cell)}.", "Write days as MO,TU,WE.")
    return ",".join(each for each in _DAYS if each in said)


def url(cell: str) -> str:
    """A page of the web: http or https and nothing else, so that nobody can be made to click a script."""
    if len(cell) > LONGEST_TEXT or not _URL.fullmatch(cell):
        raise ValueRefused(f"It is {_quoted(cell)}.", "Write an address that begins with https:// or http://.")
    return cell


def sources(cell: str) -> str:
    """Where something was seen: pages with `` ; `` between them, or words."""
    parts = [part.strip() for part in cell.split(" ; ")]
    if any(_SCRIPT.match(part) for part in parts):
        raise ValueRefused(f"It is {_quoted(cell)}.", "Name the page with https://, or say in words where it was seen.")
    return " ; ".join(url(part) if "://" in part.split(" ")[0] else text()(part) for part in parts if part)


def email(cell: str) -> str:
    """A mail address."""
    if len(cell) > LONGEST_NAME or not _EMAIL.fullmatch(cell):
        raise ValueRefused(f"It is {_quoted(cell)}.", "Write an address such as info@example.org.")
    return cell


def e164(cell: str) -> str:
    """A phone number in E.164: ``+13125550100``."""
    plain = re.sub(r"[\s().-]", "", cell)
    if not _E164.fullmatch(plain) or not _possible(plain):
        raise ValueRefused(f"It is {_quoted(cell)}.", "Write the whole number with its country, as +13125550100.")
    return plain


def _possible(number: str) -> bool:
    """Whether a number of that country can have so many digits."""
    if _USUAL.fullmatch(number):
        return True
    try:
        return is_whole(phonenumbers.parse(number))
    except NumberParseException:
        return False


def is_whole(number: phonenumbers.PhoneNumber) -> bool:
    """Whether it has as many digits as a number of its country with its area."""
    return phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE


def digits(cell: str) -> str:
    """Digits: the extension of a phone."""
    if not re.fullmatch(r"\d{1,8}", cell):
        raise ValueRefused(f"It is {_quoted(cell)}.", "Write digits, as 104.")
    return cell


def country(cell: str) -> str:
    """ISO 3166 code of a country in which families write to us."""
    if cell.upper() not in COUNTRY_NAMES:
        raise ValueRefused(f"It is {_quoted(cell)}.", f"Use one of: {', '.join(COUNTRY_NAMES)}.")
    return cell.upper()


def language(cell: str) -> str:
    """ISO 639 code of a language: es, en, quc, mam."""
    if not _LANGUAGE.fullmatch(cell.lower()):
        raise ValueRefused(f"It is {_quoted(cell)}.", "Write the ISO 639 code: es, en, quc, mam.")
    return cell.lower()


def languages(cell: str) -> str:
    """Codes of languages, each once, ``;`` between them."""
    return ";".join(dict.fromkeys(language(part.strip()) for part in cell.split(";") if part.strip()))


def zone(cell: str) -> str:
    """IANA name of a time zone: America/Chicago."""
    try:
        parse_zone(cell)
    except ScheduleError as error:
        raise ValueRefused(error.problem, error.mend) from None
    return cell
