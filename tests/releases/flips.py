"""One bit of a release is flipped, anywhere: in its row, its files, its seal, the seal before it, or in the file on the disk.

Each is looked at by a process that holds the release before it: it must see the damage and go on answering with what it has.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, update
from sqlalchemy.exc import SQLAlchemyError

from bot.escalation.viewer import Role, Viewer
from bot.scripts.sources import manifest
from bot.store.content_models import ContentFile, ReleaseRow
from bot.store.current_release import CurrentRelease
from bot.store.errors import ReleaseDamaged
from bot.store.release_file import ReleaseFiles
from bot.store.releases import Releases
from bot.store.withdrawals import Withdrawals

LUZ = Viewer(1, "Luz", frozenset({Role.PUBLISHER}))
KEY = b"k" * 32
FLOW = "flows/services/services_health.yml"
NUMBERS, TEXTS = ("number", "made", "by", "again"), ("digest", "manifest", "flows", "note", "seal")
PLACES = (*(f"row: {name}" for name in (*NUMBERS, *TEXTS)), "the seal before", "a file in SQL", "the file on the disk")


@dataclass
class Result:
    """How many bits were flipped, by place, how many were not noticed, and how many were served."""

    flipped: Counter[str] = field(default_factory=Counter)
    unnoticed: list[str] = field(default_factory=list)
    served: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.unnoticed and not self.served and sum(self.flipped.values()) > 0


class Damaged:
    """Release 2 in SQL and on the disk, and a process that answers with release 1."""

    def __init__(self, engine: Engine, folder: Path, seed: int) -> None:
        self.engine, self.random, self.result = engine, random.Random(seed), Result()
        self.releases = Releases(engine, KEY, lambda: 1_795_521_600.0, judge=lambda *_: ())
        self.files = ReleaseFiles(folder, KEY)
        sources = dict(self.releases.seed().sources)
        self.releases.publish(LUZ, sources | {FLOW: sources[FLOW] + b"# one\n"}, ("services_health",), "one", 0)
        self.files.write(self.releases.stored(1))
        self.current = CurrentRelease(self.releases, Withdrawals(engine, KEY, self.releases.clock), self.files)
        self.first = self.current.bare
        self.releases.publish(LUZ, sources | {FLOW: sources[FLOW] + b"# two\n"}, ("services_health",), "two", 1)
        self.second = self.releases.stored(2)
        self.files.write(self.second, keep=(1,))
        self.path = folder / "releases" / "000002.release"

    def flip(self, place: str) -> None:
        """Flips one bit there, looks, and puts it back."""
        with self._flipped(place) as done:
            if not done:
                return
            self.result.flipped[place] += 1
            if place == "the file on the disk":
                self._read_file(place)
            else:
                self._look(place)

    def _look(self, place: str) -> None:
        self.current._refused, self.current.damage = "", ""
        self.current.look()
        if not self.current.damage:
            self.result.unnoticed.append(place)
        if self.current.bare is not self.first:
            self.result.served.append(place)

    def _read_file(self, place: str) -> None:
        try:
            self.files.read(2)
        except ReleaseDamaged:
            return
        self.result.unnoticed.append(place)

    @contextmanager
    def _flipped(self, place: str) -> Iterator[bool]:
        if place == "the file on the disk":
            before = self.path.read_bytes()
            self.path.write_bytes(self._bit(before))
            yield True
            self.path.write_bytes(before)
        elif place == "a file in SQL":
            sha = self.random.choice(sorted(set(manifest(self.second.sources).values())))
            with self._changed(ContentFile, ContentFile.sha == sha, ContentFile.sha, "data") as done:
                yield done
        elif place == "the seal before":
            with self._changed(ReleaseRow, ReleaseRow.number == 1, ReleaseRow.number, "seal") as done:
                yield done
        else:
            name = place.removeprefix("row: ")
            with self._changed(ReleaseRow, ReleaseRow.number == 2, ReleaseRow.number, name) as done:
                yield done

    @contextmanager
    def _changed(self, table: Any, where: Any, key: Any, name: str) -> Iterator[bool]:
        with self.engine.connect() as connection:
            identity, before = connection.execute(select(key, getattr(table, name)).where(where)).one()
        after = self._value(before)
        try:
            with self.engine.begin() as connection:
                connection.execute(update(table).where(key == identity).values({name: after}))
        except SQLAlchemyError:
            # There is a row of that number already, or PostgreSQL takes no such sign.
            yield False
            return
        yield True
        identity = after if key.key == name else identity
        with self.engine.begin() as connection:
            connection.execute(update(table).where(key == identity).values({name: before}))

    def _value(self, before: Any) -> Any:
        if before is None:
            return self.random.randrange(1, 1 << 20)
        if isinstance(before, int):
            return before ^ (1 << self.random.randrange(20))
        if isinstance(before, bytes):
            return self._bit(before)
        at = self.random.randrange(len(before))
        return f"{before[:at]}{chr(ord(before[at]) ^ (1 << self.random.randrange(7)))}{before[at + 1 :]}"

    def _bit(self, data: bytes) -> bytes:
        at = self.random.randrange(len(data))
        return data[:at] + bytes([data[at] ^ (1 << self.random.randrange(8))]) + data[at + 1 :]


def flips(engine: Engine, folder: Path, many: int, seed: int) -> Result:
    """So many bits, at every place in turn; then all is put back and release 2 has to be taken, or the flips proved nothing."""
    damaged = Damaged(engine, folder, seed)
    for place in itertools.cycle(PLACES):
        if sum(damaged.result.flipped.values()) >= many:
            break
        damaged.flip(place)
    damaged.current._refused = ""
    damaged.current.look()
    if damaged.current.number != 2 or damaged.current.damage:
        damaged.result.unnoticed.append("the whole release, which was refused")
    return damaged.result
