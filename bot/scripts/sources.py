"""The files of a release that people may change, by their path in the repository. Pure.

All else that answers are made of (directory, phrases, intents, K'iche' words) comes from the repository beside them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

Sources = Mapping[str, bytes]
"""Path in the repository, with ``/`` on every system, to the bytes of the file."""
Manifest = Mapping[str, str]
"""The same paths, to the SHA-256 of their bytes as 64 hex digits."""

FOLDERS = ("flows", "locales")
_SOURCE = re.compile(
    r"flows/([a-z_]+/)?[a-z0-9_]+\.yml|locales/(es|en|quc)/(LC_MESSAGES/answers\.po|media/[A-Za-z0-9][\w.-]*\.ogg)"
)


def is_source(path: str) -> bool:
    """Whether a file of this path belongs to a release. No other path ever comes out of one: none leads out of its folder."""
    return _SOURCE.fullmatch(path) is not None


def sha_of(data: bytes) -> str:
    """How a file is called: the SHA-256 of its bytes."""
    return hashlib.sha256(data).hexdigest()


def manifest(sources: Sources) -> dict[str, str]:
    """Each file with its SHA-256, in the order of the paths."""
    return {path: sha_of(sources[path]) for path in sorted(sources)}


def canonical(manifest: Manifest) -> str:
    """The one form of a manifest: JSON, by path, without spaces."""
    return json.dumps(dict(manifest), sort_keys=True, separators=(",", ":"))


def digest(manifest: Manifest) -> str:
    """SHA-256 of a manifest in its one form: two releases of the same files have the same."""
    return hashlib.sha256(canonical(manifest).encode()).hexdigest()
