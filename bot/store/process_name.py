"""The name of a process that holds a lock, so that others can tell when it has died with it.

What is certain is only about processes of this machine, as seen from here; of any other nothing is said. A name tells nothing of
anybody: ``<machine>.<pid>.<start>``.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

_PROC = Path("/proc")
_DEAD = "ZX"
"""States of a process that runs no more and is not taken away yet."""


def own_name() -> str:
    """The name of this process; empty where there is no /proc to look into."""
    return _named(os.getpid())


@cache
def _named(process: int) -> str:
    # A worker is forked after everything was loaded: its own number, not that of who loaded it.
    machine, found = _machine(), _found(process)
    return f"{machine}.{process}.{found[1]}" if machine and found else ""


def has_died(name: str) -> bool:
    """Whether it is certain that the process of this name runs no more."""
    machine, _, rest = name.partition(".")
    process, _, start = rest.partition(".")
    if not machine or machine != _machine() or not process.isdigit():
        return False
    found = _found(int(process))
    # Its number may have gone to another one.
    return found is None or found[0] in _DEAD or found[1] != start


@cache
def _machine() -> str:
    """This start of this machine, and the numbering of processes that is seen from here: a container has its own."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
        numbering = os.readlink(_PROC / "self/ns/pid")
    except OSError:
        return ""
    return hashlib.sha256(f"{boot} {numbering}".encode()).hexdigest()[:12]


def _found(process: int) -> tuple[str, str] | None:
    """State of a process and when it was started (in clock ticks); None when there is none of this number."""
    try:
        told = (_PROC / str(process) / "stat").read_text("ascii", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    except OSError:
        return "?", "?"
    # The command stands in brackets and may hold anything: state, parent ... (proc(5): the fields from the third on).
    fields = told.rpartition(")")[2].split()
    return fields[0], fields[19]
