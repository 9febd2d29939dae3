"""The master key, under which the keys of escalations are wrapped: read from a file that is kept apart from everything.

The file holds lines ``name:base64 of 32 bytes``; the first is the current one, the others are former ones whose keys
have not been wrapped anew yet. Lines that begin with # are comments. 32 bytes and nothing else are the key "1".
"""

from __future__ import annotations

import binascii
import os
import re
import secrets
import stat
from base64 import b64decode, b64encode
from pathlib import Path

from msgspec import Struct

from bot.privacy import KEY_BYTES
from bot.settings import Settings
from bot.store.errors import KeyDamaged, KeyTooOpen, MasterKeyMissing, MasterKeyUnsafe
from bot.store.sealed import Key
from bot.store.secret_files import write_once

_DEVELOPMENT = "development-"
_NAME = re.compile(r"[A-Za-z0-9._-]{1,32}")
_LARGEST_FILE = 16 * 1024
# Of 32 random bytes about 30 are different; fewer than 16 are in no key that chance made.
_FEWEST_DIFFERENT = 16
_SEE = "docs/keys.md says how to make one."
_MISSING = (
    "Put it back from where you keep its copy; a new one opens nothing that was sealed before. "
    "Was there never one? docs/keys.md says how it is made. "
    "In development, `flask --app webhook db upgrade` makes the first one."
)


class MasterKeys(Struct, frozen=True):
    """The versions of the master key, the current one first."""

    versions: tuple[Key, ...]

    @property
    def current(self) -> Key:
        """The one under which everything new is wrapped."""
        return self.versions[0]

    def version(self, name: str) -> Key:
        """The version of that name. Raises ``MasterKeyMissing``."""
        for key in self.versions:
            if key.name == name:
                return key
        raise MasterKeyMissing(
            f"The key store needs the master key {name!r}, which is not in the master key file.",
            "Put its line back; while it is gone, what was sealed under its keys cannot be read. Nothing was changed.",
        )


def load_master_keys(settings: Settings) -> MasterKeys:
    """Reads the file of MASTER_KEY_FILE.

    Raises ``MasterKeyMissing``, ``KeyTooOpen``, ``KeyDamaged`` or, in production, ``MasterKeyUnsafe``; each says how to
    mend it.
    """
    path = settings.master_key_path
    masters = parse(_read(path), path)
    if settings.production and _of_development(masters, settings):
        raise MasterKeyUnsafe(f"{path} holds the master key of a developer's machine.", _SEE)
    return masters


def make_development_master_key(settings: Settings) -> None:
    """Makes the master key of this machine, unless it is there. ``ValueError`` in production."""
    if settings.production:
        raise ValueError("in production the master key is given, never made")
    path = settings.master_key_path
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A name of its own: should the file be lost, the next one is told apart from it.
    line = f"{_DEVELOPMENT}{secrets.token_hex(4)}:{b64encode(secrets.token_bytes(KEY_BYTES)).decode()}\n"
    write_once(path, line.encode())


def parse(held: bytes, path: Path) -> MasterKeys:
    """What a master key file holds; ``path`` is for the words of ``KeyDamaged`` alone."""
    if len(held) == KEY_BYTES:
        return MasterKeys((Key("1", _random(held, f"{path}")),))
    try:
        lines = [line.strip() for line in held.decode("ascii").splitlines()] if len(held) <= _LARGEST_FILE else []
    except UnicodeDecodeError:
        lines = []
    versions = tuple(
        _version(line, f"Line {number} of {path}")
        for number, line in enumerate(lines, 1)
        if line and not line.startswith("#")
    )
    if not versions:
        raise KeyDamaged(f"{path} holds neither {KEY_BYTES} bytes nor lines of a name and a key.", _SEE)
    if len({key.name for key in versions}) < len(versions) or len({key.secret for key in versions}) < len(versions):
        raise KeyDamaged(f"{path} holds the same name or the same key twice.", "Take the wrong line out.")
    return MasterKeys(versions)


def _version(line: str, where: str) -> Key:
    name, _, encoded = line.partition(":")
    try:
        secret = b64decode(encoded.strip(), validate=True)
    except binascii.Error:
        secret = b""
    if not _NAME.fullmatch(name) or len(secret) != KEY_BYTES:
        raise KeyDamaged(f"{where} is not a name, a colon and the base64 of {KEY_BYTES} bytes.", _SEE)
    return Key(name, _random(secret, where))


def _random(secret: bytes, where: str) -> bytes:
    # A sentence, a hex string cut to 32 letters, a row of zeros: somebody typed it, so somebody can guess it.
    if len(set(secret)) < _FEWEST_DIFFERENT or all(32 <= byte < 127 for byte in secret):
        raise KeyDamaged(f"{where} does not hold random bytes.", _SEE)
    return secret


def _read(path: Path) -> bytes:
    try:
        # Whatever it is, a pipe too: opening must not wait.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        raise MasterKeyMissing(f"There is no master key file {path}.", _MISSING) from None
    except OSError as error:
        raise MasterKeyMissing(f"The master key file {path} cannot be read: {error.strerror}.", _MISSING) from None
    try:
        _refuse_others(path, os.fstat(descriptor))
        return os.read(descriptor, _LARGEST_FILE + 1)
    finally:
        os.close(descriptor)


def _refuse_others(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise MasterKeyMissing(f"{path} is not a file.", _MISSING)
    if found.st_uid not in (os.geteuid(), 0):
        raise KeyTooOpen(f"{path} belongs to another user.", f"Run `chown` on {path} for the user that runs Puente.")
    if found.st_mode & (0o037 if _credential(path, found) else 0o077):
        raise KeyTooOpen(f"Others than its owner may use {path}.", f"Run `chmod 600 {path}`.")


def _credential(path: Path, found: os.stat_result) -> bool:
    """A credential of systemd: it is root's, and lent to one user by an ACL, which shows as a right of the group."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return bool(folder) and path.parent == Path(str(folder)) and found.st_uid == 0


def _of_development(masters: MasterKeys, settings: Settings) -> bool:
    if any(key.name.startswith(_DEVELOPMENT) for key in masters.versions):
        return True
    own = settings.data_dir / "keys" / "master"
    held = own.read_bytes() if own.is_file() else b""
    return any(key.secret in held or b64encode(key.secret) in held for key in masters.versions)
