"""The key of the console's logins: one file, DATA_DIR/console.key, from which everything that must be secret there is derived.

It signs the cookies of visitors and encrypts the secrets of second factors. Whoever has it and the database can make codes of
anybody's second factor; whoever loses it loses those, and everybody sets up hers again (``users reset-second-factor``).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.store.errors import KeyDamaged
from bot.store.secret_files import refuse_open, write_once

KEY_BYTES = 32
NAME = "console.key"


@dataclass(frozen=True, slots=True)
class ConsoleKey:
    """What is derived from the file, in hex. ``cookies`` signs, ``second_factor`` encrypts, ``tries`` hides whose tries are counted."""

    cookies: str = field(repr=False)
    second_factor: str = field(repr=False)
    tries: str = field(repr=False)


def console_key(data_dir: Path) -> ConsoleKey:
    """The key, made at its first use. Raises ``KeyDamaged`` or ``KeyTooOpen``. Several hosts need the same file."""
    path = data_dir / NAME
    if not path.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_once(path, secrets.token_bytes(KEY_BYTES))
    refuse_open(path, "600")
    secret = path.read_bytes()
    if len(secret) != KEY_BYTES:
        raise KeyDamaged(f"The key file {path} holds {len(secret)} bytes instead of {KEY_BYTES}.", "Put it back.")
    return ConsoleKey(*(_derived(secret, purpose) for purpose in ("cookies", "second factor", "tries")))


def _derived(secret: bytes, purpose: str) -> str:
    # The secret is random already: no salt is needed (RFC 5869, 3.1).
    return HKDF(SHA256(), 32, salt=None, info=f"puente console {purpose}".encode()).derive(secret).hex()
