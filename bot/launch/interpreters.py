"""Finding a Python of a given version by its explicit path, and fetching one when this machine has none."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.launch.errors import Interrupted, LaunchError
from bot.launch.setup import Setup

# pyenv's shims exist for versions that they then refuse to run, and a Python can be built without SQLite or TLS:
# only a Python that runs this is usable. The base executable sees through an activated virtual environment.
_PROBE = (
    "import ctypes, sqlite3, ssl, sys; "
    "print('%d.%d.%d' % sys.version_info[:3]); print(getattr(sys, '_base_executable', None) or sys.executable)"
)
_PROBE_SECONDS = 20


@dataclass(frozen=True)
class Interpreter:
    """A Python that runs. ``version`` is complete, such as 3.12.4."""

    path: str
    version: str


def find(minors: Sequence[str], setup: Setup, uv: Path) -> Interpreter:
    """The first usable Python among ``minors`` (such as "3.12"), the first choice first; none = fetches the first.

    ``LaunchError`` says what to install when there is none and none can be fetched.
    """
    for minor in minors:
        for candidate in _candidates(minor, setup):
            interpreter = probe(candidate, minor)
            if interpreter:
                return interpreter
    return _fetch(minors[0], setup, uv)


def probe(path: str, minor: str) -> Interpreter | None:
    """The interpreter behind a path, if it runs, has what we need and is of that version."""
    try:
        answer = subprocess.run(  # nosec B603 # noqa: S603 - a Python that this machine's owner put there
            [path, "-I", "-c", _PROBE],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PROBE_SECONDS,
            check=True,
        )
        version, executable = answer.stdout.decode().splitlines()
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return Interpreter(executable, version) if version.startswith(minor + ".") else None


def _candidates(minor: str, setup: Setup) -> Iterator[str]:
    """Paths worth a try: on PATH, this very Python, pyenv's versions, the newest patch first."""
    for folder in setup.environ.get("PATH", "").split(os.pathsep):
        path = os.path.join(folder, f"python{minor}")
        if folder and os.access(path, os.X_OK):
            yield path
    yield sys.executable
    pyenv = os.path.join(setup.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv"), "versions")
    try:
        names = os.listdir(pyenv)
    except OSError:  # there is none, or it is somebody else's
        return
    patches = [name[len(minor) + 1 :] for name in names if name.startswith(minor + ".")]
    for patch in sorted((int(patch) for patch in patches if patch.isdigit()), reverse=True):
        yield os.path.join(pyenv, f"{minor}.{patch}", "bin", f"python{minor}")


def _fetched(minor: str, setup: Setup, uv: Path) -> Interpreter | None:
    """The Python that uv has fetched, in this launch or in an earlier one."""
    found = subprocess.run(  # nosec B603 # noqa: S603 - our own uv
        [str(uv), "python", "find", "--managed-python", "--no-python-downloads", "--no-project", minor],
        cwd=str(setup.root),
        env=dict(setup.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    path = found.stdout.decode().strip()
    return probe(path, minor) if found.returncode == 0 and path else None


def _fetch(minor: str, setup: Setup, uv: Path) -> Interpreter:
    interpreter = _fetched(minor, setup, uv)
    if interpreter:
        return interpreter
    setup.progress.doing(f"fetching Python {minor}, which this machine does not have (about 30 MB)")
    try:
        setup.run([uv, "python", "install", "--no-bin", minor], f"fetching Python {minor}")
    except Interrupted:
        raise
    except LaunchError as error:
        raise LaunchError(
            f"Python {minor} is needed and this machine has none. {error}\n"
            f"Or install Python {minor} yourself (from your system's packages, or `pyenv install {minor}`)."
        ) from None
    setup.progress.done()
    interpreter = _fetched(minor, setup, uv)
    if interpreter is None:
        raise LaunchError(f"Python {minor} was fetched but does not run here. Install Python {minor} and try again.")
    return interpreter
