"""Every place that the processes of an installation write to, byte by byte."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis import Redis

from bot.settings import REPOSITORY
from bot.store.redis_server import socket_path
from tests.canary.installation import Installation
from tests.canary.needles import Hit, Needles

_OVERLAP = 1 << 10
_CHUNK = 8 << 20


@dataclass(slots=True)
class Searched:
    """What was looked through in one place. ``read`` is False where this machine does not let us look."""

    name: str
    parts: int = 0
    size: int = 0
    hits: list[tuple[str, Hit]] = field(default_factory=list)
    read: bool = True


def search(installation: Installation, needles: Needles, memory: bool = True) -> list[Searched]:
    """Looks through every place. The installation may be running, and should be. ``memory``: that of redis-server too."""
    found: list[Searched] = []
    places: list[tuple[str, Iterator[tuple[str, bytes]]]] = [
        ("files in its tree", _files(installation)),
        ("rows of its databases", _rows(installation)),
        ("files that were deleted and are still open", _deleted(installation)),
        ("shared memory (/dev/shm)", _shared_memory(installation)),
        ("core files", _cores(installation)),
        ("command lines and environments", _environments(installation)),
        ("keys and values of Redis", _typed(installation)),
        ("DUMP of every key of Redis", _dumps(installation)),
    ]
    if memory:
        places.append(("memory of redis-server", _memory(installation.of("redis"))))
    for name, parts in places:
        searched = Searched(name)
        try:
            for label, data in parts:
                searched.parts += 1
                searched.size += len(data)
                searched.hits += [(label, hit) for hit in needles.search(data)]
        except PermissionError:
            searched.read = False
        found.append(searched)
    return found


def by_kind(installation: Installation) -> dict[str, int]:
    """How many bytes of each kind of file lie in the tree."""
    sizes: dict[str, int] = defaultdict(int)
    for path in _paths(installation):
        with contextlib.suppress(OSError):
            sizes[path.relative_to(installation.tree).parts[0]] += path.stat().st_size
    return dict(sizes)


def _paths(installation: Installation) -> Iterator[Path]:
    roots = [installation.tree]
    # A data folder with a long name has its socket elsewhere.
    outside = socket_path(installation.data).parent
    if not outside.is_relative_to(installation.tree):
        roots.append(outside)
    for root in roots:
        yield from sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())


def _files(installation: Installation) -> Iterator[tuple[str, bytes]]:
    for path in _paths(installation):
        label = str(path.relative_to(installation.tree)) if path.is_relative_to(installation.tree) else str(path)
        # The name is written too.
        yield f"name of {label}", label.encode()
        with contextlib.suppress(FileNotFoundError):
            yield from ((label, piece) for piece in _pieces(path))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        before = b""
        while piece := file.read(_CHUNK):
            yield before + piece
            before = piece[-_OVERLAP:]


def agreed(installation: Installation) -> int:
    """How many questions lie there that somebody agreed to keep."""
    path = installation.data / "puente.db"
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT count(*) FROM phrases WHERE origin = 'agreed'").fetchone()[0])


def _rows(installation: Installation) -> Iterator[tuple[str, bytes]]:
    """The values as SQLite reads them: on its pages one may lie in two pieces."""
    for path in _paths(installation):
        with contextlib.suppress(OSError):
            with path.open("rb") as file:
                if file.read(15) != b"SQLite format 3":
                    continue
            with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
                database.text_factory = bytes
                tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
                for (table,) in tables:
                    for row in database.execute(f'SELECT * FROM "{table.decode()}"'):  # noqa: S608 - its own names
                        values = [value if isinstance(value, bytes) else str(value).encode() for value in row]
                        yield f"{path.name}: {table.decode()}", b"\0".join(values)


def _deleted(installation: Installation) -> Iterator[tuple[str, bytes]]:
    for process in installation.processes():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            for link in Path(f"/proc/{process}/fd").iterdir():
                with contextlib.suppress(OSError):
                    target = os.readlink(link)
                    if target.startswith("/") and target.endswith(" (deleted)") and link.is_file():
                        yield f"{target} of {process}", link.read_bytes()


def _shared_memory(installation: Installation) -> Iterator[tuple[str, bytes]]:
    """Files that our processes have open there, or are named for them; the heartbeats of gunicorn are deleted ones."""
    ours = {str(process) for process in installation.processes()}
    folder = Path("/dev/shm")
    for path in folder.rglob("*") if folder.is_dir() else ():
        if path.is_file() and (ours & set(re.findall(r"\d+", path.name)) or _open_by(path, ours)):
            yield str(path), path.read_bytes()


def _open_by(path: Path, processes: set[str]) -> bool:
    for process in processes:
        with contextlib.suppress(OSError):
            if any(os.readlink(link) == str(path) for link in Path(f"/proc/{process}/fd").iterdir()):
                return True
    return False


def cores(installation: Installation) -> list[Path]:
    """Core files that lie where the processes work, and were written since the installation began."""
    began = installation.tree.stat().st_ctime
    began = min(began, *(path.stat().st_ctime for path in (installation.data, installation.tree / "tmp")))
    folders = [REPOSITORY, REPOSITORY / "nlu", *(path for path in installation.tree.rglob("*") if path.is_dir())]
    named = [path for folder in folders for path in folder.glob("core*") if path.is_file()]
    return [path for path in named if path.stat().st_mtime >= began and _is_core(path)]


def _is_core(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(18)
    # An ELF file of type 4.
    return head[:4] == b"\x7fELF" and head[16:18] in (b"\x04\x00", b"\x00\x04")


def _cores(installation: Installation) -> Iterator[tuple[str, bytes]]:
    for path in cores(installation):
        yield from ((str(path), piece) for piece in _pieces(path))


def _environments(installation: Installation) -> Iterator[tuple[str, bytes]]:
    for process in installation.processes():
        for name in ("cmdline", "environ"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                yield f"{name} of {process}", Path(f"/proc/{process}/{name}").read_bytes()


# A kind that is not here raises KeyError: nothing is passed over.
_READ: dict[str, Callable[[Any, bytes], Any]] = {
    "string": lambda redis, key: [redis.get(key) or b""],
    "hash": lambda redis, key: [part for pair in redis.hgetall(key).items() for part in pair],
    "list": lambda redis, key: redis.lrange(key, 0, -1),
    "set": lambda redis, key: redis.smembers(key),
    "zset": lambda redis, key: redis.zrange(key, 0, -1),
}


def read_redis(redis: Redis) -> dict[bytes, bytes]:
    """Every key with its value as one text of bytes, whatever its type."""
    held: dict[bytes, bytes] = {}
    for key in redis.scan_iter(count=1000):
        kind = redis.type(key).decode()
        # It may have gone since it was listed.
        if kind != "none":
            held[key] = b"\0".join(_READ[kind](redis, key))
    return held


def _typed(installation: Installation) -> Iterator[tuple[str, bytes]]:
    with installation.redis() as redis:
        for key, value in read_redis(redis).items():
            yield f"key {key.split(b':')[1:2]!r}", key
            yield f"value {key.split(b':')[1:2]!r}", value


def _dumps(installation: Installation) -> Iterator[tuple[str, bytes]]:
    with installation.redis() as redis:
        for key in redis.scan_iter(count=1000):
            yield f"dump {key.split(b':')[1:2]!r}", redis.dump(key) or b""


def _memory(processes: list[int]) -> Iterator[tuple[str, bytes]]:
    """The writable memory of these processes, that of freed values included. ``PermissionError`` where it may not be read."""
    for process in processes:
        for name, data in memory_of(process):
            yield f"{name} of {process}", data


def memory_of(process: int) -> Iterator[tuple[str, bytes]]:
    """The writable memory of a process, region by region. ``PermissionError`` where it may not be read."""
    with (
        open(f"/proc/{process}/maps", encoding="utf-8") as maps,
        open(f"/proc/{process}/mem", "rb", buffering=0) as memory,
    ):
        for line in maps:
            (
                span,
                rights,
                *_,
            ) = line.split()
            if "w" not in rights or "[v" in line:
                continue
            begin, end = (int(part, 16) for part in span.split("-"))
            for at in range(begin, end, _CHUNK):
                with contextlib.suppress(OSError):
                    memory.seek(at)
                    data = memory.read(min(_CHUNK + _OVERLAP, end - at))
                    # Pages that were never written are of no interest.
                    if data.count(0) < len(data):
                        yield span, data
