"""`python -m tests.bench`: measures everything, prints each figure beside what is wanted of it (``make bench``).

Each part is a module of this folder with ``run(smoke, folder) -> Part``. What it measured is kept in ``.bench/`` at once; ``--write``
makes the page and its picture out of what lies there, so that a part can be measured again alone.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

os.environ["ENVIRONMENT"] = "test"

import structlog

from bot.settings import REPOSITORY
from tests.bench.page import Measured, measured_from, measured_now, page, shown
from tests.bench.picture import picture

PARTS = ("engine", "web", "free_text", "start", "growth", "where", "cost", "raid")
"""In the order in which they run and stand on the page."""
RAW = REPOSITORY / ".bench"
PAGE, PICTURE = REPOSITORY / "docs" / "benchmarks.md", REPOSITORY / "docs" / "benchmarks.svg"


def there() -> list[str]:
    """The parts that there are."""
    return [name for name in PARTS if importlib.util.find_spec(f"tests.bench.{name}")]


def main(arguments: Sequence[str], raw: Path = RAW) -> int:
    """Measures the parts and prints them; what they measured goes into ``raw``."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--smoke", action="store_true", help="small numbers: proves that it runs, and says nothing of speed"
    )
    parser.add_argument(
        "--only", nargs="+", default=there(), choices=there(), help="the others stay as they were measured last"
    )
    parser.add_argument("--write", action="store_true", help="docs/benchmarks.md and its picture")
    options = parser.parse_args(arguments)
    if options.smoke and options.write:
        parser.error("figures of --smoke say nothing: they do not go onto the page")
    raw.mkdir(exist_ok=True)
    for name in there():
        if name in options.only:
            measured = measure(name, options.smoke)
            print(shown(measured), flush=True)
            (raw / _file(name, options.smoke)).write_text(json.dumps(measured.to_json(), indent=1), "utf-8")
    if options.write:
        return write(raw)
    return 0


def _file(name: str, smoke: bool) -> str:
    return f"smoke-{name}.json" if smoke else f"{name}.json"


def measure(name: str, smoke: bool) -> Measured:
    """One part, in a folder of its own that is gone afterwards."""
    module = importlib.import_module(f"tests.bench.{name}")
    with tempfile.TemporaryDirectory(prefix="puente-bench-") as folder:
        begun = time.monotonic()
        part = module.run(smoke, Path(folder))
        return measured_now(part, f"python -m tests.bench --only {name}", time.monotonic() - begun)


def write(raw: Path) -> int:
    """Makes the page out of what every part measured last; 1 where one was never measured here."""
    missing = [name for name in there() if not (raw / _file(name, False)).exists()]
    if missing:
        print(f"The page is not written: never measured here: {', '.join(missing)}. Leave --only out.", file=sys.stderr)
        return 1
    kept = [measured_from(json.loads((raw / _file(name, False)).read_text("utf-8"))) for name in there()]
    PAGE.write_text(page(kept), "utf-8")
    PICTURE.write_text(picture([bar for each in kept for bar in each.part.bars]), "utf-8")
    return 0


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    sys.exit(main(sys.argv[1:]))
