"""The last directory that a process of this host has seen in SQL, in a file: a start without SQL answers with it.

Without it a place that was closed last week would come back with the seed. The first line holds a seal on the rest, under
the key of the releases, and the file appears whole or not at all, so many processes may write it at once.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bot.directory.hsds.check import Raw, check
from bot.directory.hsds.tables import BY_NAME
from bot.store.directory import Stored
from bot.store.errors import StoreError
from bot.store.secret_files import clear_half_made, replace_file

FOLDER, NAME = "directory", "current.json"
_FIRST, _UNSEALED = b"puente directory 2 ", b"puente directory 1 "


class DirectoryFileDamaged(StoreError):
    """The file is cut, changed, or of another form."""

    def __init__(self) -> None:
        super().__init__("the file of the last directory is damaged and was left aside")


class DirectoryFile:
    """``DATA_DIR/directory/current.json``. ``key`` is that of the seals."""

    def __init__(self, data_dir: Path, key: bytes) -> None:
        self.path, self._key = data_dir / FOLDER / NAME, key

    def write(self, stored: Stored) -> None:
        """Puts this directory in the place of the one before. Raises ``OSError``."""
        body = json.dumps(_as_json(stored), ensure_ascii=False, separators=(",", ":")).encode()
        replace_file(self.path, _FIRST + self._seal(body) + b"\n" + body)
        clear_half_made(self.path)

    def read(self) -> Stored | None:
        """The directory in the file; None where there is none. Raises ``DirectoryFileDamaged``."""
        try:
            first, _, body = self.path.read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        except OSError:
            raise DirectoryFileDamaged from None
        if first.startswith(_UNSEALED):
            # An older version of ours wrote it. SQL is asked as if there were none, and it is written anew.
            return None
        if not hmac.compare_digest(first, _FIRST + self._seal(body)):
            raise DirectoryFileDamaged
        try:
            said = json.loads(body)
            # Rows that an older version of ours wrote are read as this one reads them.
            checked = check(_raws(said["tables"]), date.max)
            if checked.problems:
                raise DirectoryFileDamaged
            return Stored(checked.package, int(said["version"]), str(said["mark"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise DirectoryFileDamaged from None

    def _seal(self, body: bytes) -> bytes:
        return hmac.digest(self._key, b"directory file|" + body, "sha256").hex().encode()


def _as_json(stored: Stored) -> dict[str, Any]:
    tables = {
        name: [{column: cell for column, cell in row.items() if cell} for row in rows.values()]
        for name, rows in stored.package.tables.items()
    }
    return {"version": stored.version, "mark": stored.mark, "tables": tables}


def _raws(tables: dict[str, list[dict[str, str]]]) -> Iterator[Raw]:
    for name, rows in tables.items():
        for row in rows if name in BY_NAME else ():
            yield Raw(name, name, row)
