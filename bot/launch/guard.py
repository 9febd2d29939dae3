"""Runs one command and leaves none of its descendants behind: `python3 -m bot.launch.guard COMMAND`.

Between the launcher and honcho, because honcho alone can be left hanging with all its processes: when its terminal is
gone it fails at the first line that it prints, and waits for children that nobody has told to stop.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import time

from bot.launch import cores, offspring
from bot.launch.stopping import Stopping

_POLL = 0.1
_ORDERLY = 7.0
"""Seconds from SIGTERM to SIGKILL; honcho itself kills after 5 s what it asked to stop."""
_GRACE = 6.0
"""The same for what honcho then leaves: bot.keep takes 4.5 s at most."""


def guard(command: list[str]) -> int:
    """The exit code of the command, after it and everything below it has ended."""
    stopping = Stopping()
    stopping.listen()
    cores.forbid()
    offspring.end_with_parent(os.getppid())
    offspring.adopt_orphans()
    tie = functools.partial(offspring.end_with_parent, os.getpid())
    child = subprocess.Popen(command, start_new_session=True, preexec_fn=tie)  # nosec B603 # noqa: S603 - its only purpose
    while child.poll() is None and not stopping.asked:
        time.sleep(_POLL)
    child.terminate()
    try:
        child.wait(_ORDERLY)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    offspring.end_descendants(_GRACE)
    return 128 - child.returncode if child.returncode < 0 else child.returncode


if __name__ == "__main__":
    sys.exit(guard(sys.argv[1:]))
