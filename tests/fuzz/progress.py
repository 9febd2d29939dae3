"""How far a run of the fuzz has come: a file in the folder that it is given, written anew after every part."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.fuzz.parts import KINDS, SHARES, Done

NAME = "progress.json"


@dataclass
class Progress:
    """``parts``: those that were done of each kind, by their numbers. ``seconds``: of all the runs together, by the clock of the wall."""

    seed: int
    cases: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    parts: dict[str, list[int]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    statuses: dict[str, int] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    by: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    commits: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.cases.values())

    def add(self, done: Done) -> None:
        """One more part."""
        self.cases[done.kind] += done.cases
        self.parts[done.kind].append(done.part)
        self.statuses = dict(sorted((Counter(self.statuses) + Counter(done.statuses)).items()))
        self.seen = sorted({*self.seen, *done.seen})
        self.found += [name for name in done.found if name not in self.found]
        if done.by:
            self.by[done.by] = self.by.get(done.by, 0) + done.cases

    def left(self, cases: int) -> dict[str, int]:
        """Cases of each kind that are still to be tried for so many in all."""
        return {kind: max(0, cases * SHARES[kind] // 100 - self.cases[kind]) for kind in KINDS}

    def next_part(self, kind: str, taken: set[int]) -> int:
        """The first part of this kind that nobody has done or begun."""
        gone = {*self.parts[kind], *taken}
        return next(number for number in range(len(gone) + 1) if number not in gone)

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        half = folder / f"{NAME}.half"
        half.write_text(json.dumps(asdict(self), indent=1), "utf-8")
        os.replace(half, folder / NAME)

    @classmethod
    def read(cls, folder: Path, seed: int) -> Progress:
        """As it stands in the folder; from the beginning where nothing stands there. ``ValueError`` for one of another seed."""
        path = folder / NAME
        if not path.exists():
            return cls(seed)
        found = cls(**json.loads(path.read_text("utf-8")))
        if found.seed != seed:
            raise ValueError(f"{path} is a run with seed {found.seed}; take another folder for seed {seed}")
        return found
