"""How families read the name of an organization: short enough for the question whether a person may read along. Pure."""

from __future__ import annotations

import re

LONGEST_NAME = 38
"""Letters. With one more the consent question (human.consent) would be three SMS; `content check` measures with so many."""
# "CARECEN SF (Central American Resource Center)", "CHIRLA / Los Angeles Rapid Response Network", "KIND - Boston".
_PARTS = re.compile(r"\s*[()/]\s*|\s+[-\u2013\u2014]\s+|\s*[,:]\s+")
# No name ends with one of these.
_SMALL = frozenset("a al de del e el en la las los o para por y and at for from in of on or the to".split())


def called(name: str) -> str:
    """The name as it stands, where it is at most ``LONGEST_NAME`` letters; else its first part that is.

    Parts are told apart by brackets, a slash, a dash, a comma, so that ``(CRLN)`` at the end of a long name is how families
    read it. Where no part is short enough, as many of its words as there is room for.
    """
    name = " ".join(name.split())
    if len(name) <= LONGEST_NAME:
        return name
    parts = (part.strip() for part in _PARTS.split(name))
    short = next((part for part in parts if 0 < len(part) <= LONGEST_NAME), None)
    return short or _first_words(name)


def _first_words(name: str) -> str:
    words = name[: LONGEST_NAME + 1].split(" ")[:-1]
    while len(words) > 1 and words[-1].casefold() in _SMALL:
        words.pop()
    return " ".join(words) or name[:LONGEST_NAME]
