"""Misspelled copies of training texts, as phones and hurried people write. The same copies in every training.

Only the training ever sees them: a text that is evaluated stays as somebody wrote it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_SHORT_FORMS = {
    "que": "q",
    "qué": "q",
    "porque": "xq",
    "por qué": "xq",
    "también": "tmb",
    "tambien": "tmb",
    "para": "pa",
    "está": "ta",
    "estoy": "toy",
    "por favor": "porfa",
    "you": "u",
    "are": "r",
    "your": "ur",
    "please": "pls",
    "because": "bc",
    "people": "ppl",
    "what": "wat",
}
_SHORT = re.compile(r"\b(" + "|".join(sorted(_SHORT_FORMS, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_BY_EAR = (("ll", "y"), ("v", "b"), ("b", "v"), ("c", "s"), ("z", "s"), ("h", ""), ("qu", "k"), ("s", "z"))
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    letter: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in _ROWS for at, letter in enumerate(row)
}


def varied(text: str, copies: int, seed: int) -> list[str]:
    """So many copies of the text, each changed in one or two ways; fewer when a copy would be the text itself."""
    chance = random.Random(f"{seed}:{text}")  # noqa: S311 - copies for training, not secrets
    made: dict[str, None] = {}
    for _ in range(copies):
        copy = text
        for change in chance.sample(_CHANGES, 2):
            copy = change(copy, chance)
        if copy != text and copy.strip():
            made[copy] = None
    return list(made)


def _shortened(text: str, chance: random.Random) -> str:
    return _SHORT.sub(lambda match: _SHORT_FORMS[match.group().lower()], text)


def _slipped(text: str, chance: random.Random) -> str:
    """One slip of the thumb: a neighbouring key, a letter left out, or two letters in the wrong order."""
    places = [at for at, letter in enumerate(text) if letter.lower() in _NEIGHBOURS]
    if len(places) < 4:
        return text
    at = chance.choice(places[1:])
    slip = chance.randrange(3)
    if slip == 0:
        return text[:at] + chance.choice(_NEIGHBOURS[text[at].lower()]) + text[at + 1 :]
    if slip == 1:
        return text[:at] + text[at + 1 :]
    return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]


def _by_ear(text: str, chance: random.Random) -> str:
    """One letter as it sounds."""
    possible = [pair for pair in _BY_EAR if pair[0] in text]
    if not possible:
        return text
    written, heard = chance.choice(possible)
    at = chance.choice([match.start() for match in re.finditer(written, text)])
    return text[:at] + heard + text[at + len(written) :]


def _joined(text: str, chance: random.Random) -> str:
    """Two words run together."""
    blanks = [at for at, letter in enumerate(text) if letter == " "]
    if len(blanks) < 2:
        return text
    at = chance.choice(blanks)
    return text[:at] + text[at + 1 :]


_CHANGES: tuple[Callable[[str, random.Random], str], ...] = (_shortened, _slipped, _by_ear, _joined)
