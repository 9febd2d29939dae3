"""One part of the benchmark alone: ``python -m tests.bench.web [--smoke]``."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench.part import Part


def alone(run: Callable[[bool, Path], Part]) -> None:
    """Measures the part, and prints its figures and its text."""
    parser = argparse.ArgumentParser(description=run.__module__)
    parser.add_argument(
        "--smoke", action="store_true", help="small numbers: proves that it runs, and says nothing of speed"
    )
    smoke = parser.parse_args().smoke
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    with tempfile.TemporaryDirectory(prefix="puente-bench-") as folder:
        part = run(smoke, Path(folder))
    print(part.title)
    for figure in part.figures:
        print(f"  {figure.name}: {figure.measured} [wanted: {figure.wanted or '-'}; reached: {figure.reached}]")
    print(part.text)
