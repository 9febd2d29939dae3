"""Which content was checked and found good, so that the next process that starts with the very same need not check it again.

Content is known here by the digest of all that the verdict hangs on. No check asks what day it is: whether a day is to come yet is
asked of ``Release.released``, which is one of the parts.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from bot.settings import REPOSITORY

_CODE = Path(__file__).parent
# Which version of each library the checks were made for.
_LIBRARIES = REPOSITORY / "requirements.txt"


class FoundGood(Protocol):
    """What remembers it from one process to the next (bot/store/found_good_file.py)."""

    def holds(self, digest: str) -> bool:
        """Whether content of this digest was found good. Never raises: what cannot be told is False."""

    def note(self, digest: str) -> None:
        """Remembers that it was. Never raises."""


def digest_of(parts: Iterable[str]) -> str:
    """SHA-256 of these parts of the content, in this order, with the code that judges: another line of it may judge otherwise."""
    own = (*parts, sys.version, code_digest())
    return hashlib.sha256("\0".join(own).encode()).hexdigest()


def code_digest(folder: Path = _CODE, libraries: Path = _LIBRARIES) -> str:
    """SHA-256 of every module under ``folder``, and of the list of libraries. It takes a hundredth of a second."""
    found = hashlib.sha256(libraries.read_bytes() if libraries.is_file() else b"")
    # No Path for each of 700 files: that would take longer than to read them.
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for path in sorted(os.path.join(at, name) for name in files if name.endswith(".py")):
            with open(path, "rb") as file:
                found.update(f"\0{path.removeprefix(str(folder))}\0".encode() + file.read())
    return found.hexdigest()
