"""`python -m tests.supply.mutation [AREA ...]`: what guards families is changed in one place at a time; does a test notice?

mutmut works in a copy of the repository, with only the tests of that area, on SQLite and without a browser. Exit code 1 where an
area has less than 85 % of its changes noticed (``make mutation``). An area that was not run keeps its row in docs/reliability.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import REPOSITORY
from tests.canary.report import PAGE, commit, write

TITLE = "Mutation of what guards families"
TOOLS = REPOSITORY / ".tools" / "audit" / "lib"
GOAL = 85
"""Percent of the changes."""
COPIED = (
    "bot",
    "flows",
    "locales",
    "directory",
    "nlu",
    "docs",
    "tests",
    "webhook.py",
    "Procfile",
    "pyproject.toml",
    "README.md",
)
LINKED = (".venv", ".tools")
QUICK = ("-k", "not postgresql and not cluster")
"""Tests of stores are marked slow, for each runs on PostgreSQL too."""


@dataclass(frozen=True, slots=True)
class Area:
    """What is changed, and by which tests it should be noticed."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


AREAS = {
    "signature": Area(
        ("bot/channels/signature.py",), ("tests/channels/test_signature.py", "tests/channels/test_edges.py")
    ),
    "sealing": Area(("bot/store/sealed.py",), ("tests/store/test_sealed.py",)),
    "keys": Area(
        ("bot/store/keys.py", "bot/store/master_key.py"),
        (
            "tests/store/test_keys.py",
            "tests/store/test_master_key.py",
            "tests/store/test_key_store_making.py",
            "tests/store/test_sessions.py",
            "tests/test_cli_keys.py",
        ),
    ),
    "key store": Area(
        ("bot/store/key_store.py",),
        (
            "tests/store/test_key_store.py",
            "tests/store/test_key_store_making.py",
            "tests/store/test_key_death.py",
            "tests/test_cli_keys.py",
        ),
    ),
    "erasing": Area(("bot/store/erasing.py", "bot/store/erasures.py"), ("tests/store/test_erasing.py",)),
    "who may see": Area(
        ("bot/escalation/viewer.py", "bot/store/desk_door.py"),
        (
            "tests/escalation/test_viewer.py",
            "tests/store/test_desk_viewers.py",
            "tests/store/test_desk_claims.py",
            "tests/store/test_desk_work.py",
            "tests/store/test_desk_talk.py",
        ),
    ),
    "who may open": Area(
        ("bot/console/access.py",),
        ("tests/console/test_access.py", "tests/console/test_login.py", "tests/console/test_typed.py"),
    ),
}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the changes of an area. ``undecided``: no test ran it, or it was cut off."""

    area: str
    noticed: int
    survived: tuple[str, ...]
    undecided: int
    seconds: float

    @property
    def percent(self) -> float:
        """Noticed, of all."""
        every = self.noticed + len(self.survived) + self.undecided
        return 100 * self.noticed / every if every else 0.0


def settings(area: Area) -> str:
    """mutmut's part of pyproject.toml."""
    said = {
        "source_paths": ["bot"],
        "only_mutate": list(area.modules),
        "also_copy": [name for name in COPIED if name not in ("bot", "tests", "pyproject.toml")],
        "pytest_add_cli_args": [*QUICK, "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
        "pytest_add_cli_args_test_selection": list(area.tests),
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in said.items()]
    return "\n[tool.mutmut]\nuse_git_change_detection = false\n" + "\n".join(lines) + "\n"


def mutated(name: str, folder: Path, children: int) -> Result:
    """Changes an area and lets its tests look."""
    for each in COPIED:
        source = REPOSITORY / each
        ignore = shutil.ignore_patterns("models", "__pycache__", ".*_cache")
        shutil.copytree(source, folder / each, ignore=ignore) if source.is_dir() else shutil.copy(source, folder / each)
    for each in LINKED:
        (folder / each).symlink_to(REPOSITORY / each)
    with (folder / "pyproject.toml").open("a") as file:
        file.write(settings(AREAS[name]))
    tools = next(TOOLS.glob("python*/site-packages"))
    # The tests' own packages first: mutmut runs them as they are.
    environ = {**os.environ, "WHOLE": "on", "PYTHONPATH": os.pathsep.join([*sys.path[1:], str(tools)])}
    began = time.monotonic()
    mutmut = [sys.executable, "-m", "mutmut"]
    with (folder / "mutmut.log").open("wb") as log:
        run = [*mutmut, "run", "--max-children", str(children)]
        done = subprocess.run(run, cwd=folder, env=environ, stdout=log, stderr=log, check=False)
    # Colours and a spinner.
    said = re.sub(r"[^\n]*\r", "", (folder / "mutmut.log").read_text("utf-8", "replace"))
    told = subprocess.run(
        [*mutmut, "results", "--all", "true"], cwd=folder, env=environ, capture_output=True, text=True, check=False
    ).stdout
    found = re.findall(r"^\s*(\S+__mutmut_\d+): ([\w ]+)$", told, re.MULTILINE)
    assert done.returncode == 0 and found, said[-2_000:]
    noticed = sum(state in ("killed", "timeout", "segfault") for _, state in found)
    survived = tuple(mutant for mutant, state in found if state == "survived")
    return Result(name, noticed, survived, len(found) - noticed - len(survived), time.monotonic() - began)


def row(result: Result) -> str:
    """A row of the page."""
    area, date = AREAS[result.area], datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    return (
        f"| {result.area} | {date} | {commit()} | {', '.join(f'`{module}`' for module in area.modules)} | {result.noticed} | "
        f"{len(result.survived)} | {result.undecided} | **{result.percent:.0f} %** | {result.seconds:.0f} |"
    )


def section(rows: Sequence[str]) -> str:
    """The section, from its title on."""
    table = "\n".join(rows)
    run = {line.split(" | ")[0].strip("| ") for line in rows}
    missing = ", ".join(name for name in AREAS if name not in run)
    return f"""## {TITLE}

mutmut changes these modules in one place at a time (a sign, a number, a word, a default) and runs their own tests on SQLite, without
PostgreSQL, a cluster or a browser. Goal: {GOAL} % noticed. A row for each area, its newest run (`make mutation`):

| area | when (UTC) | commit | changed | noticed | survived | undecided | score | s |
|---|---|---|---|---|---|---|---|---|
{table}
{f"{chr(10)}**Not run yet: {missing}.**{chr(10)}" if missing else ""}
What this does not say: mutmut changes no decorators, no constants of a module and no SQL. Which page is for whom is said by a decorator,
whose 27 changes are what survived of *who may open*: they are made when the module is read, before mutmut can choose one. The matrix of
roles and routes (Attacks) holds that.
"""


def kept_rows(page: str, again: set[str]) -> list[str]:
    """The rows of areas that were not run now."""
    part = page.partition(f"## {TITLE}\n")[2].partition("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("| ")]
    return [line for line in rows if (name := line.split(" | ")[0].strip("| ")) in AREAS and name not in again]


def main(arguments: list[str]) -> int:
    """Runs the areas and prints the section; ``--write`` puts it into docs/reliability.md."""
    parser = argparse.ArgumentParser(prog="python -m tests.supply.mutation", description=__doc__)
    parser.add_argument("areas", nargs="*", default=[], help=f"of {', '.join(AREAS)}; all where none is named")
    parser.add_argument("--children", type=int, default=2, help="so many at a time")
    parser.add_argument("--write", action="store_true", help=f"into {PAGE}")
    options = parser.parse_args(arguments)
    results = []
    for name in options.areas or AREAS:
        with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
            results.append(mutated(name, Path(folder), options.children))
        print(row(results[-1]), *results[-1].survived, sep="\n  ", flush=True)
    if options.write:
        page = (REPOSITORY / PAGE).read_text("utf-8")
        rows = [*kept_rows(page, {result.area for result in results}), *map(row, results)]
        write(TITLE, section(rows))
    return 0 if all(result.percent >= GOAL for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
