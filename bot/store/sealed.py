"""The envelope of a value in a row: AES-256-GCM, bound to its place, so that it opens nowhere else.

    version (1 byte, 1) | nonce (12 random bytes) | ciphertext | tag (16 bytes)

Table, row, column and the key's name are authenticated with it and not stored. A random 96-bit nonce is safe for
2^32 values under one key (NIST SP 800-38D, 8.3); an escalation has some hundreds. The length of a value shows.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.privacy import KEY_BYTES
from bot.store.errors import SealBroken

_VERSION = b"\x01"
_NONCE_BYTES = 12
_TAG_BYTES = 16

OVERHEAD = len(_VERSION) + _NONCE_BYTES + _TAG_BYTES
"""By how many bytes a sealed value is longer than the plain one."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key of 256 bits and its name, which is no secret. ``ValueError`` for another length."""

    name: str
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise ValueError(f"a key is {KEY_BYTES} bytes long")


def seal(key: Key, plaintext: bytes, *, table: str, row: str | int, column: str = "") -> bytes:
    """Seals a value for one place. Twice the same value makes two different seals."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key.secret).encrypt(nonce, plaintext, _place(key, table, row, column))


def unseal(key: Key, sealed: bytes, *, table: str, row: str | int, column: str = "") -> bytes:
    """The value that was sealed for this place under this key. Raises ``SealBroken`` for anything else."""
    nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if sealed[:1] != _VERSION or len(rest) < _TAG_BYTES:
        raise SealBroken(table)
    try:
        return AESGCM(key.secret).decrypt(nonce, rest, _place(key, table, row, column))
    except InvalidTag:
        raise SealBroken(table) from None


def _place(key: Key, table: str, row: str | int, column: str) -> bytes:
    # Each with its length: "ab" + "c" is another place than "a" + "bc". Written out: a page asks for thousands of them.
    t, r, c, k = table.encode(), str(row).encode(), column.encode(), key.name.encode()
    return b"".join((_VERSION, _length(t), t, _length(r), r, _length(c), c, _length(k), k))


def _length(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big")
