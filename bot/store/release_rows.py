"""One release in SQL: its row, the seal on it, its files. Reading verifies all of it; what is wrong anywhere is ``ReleaseDamaged``.

    seal = HMAC-SHA256(key, seal of the row before | canonical row)

The key is not in SQL (DATA_DIR/keys/releases): whoever may only write into the database can publish nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.scripts.sources import Manifest, Sources, canonical, digest, is_source, sha_of
from bot.store.content_models import ContentFile, ReleaseRow
from bot.store.errors import ReleaseDamaged

BEGINNING = "0" * 64
"""Stands for the seal before the first row."""
LARGEST_FILE = 16 * 1024 * 1024
"""No file of a release unpacks to more: whoever changed a row must not fill the memory of the web."""
_CHECKSUM = 8
_COLUMNS = ("number", "digest", "manifest", "made", "by", "flows", "note", "again")
# So many names in one question: SQLite takes no more than a thousand values.
_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Published:
    """What the history tells of a release. ``by``: the user who published, None for what came with the files.

    ``made`` in unix seconds, ``flows`` what it changed, ``again`` the number of the release that it brings back.
    """

    number: int
    digest: str
    made: int
    by: int | None
    flows: tuple[str, ...]
    note: str
    again: int | None

    @property
    def released(self) -> date | None:
        """The day on which it was published (UTC); None for the repository's files, whose day the files themselves tell."""
        return datetime.fromtimestamp(self.made, UTC).date() if self.made else None


@dataclass(frozen=True, slots=True)
class Stored(Published):
    """A release with its files, every one of them verified. Number 0: the repository's, while nobody has ever published."""

    sources: Sources = field(repr=False)
    seal: str = ""
    before: str = ""
    """The seal of the row before."""

    @property
    def mark(self) -> str:
        """What tells it from every other one."""
        return f"{self.number} {self.seal}"


def packed_of(data: bytes) -> bytes:
    """How a file lies in SQL: zlib-compressed, and behind that a checksum, for a stream has bits that nobody looks at."""
    packed = zlib.compress(data)
    return packed + _checksum(packed)


def unpacked(packed: bytes) -> bytes | None:
    """The file; None where a bit of it is another."""
    if _checksum(packed[:-_CHECKSUM]) != packed[-_CHECKSUM:]:
        return None
    try:
        opened = zlib.decompressobj()
        data = opened.decompress(packed[:-_CHECKSUM], LARGEST_FILE)
    except zlib.error:
        return None
    return data if opened.eof and not opened.unused_data else None


def _checksum(packed: bytes) -> bytes:
    return hashlib.sha256(packed).digest()[:_CHECKSUM]


def canonical_row(row: Mapping[str, Any]) -> str:
    """The one form of a row, as it is sealed."""
    return json.dumps([row[name] for name in _COLUMNS], separators=(",", ":"))


def sealed(key: bytes, before: str, row: Mapping[str, Any]) -> str:
    """The seal of a row behind one with the seal ``before``: 64 hex digits."""
    return hmac.digest(key, f"release|{before}|{canonical_row(row)}".encode(), "sha256").hex()


def read_stored(connection: Connection, key: bytes, number: int) -> Stored:
    """That release, every file of it verified. Raises ``ReleaseDamaged``; also for one that is missing."""
    row, before = _row(connection, number), _seal_before(connection, number)
    said = verified_manifest(key, before, row)
    return stored_of(row, before, said, unpacked_files(connection, number, said))


def verified_manifest(key: bytes, before: str, row: Mapping[str, Any]) -> dict[str, str]:
    """The manifest of a row whose seal and digest hold. Raises ``ReleaseDamaged``."""
    number = int(row["number"])
    try:
        fits = hmac.compare_digest(str(row["seal"]), sealed(key, before, row))
    except (TypeError, ValueError):
        fits = False
    if not fits:
        raise ReleaseDamaged(number, "the seal")
    said = manifest_of(number, str(row["manifest"]))
    if digest(said) != row["digest"]:
        raise ReleaseDamaged(number, "the digest")
    return said


