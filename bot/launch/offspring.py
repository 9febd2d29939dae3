"""Processes that other processes leave behind: tied to the life of their parent, adopted, counted and ended.

Linux only in its strong form: elsewhere there is no prctl and no /proc, and each function does nothing.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable

try:
    import ctypes
except ImportError:  # a Python that was built without it can still launch
    ctypes = None  # type: ignore[assignment]

# <linux/prctl.h>
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36

_POLL = 0.02
_GIVE_UP = 5.0
"""Seconds after the SIGKILLs; what is left then hangs inside the kernel and nobody can end it."""


def _find_prctl() -> Callable[..., int] | None:
    if ctypes is None or not sys.platform.startswith("linux"):
        return None
    return ctypes.CDLL(None).prctl


# Found at import: looking it up between fork and exec could hang on a lock of the loader.
_prctl = _find_prctl()


def end_with_parent(parent: int) -> None:
    """Asks the kernel for a SIGTERM when the parent, process ``parent``, ends, however it ends.

    For `preexec_fn`, or for a process that ties itself. The kernel means the parent's *thread* that forked.
    """
    if _prctl is None:
        return
    _prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    if os.getppid() != parent:  # it ended before the kernel knew
        os._exit(128 + int(signal.SIGTERM))


def adopt_orphans() -> None:
    """Makes this process the parent of every descendant whose own parent ends, in place of process 1."""
    if _prctl is not None:
        _prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _parents() -> dict[int, int]:
    """Process -> parent, for every process that this one may see. Dead ones that wait to be reaped are left out."""
    found: dict[int, int] = {}
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as stat:
                # The name of the command stands in brackets and may hold anything; the state follows it.
                state, parent = stat.read().rpartition(")")[2].split()[:2]
        except OSError:  # ended while we looked
            continue
        if state not in "ZX":
            found[int(name)] = int(parent)
    return found


def descendants(ancestor: int) -> list[int]:
    """Every living process below ``ancestor``, nearest first."""
    parents = _parents()
    found = [ancestor]
    for process in found:  # grows while it is walked
        found.extend(child for child, parent in parents.items() if parent == process)
    return found[1:]


def send(process: int, signum: int) -> None:
    """Sends a signal to a process that may have ended meanwhile."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signum)


def reap() -> None:
    """Takes the exit codes of all children that have ended, so that none stays as a zombie."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def end_descendants(grace: float) -> None:
    """Ends every process below this one: SIGTERM, ``grace`` seconds, SIGKILL. With `adopt_orphans` none escapes.

    For a process that waits for no other child of its own at that moment: their exit codes are lost.
    """
    deadline = time.monotonic() + grace
    asked: set[int] = set()
    while True:
        reap()
        living = descendants(os.getpid())
        late = time.monotonic() >= deadline
        if not living or time.monotonic() >= deadline + _GIVE_UP:
            return
        for process in living:
            if late:
                send(process, signal.SIGKILL)
            elif process not in asked:
                asked.add(process)
                send(process, signal.SIGTERM)
        time.sleep(_POLL)
