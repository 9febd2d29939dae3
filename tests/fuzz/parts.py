"""The parts of a run: each drawn from the seed and its number, so that a run goes on where it stopped, in any process."""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bot.settings import REPOSITORY
from tests.fuzz import findings, machine
from tests.fuzz.door import Door, door
from tests.fuzz.findings import Finding
from tests.fuzz.requests import Mutator, Sent
from tests.fuzz.watchdog import Watchdog

KINDS = ("requests", "turns", "bytes")
SHARES = {"requests": 30, "turns": 20, "bytes": 50}
"""Of 100 cases so many are of each kind."""
REQUESTS, TALKS, BYTES = 1_000, 25, 25_000
"""Cases of one part; of the turns those are talks."""
LOOK_EVERY = 25
"""Requests after which all sessions in Redis are looked at."""
WAITS = (0.0, 0.0, 0.0, 2.0, 45.0, 600.0, 20_000.0)


@dataclass
class Done:
    """What a part has tried: cases, answers by status, places of the flows that were seen, and files of what was found."""

    kind: str
    part: int
    cases: int = 0
    seconds: float = 0.0
    statuses: dict[str, int] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    by: str = ""


class Hands:
    """What a process needs for all its parts, made when it is needed first."""

    def __init__(self, folder: Path, keep: Path = findings.FOLDER) -> None:
        self.folder, self.keep = folder, keep
        self.stack = contextlib.ExitStack()
        self.opened: Door | None = None
        self.busy: tuple[str, list[Sent]] | None = None
        self.watchdog = Watchdog(dead=self._dead)
        self.stack.callback(self.watchdog.close)

    def door(self) -> Door:
        if self.opened is None:
            name = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="fuzz-"))
            self.opened = self.stack.enter_context(door(Path(name)))
        return self.opened

    def close(self) -> None:
        self.stack.close()

    def _dead(self, what: str) -> None:
        """It hangs for ever: what is known is kept before the process ends."""
        if self.busy:
            Finding("requests", (what,), [each.to_json() for each in self.busy[1][-50:]], self.busy[0]).write(self.keep)

    def work(self, kind: str, part: int, seed: int, cases: int | None = None) -> Done:
        """One part of this kind."""
        return {"requests": self.requests, "turns": self.turns, "bytes": self.bytes}[kind](part, seed, cases)

    def requests(self, part: int, seed: int, cases: int | None = None) -> Done:
        """Signed requests of some people through the real app."""
        dice, door, done = random.Random(f"{seed}:requests:{part}"), self.door(), Done("requests", part)
        mutator, row, statuses = Mutator(dice, dice.randrange(10**9)), list[Sent](), done.statuses
        desk = part % 3
        door.fresh(desk)
        door.later(dice.randrange(86_400))
        came_from = f"seed {seed}, requests, part {part}"
        self.busy = (came_from, row)
        for number in range(cases or REQUESTS):
            if wait := dice.choice(WAITS):
                door.later(wait)
            row.append(mutator.next())
            with self.watchdog.case():
                wrong = door.faults(row[-1])
            wrong += self.watchdog.taken()
            done.cases += 1
            statuses[door.last] = statuses.get(door.last, 0) + 1
            if number % LOOK_EVERY == LOOK_EVERY - 1:
                wrong += door.sessions()
                door.work()
            if wrong:
                at = door.at
                short = findings.shorter(door, row, self.watchdog)
                done.found.append(
                    self._kept(Finding("requests", tuple(wrong), [each.to_json() for each in short], came_from))
                )
                door.fresh(desk)
                door.later(at)
                row.clear()
        self.busy = None
        return done

    def turns(self, part: int, seed: int, cases: int | None = None) -> Done:
        """Talks with the flows, drawn by Hypothesis."""
        machine.warm()
        machine.Machine.turns, machine.Machine.seen, machine.Machine.watchdog = 0, set(), self.watchdog
        wrong = machine.run(random.Random(f"{seed}:turns:{part}").randrange(2**63), cases or TALKS)
        done = Done("turns", part, machine.Machine.turns, seen=sorted(machine.Machine.seen))
        if wrong:
            done.found.append(
                self._kept(Finding("turns", tuple(wrong.faults), wrong.steps, f"seed {seed}, turns, part {part}"))
            )
        return done

    def bytes(self, part: int, seed: int, cases: int | None = None) -> Done:
        """Bytes for parser and renderer: atheris in a process of its own where it is installed, else drawn bytes."""
        with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
            report = Path(name) / "report.json"
            words = [
                "--runs",
                str(cases or BYTES),
                "--seed",
                str(random.Random(f"{seed}:bytes:{part}").randrange(1, 2**31)),
            ]
            words += ["--corpus", str(self.folder / "corpus"), "--report", str(report)]
            environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            command = [sys.executable, "-m", "tests.fuzz.coverage", *words]
            ended = subprocess.run(command, cwd=REPOSITORY, env=environ, capture_output=True, text=True, check=False)
            told = json.loads(report.read_text("utf-8")) if report.exists() else {"cases": 0, "found": [], "by": "?"}
        done = Done("bytes", part, told["cases"], by=told["by"])
        for target, what, data in told["found"]:
            done.found.append(self._kept(Finding(target, (what,), data, f"seed {seed}, bytes, part {part}")))
        if ended.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {ended.returncode}: {ended.stderr[-2000:]}")
        return done

    def _kept(self, finding: Finding) -> str:
        return finding.write(self.keep).name


def told(done: Done) -> dict[str, object]:
    """A part as it goes from one process to another."""
    return asdict(done)
