"""The file of a backup: gzip over lines of JSON, the last of which is the SHA-256 of all before. No database's own format.

It is read where it was written by SQLite and PostgreSQL alike, and holds nothing but the rows that were put into it: a copy of
a database's file would take rests of deleted rows along. The first line says of which version of the tables the rows are.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any, Final

from msgspec import Struct

from bot.store.errors import BackupDamaged

FORMAT: Final = 1
_LONGEST_LINE: Final = 64 * 1024 * 1024
_DAMAGED: Final = (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, IndexError)


class Head(Struct, frozen=True):
    """What a backup is: made when (unix seconds), and at which migration of the tables."""

    made: int
    schema: str


class BackupWriter:
    """Writes a backup to ``out``; whole once it is closed without an error."""

    def __init__(self, out: IO[bytes], head: Head) -> None:
        # gzip without a name and a time: the same rows are the same bytes.
        self._out, self._gzip = out, zlib.compressobj(wbits=31)
        self._sum, self.rows = hashlib.sha256(), 0
        self._line({"puente": FORMAT, "made": head.made, "schema": head.schema})

    def table(self, name: str, columns: list[str]) -> None:
        """The rows after this are of that table."""
        self._line({"table": name, "columns": columns})

    def row(self, values: list[Any]) -> None:
        """A row of the table before."""
        self._line([_told(value) for value in values])
        self.rows += 1

    def close(self) -> None:
        """Ends it."""
        end = json.dumps({"rows": self.rows, "sha256": self._sum.hexdigest()}).encode() + b"\n"
        self._out.write(self._gzip.compress(end) + self._gzip.flush())
        self._out.flush()

    def _line(self, value: Any) -> None:
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._sum.update(line)
        self._out.write(self._gzip.compress(line))


def read_head(path: Path) -> Head:
    """What a backup is, once every byte of it has been read and fits. Raises ``BackupDamaged``."""
    summed, rows, head = hashlib.sha256(), 0, None
    try:
        with gzip.open(path, "rb") as file:
            while line := file.readline(_LONGEST_LINE):
                value = json.loads(line)
                if isinstance(value, dict) and "sha256" in value:
                    if value != {"rows": rows, "sha256": summed.hexdigest()} or file.read(1) or head is None:
                        raise BackupDamaged
                    return head
                if head is None:
                    head = _head(value)
                summed.update(line)
                rows += isinstance(value, list)
    except BackupDamaged:
        raise
    except _DAMAGED:
        raise BackupDamaged from None
    raise BackupDamaged


def read_tables(path: Path) -> Iterator[tuple[str, list[str], Iterator[list[Any]]]]:
    """Each table with its columns and rows, in order; the rows of one are to be read before the next. Of a file that fits."""
    with gzip.open(path, "rb") as file:
        lines = (json.loads(line) for line in iter(lambda: file.readline(_LONGEST_LINE), b""))
        next(lines)
        following = next(lines)
        while "table" in following:
            table, ended = following, []

            def rows() -> Iterator[list[Any]]:
                for value in lines:
                    if isinstance(value, dict):
                        ended.append(value)  # noqa: B023 - read before the next turn
                        return
                    yield [_meant(each) for each in value]

            yield table["table"], table["columns"], rows()
            following = ended[0]


def _head(value: Any) -> Head:
    if value["puente"] != FORMAT:
        raise BackupDamaged
    return Head(int(value["made"]), str(value["schema"]))


def _told(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"b": b64encode(value).decode()}
    return {"d": value.isoformat()} if isinstance(value, date) else value


def _meant(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return b64decode(value["b"]) if "b" in value else date.fromisoformat(value["d"])


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears whole and on the disk, 0600, when the block ends well, and not at all else. Raises ``OSError``."""
    draft = path.with_name(f".{path.name}.part")
    draft.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
