"""Which content this host has checked last and found good, in a file: a start with the same content is not kept waiting by the checks.

The file holds one seal, under the key of the releases, and no word of the content. Where it is missing or damaged, was sealed under
another key or for other content, everything is checked.
"""

from __future__ import annotations

import hmac
from pathlib import Path

import structlog

from bot.store.secret_files import clear_half_made, replace_file

FOLDER, NAME = "content", "found_good"
_FIRST = b"puente found good 1 "

log = structlog.get_logger()


class FoundGoodFile:
    """``DATA_DIR/content/found_good``. ``key`` is that of the seals."""

    def __init__(self, data_dir: Path, key: bytes) -> None:
        self.path, self._key = data_dir / FOLDER / NAME, key

    def holds(self, digest: str) -> bool:
        """Whether content of this digest was found good on this host. False where that cannot be told."""
        try:
            return hmac.compare_digest(self.path.read_bytes(), self._sealed(digest))
        except OSError:
            return False

    def note(self, digest: str) -> None:
        """Puts it down in the place of what was found good before. A disk that takes nothing only makes the next start longer."""
        try:
            replace_file(self.path, self._sealed(digest))
            clear_half_made(self.path)
        except OSError as error:
            log.warning("content.not_noted", error=type(error).__name__)

    def _sealed(self, digest: str) -> bytes:
        seal = hmac.digest(self._key, b"found good|" + digest.encode(), "sha256")
        return _FIRST + seal.hex().encode() + b"\n"
