"""Files that hold a secret: made whole or not at all, and refused when others than their owner may use them."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from bot.store.errors import KeyTooOpen

LEFT_SECONDS = 3_600.0
"""What is half made for so long was left by a process that was killed."""


def write_once(path: Path, content: bytes) -> None:
    """Makes the file, 0600, in a folder that is there. A file that is there already is left as it is.

    Any number of processes may race: all of them then read what one of them wrote.
    """
    half_made = path.parent / f".{path.name}.{secrets.token_hex(8)}"
    descriptor = _made(half_made)
    try:
        _fill(descriptor, content)
        # A hard link appears whole or not at all, and unlike a rename it never replaces what another made.
        os.link(half_made, path)
    except FileExistsError:
        return
    finally:
        half_made.unlink()
    fsync_folder(path.parent)


def replace_file(path: Path, content: bytes) -> None:
    """Puts this file, 0600, in the place of the one before, whole or not at all; its folder is made where there is none.

    Any number of processes may do it at once. Raises ``OSError``.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half_made = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = _made(half_made)
    try:
        _fill(descriptor, content)
        half_made.replace(path)
    except BaseException:
        with suppress(OSError):
            half_made.unlink()
        raise
    fsync_folder(path.parent)


def _made(path: Path) -> int:
    """A new file, 0600. Whoever made it takes it away where more than this fails."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _fill(descriptor: int, content: bytes) -> None:
    """Returns when all of it has reached the disk."""
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def clear_half_made(path: Path) -> None:
    """Takes away what processes left that were killed while they wrote this file anew. Raises ``OSError`` where there is no file."""
    before = path.stat().st_mtime - LEFT_SECONDS
    for left in path.parent.glob(f"{path.name}.*"):
        with suppress(OSError):
            if left.stat().st_mtime < before:
                left.unlink()


def fsync_folder(folder: Path) -> None:
    """Returns when the names in the folder, new and deleted ones, have reached the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def refuse_open(path: Path, wanted: str) -> None:
    """Raises ``KeyTooOpen`` when others than its owner may use a file or folder; ``wanted`` is the mode to set."""
    if path.stat().st_mode & 0o077:
        raise KeyTooOpen(f"Others than its owner may use {path}.", f"Run `chmod {wanted} {path}`.")
