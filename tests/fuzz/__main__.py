"""``python -m tests.fuzz FOLDER``: goes on with the run whose progress lies in this folder (``make fuzz``).

Exit code 1 if something was found."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.canary.report import PAGE, write
from tests.fuzz.report import TITLE, section
from tests.fuzz.running import run


def main(arguments: list[str]) -> int:
    """1 if something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the run stands; another run for another folder")
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many; go on another time")
    parser.add_argument("--write", action="store_true", help=f"into {PAGE}")
    options = parser.parse_args(arguments)
    os.environ["ENVIRONMENT"] = "test"
    progress = run(options.folder, options.cases, options.seed, options.jobs, options.seconds)
    progress.write(options.folder)
    command = f"make fuzz FUZZ_CASES={options.cases} SEED={options.seed}"
    told = section(progress, command, datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"))
    print(told)
    if options.write:
        write(TITLE, told)
    return 1 if progress.found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
