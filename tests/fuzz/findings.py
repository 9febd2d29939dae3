"""What was found: each a small file that shows it again, in tests/fuzz/findings, where `make test` tries all of them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fuzz import targets
from tests.fuzz.door import Door
from tests.fuzz.requests import Sent
from tests.fuzz.talk import retold
from tests.fuzz.watchdog import Watchdog

FOLDER = Path(__file__).parent / "findings"
SHRINKS = 400
"""So often a row of requests is sent again to find out which of them are needed."""


@dataclass(frozen=True)
class Finding:
    """``case``: requests, steps of a talk, or the bytes for a target in base64; ``what`` was wrong when it was found."""

    kind: str
    what: tuple[str, ...]
    case: Any
    beside: str = ""
    """Where it came from: the seed, and the part of the run."""

    def write(self, folder: Path = FOLDER) -> Path:
        told = {"kind": self.kind, "what": list(self.what), "from": self.beside, "case": self.case}
        name = hashlib.sha256(json.dumps([self.kind, self.case], sort_keys=True).encode()).hexdigest()[:8]
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.kind}-{name}.json"
        path.write_text(json.dumps(told, indent=1, ensure_ascii=True) + "\n", "ascii")
        return path

    @classmethod
    def read(cls, path: Path) -> Finding:
        told = json.loads(path.read_text("ascii"))
        return cls(told["kind"], tuple(told["what"]), told["case"], told["from"])


def again(finding: Finding, door: Callable[[], Door]) -> list[str]:
    """What is wrong with it now; nothing, once it is mended. ``door`` is opened only for requests."""
    watchdog = Watchdog()
    try:
        if finding.kind == "requests":
            return sent_again(door(), [Sent.from_json(each) for each in finding.case], watchdog)
        with watchdog.case():
            if finding.kind == "turns":
                wrong = retold(finding.case)
            else:
                wrong = tried(finding.kind, base64.b64decode(finding.case))
        return wrong + watchdog.taken()
    finally:
        watchdog.close()


def tried(target: str, data: bytes) -> list[str]:
    """What is wrong when this target gets these bytes."""
    try:
        targets.TARGETS[target](data)
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
    return []


def sent_again(door: Door, row: Sequence[Sent], watchdog: Watchdog) -> list[str]:
    """What is wrong when these requests come one after the other, from people who have never written."""
    door.fresh()
    wrong = list[str]()
    for each in row:
        door.later(20.0)
        # Each for itself: a long row takes its seconds though none of it hangs.
        with watchdog.case():
            wrong += door.faults(each)
        wrong += watchdog.taken()
    return wrong + door.sessions()


def shorter(door: Door, row: list[Sent], watchdog: Watchdog) -> list[Sent]:
    """Those of a row of requests that are needed for something to go wrong; the whole row where it does not happen again."""
    for last in (row[-1:], row):
        if sent_again(door, last, watchdog):
            row = last
            break
    else:
        return row
    size, tries = max(1, len(row) // 2), 0
    while size and tries < SHRINKS:
        at = 0
        while at < len(row) and tries < SHRINKS:
            tries += 1
            left = row[:at] + row[at + size :]
            if left and sent_again(door, left, watchdog):
                row = left
            else:
                at += size
        size //= 2
    return row
