"""Whether a start takes longer after a thousand releases: a new host takes over the current content, with one in SQL and with a thousand.

Each start is a process of its own, which has read nothing yet: ``python -m tests.bench.many_releases FOLDER`` prints its milliseconds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from bot import content
from bot.settings import REPOSITORY, Settings, from_environment
from bot.store.current_content import current_content
from bot.store.database import engine_for
from bot.store.keys import load_release_key
from bot.store.release_file import FOLDER
from bot.store.releases import Releases
from bot.store.upgrade import upgrade
from tests.bench.part import Bar, Figure
from tests.bench.sessions import Grown
from tests.bench.spread import in_turn, ratios, spread
from tests.releases.costs import LUZ

AT_MOST = 1.10
"""What a start may take after all of them, one release being 1."""
_APART = 25 * 3600.0
"""Seconds from one to the next: what was current within the last day is read at a start too, and that is one in each case."""
FLOW = "flows/rights/home_visit.yml"


def grown(folder: Path, number: int, rounds: int) -> Grown:
    """Starts of a host beside one release and beside so many, in turn."""
    folders = {1: folder / "one", number: folder / "many"}
    sizes = {each: _published(path, each) for each, path in folders.items()}
    measured = in_turn(rounds, {str(each): partial(_start, path) for each, path in folders.items()})
    ratio, took = ratios(measured[str(number)], measured["1"]), spread(measured[str(number)])
    bytes_each = (sizes[number] - sizes[1]) / (number - 1)
    figures = (
        Figure(
            f"a new host's start after {number:,} releases, after one being 1",
            f"{ratio.told()}; it takes {took.told(0, ' ms')}",
            f"at most {AT_MOST}",
            ratio.median <= AT_MOST,
        ),
        Figure("a release in SQL of which one answer changed", f"{bytes_each:,.0f} bytes"),
    )
    return Grown(figures, (Bar(f"a start after {number:,} releases, to one", ratio.median),), {"start_ms": measured})


def _published(folder: Path, number: int) -> int:
    """Publishes so many, each with another version of one flow; returns the size of the database in bytes."""
    folder.mkdir()
    settings = _settings(folder)
    upgrade(settings.sql_url, folder)
    engine = engine_for(settings.sql_url)
    now = time.time()
    releases = Releases(engine, load_release_key(folder), lambda: now, judge=lambda *_: ())
    sources = content.sources_of()
    for each in range(number):
        now = time.time() - _APART * (number - 1 - each)
        changed = {**sources, FLOW: sources[FLOW] + b"# version %d\n" % each}
        releases.publish(LUZ, changed, ("home_visit",), "", each)
    engine.dispose()
    return sum(path.stat().st_size for path in folder.glob("puente.db*"))


def _settings(folder: Path) -> Settings:
    return from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(folder)})


def _start(folder: Path) -> float:
    """Milliseconds of a start of a host that has no release in its own files."""
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
    command = [sys.executable, "-m", "tests.bench.many_releases", str(folder)]
    said = subprocess.run(command, cwd=REPOSITORY, env=dict(os.environ), capture_output=True, text=True, check=True)
    return float(said.stdout.split()[-1])


def main(folder: Path) -> None:
    """Takes over what SQL has, once, and prints the milliseconds of the processor that it took."""
    settings = _settings(folder)
    engine = engine_for(settings.sql_url)
    before = time.process_time()
    current, _ = current_content(settings, engine, time.time)
    current.now()
    print((time.process_time() - before) * 1000)
    current.close()
    engine.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
