"""Passwords of the console: argon2id, and what is refused as one.

At least 12 signs and no rule about digits or capitals (NIST SP 800-63B-4, 3.1.1.2: length and a list of known ones, nothing else).
The list is commonest_passwords.txt: what people choose most, in English and Spanish, and the words of this project.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200

# OWASP Password Storage Cheat Sheet: 19 MiB, two rounds, one lane. Eight threads that hash at once need 152 MiB.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """The argon2id hash to store."""
    return _HASHER.hash(password)


def fits(password: str, hash: str | None) -> bool:
    """Whether this is the password. Without a hash, as for a mail nobody has, it takes as long and is False."""
    try:
        return _HASHER.verify(hash or _nobody(), password) and hash is not None
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")


def refused(password: str, *known: str) -> str | None:
    """Why this cannot be a password; None: it can.

    ``short``, ``long``, ``known`` (her name or mail, or one sign again and again), ``common`` (what people choose most, however
    it is spelled and whatever digits stand around it).
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    bare = _folded(password)
    hers = {part for word in map(_folded, known) for part in (word, *re.split(r"[\W_]+", word)) if len(part) > 3}
    if len(set(bare)) < 4 or _is_guessed(bare, hers):
        return "known"
    spellings = (bare, bare.rstrip(_AT_THE_END).translate(_FOR_LETTERS))
    return "common" if any(_is_guessed(each, hers | _commonest()) for each in spellings) else None


_AT_THE_END = "0123456789 .,-_!?*#+$@"
_FOR_LETTERS = str.maketrans("@40135$7", "aaoiesst")
"""Signs that stand for letters: p@ssw0rd."""


def _is_guessed(password: str, words: Iterable[str]) -> bool:
    """Whether too little is left when these words are taken out of it, and the digits and signs that they were put together with."""
    rest = password
    for word in sorted((word for word in words if word in password), key=len, reverse=True):
        rest = rest.replace(word, " ")
    return rest != password and len(re.sub(r"[\W_]", "", rest.strip(_AT_THE_END))) < SHORTEST // 2


def _folded(text: str) -> str:
    """Without capitals and accents."""
    return "".join(each for each in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(each))


@functools.cache
def _commonest() -> frozenset[str]:
    lines = Path(__file__).with_name("commonest_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(_folded(word) for line in lines if not line.startswith("#") for word in line.split())
