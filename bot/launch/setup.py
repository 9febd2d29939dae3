"""One launch: where it works, what it knows of the environment, and how it runs a command and keeps what it said."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.launch import offspring
from bot.launch.errors import LaunchError
from bot.launch.progress import Progress
from bot.launch.stopping import Stopping

ROOT = Path(__file__).resolve().parent.parent.parent
"""The checkout."""

TAIL = 12
"""Lines of the log that are shown when a command fails."""

CONFIGURATION_ERROR = 78
"""Exit code EX_CONFIG of <sysexits.h>, after which the last line of the output says in words what to change."""

_POLL = 0.1
_ENDING = 5.0
"""Seconds that a command gets to end in order after Ctrl-C."""

# What pip, uv, Playwright's Node and Python's own sockets say when nothing can be reached.
_NO_NETWORK = re.compile(
    r"dns error|name resolution|name or service not known|nodename nor servname|network is unreachable"
    r"|no route to host|connection refused|connection reset|timed out|connecttimeout|failed to connect"
    r"|client error \(connect\)|cannot connect to proxy|tunnel error|newconnectionerror|max retries exceeded"
    r"|\bE(?:NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|NETUNREACH|HOSTUNREACH|TIMEDOUT)\b",
    re.IGNORECASE,
)
_NO_DISK = re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE)


class CommandError(LaunchError):
    """A command of the set-up failed, for a reason that is only in its output."""


@dataclass(frozen=True)
class Setup:
    """What every step of a launch needs. ``root`` is the checkout, ``data_dir`` the folder for everything that is written."""

    root: Path
    data_dir: Path
    environ: Mapping[str, str]
    progress: Progress
    stopping: Stopping

    @property
    def log(self) -> Path:
        """The output of every command that the set-up ran."""
        return self.data_dir / "logs" / "setup.log"

    def run(
        self,
        command: Sequence[str | Path],
        purpose: str,
        extra: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        """Runs a command to its end, its output into the log, with a sign of life for the person who waits.

        ``purpose`` completes "... failed", such as "installing the web environment"; ``extra`` are more variables,
        ``folder`` where it runs instead of in the checkout.
        Raises `Interrupted`, or `LaunchError` with the reason in words.
        """
        self.stopping.check()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            log.write(f"\n--- {time.strftime('%Y-%m-%d %H:%M:%S')} {purpose}\n".encode())
            log.flush()
            began = log.tell()
            child = subprocess.Popen(  # nosec B603 # noqa: S603 - the command is ours
                [str(part) for part in command],
                cwd=str(folder or self.root),
                env={**self.environ, **(extra or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that Ctrl-C reaches it through us, and only once
                preexec_fn=functools.partial(offspring.end_with_parent, os.getpid()),
            )
            self._wait(child)
        if child.returncode != 0:
            with open(self.log, "rb") as written:
                written.seek(began)
                output = written.read().decode("utf-8", "replace")
            raise explain(purpose, child.returncode, output, self.log)

    def _wait(self, child: subprocess.Popen[bytes]) -> None:
        while child.poll() is None:
            if self.stopping.asked:
                os.killpg(child.pid, signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(_ENDING)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                self.stopping.check()
            self.progress.tick()
            time.sleep(_POLL)


def explain(purpose: str, code: int, output: str, log: Path) -> LaunchError:
    """The reason why a command failed, in words if its output tells one, else with the last lines of it."""
    lines = _without_frames(output)
    if code == CONFIGURATION_ERROR and lines:
        return LaunchError(lines[-1])
    if _NO_DISK.search(output):
        return LaunchError(f"The disk is full: {purpose} failed. Free about 4 GB and run the same command again.")
    if _NO_NETWORK.search(output):
        return LaunchError(
            f"No network: {purpose} failed because nothing could be downloaded. Connect this machine to the "
            f"internet (behind a proxy, set HTTPS_PROXY) and run the same command again; what is already "
            f"installed is kept. The details are in {log}"
        )
    tail = "".join(f"\n    {line}" for line in lines[-TAIL:])
    return CommandError(f"{purpose[:1].upper()}{purpose[1:]} failed. The last lines of {log}:{tail}")


def _without_frames(output: str) -> list[str]:
    """The lines of an output, of a traceback only what it ends with: the log keeps the rest for who looks for it."""
    lines: list[str] = []
    inside = False
    for line in filter(str.strip, output.splitlines()):
        inside = line.startswith("Traceback (most recent call last)") or (inside and line.startswith(" "))
        if not inside:
            lines.append(line)
    return lines
