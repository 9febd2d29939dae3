"""`python -m tests.chaos`: families write while processes are killed; exit code 1 if a message was lost, doubled or answered
wrongly, or if there was an HTTP 5xx (``make chaos``)."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import REPOSITORY
from tests.canary.report import PAGE, commit, write
from tests.chaos.killing import EVERY, KINDS, Strike
from tests.chaos.report import TITLE, row, section, shown
from tests.chaos.result import Plan
from tests.chaos.running import run


def main(arguments: list[str]) -> int:
    """Runs it and prints its row; ``--write`` puts it into docs/reliability.md."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kill", choices=KINDS, default="web")
    parser.add_argument("--every", type=float, default=0.0, help="seconds between two kills (0: as the table says)")
    parser.add_argument("--messages", type=int, default=5_000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"into {PAGE}")
    parser.add_argument("--keep", action="store_true", help="leave the folder with what the processes wrote")
    options = parser.parse_args(arguments)
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    strike = Strike(options.kill, options.every or EVERY[options.kill])
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    (folder / "tree").mkdir(mode=0o700)
    try:
        result = run(Plan((strike,), options.messages, options.people, options.seed), folder / "tree")
    finally:
        if options.keep:
            print(f"chaos: what they wrote lies in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    line = row(result, datetime.now(UTC).strftime("%Y-%m-%d %H:%M"), commit())
    print(f"{shown(result)}\n{line}")
    if options.write:
        page = REPOSITORY / PAGE
        write(TITLE, section(page.read_text("utf-8") if page.exists() else "", line))
    return 1 if result.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
