"""The releases of this host in files, DATA_DIR/releases/<number>.release: a start without SQL answers with the newest good one.

The first line holds the SHA-256 of the rest; then come the row with its seal, as in SQL, and all files packed together. A file
appears whole or not at all, so many processes may write it at once. Beside them stands what is withdrawn.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from bot.scripts.sources import canonical, manifest
from bot.store.errors import ReleaseDamaged
from bot.store.release_rows import LARGEST_FILE, Stored, stored_of, verified_manifest
from bot.store.secret_files import LEFT_SECONDS, replace_file

FOLDER, WITHDRAWN = "releases", "withdrawn"
_FIRST = b"puente release 1 "
_LARGEST = 8 * LARGEST_FILE

log = structlog.get_logger()


class ReleaseFiles:
    """``DATA_DIR/releases/``. ``key`` is that of the seals."""

    def __init__(self, data_dir: Path, key: bytes) -> None:
        self.folder, self._key = data_dir / FOLDER, key

    def write(self, stored: Stored, keep: Iterable[int] = ()) -> None:
        """Puts this release down, and takes away all others but those to ``keep``. Raises ``OSError``."""
        self._put(_name(stored.number), _body(stored))
        kept = {_name(number) for number in (stored.number, *keep)}
        self._clear({path.name for path in self.folder.glob("*.release")} - kept)

    def numbers(self) -> tuple[int, ...]:
        """The numbers of the releases that are there, the highest first."""
        names = [path.stem for path in self.folder.glob("*.release")] if self.folder.is_dir() else []
        return tuple(sorted((int(name) for name in names if name.isdigit()), reverse=True))

    def read(self, number: int) -> Stored:
        """That release, verified as one in SQL is. Raises ``ReleaseDamaged``; also for one that is not there."""
        body = self._get(_name(number))
        if body is None:
            raise ReleaseDamaged(number, "the file")
        try:
            return self._read(number, body)
        except (ValueError, KeyError, TypeError, AttributeError, zlib.error):
            raise ReleaseDamaged(number, "the file") from None

    def write_withdrawn(self, flows: frozenset[str]) -> None:
        """Puts down what is withdrawn. Raises ``OSError``."""
        said = json.dumps(sorted(flows)).encode()
        self._put(WITHDRAWN, self._seal(said).encode() + b"\n" + said)

    def read_withdrawn(self) -> frozenset[str]:
        """What was withdrawn when this host last knew; nothing where the file is damaged, which is logged."""
        body = self._get(WITHDRAWN)
        if body is None:
            if (self.folder / WITHDRAWN).is_file():
                log.error("withdrawals.file_damaged")
            return frozenset()
        seal, _, said = body.partition(b"\n")
        if not hmac.compare_digest(seal, self._seal(said).encode()):
            log.error("withdrawals.file_damaged")
            return frozenset()
        return frozenset(map(str, json.loads(said)))

    def _seal(self, said: bytes) -> str:
        return hmac.digest(self._key, b"withdrawn|" + said, "sha256").hex()

    def _read(self, number: int, body: bytes) -> Stored:
        head, _, packed = body.partition(b"\n")
        said = json.loads(head)
        row, lengths = said["row"], said["lengths"]
        manifest_of_row = verified_manifest(self._key, said["before"], row)
        if row["number"] != number:
            raise ReleaseDamaged(number, "the number")
        opened = zlib.decompressobj()
        data, at = opened.decompress(packed, _LARGEST), 0
        sources: dict[str, bytes] = {}
        for path, length in zip(manifest_of_row, lengths, strict=True):
            sources[path] = data[at : at + length]
            at += length
        return stored_of(row, said["before"], manifest_of_row, sources)

    def _put(self, name: str, body: bytes) -> None:
        replace_file(self.folder / name, _FIRST + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)

    def _get(self, name: str) -> bytes | None:
        """What stands in that file; None where there is none, or not what was written."""
        try:
            first, _, body = (self.folder / name).read_bytes().partition(b"\n")
        except OSError:
            return None
        return body if first == _FIRST + hashlib.sha256(body).hexdigest().encode() else None

    def _clear(self, names: Iterable[str]) -> None:
        """Takes these away, and what processes left that were killed while they wrote."""
        for name in names:
            with suppress(OSError):
                (self.folder / name).unlink()
        newest = max((path.stat().st_mtime for path in self.folder.glob("*.release")), default=0.0)
        for left in self.folder.glob("*.*.*"):
            with suppress(OSError):
                if left.stat().st_mtime < newest - LEFT_SECONDS:
                    left.unlink()


def _name(number: int) -> str:
    return f"{number:06d}.release"


def _body(stored: Stored) -> bytes:
    said = manifest(stored.sources)
    row: dict[str, Any] = {
        "number": stored.number,
        "digest": stored.digest,
        "manifest": canonical(said),
        "made": stored.made,
        "by": stored.by,
        "flows": ",".join(stored.flows),
        "note": stored.note,
        "again": stored.again,
        "seal": stored.seal,
    }
    head = {"row": row, "before": stored.before, "lengths": [len(stored.sources[path]) for path in said]}
    packed = zlib.compress(b"".join(stored.sources[path] for path in said))
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + packed
