"""One way to compare what people type: lower case, no accents, one kind of apostrophe, no marks around it. Pure."""

from __future__ import annotations

import unicodedata

_APOSTROPHES = dict.fromkeys(
    map(ord, "\u2018\u2019\u201b\u02b9\u02bc\u02bb\u02bd\u02c8\ua78b\ua78c\u0060\u00b4\u2032\uff07"), "'"
)
_INSIDE = set("'")
_KNOWN = 0x2100
"""The alphabets that people here write in, and their marks: so many characters at most are folded once and for all."""


class _Folded(dict[int, str]):
    """What stands for a character, by its number: of most letters it is found out once, not at each message."""

    def __missing__(self, number: int) -> str:
        folded = _folded(chr(number))
        if number < _KNOWN:
            self[number] = folded
        return folded


def _folded(character: str) -> str:
    # Apostrophes first: NFKD would turn U+00B4 into a space and a combining mark. And last: it makes one out of U+0149.
    plain = unicodedata.normalize("NFKD", character.translate(_APOSTROPHES)).casefold().translate(_APOSTROPHES)
    kept = []
    for each in plain:
        category = unicodedata.category(each)
        if category[0] in "LN" or each in _INSIDE:
            kept.append(each)
        elif category not in ("Mn", "Me", "Cf"):
            kept.append(" ")
    return "".join(kept)


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Letters, digits and apostrophes only, lower case, accents off (ñ becomes n), single spaces.

    For comparing, never for sending: ``Adiós, ¿qué?`` becomes ``adios que``.
    """
    if text.isascii() and text.isalnum():
        # A digit or a single word, as most answers to a menu are: there is nothing to fold but capitals.
        return text.lower()
    words = text.translate(_FOLDED).split()
    folded = " ".join(words)
    if "'" not in folded:
        return folded
    stripped = (word.strip("'") + ("'" if word.endswith("'") and len(word) > 1 else "") for word in words)
    return " ".join(word for word in stripped if word.strip("'"))


def bare(text: str) -> str:
    """``fold`` without any apostrophe: K'iche' is often typed without."""
    return fold(text).replace("'", "")
