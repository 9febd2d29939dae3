"""`make run` as a test sees it: the whole Procfile, started from this checkout with a data folder and ports of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import pytest

from bot.launch.offspring import descendants

ROOT = Path(__file__).resolve().parent.parent.parent
READY = "Puente is ready."
_POLL = 0.1


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environ_of(process: int) -> dict[str, str]:
    """The variables that a process was started with; empty once it has ended."""
    try:
        raw = Path(f"/proc/{process}/environ").read_bytes()
    except OSError:
        return {}
    pairs = (entry.partition("=") for entry in raw.decode("utf-8", "replace").split("\0") if entry)
    return {name: value for name, _, value in pairs}


def command_of(process: int) -> str:
    """The command line of a process; empty once it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
    except OSError:
        return ""


class Running:
    """One `python3 -m bot.launch run`. As a context manager it stops, and fails if any process is left."""

    def __init__(self, data_dir: Path, environ: Mapping[str, str] | None = None) -> None:
        # The launcher makes environments anew that were made for another folder: one that is shared would lose what others need.
        if any((ROOT / name).is_symlink() for name in (".venv", ".venv-nlu")):
            pytest.skip("the environments of this checkout are links to those of another one: the launcher would replace them")
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.rasa_url = f"http://127.0.0.1:{free_port()}"
        self._output = data_dir.parent / f"{data_dir.name}.output"
        own = {"DATA_DIR": str(data_dir), "PORT": str(self.port), "RASA_URL": self.rasa_url}
        with open(self._output, "wb") as output:
            self.launcher = subprocess.Popen(
                ["python3", "-m", "bot.launch", "run"],
                cwd=ROOT,
                env={**os.environ, **own, **(environ or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        """Everything printed so far."""
        return self._output.read_text("utf-8", "replace")

    def wait_until_ready(self, seconds: float = 240) -> None:
        """Returns when the launcher has said that Puente is ready: web answers and the model is loaded."""
        self.wait_for(READY, seconds)

    def wait_for(self, words: str, seconds: float = 30) -> None:
        """Returns when these words have been printed; fails when the launcher ends first, or after that time."""
        deadline = time.monotonic() + seconds
        while words not in self.output:
            assert self.launcher.poll() is None, f"it ended with {self.launcher.returncode}:\n{self.output}"
            assert time.monotonic() < deadline, f"no {words!r} within {seconds} s:\n{self.output}"
            time.sleep(_POLL)

    def keeper(self, name: str) -> int:
        """The process of `bot.keep` for a line of the Procfile: web, redis, nlu or worker."""
        found = [
            process
            for process in descendants(self.launcher.pid)
            if "-m bot.keep " in command_of(process) and environ_of(process).get("HONCHO_PROCESS_NAME") == f"{name}.1"
        ]
        # A child that its keeper has just forked still carries the keeper's command line.
        return min(found)

    def pid(self, name: str) -> int:
        """The process that does the work of that line: gunicorn's master, the Redis server, Rasa or the worker."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            working = [each for each in descendants(self.keeper(name)) if "-m bot.keep " not in command_of(each)]
            if working:
                return working[0]
            time.sleep(_POLL)
        raise AssertionError(f"{name} has no process:\n{self.output}")

    def left(self) -> list[str]:
        """Every living process that was started with this data folder, the launcher's own included."""
        processes = [int(name) for name in os.listdir("/proc") if name.isdigit()]
        ours = [each for each in processes if environ_of(each).get("DATA_DIR") == str(self.data_dir)]
        return [f"{each} {command_of(each)}" for each in ours]

    def wait_until_gone(self, seconds: float = 30) -> None:
        """Returns when no process is left; fails with their command lines after that time."""
        deadline = time.monotonic() + seconds
        self.launcher.wait(seconds)
        while left := self.left():
            assert time.monotonic() < deadline, "left behind:\n" + "\n".join(left)
            time.sleep(_POLL)

    def stop(self, signum: int = signal.SIGINT) -> int:
        """Asks the launcher to stop, as Ctrl-C does; returns its exit code once nothing is left."""
        if self.launcher.poll() is None:
            self.launcher.send_signal(signum)
        self.wait_until_gone()
        return self.launcher.returncode

    def __enter__(self) -> Running:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
