"""A run of the fuzz: parts one after the other in some processes, until there are enough cases or the time is over."""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from multiprocessing.util import Finalize
from pathlib import Path

from tests.canary.report import commit
from tests.fuzz.parts import BYTES, KINDS, REQUESTS, SHARES, Done, Hands
from tests.fuzz.progress import Progress

TURNS = 2_000
"""Of a part of talks, about so many."""
MOST_BROKEN = 10
"""Processes that may end in the middle before the run gives up."""
_hands: list[Hands] = []


def work(folder: Path, kind: str, part: int, seed: int, cases: int | None) -> Done:
    """One part, in a process that has its app already."""
    if not _hands:
        _hands.append(Hands(folder))
        # With the process its Redis ends.
        Finalize(None, _hands[0].close, exitpriority=100)
    began = time.monotonic()
    try:
        done = _hands[0].work(kind, part, seed, cases)
    except Exception as error:
        # Not every exception goes from one process to another.
        raise RuntimeError(f"{kind}, part {part}: {type(error).__name__}: {error}"[:2000]) from None
    done.seconds = time.monotonic() - began
    return done


def run(folder: Path, cases: int, seed: int, jobs: int, seconds: float) -> Progress:
    """Goes on until so many cases were tried in all, or so many seconds are over."""
    progress, began = Progress.read(folder, seed), time.monotonic()
    before, now = progress.seconds, commit()
    progress.commits += [] if now in progress.commits else [now]
    broken = 0
    while any(progress.left(cases).values()) and time.monotonic() - began < seconds and broken < MOST_BROKEN:
        try:
            with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
                _in_a_pool(pool, progress, folder, cases, jobs, began, seconds, before)
        except BrokenProcessPool:
            broken += 1
            print("a process ended in the middle of a part: it hung, and is told of in tests/fuzz/findings", flush=True)
            progress.found.append("a part that ended its process")
    return progress


def _in_a_pool(
    pool: ProcessPoolExecutor,
    progress: Progress,
    folder: Path,
    cases: int,
    jobs: int,
    began: float,
    seconds: float,
    before: float,
) -> None:
    going: dict[Future[Done], tuple[str, int]] = {}
    size = {"requests": REQUESTS, "turns": TURNS, "bytes": BYTES}
    while True:
        left = progress.left(cases)
        for kind, _ in going.values():
            left[kind] -= size[kind]
        open_kinds = [kind for kind in KINDS if left[kind] > 0]
        while len(going) < jobs and open_kinds and time.monotonic() - began < seconds:
            # What is farthest behind its share comes first.
            kind = max(open_kinds, key=lambda each: left[each] / SHARES[each])
            part = progress.next_part(kind, {number for other, number in going.values() if other == kind})
            some = min(left[kind], size[kind]) if kind != "turns" else None
            going[pool.submit(work, folder, kind, part, progress.seed, some)] = kind, part
            left[kind] -= size[kind]
            open_kinds = [kind for kind in KINDS if left[kind] > 0]
        if not going:
            return
        for future in wait(going, return_when=FIRST_COMPLETED).done:
            del going[future]
            done = future.result()
            progress.add(done)
            progress.seconds = before + time.monotonic() - began
            progress.write(folder)
            found = f" FOUND {', '.join(done.found)}" if done.found else ""
            print(
                f"{progress.total:>9,}  {done.kind} {done.part}: {done.cases} in {done.seconds:.0f} s{found}",
                flush=True,
            )
