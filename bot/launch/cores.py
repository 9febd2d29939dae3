"""No core files: what a process remembers of people must not land on the disk when it breaks."""

from __future__ import annotations

import contextlib

try:
    import resource
except ImportError:  # no such limits on this system
    resource = None  # type: ignore[assignment]


def forbid() -> None:
    """Sets the limit of a core file to 0 bytes, for this process and all that it starts. None of them can raise it again,
    unless it is root's.

    A system that pipes cores into a program (``/proc/sys/kernel/core_pattern`` begins with ``|``) asks no limit; systemd's
    own program keeps to it all the same.
    """
    if resource is not None:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
