"""Passwords of the console: argon2id, and what is refused as one.

At least 12 signs and no rule about digits or capitals (NIST SP 800-63B-4, 3.1.1.2: length and a list of known ones, nothing else).
"""

from __future__ import annotations

import functools

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
    """Why this cannot be a password: ``short``, ``long``, ``known`` (her name or mail, or one sign again and again). None: it can."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    bare = password.casefold()
    parts = {part for word in known for part in (word.casefold(), word.casefold().partition("@")[0]) if len(part) > 3}
    rest = functools.reduce(lambda left, part: left.replace(part, ""), sorted(parts, key=len, reverse=True), bare)
    # What is left when name and mail are taken out has to be long enough to be guessed by nobody.
    return "known" if len(rest) < SHORTEST // 2 or len(set(bare)) < 4 else None
