"""The directory that a process answers with: one value in memory, never older than five seconds while SQL answers.

A thread of its own looks every two seconds whether SQL has another one, and reads it only then. So no message waits for SQL,
however slow or dead it is; what was known last holds. A start without SQL takes the file of the last directory, else the seed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

import structlog

from bot.directory.hsds.package import Package
from bot.privacy import where_of
from bot.store.directory import DirectoryStore, Stored
from bot.store.directory_file import DirectoryFile, DirectoryFileDamaged
from bot.store.errors import DirectoryDamaged, StoreDown
from bot.store.look_out import LookOut

AGAIN_SECONDS = 60.0
"""A directory that could not be used is tried again after so long: somebody may have mended it by hand."""
_TOLD = 10

T = TypeVar("T")

log = structlog.get_logger()


class CurrentDirectory(Generic[T]):
    """What ``build`` makes of the directory; ``seed`` is what it makes of the seed file. Safe for all threads of a process.

    May be made before a server forks: nothing of SQL is touched before ``now`` is called.
    """

    def __init__(self, store: DirectoryStore, file: DirectoryFile, build: Callable[[Package], T], seed: T) -> None:
        self._store, self._file, self._build = store, file, build
        self._value, self._mark = seed, ""
        self._refused, self._refused_at = "", float("-inf")
        self._down = False
        self.damage = ""
        """What is wrong with the directory that SQL holds, in words for an admin; empty while nothing is."""
        self._looking = threading.Lock()
        self._look_out = LookOut("directory", self.look)
        self._from_file()

    def now(self) -> T:
        """The directory as it is. Never raises and never waits for SQL, but for a moment before the first answer."""
        self._look_out.keep()
        return self._value

    def look(self) -> None:
        """Takes over what SQL has, if it is another, when this returns. Raises nothing that SQL or the directory is to blame for."""
        # Somebody who looks at the same time may be reading just that one.
        with self._looking:
            self._look()

    def _look(self) -> None:
        try:
            mark = self._store.mark()
            tried = mark == self._refused and time.monotonic() < self._refused_at + AGAIN_SECONDS
            if mark is not None and mark != self._mark and not tried:
                self._refused, self._refused_at = mark, time.monotonic()
                self._take(self._store.stored())
        except StoreDown as error:
            if not self._down:
                log.warning("directory.unavailable", error=type(error).__name__)
            self._down, self._refused = True, ""
        except DirectoryDamaged as damaged:
            self._down, self.damage = False, f"{len(damaged.rows)} rows of the directory are damaged"
            for row in damaged.rows[:_TOLD]:
                log.error("directory.damaged", error=_short(row))
        else:
            self._down = False
            if mark == self._mark:
                self.damage = ""

    def close(self) -> None:
        """Ends the looking of this process; the next ``now`` begins it again."""
        self._look_out.close()

    def _take(self, stored: Stored) -> None:
        try:
            self._value = self._build(stored.package)
        except Exception as error:
            log.error("directory.refused", error=type(error).__name__, where=where_of(error))
            return
        self._mark, self.damage = stored.mark, ""
        try:
            self._file.write(stored)
        except OSError as error:
            log.warning("directory.not_saved", error=type(error).__name__)

    def _from_file(self) -> None:
        try:
            stored = self._file.read()
            if stored is not None:
                self._value, self._mark = self._build(stored.package), stored.mark
        except DirectoryFileDamaged as error:
            log.error("directory.file_damaged", error=type(error).__name__)
        except Exception as error:
            log.error("directory.refused", error=type(error).__name__, where=where_of(error))


def _short(row: str) -> str:
    """Table, beginning of the id and column of a row: a whole id may look like a number of a phone, and is not logged."""
    table, _, rest = row.partition(" ")
    identifier, _, column = rest.partition(" ")
    known = "".join(sign for sign in identifier[:6] if sign in "0123456789abcdef")
    return f"{table} {known} {column}".strip()
