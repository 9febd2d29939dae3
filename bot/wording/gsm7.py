"""The alphabet of SMS: what fits into GSM-7, what is folded to fit, and how many segments a text costs.

The alphabet is 3GPP TS 23.038 (GSM 03.38), default table and default extension table.

| set            | in it                                                   | each costs                 |
|----------------|---------------------------------------------------------|----------------------------|
| GSM_BASIC      | A-Z a-z 0-9, most punctuation, ñ é ü à è ì ò ù ä ö ¿ ¡  | 1 septet                   |
| GSM_EXTENSION  | ^ { } \\ [ ~ ] | € and the form feed                    | 2 septets                  |
| in neither     | á í ó ú, curly quotes, dashes, every emoji              | all of the text is UCS-2   |
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum

from bot.wording.errors import NotGsm7

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("^{}\\[~]|€\f")
GSM = GSM_BASIC | GSM_EXTENSION

# Every sign that people and keyboards use for the K'iche' glottal stop arrives as the plain apostrophe.
_APOSTROPHES = {
    "\u02bc": "'",  # MODIFIER LETTER APOSTROPHE
    "\u2019": "'",  # RIGHT SINGLE QUOTATION MARK
    "\u2018": "'",  # LEFT SINGLE QUOTATION MARK
    "\u02bb": "'",  # MODIFIER LETTER TURNED COMMA
    "\u02bd": "'",  # MODIFIER LETTER REVERSED COMMA
    "\u02b9": "'",  # MODIFIER LETTER PRIME
    "\u02c8": "'",  # MODIFIER LETTER VERTICAL LINE
    "\ua78c": "'",  # LATIN SMALL LETTER SALTILLO
    "\ua78b": "'",  # LATIN CAPITAL LETTER SALTILLO
    "\u0060": "'",  # GRAVE ACCENT
    "\u00b4": "'",  # ACUTE ACCENT
    "\u2032": "'",  # PRIME
    "\u201a": "'",  # SINGLE LOW-9 QUOTATION MARK
    "\u201b": "'",  # SINGLE HIGH-REVERSED-9 QUOTATION MARK
    "\uff07": "'",  # FULLWIDTH APOSTROPHE
}
# Spanish is read without these accents; without ñ, ¿ or ¡ it is not, and é and ü cost nothing.
_LETTERS = dict(zip("áíóúÁÍÓÚëïËÏºª", "aiouAIOUeiEIoa", strict=True))
_PUNCTUATION = {
    "\u201c": '"',  # LEFT DOUBLE QUOTATION MARK
    "\u201d": '"',  # RIGHT DOUBLE QUOTATION MARK
    "\u201e": '"',  # DOUBLE LOW-9 QUOTATION MARK
    "\u201f": '"',  # DOUBLE HIGH-REVERSED-9 QUOTATION MARK
    "\u2033": '"',  # DOUBLE PRIME
    "\u00ab": '"',  # LEFT-POINTING DOUBLE ANGLE QUOTATION MARK
    "\u00bb": '"',  # RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK
    "\u2039": '"',  # SINGLE LEFT-POINTING ANGLE QUOTATION MARK
    "\u203a": '"',  # SINGLE RIGHT-POINTING ANGLE QUOTATION MARK
    "\u2010": "-",  # HYPHEN
    "\u2011": "-",  # NON-BREAKING HYPHEN
    "\u2012": "-",  # FIGURE DASH
    "\u2013": "-",  # EN DASH
    "\u2014": "-",  # EM DASH
    "\u2015": "-",  # HORIZONTAL BAR
    "\u2212": "-",  # MINUS SIGN
    "\u2026": "...",  # HORIZONTAL ELLIPSIS
}
_SPACES = {
    **dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000", " "),  # TAB, NO-BREAK SPACE and other single spaces
    **{chr(code): " " for code in range(0x2000, 0x200B)},  # EN QUAD to HAIR SPACE
    **dict.fromkeys("\u0085\u2028\u2029", "\n"),  # NEXT LINE, LINE SEPARATOR, PARAGRAPH SEPARATOR
}
_ZERO_WIDTH = {
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),  # SOFT HYPHEN, ZERO WIDTH SPACE and JOINERS
    **dict.fromkeys("\u200e\u200f\u061c", ""),  # LEFT-TO-RIGHT MARK, RIGHT-TO-LEFT MARK, ARABIC LETTER MARK
    **{chr(code): "" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))},  # direction overrides
}
_FOLD = _APOSTROPHES | _LETTERS | _PUNCTUATION | _SPACES | _ZERO_WIDTH
# A compiled class looks at 300 letters in half of the time that a set takes.
_FOREIGN = re.compile(f"[^{re.escape(''.join(sorted(GSM)))}]")
_NOT_BASIC = re.compile(f"[^{re.escape(''.join(sorted(GSM_BASIC)))}]")
_BASIC_LATIN_1 = "".join(GSM_BASIC).encode("latin-1", "ignore")


class Encoding(StrEnum):
    """How a message travels; the values are Twilio's names."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


