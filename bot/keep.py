"""Runs one Procfile line and starts it again when it dies: `python -m bot.keep [--only NAME,NAME] -- COMMAND`.

honcho ends all processes when one ends. Under this program none does, except for a configuration error (exit code 78)
that no new start can mend. A command that ends with 0 has nothing more to do and stays ended; its keeper waits to be
told to stop. When the keeper itself is killed, the kernel stops the command. No core file is written by any of them.

With `--only` the command is given these variables and those of BASIS, and no other: what needs no secret inherits none.
"""

from __future__ import annotations

import contextlib
import functools
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence

from bot.launch import cores, offspring

CONFIGURATION_ERROR = 78
"""Exit code EX_CONFIG of <sysexits.h>: the command cannot run until somebody changes a setting."""
USAGE = 64

FIRST_DELAY, LONGEST_DELAY = 0.2, 5.0
"""Seconds before the next start, doubled from death to death."""
STEADY = 10.0
"""Seconds of life after which the next death counts as the first again."""
STOP_SECONDS = 4.5
"""From SIGTERM to SIGKILL when told to stop. honcho 2.0.0 kills the keeper 5 s after its first process has ended."""
ORPHAN_SECONDS = 1.0
"""From SIGTERM to SIGKILL for what a dead command leaves behind, such as gunicorn's workers on the port."""

BASIS = frozenset(
    {"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH"}
    | {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "HONCHO_PROCESS_NAME"}
)
"""The variables without which a program does not find its way; none of them holds a secret."""

STOP = frozenset({signal.SIGTERM, signal.SIGINT})
PASSED_ON = frozenset({signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2})


class Signals:
    """Signals as a queue: they wait until the keeper looks, so none arrives at a bad moment."""

    def __init__(self) -> None:
        self._read, write = os.pipe()
        for end in (self._read, write):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        for signum in (*STOP, *PASSED_ON, signal.SIGCHLD):
            signal.signal(signum, lambda number, frame: None)

    def wait(self, seconds: float | None) -> Iterator[signal.Signals]:
        """The signals that arrive within that time, as soon as there are any; None waits for ever."""
        if select.select([self._read], [], [], seconds)[0]:
            yield from map(signal.Signals, os.read(self._read, 4096))


class Keeper:
    """One command and its present process."""

    def __init__(self, name: str, command: Sequence[str], signals: Signals, environ: Mapping[str, str]) -> None:
        self._name = name
        self._command = command
        self._environ = environ
        self._signals = signals

    def keep(self) -> int:
        """Runs the command until told to stop, or until it cannot be run; returns the keeper's exit code."""
        delay = FIRST_DELAY
        while True:
            began = time.monotonic()
            code = self._run()
            if code is None or code == CONFIGURATION_ERROR:
                return code or 0
            if code == 0:
                self._say(f"{self._name} has nothing more to do")
                self._told_to_stop(None)
                return 0
            if time.monotonic() - began >= STEADY:
                delay = FIRST_DELAY
            self._say(f"{self._name} ended ({_reason(code)}), starting it again in {delay:g} s")
            if self._told_to_stop(delay):
                return 0
            delay = min(2 * delay, LONGEST_DELAY)

    def _run(self) -> int | None:
        """One life of the command, and the end of what it left behind. Its exit code, or None if we were told to stop."""
        try:
            child = _start(self._command, self._environ)
        except OSError as error:
            self._say(f"cannot start {self._name}: {self._command[0]}: {error.strerror}. Giving up")
            return CONFIGURATION_ERROR
        code = self._watch(child)
        if code is not None:
            offspring.end_descendants(ORPHAN_SECONDS)
        if code == CONFIGURATION_ERROR:
            self._say(f"{self._name} says that its settings cannot be used. Giving up until they are changed")
        return code

    def _watch(self, child: subprocess.Popen[bytes]) -> int | None:
        """The exit code of the command when it ends by itself; None after it was stopped because we were told to."""
        while True:
            for signum in self._signals.wait(None):
                if signum in STOP:
                    self._stop(child)
                    return None
                if signum in PASSED_ON:
                    offspring.send(child.pid, signum)
            code = _ended(child)
            if code is not None:
                return code

    def _stop(self, child: subprocess.Popen[bytes]) -> None:
        """SIGTERM to the command, which ends its own children; SIGKILL to whatever is left after a while."""
        offspring.send(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while _ended(child) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                self._say(f"{self._name} does not stop, killing it")
                offspring.send(child.pid, signal.SIGKILL)
                deadline = time.monotonic() + STOP_SECONDS
            for _ in self._signals.wait(max(left, 0)):
                pass  # being told twice changes nothing
        offspring.end_descendants(0)

    def _told_to_stop(self, seconds: float | None) -> bool:
        """Waits that long (None = for ever) for the word to stop."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while deadline is None or time.monotonic() < deadline:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if any(signum in STOP for signum in self._signals.wait(left)):
                return True
        return False

    def _say(self, words: str) -> None:
        with contextlib.suppress(OSError):  # whoever read our lines may be gone
            print(f"keep: {words}", flush=True)


def _start(command: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # nosec B603 # noqa: S603 - running a command is this program's purpose
        command,
        env=dict(environ),
        start_new_session=True,
        preexec_fn=functools.partial(offspring.end_with_parent, os.getpid()),
    )


def _ended(child: subprocess.Popen[bytes]) -> int | None:
    """The exit code of the command if it has ended (below 0: killed by that signal). Reaps adopted orphans as well."""
    with contextlib.suppress(ChildProcessError):
        while child.returncode is None:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                break
            if process == child.pid:
                child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode


def _reason(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


def _passed_on(only: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of BASIS and of ``only`` (names with commas) that are set."""
    names = BASIS | {name.strip() for name in only.split(",")}
    return {name: value for name, value in environ.items() if name in names}


def main(arguments: Sequence[str]) -> int:
    """Keeps the command after ``--``."""
    environ: Mapping[str, str] = os.environ
    if len(arguments) >= 2 and arguments[0] == "--only":
        environ, arguments = _passed_on(arguments[1], os.environ), arguments[2:]
    if len(arguments) < 2 or arguments[0] != "--":
        print("Usage: python -m bot.keep [--only NAME,NAME] -- COMMAND [ARGUMENT ...]", file=sys.stderr)
        return USAGE
    command = list(arguments[1:])
    name = os.environ.get("HONCHO_PROCESS_NAME", "").partition(".")[0] or os.path.basename(command[0])
    signals = Signals()
    cores.forbid()
    offspring.end_with_parent(os.getppid())
    offspring.adopt_orphans()
    return Keeper(name, command, signals, environ).keep()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
