"""uv, the tool that builds the environments, in a folder of its own: `.tools/uv`.

pip can put it there on every system: with no root, without python3-venv, and where the system's Python is closed to pip
(PEP 668), because `--target` installs beside that Python and not into it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bot.launch.errors import LaunchError
from bot.launch.setup import Setup

_POLL = 0.2


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextlib.contextmanager
def locked(setup: Setup) -> Iterator[None]:
    """Lets one launch at a time build in this checkout. The kernel frees the lock however its holder ends."""
    folder = setup.root / ".tools"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w", encoding="ascii") as lock:
        waited = False
        while not _try(lock.fileno()):
            if not waited:
                setup.progress.say("Another `make` is setting up this folder; waiting until it is through.")
            waited = True
            setup.stopping.check()
            time.sleep(_POLL)
        yield


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def uv(setup: Setup) -> Path:
    """The path of uv, of exactly the version in `uv.txt`; installs it when it is missing."""
    setup.progress.step("Tools")
    lock = setup.root / "bot" / "launch" / "uv.txt"
    folder = setup.root / ".tools" / "uv"
    program = folder / "bin" / "uv"
    stamp = folder / "lock.sha256"
    if program.exists() and stamp.exists() and stamp.read_text("ascii") == digest(lock):
        setup.progress.ready()
        return program
    _require_pip()
    setup.progress.doing("installing uv, which builds the environments (20 MB)")
    fresh = folder.with_name("uv.new")
    shutil.rmtree(fresh, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--retries", "2", "--timeout", "20", "--require-hashes", "--only-binary", ":all:", "--no-deps"]
    # A person's own pip settings may ask for --user or for a virtual environment; neither goes with --target.
    own = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    setup.run([*command, "--target", fresh, "-r", lock], "installing uv", own)
    (fresh / stamp.name).write_text(digest(lock), "ascii")
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(fresh, folder)
    setup.progress.done()
    return program


def _require_pip() -> None:
    answer = subprocess.run(  # nosec B603 # our own uv
        [sys.executable, "-m", "pip", "--version"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if answer.returncode != 0:
        raise LaunchError(
            f"pip is missing from {sys.executable}. Install it (on Debian or Ubuntu: `sudo apt install python3-pip`) "
            f"and run the same command again, or name another Python: `make run PYTHON=python3.12`."
        )
