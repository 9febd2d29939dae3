"""`python -m tests.canary`: runs the canary; exit code 1 if anything of anybody is found anywhere."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.canary.report import PAGE, TITLE, commit, section, write
from tests.canary.running import run


def main(arguments: list[str]) -> int:
    """Runs it and prints the section; ``--write`` puts it into docs/reliability.md."""
    parser = argparse.ArgumentParser(prog="python -m tests.canary", description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--write", action="store_true", help=f"into {PAGE}")
    parser.add_argument("--keep", action="store_true", help="leave the folder with all that was written")
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="canary-"))
    tree = folder / "tree"
    tree.mkdir(mode=0o700)
    try:
        few = options.people < 100
        result = run(tree, options.people, options.seed, few, lambda words: print(f"canary: {words}", flush=True))
    finally:
        if options.keep:
            print(f"canary: all that was written lies in {folder}")
        else:
            shutil.rmtree(folder)
    command = f"make canary SEED={options.seed} PEOPLE={options.people}"
    text = section(result, command, datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), commit())
    print(text)
    if options.write:
        write(TITLE, text)
    return 1 if result.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