# Units that fit into a message sent alone, and into one part of several (the part's header takes the rest).
_ALONE = {Encoding.GSM7: 160, Encoding.UCS2: 70}
_PART = {Encoding.GSM7: 153, Encoding.UCS2: 67}


def fold_for_sms(text: str) -> str:
    """The text as it is sent by SMS: what GSM-7 lacks and can be told otherwise is replaced, the rest stays.

    Emoji and letters of other alphabets stay, and cost. Folding twice is folding once, and never adds a
    segment.
    """
    if _FOREIGN.search(text) is None:
        return text
    folded = _fold_once(text)
    while _FOREIGN.search(folded) and (again := _fold_once(folded)) != folded:
        # Only stacked accents need another round: what stood above a folded one meets the bare letter.
        folded = again
    if len(folded) <= len(text) and _is_basic(folded):
        # No letter more than before, and each of one unit: it cannot cost more.
        return folded
    # An ellipsis becomes three dots, a few Indic signs have no composed form: what would cost more goes as it came.
    return min(folded, text, key=segments)


def _fold_once(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    # A few letters of a long text: replacing those takes a small part of the time of translating all. Nothing of GSM-7 is folded, and
    # no replacement either.
    for char in set(_FOREIGN.findall(text)):
        text = text.replace(char, _FOLD.get(char, char))
    return text


def encoding(text: str) -> Encoding:
    """GSM-7 if every character is in its alphabet, else UCS-2 for the whole text."""
    return Encoding.UCS2 if _FOREIGN.search(text) else Encoding.GSM7


def non_gsm(text: str) -> tuple[str, ...]:
    """The characters that turn the text into UCS-2, each once, in the order in which they first stand."""
    return tuple(dict.fromkeys(char for char in text if char not in GSM))


def septets(text: str) -> int:
    """Length of a GSM-7 text in septets. Raises NotGsm7 where a character is outside the alphabet."""
    if strangers := non_gsm(text):
        raise NotGsm7(strangers)
    return sum(_sizes(text, Encoding.GSM7))


def segments(text: str) -> int:
    """How many SMS segments the text is billed as; an empty text counts as one, as with Twilio.

    Neither the two septets of an extension character nor the two units of an emoji are ever split over
    segments, so that dividing the length can come out one too low. Stored answers of Twilio's own calculator
    are the test.
    """
    plain = _is_basic(text)
    how = Encoding.GSM7 if plain else encoding(text)
    if plain or (how is Encoding.UCS2 and _utf16_units(text) == len(text)):
        # Every character is one unit: nearly all that is sent, and counted in no time.
        return 1 if len(text) <= _ALONE[how] else -(-len(text) // _PART[how])
    if sum(_sizes(text, how)) <= _ALONE[how]:
        return 1
    return _parts(_sizes(text, how), _PART[how])


def _is_basic(text: str) -> bool:
    """Whether every character is one septet. In Latin-1, as nearly all of our texts are, in a third of the time."""
    try:
        return not text.encode("latin-1").translate(None, _BASIC_LATIN_1)
    except UnicodeEncodeError:
        return _NOT_BASIC.search(text) is None


def most_characters(parts: int) -> int:
    """How many characters of the GSM-7 alphabet fit into so many SMS segments."""
    return _ALONE[Encoding.GSM7] if parts == 1 else parts * _PART[Encoding.GSM7]


def parts_of(text: str) -> tuple[str, ...]:
    """The text as a phone gets it: one piece for each segment that it is billed as."""
    how = encoding(text)
    if sum(_sizes(text, how)) <= _ALONE[how]:
        return (text,)
    parts, free = [""], _PART[how]
    for char, size in zip(text, _sizes(text, how), strict=True):
        if size > free:
            parts.append("")
            free = _PART[how]
        parts[-1] += char
        free -= size
    return tuple(parts)


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _sizes(text: str, how: Encoding) -> Iterator[int]:
    """Units of each character: septets in GSM-7, UTF-16 code units in UCS-2."""
    if how is Encoding.GSM7:
        return (2 if char in GSM_EXTENSION else 1 for char in text)
    return (2 if ord(char) > 0xFFFF else 1 for char in text)


def _parts(sizes: Iterable[int], room: int) -> int:
    count, free = 1, room
    for size in sizes:
        if size > free:
            count, free = count + 1, room
        free -= size
    return count
