"""Seals on rows from which families are answered and of which people write some at a time: the directory, notices, withdrawals.

    seal of a row = HMAC-SHA256(key, "cells" | kind | cells)
    seal of the set = HMAC-SHA256(key, "set" | kind | state | how many | SHA-256 of all ids with their seals, in order)

The first tells a row that was changed, the second one that was added, taken away, or put back as it once was. The key is that of
the releases, and not in SQL: whoever may only write into the database can change nothing unnoticed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

_BETWEEN = "\x1f"
SEAL_LETTERS = 64
"""A seal is so many hex digits."""


def row_seal(key: bytes, kind: str, cells: Iterable[Any]) -> str:
    """The seal of a row: 64 hex digits. ``kind`` is its table, ``cells`` all of it in the order of its columns."""
    return text_seal(key, kind, [json.dumps(list(cells), default=repr)])


def text_seal(key: bytes, kind: str, cells: list[str]) -> str:
    """The same of cells that are all texts; a directory has hundreds of thousands of such rows, and JSON takes its time."""
    joined = _BETWEEN.join(cells)
    # "ab" + "c" is another row than "a" + "bc", also where a cell holds what stands between them.
    said = f"cells|{kind}|{joined}" if joined.count(_BETWEEN) == len(cells) - 1 else f"odd cells|{kind}|{json.dumps(cells)}"
    return hmac.digest(key, said.encode("utf-8", "surrogatepass"), "sha256").hex()


def set_seal(key: bytes, kind: str, state: str, seals: Iterable[tuple[str, str]]) -> str:
    """The seal of all rows together: of their ids, each with its seal. ``state`` is what else has to fit, as a version."""
    lines = sorted(map(" ".join, seals))
    digest = hashlib.sha256("\n".join(lines).encode("utf-8", "backslashreplace")).hexdigest()
    return hmac.digest(key, f"set|{json.dumps([kind, state, len(lines), digest])}".encode(), "sha256").hex()


def fits(found: Any, wanted: str) -> bool:
    """Whether what stands in the database is that seal. Nothing is never one."""
    return hmac.compare_digest(str(found).encode("utf-8", "backslashreplace"), wanted.encode())
