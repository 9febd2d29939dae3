"""Whether a correction is so small that its meaning cannot have changed. Pure."""

from __future__ import annotations

import unicodedata

from rapidfuzz import fuzz

# In short words one letter is another word (no/ya, now/not); in longer ones of the same beginning it is spelling.
SHORTEST_WORD = 5
LEAST_ALIKE = 80


def is_spelling(old: str, new: str) -> bool:
    """Whether only spelling changed: the same words in the same order, accents and capitals aside.

    Words that differ have at least ``SHORTEST_WORD`` letters, begin alike, and are at least ``LEAST_ALIKE`` (0 to 100)
    alike: a word more or less, such as a "not", is never spelling.
    """
    before, after = _bare(old).split(), _bare(new).split()
    if len(before) != len(after):
        return False
    return all(a == b or _same_word(a, b) for a, b in zip(before, after, strict=True))


def _same_word(a: str, b: str) -> bool:
    plain = (
        min(len(a), len(b)) >= SHORTEST_WORD
        and a[0] == b[0]
        and not any(char.isdigit() or char == "$" for char in a + b)
    )
    return plain and fuzz.ratio(a, b) >= LEAST_ALIKE


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold())
    return unicodedata.normalize("NFC", "".join(char for char in letters if char != "\u0301")).rstrip(".!")
