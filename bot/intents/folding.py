"""One way to compare what people type: lower case, no accents, one kind of apostrophe, no marks around it. Pure."""

from __future__ import annotations

import unicodedata

_APOSTROPHES = dict.fromkeys(
    map(ord, "\u2018\u2019\u201b\u02b9\u02bc\u02bb\u02bd\u02c8\ua78b\ua78c\u0060\u00b4\u2032\uff07"), "'"
)
_INSIDE = set("'")


def fold(text: str) -> str:
    """Letters, digits and apostrophes only, lower case, accents off (ñ becomes n), single spaces.

    For comparing, never for sending: ``Adiós, ¿qué?`` becomes ``adios que``.
    """
    # Apostrophes first: NFKD would turn U+00B4 into a space and a combining mark. And last: it makes one out of U+0149.
    text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold().translate(_APOSTROPHES)
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category[0] in "LN" or character in _INSIDE:
            kept.append(character)
        elif category not in ("Mn", "Me", "Cf"):
            kept.append(" ")
    words = (word.strip("'") + ("'" if word.endswith("'") and len(word) > 1 else "") for word in "".join(kept).split())
    return " ".join(word for word in words if word.strip("'"))


def bare(text: str) -> str:
    """``fold`` without any apostrophe: K'iche' is often typed without."""
    return fold(text).replace("'", "")