def stored_of(row: Mapping[str, Any], before: str, said: Manifest, sources: Sources) -> Stored:
    """The value of a row and of its files. Raises ``ReleaseDamaged`` for a file that is not the one of the manifest."""
    number = int(row["number"])
    if set(sources) != set(said):
        raise ReleaseDamaged(number, "a file")
    for path, sha in said.items():
        if sha_of(sources[path]) != sha:
            raise ReleaseDamaged(number, "a file")
    return Stored(**_told(row), sources=dict(sources), seal=str(row["seal"]), before=before)


def published_of(row: Mapping[str, Any]) -> Published:
    """What a row tells the history."""
    return Published(**_told(row))


def packed_anew(connection: Connection, said: Manifest, sources: Sources) -> dict[str, bytes]:
    """By SHA-256 those files, packed, that SQL has not, or not as they are. Before the transaction: packing takes its time."""
    there = dict(_packed(connection, list(said.values())))
    return {
        sha: packed_of(sources[path])
        for path, sha in said.items()
        if sha not in there or unpacked(there[sha]) != sources[path]
    }


def write_release(connection: Connection, key: bytes, row: Mapping[str, Any], said: Manifest, before: str) -> None:
    """Puts the row behind the one with the seal ``before``; its files are there already (``write_files``)."""
    whole = {**row, "digest": digest(said), "manifest": canonical(said)}
    connection.execute(insert(ReleaseRow).values(**whole, seal=sealed(key, before, whole)))


def write_files(connection: Connection, packed: Mapping[str, bytes]) -> None:
    """Puts files down under their SHA-256, and in the place of a damaged one. Within the turn of publishing."""
    there = {sha for sha, _ in _packed(connection, list(packed))}
    for sha, data in packed.items():
        if sha in there:
            connection.execute(update(ContentFile).where(ContentFile.sha == sha).values(data=data))
        else:
            connection.execute(insert(ContentFile).values(sha=sha, data=data))


def _row(connection: Connection, number: int) -> dict[str, Any]:
    wanted = select(*(getattr(ReleaseRow, name) for name in (*_COLUMNS, "seal"))).where(ReleaseRow.number == number)
    row = connection.execute(wanted).mappings().first()
    if row is None:
        raise ReleaseDamaged(number, "the row")
    return dict(row)


def _seal_before(connection: Connection, number: int) -> str:
    if number == 0:
        return BEGINNING
    seal = connection.scalar(select(ReleaseRow.seal).where(ReleaseRow.number == number - 1))
    if seal is None:
        raise ReleaseDamaged(number, "the row before")
    return str(seal)


def manifest_of(number: int, text: str) -> dict[str, str]:
    """The manifest that a row says. Raises ``ReleaseDamaged`` for what is none."""
    try:
        said = {str(path): str(sha) for path, sha in json.loads(text).items()}
    except (ValueError, AttributeError):
        raise ReleaseDamaged(number, "the manifest") from None
    # Sealed with the key, and yet: a path that leads out of its folder is never written anywhere.
    if canonical(said) != text or not all(map(is_source, said)):
        raise ReleaseDamaged(number, "the manifest")
    return said


def unpacked_files(connection: Connection, number: int, said: Manifest) -> dict[str, bytes]:
    """Every file of a manifest, whole. Raises ``ReleaseDamaged``."""
    packed = dict(_packed(connection, list(said.values())))
    sources: dict[str, bytes] = {}
    for path, sha in said.items():
        data = unpacked(packed[sha]) if sha in packed else None
        if data is None:
            raise ReleaseDamaged(number, "a file")
        sources[path] = data
    return sources


def _packed(connection: Connection, shas: list[str]) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for start in range(0, len(shas), _CHUNK):
        wanted = ContentFile.sha.in_(shas[start : start + _CHUNK])
        rows = connection.execute(select(ContentFile.sha, ContentFile.data).where(wanted))
        found += [(row.sha, bytes(row.data)) for row in rows]
    return found


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": int(row["number"]),
        "digest": str(row["digest"]),
        "made": int(row["made"]),
        "by": row["by"],
        "flows": tuple(filter(None, str(row["flows"]).split(","))),
        "note": str(row["note"]),
        "again": row["again"],
    }
